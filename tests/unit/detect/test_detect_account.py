"""`why`: which clause decided, what spoke against, what was missing for the next label; and calibration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kawat.shipped import defaults
from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.reader import Reader
from pipeline.errors import ConfigError
from pipeline.model import Label, Reading

Read = Callable[..., Reading]


def step(reading: Reading, start: str) -> str:
    return next((each for each in reading.why if each.startswith(start)), "")


def test_the_deciding_clause_is_quoted(read: Read) -> None:
    sentence = "BSSN dan Kementerian Pertahanan Kanada menandatangani nota kesepahaman siber di Ottawa."
    assert sentence in step(read("RI-Kanada", sentence), "decided by")


def test_what_spoke_against_is_named(read: Read) -> None:
    reading = read(
        "RI-Kanada Bahas Siber",
        "BSSN dan Kementerian Pertahanan Kanada menjajaki kerja sama keamanan siber di Ottawa.",
        "Kedua pihak belum menandatangani nota kesepahaman.",
    )
    assert reading.label is Label.EXPLORATORY
    assert "“menandatangani” in the lead is denied (“belum”)" in step(reading, "against")
    assert "told as done" in step(reading, "missing for agreement")


def test_what_was_missing_for_talks_is_named(read: Read) -> None:
    reading = read("Duta Besar Kanada Puji Teknologi AI", "Kanada memuji penandatanganan MoU AI di Ottawa.")
    assert reading.label is Label.OTHER
    assert "the home state as a party" in step(reading, "missing for exploratory")


def test_the_map_is_monotone_and_says_so_in_the_reasons(lexicon: Lexicon, read: Read) -> None:
    for label in (Label.AGREEMENT, Label.EXPLORATORY):
        values = [lexicon.calibrated(label, each / 100) for each in range(101)]
        assert values == sorted(values)
        assert all(0 <= each <= 1 for each in values)
    report = read("", "Indonesia dan Chile menandatangani nota kesepahaman AI.").reports[0]
    assert "were right" in report.reasons[-1]
    plain = Reader(lexicon.uncalibrated())
    assert plain.lexicon.calibrated(Label.AGREEMENT, 0.42) == 0.42


def test_a_map_that_falls_is_refused(tmp_path: Path) -> None:
    for each in (defaults() / "lexicon").glob("*.yaml"):
        (tmp_path / each.name).write_text(each.read_text(encoding="utf-8"), encoding="utf-8")
    falling = 'version: "1"\nreason: x\nagreement: [[0.1, 0.5], [0.9, 0.4]]\nexploratory: [[0.0, 0.0], [1.0, 1.0]]\n'
    (tmp_path / "calibration.yaml").write_text(falling, encoding="utf-8")
    with pytest.raises(ConfigError, match="must ascend"):
        load_lexicon(tmp_path)
