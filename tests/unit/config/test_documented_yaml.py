"""Every YAML example of the documentation is loaded by the real configuration, in a folder made for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kawat.shipped import defaults
from pipeline.config import load
from pipeline.config.channels import (
    AppriseSection,
    FileSection,
    SlackSection,
    SmtpSection,
    WatchSection,
    WebhookSection,
)
from pipeline.errors import ConfigError

ROOT = Path(__file__).resolve().parents[3]
FENCE = re.compile(r"^```ya?ml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"\$\{(\w+)\}")


def examples() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for number, found in enumerate(FENCE.finditer(path.read_text(encoding="utf-8")), 1):
            yield f"{path.relative_to(ROOT)} {number}", found[1]


EXAMPLES = dict(examples())


def place(text: str) -> str:
    """The file of a data folder that an example belongs into."""
    keys = yaml.safe_load(text).keys()
    if "channels" in keys:
        return "channels.yaml"
    return "outlets/example.yaml" if "sources" in keys or "homepage" in keys else "settings.yaml"


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_taken_as_it_stands(name: str, tmp_path: Path) -> None:
    text = EXAMPLES[name]
    path = tmp_path / place(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (tmp_path / "settings.yaml").touch()
    made = load(tmp_path, defaults(), dict.fromkeys(VARIABLE.findall(text), "https://secret.example.org/x"))
    assert path in made.files or path.resolve() in {each.resolve() for each in made.files}


def test_there_are_examples_of_each_kind() -> None:
    assert {place(text) for text in EXAMPLES.values()} == {"channels.yaml", "outlets/example.yaml", "settings.yaml"}


def test_a_wrong_example_would_be_refused(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text("channels: {a: {kind: smtp, hots: x}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="hots"):
        load(tmp_path, defaults(), {})


def test_every_key_of_a_channel_is_explained() -> None:
    text = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
    sections = (SmtpSection, SlackSection, WebhookSection, AppriseSection, FileSection, WatchSection)
    keys = {key for each in sections for key in each.model_fields}
    assert not {key for key in keys if f"`{key}`" not in text}
