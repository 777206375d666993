"""Plain texts into blocks: lines, wrapped lines, invisible characters, and where the publication time comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from test_extract_page import NOW, STORY, TITLE, outlet

from pipeline.extract import extract_text
from pipeline.extract.language import language_of
from pipeline.model import BlockKind, Extracted, Reject, RejectReason

URL = "https://www.teluk.example/berita/pasar-ikan"


def read(text: str, *, published: str | None = None, url: str = URL, lang: str | None = None) -> Extracted | Reject:
    return extract_text(text, title=None, published=published, url=url, outlet=outlet(), lang=lang, now=NOW)


def said(text: str, *, published: str | None = None, url: str = URL) -> Extracted:
    extracted = read(text, published=published, url=url)
    assert isinstance(extracted, Extracted)
    return extracted


def test_lines_are_blocks_whether_blank_lines_part_them_or_not() -> None:
    for joint in ("\n", "\n\n", "\r\n", "\n \n"):
        extracted = said(joint.join([TITLE, *STORY]))
        assert [block.text for block in extracted.blocks] == [TITLE, *STORY]
        assert extracted.headline_in_text


def test_wrapped_lines_are_one_paragraph() -> None:
    text = f"{TITLE}\n\nPemerintah kabupaten membuka pasar ikan modern\ndi Teluk Biru pada Senin.\n\n{STORY[1]}"
    assert said(text).blocks[1].text == "Pemerintah kabupaten membuka pasar ikan modern di Teluk Biru pada Senin."


def test_invisible_characters_go_and_letters_are_composed() -> None:
    assert said("Ka\u00adfe\u0301\u200b  Teluk\ufeff\n\n" + STORY[0]).blocks[0].text == "Kafé Teluk"


def test_list_items_are_items() -> None:
    kinds = [block.kind for block in said(f"{TITLE}\n\n- kios ikan segar;\n\n2. gudang pendingin").blocks]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ITEM]


def test_the_time_is_given_printed_or_in_the_address() -> None:
    given_time = said(STORY[0], published="2025-03-03T10:15:00+07:00")
    printed = said(f"Teluk.example || Senin, 3 Mar 2025, 10:15 WIB\n\n{TITLE}\n\n{STORY[0]}")
    address = said(STORY[0], url="https://www.teluk.example/2025/03/03/pasar-ikan")
    for extracted, step in ((given_time, "given"), (printed, "printed"), (address, "url")):
        assert dict(extracted.steps)["published"] == step
        assert extracted.published is not None
    assert given_time.published is not None and printed.published is not None
    assert given_time.published.instant == printed.published.instant == datetime(2025, 3, 3, 3, 15, tzinfo=UTC)
    assert said(STORY[0]).published is None


def test_no_text_and_too_much_text_are_refused() -> None:
    empty, long = read(" \n\t"), read("a" * 1_000_001)
    assert isinstance(empty, Reject) and empty.reason is RejectReason.EMPTY
    assert isinstance(long, Reject) and long.reason is RejectReason.TOO_LARGE


def test_languages_of_short_texts() -> None:
    assert language_of("Pemerintah dan DPR sepakat bahwa rancangan itu akan dibahas.") == "id"
    assert language_of("Kerajaan berkata bahawa perjanjian itu boleh dimeterai selepas mesyuarat.") == "ms"
    assert language_of("The two ministers signed the memorandum in the capital on Monday.") == "en"
    assert language_of("両国はデジタル分野の協力覚書に署名した。") == "ja"
    assert language_of("De minister heeft het akkoord met Indonesië op maandag getekend.") == "nl"
    assert language_of("12345") == "und"


@given(st.text(max_size=400))
def test_no_text_makes_it_raise(text: str) -> None:
    assert isinstance(read(text, published=text[:50]), Extracted | Reject)


def test_short_texts_are_told_apart_by_their_language() -> None:
    lines = (Path(__file__).parents[3] / "bench" / "languages.txt").read_text("utf-8").splitlines()
    rows = [(line[:2], line[5:]) for line in lines if not line.startswith("#")]
    wrong = [(lang, language_of(text), text) for lang, text in rows if language_of(text) != lang]
    assert len(wrong) <= 0.06 * len(rows), wrong
    assert not [row for row in wrong if row[0] == "id"]
