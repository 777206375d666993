"""A command line over a fake App."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_desk import Desk

from kawat.shipped import defaults
from pipeline.config import Configuration, load


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    folder = tmp_path_factory.mktemp("tokyo")
    (folder / "settings.yaml").write_text("zone: Asia/Tokyo\n")
    return load(folder, defaults(), {})


@pytest.fixture
def kawat(tmp_path: Path, configuration: Configuration) -> Desk:
    return Desk(tmp_path, configuration)
