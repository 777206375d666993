"""Turns of phrase, class by class: each line of `sentences.txt`, `refusals.txt` and `briefs.txt` is one short
article and what must be read in it.

`label [stage] [partner] [key=value …] | language | headline | paragraphs parted by //`; lines with # name the class.
All are published on Thursday, 5 March 2026. `o` other, `e` exploratory, `a` agreement.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.model import Reading

Read = Callable[..., Reading]

TABLES = tuple(Path(__file__).with_name(name) for name in ("sentences.txt", "refusals.txt", "briefs.txt"))
LABELS = {"o": "other", "e": "exploratory", "a": "agreement"}
PUBLISHED = "2026-03-05"


def lines() -> list[tuple[str, str]]:
    """Class and line, in order."""
    found: list[tuple[str, str]] = []
    name = ""
    for line in (line for table in TABLES for line in table.read_text(encoding="utf-8").splitlines()):
        if line.startswith("#"):
            name = line.strip("# ")
        elif line.strip():
            found.append((name, line))
    return found


@pytest.mark.parametrize(("name", "line"), lines(), ids=lambda each: str(each)[:60])
def test_a_turn_of_phrase(read: Read, name: str, line: str) -> None:
    wanted, language, title, text = (each.strip() for each in line.split("|", 3))
    label, *slots = wanted.split()
    reading = read(title, *text.split(" // "), language=language, published=PUBLISHED)
    assert reading.label.value == LABELS[label], (name, reading.why)
    report = reading.reports[0] if reading.reports else None
    for slot in slots:
        assert report is not None
        if "=" in slot:
            key, _, value = slot.partition("=")
            said = {
                "on": str(report.signed_on),
                "relation": report.relation.value,
                "instrument": report.instrument.value,
                "level": report.level.value,
                "field": value if value in report.fields else ",".join(report.fields),
                "organ": value if value in {each.id for each in report.institutions} else "",
            }
            assert said[key] == value, (name, reading.why)
        elif slot.isupper():
            assert report.partner == slot, (name, reading.why)
        else:
            assert report.stage.value == slot, (name, reading.why)
