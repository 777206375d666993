"""What holds only a part of its story is said to be partial, and why; what is whole is not doubted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.extract import Budget, extract
from pipeline.landing import partial
from pipeline.model import Extracted, Page, Reject, RejectReason, WarcRecord
from pipeline.threads import unknown_outlet

NOW = datetime(2025, 3, 10, tzinfo=UTC)
URL = "https://www.teluk.example/berita/123/pasar-ikan"
OUTLET = unknown_outlet("teluk", "https://www.teluk.example")
LEAD = "Pemerintah kabupaten membuka pasar ikan modern di Teluk Biru pada Senin setelah dua tahun dibangun."
MORE = (
    "Gudang pendingin berkapasitas 200 ton disiapkan agar nelayan tidak lagi menjual murah ketika panen tiba, ujarnya."
)


def read(head: str, body: str, *, heading: str = "<h1>Pasar ikan dibuka</h1>") -> Extracted | Reject:
    page = Page(
        outlet="teluk", url=URL, final_url=URL, key="k", status=200, content_type="text/html", fetched_at=NOW,
        discovered_at=NOW, record=WarcRecord(file="x", offset=0, length=1),
    )  # fmt: skip
    html = f"<html><head><title>Pasar ikan</title>{head}</head><body>{heading}<div>{body}</div></body></html>"
    return extract(html.encode(), page, OUTLET, budget=Budget())


def ld(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "why"),
    [
        ("", f"<p>{LEAD}</p><p>Silakan berlangganan untuk membaca artikel ini.</p>", "paywalled"),
        ("", f"<p>{LEAD}</p><p>Subscribe to read the full story.</p>", "paywalled"),
        (ld('"isAccessibleForFree": false'), f"<p>{LEAD}</p>", "paywalled"),
        ("", f"<p>{LEAD}</p><p>{MORE[:70]}…</p>", "truncated"),
        ("", f"<p>{LEAD}</p><p>{MORE[:60]} ... Baca selengkapnya</p>", "truncated"),
        (ld('"wordCount": "640"'), f"<p>{LEAD}</p>", "truncated"),
        (
            ld('"headline": "Pasar"'),
            f"<p>{LEAD}</p><p>Aktifkan JavaScript agar berita ini tampil seluruhnya.</p>",
            "script-loaded",
        ),
        ("", f"<p>{LEAD}</p><p>{MORE}</p>", ""),
        (ld('"wordCount": 30'), f"<p>{LEAD}</p><p>{MORE}</p>", ""),
        (ld('"wordCount": "many"'), f"<p>{LEAD}</p>", ""),
        ("", f"<p>{LEAD}</p>" + f"<p>{MORE}</p>" * 8 + "<p>Berlangganan untuk membaca …</p>", ""),
    ],
)
def test_a_short_text_is_doubted_where_its_page_says_so(head: str, body: str, why: str) -> None:
    said = read(head, body)
    assert isinstance(said, Extracted)
    assert said.partial == why


def test_an_article_page_that_scripts_fill_is_partial() -> None:
    said = read(ld('"headline": "Pasar ikan"') + "<script>" + "var state=1;" * 500 + "</script>", "<div id=root></div>")
    assert isinstance(said, Reject)
    assert (said.reason, said.detail) == (RejectReason.PARTIAL, "script-loaded")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            '<div id="root"></div><script src="/static/js/main.3f2a.js"></script>',
            (RejectReason.PARTIAL, "script-loaded"),
        ),
        ('<div id="root"></div>', (RejectReason.EMPTY, "0 characters of story")),
    ],
)
def test_a_frame_that_says_nothing_is_script_loaded_where_it_has_a_script(body: str, why: tuple[str, str]) -> None:
    said = read("", body, heading="")
    assert isinstance(said, Reject)
    assert (said.reason, said.detail) == why


def test_a_part_is_no_article() -> None:
    said = read("", f"<p>{LEAD}</p><p>Silakan berlangganan untuk membaca artikel ini.</p>")
    assert isinstance(said, Extracted)
    page = Page(
        outlet="teluk", url=URL, final_url=URL, key="k", status=200, content_type="text/html", fetched_at=NOW,
        discovered_at=NOW, record=WarcRecord(file="x", offset=0, length=1),
    )  # fmt: skip
    reject = partial(said, page, OUTLET)
    assert reject.reason is RejectReason.PARTIAL
    assert reject.detail.startswith("paywalled, ")
