"""What is found layer by layer is what is found at once; folding keeps every character's place."""

from __future__ import annotations

import re

import pytest

from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.scan import Scanner, fold

TEXTS = (
    "Menteri Energi RI dan Badan Antariksa Jepang (JAXA) menandatangani nota kesepahaman satelit di Tokyo, Senin.",
    "The Ministry of Energy and Singapore's cyber agency will not sign the e-government agreement before talks end.",
    "BSSNと日本のデジタル庁は人工知能に関する覚書に署名した。",
    "Harga cabai naik lagi di pasar induk.",
)


@pytest.fixture(scope="module")
def scanner(lexicon: Lexicon) -> Scanner:
    return Scanner(lexicon)


@pytest.mark.parametrize("text", TEXTS)
def test_a_layer_that_is_asked_for_alone_is_the_same(scanner: Scanner, text: str) -> None:
    whole = scanner.scan(text, "und")
    for kind in Kind:
        assert [*scanner.find(text, "und").of(kind)] == [each for each in whole if each.kind is kind]


@pytest.mark.parametrize("text", TEXTS)
def test_the_order_of_asking_changes_nothing(scanner: Scanner, text: str) -> None:
    found = scanner.find(text, "und")
    for kind in reversed(Kind):
        assert [*found.of(kind)] == [*found.of(kind)]
    assert found.all() == scanner.scan(text, "und")


def test_folding_keeps_places_and_parts_words() -> None:
    for code in range(0x2500):
        letter = chr(code)
        lowered = letter.lower() if len(letter.lower()) == 1 else letter
        assert fold(letter) == re.sub(r"[\W_]", " ", lowered), hex(code)
        assert fold(f"{letter}é") == fold(letter) + "é"  # the way of texts that are not all ASCII
    assert fold("Nota_Kesepahaman, İzmir–RI") == "nota kesepahaman  İzmir ri"
