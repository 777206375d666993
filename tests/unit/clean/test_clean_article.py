"""What cleaning makes of whole articles: places and names of cuts, repeats, credits, headings, dateline, head, foot."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_clean_world import NOW, STORY, TITLE, article_of, outlet_named

from pipeline.clean import clean
from pipeline.clean.dateline import read_dateline
from pipeline.clean.headlines import ends_sentence, headline_end, is_name
from pipeline.clean.learned import line_key
from pipeline.config.cleaning import load_cleaning
from pipeline.extract import Budget
from pipeline.model import Article, Block, BlockKind, Credit, Extracted, Reject, RejectReason

CLEANING = load_cleaning(Path(__file__).parents[3] / "config" / "cleaning.yaml")


def extracted(blocks: list[Block], *, title: str = TITLE, in_text: bool = False) -> Extracted:
    return Extracted(
        title=title, blocks=tuple(blocks), authors=(), published=None, published_raw="", section="",
        canonical_url="https://teluk.example/a", language="id", steps=(), headline_in_text=in_text,
    )  # fmt: skip


def cleaned(blocks: list[Block], *, title: str = TITLE) -> Article | Reject:
    return clean(
        extracted(blocks, title=title), CLEANING, key="k", url="https://teluk.example/a", outlet=outlet_named(),
        fetched_at=NOW, discovered_at=NOW,
    )  # fmt: skip


def rules_of(article: Article) -> list[str]:
    return [removed.rule for removed in article.removed]


def test_cuts_are_kept_with_name_and_place() -> None:
    article = article_of([TITLE, STORY[0], "Baca juga: Harga Garam Naik", *STORY[1:], "Editor: Budi"], CLEANING)
    assert [(r.text, r.rule, r.before) for r in article.removed] == [
        ("Baca juga: Harga Garam Naik", "read-also", 2),
        ("Editor: Budi", "credit", 4),
    ]
    assert article.paragraphs == (TITLE, *STORY)


def test_a_lead_that_is_printed_twice_stands_once() -> None:
    article = article_of([TITLE, STORY[0], STORY[0], *STORY[1:]], CLEANING)
    assert article.paragraphs == (TITLE, *STORY)
    assert rules_of(article) == ["repeated-paragraph"]


def test_credits_become_fields() -> None:
    lines = [TITLE, *STORY, "Pewarta: Sri Lestari, Budi Adi | Penerjemah: Tono", "Editor : Maria", "Sumber: Antara"]
    assert article_of(lines, CLEANING).credits == (
        Credit(role="reporter", name="Sri Lestari"), Credit(role="reporter", name="Budi Adi"),
        Credit(role="translator", name="Tono"), Credit(role="editor", name="Maria"), Credit(role="wire", name="ANTARA"),
    )  # fmt: skip
    assert article_of(lines, CLEANING).authors == ("Sri Lestari", "Budi Adi")


def test_a_second_story_is_told_by_its_heading() -> None:
    article = article_of([TITLE, *STORY[:2], "Jalan Dermaga", STORY[2]], CLEANING)
    assert article.headings == (3,)
    assert article.paragraphs[3] == "Jalan Dermaga"


@pytest.mark.parametrize("given_title", [TITLE, None])
@pytest.mark.parametrize(
    "head",
    [["Beranda > Nasional", "Sri Lestari - Harian Teluk", "2025-03-01"], ["Sri Lestari", "2025-03-01"],
     ["TELUK.EXAMPLE | 2025-03-01 | Oleh Redaksi"], ["By Sri Lestari", "2025-03-01 | 3 min read"],
     ["teluk-online.com || Senin, 3 Mar 2025, 01:00 WIB"], ["Iklan"], ["Harian Teluk / Ekonomi"], []],
)  # fmt: skip
def test_the_headline_is_found_behind_what_stands_before_it(head: list[str], given_title: str | None) -> None:
    article = article_of([*head, TITLE, *STORY], CLEANING, title=given_title)
    assert article.title == TITLE
    assert article.paragraphs == (TITLE, *STORY)
    assert len(article.removed) == len(head)


def test_a_list_of_related_headlines_goes_with_its_label() -> None:
    foot = ["Artikel Terkait", "Harga Garam Naik di Pesisir", "Nelayan Tua Bercerita", "3 Maret 2025"]
    assert article_of([TITLE, *STORY, *foot], CLEANING).paragraphs == (TITLE, *STORY)


def test_a_list_that_a_sentence_announces_stays() -> None:
    papers = [
        "Berikut naskah yang diteken:",
        "Nota Kesepahaman Gudang Pendingin",
        "Protokol Ekspor Ikan Beku ke Jepang",
    ]
    article = article_of([TITLE, *STORY, *papers], CLEANING)
    assert article.paragraphs == (TITLE, *STORY, *papers)


def test_everything_behind_the_comment_form_goes() -> None:
    foot = ["Tinggalkan Balasan", "Pasar ini bagus sekali, semoga lekas dibuka dan jalannya diperbaiki ya pak."]
    assert article_of([TITLE, *STORY, *foot], CLEANING).paragraphs == (TITLE, *STORY)


def test_a_comment_mark_early_in_the_text_does_not_cut_the_story() -> None:
    assert article_of([TITLE, "Tinggalkan Komentar", *STORY], CLEANING).paragraphs == (TITLE, *STORY)


def test_a_mark_glued_to_a_line_is_cut_off_it() -> None:
    article = article_of([TITLE, *STORY[:2], f"{STORY[2]}Tinggalkan komentar"], CLEANING)
    assert article.paragraphs == (TITLE, *STORY)


@pytest.mark.parametrize(
    ("headline", "sentence"),
    [
        ("Emiten Nikel Bagikan Dividen Jumbo", "Selain magang, kedua negara membentuk gugus tugas bersama."),
        ("Harga Garam Naik di Pesisir Utara", "Bupati Budi mengatakan kios digratiskan selama enam bulan."),
        ("Apa Itu Gudang Pendingin?", "Pedagang menyambut baik rencana itu sejak awal tahun."),
        ("Harga Garam Naik", "“Kami siap membantu nelayan,” kata bupati kepada wartawan."),
        ("Rupiah firms as central bank holds rate", "The new market will open next month after two years of work."),
    ],
)
def test_a_sentence_glued_behind_a_headline_stays(headline: str, sentence: str) -> None:
    article = article_of([TITLE, STORY[0], f"Baca juga: {headline} {sentence}", STORY[2]], CLEANING)
    assert article.paragraphs == (TITLE, STORY[0], sentence, STORY[2])
    glued = article_of([TITLE, f"{STORY[0]} Baca Juga: {headline} {sentence}", STORY[2]], CLEANING)
    assert glued.paragraphs == (TITLE, f"{STORY[0]} {sentence}", STORY[2])


def test_links_to_elsewhere_and_captions_of_a_page_go() -> None:
    blocks = [Block(text=text) for text in STORY]
    blocks.insert(1, Block(text="Harga garam naik lagi di pesisir utara pekan ini", link_share=1.0))
    blocks.insert(0, Block(text="Suasana pasar ikan", kind=BlockKind.CAPTION))
    blocks.insert(0, Block(text=TITLE, kind=BlockKind.HEADING))
    article = cleaned(blocks)
    assert isinstance(article, Article)
    assert article.paragraphs == STORY
    assert sorted(rules_of(article)) == ["caption", "headline-repeated", "link-line"]


def test_nothing_but_furniture_is_refused() -> None:
    assert isinstance(cleaned([Block(text="Iklan"), Block(text="Baca juga: Harga Garam Naik")]), Reject)


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("Jakarta (ANTARA) - Pemerintah membuka pasar.", "Jakarta (ANTARA)"),
        ("JAKARTA, KOMPAS.com - Pemerintah membuka pasar.", "JAKARTA, KOMPAS.com"),
        ("Jakarta|EGINDO.co Pemerintah membuka pasar.", "Jakarta|EGINDO.co"),
        ("Jakarta, CNN Indonesia -- Pemerintah membuka pasar.", "Jakarta, CNN Indonesia"),
        ("TEMPO.CO, Jakarta - Pemerintah membuka pasar.", "TEMPO.CO, Jakarta"),
        ("jpnn.com, JAKARTA - Pemerintah membuka pasar.", "jpnn.com, JAKARTA"),
        ("JAKARTA - Pemerintah membuka pasar.", "JAKARTA"),
        ("Cape Town. A working group on the digital economy closed on Friday.", "Cape Town"),
        ("Gara-gara hujan deras, pasar itu ditutup sementara.", ""),
        ("COVID-19 membuat pasar itu sepi selama dua tahun.", ""),
        ("Pemerintah membuka pasar ikan modern.", ""),
    ],
)
def test_datelines(paragraph: str, dateline: str) -> None:
    assert read_dateline(paragraph) == dateline


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Sri Lestari", True),
        ("Ign. Dharma", True),
        ("Pasar Ikan Dibuka Senin Ini Juga", False),
        ("Jalan dermaga", False),
    ],
)
def test_names(text: str, verdict: bool) -> None:
    assert is_name(text) is verdict


@given(st.lists(st.text(max_size=200), max_size=12), st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_cleaning_raise_and_nothing_is_invented(texts: list[str], title: str) -> None:
    said = clean(
        extracted([Block(text=text) for text in texts], title=title, in_text=True), CLEANING, key="k", url="u",
        outlet=outlet_named(), fetched_at=NOW, discovered_at=NOW,
    )  # fmt: skip
    if isinstance(said, Article):
        assert all(0 <= removed.before <= len(said.paragraphs) for removed in said.removed)
        assert all(paragraph for paragraph in said.paragraphs)


@given(st.text(min_size=1, max_size=300))
def test_a_headline_ends_within_its_text(text: str) -> None:
    assert 0 <= headline_end(text) <= len(text)


@pytest.mark.parametrize(
    "line",
    ["Unduh aplikasi Harian Teluk sekarang", "Kirim pertanyaan Anda ke redaksi@teluk.example", "Ikuti @hariantelukku",
     "Selengkapnya di https://teluk.example/berita"],
)  # fmt: skip
def test_the_outlets_name_and_addresses_are_words_of_its_page(line: str) -> None:
    article = article_of([TITLE, *STORY[:2], line, STORY[2]], CLEANING)
    assert article.paragraphs == (TITLE, *STORY)


def test_learned_lines_go_under_their_own_name() -> None:
    line = "Ombak menjaga pulau, dan pulau menjaga suaranya."
    article = clean(
        extracted([Block(text=text) for text in (STORY[0], line, *STORY[1:])]), CLEANING, key="k", url="u",
        outlet=outlet_named(), fetched_at=NOW, discovered_at=NOW, learned=frozenset({line_key(line)}),
    )  # fmt: skip
    assert isinstance(article, Article)
    assert article.paragraphs == STORY
    assert rules_of(article) == ["learned"]


@pytest.mark.parametrize("looks", range(5))
def test_a_page_that_takes_too_long_to_clean_is_refused_between_the_steps(looks: int) -> None:
    seconds = iter(range(100))
    said = clean(
        extracted([Block(text=text) for text in STORY]), CLEANING, key="k", url="u", outlet=outlet_named(),
        fetched_at=NOW, discovered_at=NOW, budget=Budget.of(looks, lambda: next(seconds)),
    )  # fmt: skip
    if looks < 3:
        assert isinstance(said, Reject) and said.reason is RejectReason.TOO_SLOW and said.key == "k"
    else:
        assert isinstance(said, Article)


def test_a_foot_of_many_lines_is_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counted(text: str) -> bool:
        nonlocal asked
        asked += 1
        return ends_sentence(text)

    monkeypatch.setattr("pipeline.clean.foot.ends_sentence", counted)
    article_of([*STORY, *(f"q{n}" for n in range(400))], CLEANING)
    assert asked < 4 * 400
