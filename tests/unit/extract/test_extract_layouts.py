"""An archived page is read with the selectors of the day it was fetched on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipeline.extract.budget import Budget
from pipeline.extract.page import extract
from pipeline.model import (
    Expectations,
    Extracted,
    Fetch,
    FormerSelectors,
    Outlet,
    Page,
    Politeness,
    Selectors,
    Terms,
    Tier,
    Trust,
    WarcRecord,
)

OUTLET = Outlet(
    slug="teluk", name="Harian Teluk", homepage="https://www.teluk.example", languages=("id",), tier=Tier.MAIN,
    trust=Trust.PRESS, zone="Asia/Jakarta", country="ID", enabled=True, disabled_reason="", fetch=Fetch.FULL,
    sources=(), every=None, cron="0 * * * *", article=(), not_article=(), politeness=Politeness(),
    expect=Expectations(), terms=Terms(), selectors=Selectors(title=(".judul-kini",), body=(".isi-kini",)),
    former=(
        FormerSelectors(until=date(2026, 8, 31), selectors=Selectors(title=(".judul-lama",), body=(".isi-lama",))),
    ),
)  # fmt: skip
STORY = (
    "Pemerintah kabupaten membuka kembali pasar ikan yang rusak akibat banjir pada akhir tahun lalu, kata bupati itu. "
    "Pembangunan kios dan jalan masuk dibiayai oleh anggaran daerah serta pinjaman lunak dari sebuah bank pembangunan."
)
PAGE = "<html><body><article>" + "".join(
    f"<h1 class=judul-{n}>Judul tata letak {n}</h1><div class=isi-{n}><p>{n}: {STORY}</p></div>"
    for n in ("lama", "kini")
) + "</article></body></html>"  # fmt: skip


@pytest.mark.parametrize(
    ("fetched", "layout"),
    [
        (datetime(2020, 1, 1, tzinfo=UTC), "lama"),
        (datetime(2026, 8, 31, 16, 59, tzinfo=UTC), "lama"),  # 23:59 in Jakarta
        (datetime(2026, 8, 31, 17, 0, tzinfo=UTC), "kini"),
        (datetime(2026, 11, 20, tzinfo=UTC), "kini"),
    ],
)
def test_the_layout_of_its_day(fetched: datetime, layout: str) -> None:
    url = "https://www.teluk.example/berita/123/pasar-ikan"
    page = Page(
        outlet="teluk", url=url, final_url=url, key="k", status=200, content_type="text/html", fetched_at=fetched,
        discovered_at=fetched, record=WarcRecord(file="x", offset=0, length=1),
    )  # fmt: skip
    said = extract(PAGE.encode(), page, OUTLET, budget=Budget())
    assert isinstance(said, Extracted)
    assert said.title == f"Judul tata letak {layout}"
    assert [block.text for block in said.blocks] == [f"{layout}: {STORY}"]
    assert dict(said.steps)["body"] == "selectors"
