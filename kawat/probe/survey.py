"""Finding how a site's articles are discovered: its feeds, its sitemaps, its usual paths, at last a section page.

front page ─► feeds it names ─► robots.txt's sitemaps ─► usual paths ─► the front page's sections
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from crawler.discover import feed, listing, sitemap
from crawler.discover.item import Found, Link
from crawler.inflate import TooLarge, Undecodable, unpacked
from crawler.outcome import Failure, Fetched, Trouble, is_challenge
from kawat.probe.caller import MOST_BYTES, Caller
from kawat.probe.shapes import articles_of, looks_like_article
from pipeline.model import SourceKind
from pipeline.net import same_site

FEEDS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
SITEMAPS = ("/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_news.xml", "/sitemap_index.xml", "/sitemap.xml")
SECTIONS = ("/indeks", "/index", "/terbaru", "/berita", "/news", "/latest")
FEWEST = 3
"""Articles that a list must name to be taken for one."""

CHILDREN = 2
MOST_SECTIONS = 4

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A list of articles that was found, with what it names."""

    kind: SourceKind
    url: str
    links: tuple[Link, ...]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a look at a site found: what it is called, its lists (the best first), and each trial in words."""

    homepage: str
    name: str
    language: str
    leads: tuple[Lead, ...]
    trials: tuple[tuple[str, str], ...]
    refused: Failure | None = None


def survey(url: str, caller: Caller, progress: Progress) -> Survey:
    """Look at the site of `url`. Stops at the first kind of list that serves: no more is asked than is needed."""
    front = caller.get(url)
    trials = [(url, "read" if isinstance(front, Fetched) else str(front))]
    if isinstance(front, Fetched) and is_challenge(front.body[:20_000], front.headers) and len(front.body) < 20_000:
        return _nothing(url, trials, _challenged(front))
    if isinstance(front, Failure):
        return _nothing(url, trials, front)
    homepage = front.final_url
    soup = BeautifulSoup(front.body, "lxml")
    given = _read(SourceKind.FEED, front)
    leads: list[Lead] = []
    if isinstance(given, Lead):
        leads, homepage = [given], urljoin(given.url, "/")
    for kind, addresses, how in _ways(soup, homepage, caller) if not leads else ():
        progress("probe", how)
        for address in addresses:
            lead = _tried(kind, address, how, caller)
            trials.append((address, f"{len(lead.links)} articles" if isinstance(lead, Lead) else lead))
            if isinstance(lead, Lead):
                leads.append(lead)
                if kind is not SourceKind.LISTING:
                    break
        if leads:
            break
    leads.sort(key=lambda lead: -len(lead.links))
    return Survey(
        homepage=homepage,
        name=_name(soup, homepage),
        language=str(_attribute(soup.find("html"), "lang"))[:2].lower(),
        leads=tuple(leads[:2]),
        trials=tuple(trials),
    )


def _nothing(url: str, trials: list[tuple[str, str]], refused: Failure) -> Survey:
    return Survey(homepage=url, name="", language="", leads=(), trials=tuple(trials), refused=refused)


def _challenged(front: Fetched) -> Failure:
    return Failure(trouble=Trouble.BLOCKED, words=f"a challenge page with HTTP {front.status} at {front.final_url}")


def _ways(soup: BeautifulSoup, homepage: str, caller: Caller) -> Iterator[tuple[SourceKind, Iterable[str], str]]:
    """Kinds of list with the addresses where one may stand, the cheapest for the outlet first."""
    named = [
        urljoin(homepage, _attribute(link, "href"))
        for link in soup.find_all("link", rel="alternate")
        if "rss" in _attribute(link, "type") or "atom" in _attribute(link, "type")
    ]
    named = [address for address in dict.fromkeys(named) if "/comments/" not in address]
    linked = [
        urljoin(homepage, _attribute(link, "href"))
        for link in soup.find_all("a", href=True)
        if urlsplit(_attribute(link, "href")).path.rstrip("/").lower().endswith(("/rss", "/feed", "rss.xml"))
    ]
    yield SourceKind.FEED, [*named, *dict.fromkeys(linked)][:4], "feeds that the front page names"
    robots = caller.robots(homepage)
    maps = sorted(robots.sitemaps, key=lambda address: "news" not in address.lower())
    yield SourceKind.SITEMAP, maps[:4], "sitemaps that robots.txt names"
    yield SourceKind.FEED, [urljoin(homepage, path) for path in FEEDS], "usual addresses of feeds"
    yield SourceKind.SITEMAP, [urljoin(homepage, path) for path in SITEMAPS], "usual addresses of sitemaps"
    yield SourceKind.LISTING, _sections(soup, homepage), "section and index pages"


def _sections(soup: BeautifulSoup, homepage: str) -> list[str]:
    """The front page's section pages, an index page first, at last the front page itself."""
    found = []
    for link in soup.find_all("a", href=True):
        try:
            address = urljoin(homepage, _attribute(link, "href")).partition("#")[0]
        except ValueError:
            continue
        path = urlsplit(address).path.rstrip("/")
        if same_site(address, homepage) and path and path.count("/") <= 2 and not looks_like_article(address):
            found.append(address)
    index = [address for address in found if urlsplit(address).path.rstrip("/").lower() in SECTIONS]
    menu = soup.find(["nav", "header"])
    listed = [
        urljoin(homepage, _attribute(link, "href"))
        for link in (menu.find_all("a", href=True) if isinstance(menu, Tag) else ())
    ]
    inside = [address for address in listed if address in found]
    return [*list(dict.fromkeys([*index, *inside, *found]))[:MOST_SECTIONS], homepage]


