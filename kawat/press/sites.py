"""The invented outlets: what each is called, where its pages stand, how it is discovered, what its robots.txt says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zlib import crc32

from kawat.press.dates import WIB, fill
from kawat.press.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One outlet. `article` and `dateline` are format strings; `listing` names how its articles are found."""

    slug: str
    name: str
    language: str
    template: str  # which page template prints it (`templates.py`)
    article: str
    dateline: str
    listing: str
    source: str  # path of what a crawler polls first
    robots: str = "User-agent: *\nDisallow: /search\n"
    gzip: bool = False
    verified: bool = True  # whether its word alone is enough for an alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as printed: placeholders resolved, address and time known. `text` is the clean text of its page."""

    story: Story
    site: Site
    path: str
    number: int
    published: datetime  # in Western Indonesian time
    dateline: str
    paragraphs: tuple[str, ...]  # the first one with its dateline

    @property
    def title(self) -> str:
        return self.story.title

    @property
    def text(self) -> str:
        """Headline, then dateline and body: what is left when all furniture is gone."""
        return "\n\n".join((self.title, *self.paragraphs))


def tell(story: Story, site: Site, now: datetime) -> Told:
    """Print `story` as it stands at `now`."""
    published = story.published(now).astimezone(WIB)
    day = story.day_zero(now)
    body = tuple(fill(p, day) for p in story.paragraphs)
    dateline = site.dateline.format(place=story.place) if story.place else ""
    number = crc32(story.id.encode()) % 9_000_000 + 1_000_000
    path = site.article.format(
        n=number,
        slug=story.slug,
        section=story.section,
        y=f"{published:%Y}",
        m=f"{published:%m}",
        d=f"{published:%d}",
    )
    if story.blocked:
        path = f"/{story.section}/{number}/{story.slug}"
    return Told(
        story=story, site=site, path=path, number=number, published=published, dateline=dateline,
        paragraphs=(dateline + body[0], *body[1:]),
    )  # fmt: skip


_ALL: Final = (
    Site(
        slug="nusakabar",
        name="Kantor Berita Nusakabar",
        language="id",
        template="wire",
        article="/berita/{n}/{slug}",
        dateline="{place} (NUSAKABAR) - ",
        listing="rss",
        source="/rss/terkini.xml",
        robots="User-agent: *\nDisallow: /search\nDisallow: /rilis-pers/\n\nUser-agent: Mesin-Rakus\nDisallow: /\n",
    ),
    Site(
        slug="nusakabar_en",
        name="Nusakabar News",
        language="en",
        template="wire",
        article="/news/{n}/{slug}",
        dateline="{place} (NUSAKABAR) - ",
        listing="atom",
        source="/rss/news.xml",
    ),
    Site(
        slug="niagakini",
        name="NiagaKini",
        language="id",
        template="wordpress",
        article="/{slug}/",
        dateline="{place} | NiagaKini.co – ",
        listing="rss",
        source="/feed/",
        robots="User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n",
    ),
    Site(
        slug="kilat",
        name="Kilat",
        language="id",
        template="kilat",
        article="/{section}/d-{n}/{slug}",
        dateline="{place} - ",
        listing="news_sitemap",
        source="/sitemap_news.xml",
    ),
    Site(
        slug="gerbang",
        name="Gerbang.com",
        language="id",
        template="gerbang",
        article="/{section}/read/{y}/{m}/{d}/{n}/{slug}",
        dateline="{place}, GERBANG.com - ",
        listing="index",
        source="/indeks/",
        gzip=True,
    ),
    Site(
        slug="fajar",
        name="Fajar Ibu Kota",
        language="id",
        template="fajar",
        article="/{y}-{m}-{d}/{slug}",
        dateline="{place} – ",
        listing="index",
        source="/terbaru",
    ),
    Site(
        slug="humasdigital",
        name="Humas Digital Pemerintah",
        language="id",
        template="official",
        article="/berita/siaran-pers/detail/{slug}",
        dateline="{place}, Humas Digital – ",
        listing="api",
        source="/api/v1/contents/siaran-pers",
        robots="User-agent: *\nAllow: /\n",
    ),
    Site(
        slug="archipelago",
        name="The Archipelago Post",
        language="en",
        template="english",
        article="/{section}/{y}/{m}/{d}/{slug}.html",
        dateline="{place} — ",
        listing="sitemaps",
        source="/robots.txt",
        robots="User-agent: *\nDisallow: /cart/\n\nSitemap: {base}/sitemap_index.xml.gz\n",
    ),
    Site(
        slug="suararaya",
        name="Radio Suara Raya",
        language="id",
        template="radio",
        article="/{section}/{n}/{slug}",
        dateline="KBSR, {place}: ",
        listing="rdf",
        source="/rss",
        robots="User-agent: *\nCrawl-delay: 1\nDisallow: /search\n",
    ),
    Site(
        slug="catatan",
        name="Catatan Teknologi",
        language="id",
        template="blog",
        article="/{y}/{m}/{slug}.html",
        dateline="",
        listing="rss",
        source="/feeds/posts.xml",
        verified=False,
    ),
    Site(
        slug="pesisir",
        name="Kabar Pesisir",
        language="id",
        template="wordpress",
        article="/{y}/{m}/{d}/{slug}/",
        dateline="{place}, PESISIR – ",
        listing="rss",
        source="/feed/",
    ),
)

SITES: Final[Mapping[str, Site]] = {site.slug: site for site in _ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One agreement of the stories. `alert`: whether it is to raise an immediate alert (once, whoever reports it)."""

    id: str
    partner: str
    instrument: str
    stage: str  # of the act itself
    fields: tuple[str, ...]
    signed_on: date
    reports: tuple[str, ...]  # ids of the stories on the act, oldest first
    follow_ups: tuple[str, ...]
    announcements: tuple[str, ...]
    alert: bool


def events(stories: Mapping[str, Story], now: datetime) -> Mapping[str, Event]:
    """Every agreement that `stories` tell of, by id. An act that only unverified outlets report raises no alert."""
    by_event: dict[str, list[Story]] = {}
    for story in sorted(stories.values(), key=lambda s: -s.age):
        if story.expected.event is not None:
            by_event.setdefault(story.expected.event, []).append(story)
    found: dict[str, Event] = {}
    for event, told in by_event.items():
        acts = [s for s in told if s.expected.role not in {"announcement", "follow_up"}]
        first = next((s for s in acts if s.expected.role == "original"), None)
        day = None if first is None else first.signed_on(now)
        if first is None or day is None or first.expected.partner is None:
            continue
        found[event] = Event(
            id=event,
            partner=first.expected.partner,
            instrument=first.expected.instrument,
            stage=first.expected.stage,
            fields=first.expected.fields,
            signed_on=day,
            reports=tuple(s.id for s in acts),
            follow_ups=tuple(s.id for s in told if s.expected.role == "follow_up"),
            announcements=tuple(s.id for s in told if s.expected.role == "announcement"),
            alert=any(SITES[s.outlet].verified for s in acts),
        )
    return found
