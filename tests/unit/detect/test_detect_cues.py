"""Expressions that are looked for only where one of their words stands: the words miss nothing that they find."""

from __future__ import annotations

import string
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import pipeline.detect.reader as reading
from pipeline.detect.cue import Cue
from pipeline.detect.dates import Calendar

MODULES = sorted(each.stem for each in Path(reading.__file__).parent.glob("*.py") if each.stem != "__init__")
CUES = {
    f"{name}.{held}": value
    for name in MODULES
    for held, value in vars(import_module(f"pipeline.detect.{name}")).items()
    if isinstance(value, Cue)
}


def refuse_missed(cue: Cue) -> None:
    """What hypothesis makes of the expression holds one of its words."""

    @settings(max_examples=60, derandomize=True, deadline=None, database=None, phases=[Phase.generate])
    @given(st.from_regex(cue.pattern, fullmatch=True, alphabet=string.printable))
    def found(text: str) -> None:
        assert cue.near(text), text

    found()


@pytest.mark.parametrize("name", sorted(CUES))
def test_the_words_of_an_expression_miss_nothing_it_finds(name: str) -> None:
    refuse_missed(CUES[name])


def test_the_words_of_dates_miss_none(reader: reading.Reader) -> None:
    cues = [each for each in vars(Calendar(reader.lexicon)).values() if isinstance(each, Cue)]
    assert len(cues) == 2
    for each in cues:
        refuse_missed(each)


def test_a_cue_without_its_word_is_found_out() -> None:
    with pytest.raises(AssertionError):
        refuse_missed(Cue(CUES["blocs._CROWD"].pattern, ("negara",)))


def test_a_stretch_is_looked_at_alone() -> None:
    crowd = CUES["blocs._CROWD"]
    text = "Menteri dari 21 negara menyepakati program itu."
    assert crowd.search(text) is not None and [*crowd.finditer(text)]
    assert crowd.search(text, 0, 14) is None and not [*crowd.finditer(text, 30)]
