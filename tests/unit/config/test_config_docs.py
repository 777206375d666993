"""What the documents show is what the code takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.config.channels import (
    AppriseSection,
    ChannelsFile,
    FileSection,
    SlackSection,
    SmtpSection,
    WatchSection,
    WebhookSection,
)
from pipeline.config.document import parse_document, validate
from pipeline.config.outlets import OutletFile, outlet_from

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs" / "outlets.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)


def keys(model: type[BaseModel]) -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        found.add(name)
        for inner in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                found |= keys(inner)
    return found


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_an_outlet_is_taken(text: str) -> None:
    assert outlet_from(parse_document(text.encode(), Path("kabar.yaml"))).name == "Kabar Contoh"


def test_every_key_of_an_outlet_is_documented() -> None:
    for key in keys(OutletFile):
        assert f"{key}:" in EXAMPLES[1] or f"{key}:" in DOCUMENT, key


def test_the_shipped_channels_document_every_key_and_their_examples_are_taken() -> None:
    text = (ROOT / "config" / "channels.yaml").read_text("utf-8")
    for model in (SmtpSection, SlackSection, WebhookSection, AppriseSection, FileSection, WatchSection):
        for key in model.model_fields:
            assert re.search(rf"\b{key}\b", text), key
    example = text.split("channels: {}\n")[1]
    lines = [line.removeprefix("# ").removeprefix("#") for line in example.splitlines()]
    environ = {"KAWAT_SLACK_WEBHOOK": "https://hooks.slack.com/services/T/B/x", "KAWAT_WEBHOOK": "https://x.example/"}
    environ |= {"KAWAT_SMTP_PASSWORD": "x", "KAWAT_WEBHOOK_KEY": "x", "KAWAT_SLACK_TOKEN": "x", "KAWAT_CHAT": "x"}
    file = validate(ChannelsFile, parse_document("\n".join(lines).encode(), Path("channels.yaml")), environ=environ)
    assert [each.kind for each in file.channels.values()] == ["smtp", "slack", "slack", "webhook", "apprise", "file"]
