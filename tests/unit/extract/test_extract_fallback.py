"""Where our finder is unsure a second reader is asked, and its reading kept only where it is the better one."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipeline.extract import Budget, extract
from pipeline.model import Extracted, Page, Reject, RejectReason, WarcRecord
from pipeline.threads import unknown_outlet

NOW = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://www.teluk.example/berita/123/pasar-ikan"
OUTLET = unknown_outlet("teluk", "https://www.teluk.example")
TITLE = "Pasar Ikan Modern Segera Dibuka di Teluk Biru"
STORY = (
    "Pemerintah kabupaten membuka pasar ikan modern di Teluk Biru pada Senin setelah dua tahun dibangun oleh warga.",
    "Gudang pendingin berkapasitas 200 ton disiapkan agar nelayan tidak lagi menjual murah ketika panen tiba nanti.",
    "Bupati mengatakan sewa kios digratiskan selama enam bulan bagi pedagang yang pindah dari pasar ikan yang lama.",
    "Pembangunan jalan menuju dermaga akan dimulai setelah musim hujan berakhir, menurut kepala dinas di sana.",
    "Para nelayan berharap es batu dijual di tempat yang sama sehingga mereka tidak perlu pergi ke kota lebih dulu.",
)
ASIDE = (
    "Harga cabai rawit naik dua kali lipat menjelang hari raya karena pasokan dari lereng gunung berkurang tajam.",
    "Tim voli putri melaju ke semifinal setelah lawan kehilangan dua pemain inti karena cedera pada pekan lalu.",
    "Festival layang-layang digelar di pantai selatan dan panitia menyiapkan lahan parkir untuk seribu kendaraan.",
)


def page_of(body: str, *, title: str = TITLE, head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def strewn() -> bytes:
    """A story in elements that only mark words, made paragraphs by style, and teasers in the same."""
    story = "".join(f'<span style="display:block">{p}</span>' for p in STORY)
    side = "".join(
        f'<span style="display:block"><a href="/{n}">Kabar lain yang ke-{n}</a> {p}</span>' for n, p in enumerate(ASIDE)
    )
    return page_of(f"<div><b>{TITLE}</b><div>{story}</div></div><div>{side}</div>")


def read(body: bytes, budget: Budget | None = None) -> Extracted | Reject:
    page = Page(
        outlet="teluk", url=URL, final_url=URL, key="k", status=200, content_type="text/html; charset=utf-8",
        fetched_at=NOW, discovered_at=NOW, record=WarcRecord(file="x", offset=0, length=1),
    )  # fmt: skip
    return extract(body, page, OUTLET, budget=budget or Budget())


def body_step(said: Extracted | Reject) -> str:
    assert isinstance(said, Extracted)
    return dict(said.steps)["body"]


def texts(said: Extracted | Reject) -> set[str]:
    assert isinstance(said, Extracted)
    return {block.text for block in said.blocks}


def test_where_no_element_holds_the_story_the_second_reading_wins() -> None:
    said = read(strewn())
    assert body_step(said) == "trafilatura"
    whole = " ".join(texts(said))
    assert all(paragraph in whole for paragraph in STORY)
    assert not any(paragraph in whole for paragraph in ASIDE)


def test_a_plain_page_is_read_by_ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)  # to load it would raise
    story = "".join(f"<p>{p}</p>" for p in STORY)
    assert body_step(read(page_of(f"<h1>{TITLE}</h1><div>{story}</div>"))) == "density"


def test_a_story_in_a_box_that_is_named_as_furniture_is_found() -> None:
    story = "".join(f"<p>{p}</p>" for p in STORY)
    terms = "Seluruh isi laman dilindungi undang-undang dan tidak boleh disalin tanpa izin tertulis dari penerbit."
    said = read(page_of(f'<h1>{TITLE}</h1><div class="popup modal-body">{story}</div><div><p>{terms}</p></div>'))
    assert set(STORY) <= texts(said)


def test_a_story_folded_away_until_a_button_is_pressed_is_read_whole() -> None:
    folded = "".join(f"<p>{p}</p>" for p in STORY[1:])
    said = read(
        page_of(f"<article><h1>{TITLE}</h1><p>{STORY[0]}</p><div style='display:none'>{folded}</div></article>")
    )
    assert body_step(said) == "trafilatura"
    assert set(STORY) <= texts(said)


def test_what_is_folded_away_because_it_is_paid_for_is_not_read() -> None:
    folded = "".join(f"<p>{p}</p>" for p in STORY[1:])
    said = read(
        page_of(
            f"<article><h1>{TITLE}</h1><p>{STORY[0]}</p><p>Berlangganan untuk membaca artikel ini.</p>"
            f"<div style='display:none'>{folded}</div></article>"
        )
    )
    assert isinstance(said, Extracted)
    assert said.partial == "paywalled"
    assert not set(STORY[1:]) & texts(said)


def test_where_neither_reading_is_good_the_page_is_refused_or_a_part() -> None:
    menu = "".join(f'<li><a href="/{n}">Kabar {n}</a></li>' for n in range(5))
    empty = read(page_of(f"<ul>{menu}</ul><div id=app></div><div>Hubungi redaksi</div>"))
    assert isinstance(empty, Reject)
    assert empty.reason is RejectReason.EMPTY
    cut_off = read(
        page_of(f"<ul>{menu}</ul><div><h1>{TITLE}</h1></div><div>{STORY[0][:-1]} ...</div><i>{ASIDE[0]}</i>")
    )
    assert isinstance(cut_off, Extracted)
    assert cut_off.partial == "truncated"


def test_a_page_whose_time_ends_with_the_second_reading_is_refused_with_that_reason() -> None:
    sure = page_of(f"<h1>{TITLE}</h1><div>" + "".join(f"<p>{p}</p>" for p in STORY) + "</div>")

    def ticking() -> Budget:
        """A clock that ticks whenever it is looked at: there is no look after the story but behind a second reading."""
        return Budget(clock=itertools.count().__next__, deadline=looks - 1)

    looks = 0

    def counting() -> float:
        nonlocal looks
        looks += 1
        return 0.0

    assert isinstance(read(sure, Budget(clock=counting)), Extracted)
    assert isinstance(read(sure, ticking()), Extracted)
    said = read(strewn(), ticking())
    assert isinstance(said, Reject)
    assert said.reason is RejectReason.TOO_SLOW
    assert said.detail == "the time for one page is over"


def test_starting_does_not_load_the_second_reader() -> None:
    order = "import sys, pipeline.reading, kawat.__main__; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", order], check=False, timeout=60).returncode == 0


def structured(body: str, *, more: str = "") -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "'
        f'{TITLE}", "articleBody": "{body}"{more}}}</script>'
    )


WHOLE = "\\n".join(STORY)


@pytest.mark.parametrize("shown", ["", f"<div><p>{STORY[0]}</p></div>"])
def test_a_story_that_only_structured_data_has_is_taken_from_there(shown: str) -> None:
    said = read(page_of(f"<h1>{TITLE}</h1>{shown}", head=structured(WHOLE)))
    assert body_step(said) == "json-ld"
    assert [text for text in STORY if text in texts(said)] == list(STORY)


def test_a_structured_body_in_markup_is_read_as_markup() -> None:
    said = read(page_of(f"<h1>{TITLE}</h1>", head=structured("".join(f"<p>{p}</p>" for p in STORY))))
    assert [text for text in STORY if text in texts(said)] == list(STORY)


@pytest.mark.parametrize(
    ("body", "more"),
    [(" ".join(ASIDE * 2), ""), (WHOLE, ', "isAccessibleForFree": false')],
    ids=["of another story", "that is paid for"],
)
def test_a_structured_body_is_not_taken(body: str, more: str) -> None:
    said = read(page_of(f"<h1>{TITLE}</h1><div><p>{STORY[0]}</p></div>", head=structured(body, more=more)))
    assert body_step(said) == "density"
    assert texts(said) & set(STORY) == {STORY[0]}
