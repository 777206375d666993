"""`why`: which clause decided, what spoke against, what was missing for the next label; and calibration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from detect_samples import article

from kawat.shipped import defaults
from pipeline.alert.reasons import indonesian
from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Lexicon
from pipeline.detect.reader import Reader
from pipeline.detect.signs import SIGNS
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
    report = read("", "Menteri Digital Indonesia dan Menteri Digital Chile membahas kerja sama AI.").reports[0]
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


def test_an_older_paper_is_named_where_nothing_is_reported(read: Read) -> None:
    reading = read("Kantor Pos Direnovasi", "Sejak 2018 Indonesia dan Malaysia telah memiliki MoU layanan pos digital.")
    assert reading.label is Label.OTHER
    assert "“MoU” in the lead is told of as an older paper (“Sejak”)" in step(reading, "against")


def test_what_stands_there_instead_of_technology_is_named(read: Read) -> None:
    reading = read("", "Indonesia and Peru signed a protocol on avocado exports.", language="en")
    assert reading.why[0] == "names no technology"
    assert step(reading, "found") == "found: of PE (“Peru”), tells (“signed”), is about trade (“avocado”)"


def test_nothing_is_told_twice_and_the_start_is_told(read: Read) -> None:
    reading = read("Komdigi Bantah Teken MoU AI dengan Tiongkok", "Komdigi membantah telah meneken MoU AI Tiongkok.")
    told = step(reading, "against").removeprefix("against: ").split("; ")
    assert len(told) == len(set(told))
    report = read("", "Indonesia dan Chile menandatangani nota kesepahaman AI.")
    assert ", from 0.55: " in step(report, "confidence")
    assert "+0.00" not in " ".join(report.why)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Nota itu berlaku lima tahun dan diperpanjang otomatis.", {"duration": "lima tahun",
                                                                   "renewal": "diperpanjang otomatis"}),
        ("Nota kesepahaman itu berlaku selama tiga (3) tahun.", {"duration": "tiga (3) tahun"}),
        ("The memorandum runs for four years and may be extended.", {"duration": "four years",
                                                                     "renewal": "may be extended"}),
        ("A joint working group will carry out the memorandum.", {"mechanism": "joint working group"}),
        ("Komite bersama akan menjalankan nota itu.", {"mechanism": "Komite bersama"}),
        ("Pabrik itu dibangun selama dua tahun.", {}),
    ],
)  # fmt: skip
def test_what_a_paper_says_of_its_own_life_is_kept_as_evidence(read: Read, text: str, slots: dict[str, str]) -> None:
    report = read("", "Indonesia dan Chile menandatangani nota kesepahaman AI di Lima.", text).reports[0]
    told = {each.slot: each.quote for each in report.evidence if each.slot in ("duration", "renewal", "mechanism")}
    assert told == slots


def weighed(folder: Path, old: str, new: str) -> Lexicon:
    for each in (defaults() / "lexicon").glob("*.yaml"):
        (folder / each.name).write_text(each.read_text(encoding="utf-8"), encoding="utf-8")
    whole = (folder / "weights.yaml").read_text(encoding="utf-8")
    assert old in whole
    (folder / "weights.yaml").write_text(whole.replace(old, new, 1), encoding="utf-8")
    return load_lexicon(folder)


def test_a_weight_is_data(tmp_path: Path) -> None:
    heavier = weighed(tmp_path, "strong_verb_with_paper: {worth: 0.10", "strong_verb_with_paper: {worth: -0.40")
    made = article("", "Indonesia dan Chile menandatangani nota kesepahaman AI.")
    lexicons = (load_lexicon(defaults() / "lexicon").uncalibrated(), heavier.uncalibrated())
    before, after = (Reader(each).read(made).reports[0] for each in lexicons)
    assert "a strong verb with its paper (-0.40)" in after.reasons
    assert after.confidence == pytest.approx(before.confidence - 0.5)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  subnational:", "  subnationl:", "subnationl is no sign .*did you mean subnational"),
        ("  lies_ahead: {worth: -0.05, reason: what is promised may not come}\n", "", "lies_ahead has no weight"),
        ("worth: 0.20", "worth: 2.0", "worth"),
        ("start: 0.55", "start: 1.55", "start"),
    ],
)
def test_a_weight_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        weighed(tmp_path, old, new)


def test_every_sign_is_told_in_indonesian_too() -> None:
    assert [words for words in SIGNS.values() if indonesian(f"{words} (+0.10)") is None] == []
