"""What is cut of a page before it is parsed: scripts, comments, closed navigation; never a story."""

from __future__ import annotations

import pytest

from pipeline.extract.scripts import cut_scripts, look

STORY = b"<p>Pasar ikan dibuka di Teluk Biru.</p>"


@pytest.mark.parametrize(
    "around",
    [
        b"<nav><a href=/>Beranda</a>%s<nav><a href=/b>Kanal</a></nav>",  # the first is not closed
        b"<footer>%s<h1>Pasar</h1></footer>",
        b"<nav><article>%s</article></nav>",
        b"<nav>%s",
        b"<!-- %s",
        b"<script src=x></script>%s<style>p{}</style>",
        b"<SCRIPT>1</SCRIPT>%s<script>2</script>",
    ],
)
def test_a_story_stays(around: bytes) -> None:
    assert STORY in cut_scripts(look(around % STORY), furniture=True).rest


def test_closed_navigation_goes_and_is_told_apart() -> None:
    page = b"<nav><a href=/>Beranda</a></nav>" + STORY + b"<footer>Hak cipta</footer>"
    cut = cut_scripts(look(page), furniture=True)
    assert cut.rest == STORY
    assert " ".join(cut.furniture_texts()).split() == ["Beranda", "Hak", "cipta"]
    assert cut_scripts(look(page), furniture=False).rest == page


def test_structured_data_in_a_footer_is_read() -> None:
    page = STORY + b'<footer><script type="application/ld+json">{"a": 1}</script></footer>'
    assert cut_scripts(look(page), furniture=True).told == [b'{"a": 1}']


def test_what_never_closes_is_looked_for_once() -> None:
    page = b"<svg >" * 5_000 + b"<nav >" * 5_000 + STORY
    assert STORY in cut_scripts(look(page), furniture=True).rest


@pytest.mark.parametrize("length", [100, 1 << 20])
def test_a_comment_is_seen_wherever_it_stands(length: int) -> None:
    page = b"<p>" + b"x" * length + b"<!-- other --><script>'<!-- mark -->'</script>"
    assert look(page).may_hold(b"<!-- mark -->")
    assert not look(page).may_hold(b"<!-- sign -->")
