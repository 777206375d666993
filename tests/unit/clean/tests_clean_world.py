"""An invented outlet and story that the cleaning tests put lines into."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.clean import Action, Cleaning, Rule, Zone, clean
from pipeline.extract import extract_text
from pipeline.model import (
    Article,
    Expectations,
    Extracted,
    Fetch,
    Outlet,
    Politeness,
    Selectors,
    Terms,
    Tier,
    Trust,
)

NOW = datetime(2025, 3, 1, tzinfo=UTC)
TITLE = "Pasar Ikan Modern Segera Dibuka di Teluk Biru"
STORY = (
    "Pemerintah kabupaten membuka pasar ikan modern di Teluk Biru pada Senin setelah dua tahun dibangun.",
    "Gudang pendingin berkapasitas 200 ton disiapkan agar nelayan tidak lagi menjual murah ketika panen tiba.",
    "Bupati mengatakan sewa kios digratiskan selama enam bulan pertama bagi pedagang yang pindah dari pasar lama.",
)


def outlet_named(name: str = "Harian Teluk", selectors: Selectors | None = None) -> Outlet:
    return Outlet(
        slug="teluk", name=name, homepage="https://teluk.example", languages=("id",), tier=Tier.MAIN, trust=Trust.PRESS,
        zone="Asia/Jakarta", country="ID", enabled=True, disabled_reason="", fetch=Fetch.FULL, sources=(), every=None,
        cron="0 * * * *", article=(), not_article=(), selectors=selectors or Selectors(), politeness=Politeness(),
        expect=Expectations(), terms=Terms(),
    )  # fmt: skip


def lines_around(text: str, rule: Rule, *, head: bool = False) -> list[str]:
    """The story with a line where its rule looks for it; "" puts none."""
    extra = [text] if text else []
    if rule.zone is Zone.HEAD or head:
        return [TITLE, *extra, *STORY]
    if rule.action in {Action.INLINE, Action.TAIL} and text:
        return [TITLE, STORY[0], f"{STORY[1]} {text}", STORY[2]]
    if rule.action is Action.REST or rule.zone is Zone.FOOT:
        return [TITLE, *STORY, *extra]
    return [TITLE, *STORY[:2], *extra, STORY[2]]


def article_of(lines: list[str], cleaning: Cleaning, *, title: str | None = TITLE) -> Article:
    outlet = outlet_named()
    extracted = extract_text(
        "\n\n".join(lines), title=title, published=None, url="https://teluk.example/a", outlet=outlet, now=NOW
    )
    assert isinstance(extracted, Extracted)
    article = clean(
        extracted, cleaning, key="k", url="https://teluk.example/a", outlet=outlet, fetched_at=NOW, discovered_at=NOW
    )
    assert isinstance(article, Article)
    return article