def _tried(kind: SourceKind, address: str, how: str, caller: Caller) -> Lead | str:
    """The list at an address, or in words why there is none."""
    answer = caller.get(address)
    if isinstance(answer, Failure):
        return str(answer)
    found = _read(kind, answer, how)
    if isinstance(found, Lead) or kind is not SourceKind.SITEMAP:
        return found
    children = _found(kind, answer)
    for child in children.children[:CHILDREN] if isinstance(children, Found) else ():
        part = caller.get(child)
        lead = _read(kind, part, how) if isinstance(part, Fetched) else str(part)
        if isinstance(lead, Lead):  # a part that is named after its month goes stale, its index does not
            return replace(lead, url=answer.final_url) if any(map(str.isdigit, urlsplit(child).path)) else lead
    return found


def _read(kind: SourceKind, answer: Fetched, how: str = "the given address itself") -> Lead | str:
    found = _found(kind, answer)
    if isinstance(found, str):
        return found
    wanted = articles_of((link.url for link in found.links), answer.final_url)
    if kind is SourceKind.FEED and not wanted:  # a feed lists articles, whatever their addresses look like
        wanted = [link.url for link in found.links if same_site(link.url, answer.final_url)]
    if len(wanted) < FEWEST:
        return found.problem or f"{len(found.links)} links, {len(wanted)} of them like articles"
    by_url = {link.url: link for link in found.links}
    return Lead(kind=kind, url=answer.final_url, links=tuple(by_url[url] for url in wanted), how=how)


def _found(kind: SourceKind, answer: Fetched) -> Found | str:
    if kind is SourceKind.FEED:
        return feed.discover(answer.body, url=answer.final_url, content_type=answer.content_type)
    if kind is SourceKind.LISTING:
        return listing.discover(answer.body, url=answer.final_url, content_type=answer.content_type)
    try:
        body = unpacked(answer.body, limit=2 * MOST_BYTES)
    except (TooLarge, Undecodable) as error:
        return f"a sitemap {error}"
    return sitemap.discover(body, url=answer.final_url, content_type=answer.content_type)


def _name(soup: BeautifulSoup, homepage: str) -> str:
    """What the site calls itself, else its host."""
    meta = soup.find("meta", property="og:site_name")
    title = soup.find("title")
    text = _attribute(meta, "content") or (title.get_text(" ") if title is not None else "")
    for mark in (" | ", " – ", " — ", " - ", ": "):
        text = text.partition(mark)[0]
    host = (urlsplit(homepage).hostname or "").removeprefix("www.")
    return " ".join(text.split())[:80] or host[:80]


def _attribute(node: object, name: str) -> str:
    value = node.get(name) if isinstance(node, Tag) else None
    return value.strip() if isinstance(value, str) else ""
