"""The home country is data: the same words with another home."""

from __future__ import annotations

from pathlib import Path

import pytest
from detect_samples import LEXICON, article

from kawat.shipped import defaults
from pipeline.config import load
from pipeline.config.lexicon import load_lexicon
from pipeline.detect.reader import Reader
from pipeline.errors import ConfigError
from pipeline.model import Label


@pytest.fixture(scope="module")
def malaysian() -> Reader:
    return Reader(load_lexicon(LEXICON, "MY"))


def test_another_home_has_other_partners(malaysian: Reader) -> None:
    text = "Kementerian Digital Malaysia dan Kementerian Sains Singapura menandatangani nota kesepahaman AI di Johor."
    report = malaysian.read(article("Malaysia-Singapura Teken MoU AI", text)).reports[0]
    assert report.partner == "SG"
    assert {each.country for each in report.institutions} == {"MY", "SG"}
    report = malaysian.read(article("", "Indonesia dan Malaysia menandatangani nota kesepahaman kabel laut.")).reports[
        0
    ]
    assert report.partner == "ID"


def test_what_the_home_takes_no_part_in_is_no_agreement_of_its(malaysian: Reader) -> None:
    text = "Indonesia dan Jepang menandatangani nota kesepahaman AI di Tokyo."
    assert malaysian.read(article("Indonesia-Jepang Teken MoU AI", text)).label is Label.OTHER


def test_the_home_is_set_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("home: MY\n", encoding="utf-8")
    assert load(tmp_path, defaults(), {}).lexicon.home == "MY"
    assert load(defaults(), defaults(), {}).lexicon.home == "ID"
    (tmp_path / "settings.yaml").write_text("home: QX\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="QX is not among the countries"):
        load(tmp_path, defaults(), {})
