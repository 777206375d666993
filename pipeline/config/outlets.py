"""`outlets/<slug>.yaml`: one outlet, one file, the stem is its name.

Beside what becomes the `Outlet`, a file may hold `examples` and `counter_examples`: addresses that its patterns must
and must not take for articles, so that a mistyped pattern is refused at load and not noticed as silence weeks later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

import re2
from pydantic import AfterValidator, BeforeValidator, Field
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from pipeline import model
from pipeline.config.document import Document, Key, Section, validate
from pipeline.config.explain import Mend
from pipeline.config.quantities import Cron, Duration, Interval, Pattern, WebAddress, Zone
from pipeline.errors import ConfigError, Fault

SLUG: Final = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_DAY: Final = re.compile(r"(?:YYYY|MM|DD|[-/._])*(?:YYYY|MM|DD)(?:YYYY|MM|DD|[-/._])*")
SHORTEST_POLL: Final = timedelta(seconds=30)


def selector(value: str) -> str:
    """A CSS selector that the page reader (lexbor) takes."""
    try:
        LexborHTMLParser("<p>").css(value)
    except (SelectolaxError, ValueError):
        raise Mend(
            "is no CSS selector", "no :contains and no ::before; write one selector per item: [h1.title, h1]"
        ) from None
    return value


Selector = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(selector)]


def places(value: str) -> str:
    """An address whose places, if it has any, are a page's number or a day (`crawler.pages` fills them)."""
    for name in _PLACE.findall(value):
        if name not in {"n", "n0"} and not _DAY.fullmatch(name):
            raise Mend(
                f"has the place {{{name}}}, which nothing fills",
                "known are {n}, {n0}, {YYYY-MM-DD}, {YYYY}, {MM}, {DD}",
            )
    return value


def _several(value: Any) -> Any:
    """One selector may be written without a list."""
    return [value] if isinstance(value, str) else value


SelectorList = Annotated[tuple[Selector, ...], BeforeValidator(_several)]


class ApiSection(Section):
    """`api:` of a source of kind `api`."""

    items: str
    url: str
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    body: str | None = None
    url_template: str | None = None


class SourceSection(Section):
    """One entry of `sources:`. `poll: false` marks what is walked for gaps and backfills only; `javascript: true` a
    listing that a script fills."""

    kind: model.SourceKind
    url: Annotated[WebAddress, AfterValidator(places)]
    poll: bool = True
    certainty: model.Certainty = model.Certainty.GUESS
    links: Selector | None = None
    javascript: bool = False
    api: ApiSection | None = None


class SelectorsSection(Section):
    """One block of `selectors:`, tried before the generic cascade. `until` is the last day of a former layout."""

    until: date | None = None
    title: SelectorList = ()
    body: SelectorList = ()
    published: SelectorList = ()
    authors: SelectorList = ()
    section: SelectorList = ()
    remove: SelectorList = ()
    next_page: SelectorList = ()
    whole_page: Annotated[str, Field(pattern=r"^[^=&?#\s]+=[^?#\s]*$")] | None = None

    def value(self) -> model.Selectors:
        return model.Selectors(**self.model_dump(exclude={"until"}))


def _blocks(value: Any) -> Any:
    """One block may be written without a list."""
    return [value] if isinstance(value, dict) else value


class PolitenessSection(Section):
    """`politeness:` towards the outlet's hosts."""

    delay: Duration | None = None
    concurrency: int | None = Field(default=None, ge=1, le=8)


class ExpectSection(Section):
    """`expect:`, so that silence is noticed."""

    max_silence: Interval | None = None
    min_items: int = Field(default=1, ge=0, le=10_000)
    min_length: int | None = Field(default=None, ge=1, le=100_000)
    fields: tuple[Literal["title", "published", "authors", "section"], ...] = ("title", "published")


class TermsSection(Section):
    """`terms:` of use."""

    url: WebAddress | None = None
    seen_on: date | None = None
    note: str = ""


class OutletFile(Section):
    """A whole outlet file."""

    name: str = Field(min_length=1, max_length=80)
    homepage: WebAddress
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = Field(min_length=1)
    kind: model.OutletKind = model.OutletKind.NATIONAL
    tier: model.Tier = model.Tier.MAIN
    trust: model.Trust = model.Trust.PRESS
    zone: Zone = "Asia/Jakarta"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "ID"
    enabled: bool = True
    disabled_reason: str = ""
    fetch: model.Fetch = model.Fetch.FULL
    javascript: bool = False
    sources: tuple[SourceSection, ...] = Field(min_length=1, max_length=40)
    every: Interval | None = None
    cron: Cron | None = None
    article: tuple[Pattern, ...] = ()
    not_article: tuple[Pattern, ...] = ()
    selectors: Annotated[tuple[SelectorsSection, ...], BeforeValidator(_blocks), Field(max_length=12)] = ()
    politeness: PolitenessSection = PolitenessSection()
    expect: ExpectSection = ExpectSection()
    terms: TermsSection = TermsSection()
    must_mention: tuple[Annotated[str, Field(min_length=2)], ...] = ()
    examples: tuple[WebAddress, ...] = ()
    counter_examples: tuple[WebAddress, ...] = ()


def outlet_from(document: Document, *, politeness: model.Politeness | None = None) -> model.Outlet:
    """The outlet of a file. `politeness` fills what the file leaves open. Raises `ConfigError` with every fault."""
    file = validate(OutletFile, document)
    slug = document.path.stem
    faults = tuple(_contradictions(file, slug, document))
    if faults:
        raise ConfigError(faults)
    usual = politeness or model.Politeness()
    delay, concurrency = file.politeness.delay, file.politeness.concurrency
    return model.Outlet(
        slug=slug,
        name=file.name,
        homepage=file.homepage,
        languages=file.languages,
        tier=file.tier,
        trust=file.trust,
        zone=file.zone,
        country=file.country,
        enabled=file.enabled,
        disabled_reason=file.disabled_reason,
        fetch=file.fetch,
        sources=tuple(_source(each) for each in file.sources),
        every=file.every,
        cron=file.cron,
        article=file.article,
        not_article=file.not_article,
        selectors=next((each.value() for each in file.selectors if each.until is None), model.Selectors()),
        former=tuple(
            model.FormerSelectors(until=each.until, selectors=each.value())
            for each in file.selectors
            if each.until is not None
        ),
        kind=file.kind,
        javascript=file.javascript,
        politeness=model.Politeness(
            delay=usual.delay if delay is None else delay,
            concurrency=usual.concurrency if concurrency is None else concurrency,
        ),
        expect=model.Expectations(**dict(file.expect)),
        terms=model.Terms(url=file.terms.url, seen_on=file.terms.seen_on, note=file.terms.note),
        must_mention=file.must_mention,
    )


def takes(article: Sequence[str], not_article: Sequence[str], url: str) -> bool:
    """Whether an outlet with these patterns (searched for, RE2) takes `url` for an article."""
    wanted = not article or any(re2.search(each, url) for each in article)
    return wanted and not any(re2.search(each, url) for each in not_article)


def _source(section: SourceSection) -> model.Source:
    api = None if section.api is None else model.ApiShape(**section.api.model_dump())
    return model.Source(
        kind=section.kind,
        url=section.url,
        certainty=section.certainty,
        links=section.links,
        api=api,
        poll=section.poll,
        javascript=section.javascript,
    )


def _contradictions(file: OutletFile, slug: str, document: Document) -> Iterator[Fault]:
    if not SLUG.fullmatch(slug) or len(slug) > 40:
        yield document.fault((), "the file name is no outlet name", "use small letters, digits and _: antara_id.yaml")
    if file.every is not None and file.cron is not None:
        yield document.fault(("cron",), "stands beside every", "keep one of the two")
    if file.every is not None and file.every < SHORTEST_POLL:
        yield document.fault(
            ("every",), "is too often", "poll at most every 30s, and news sites every 10m or less often"
        )
    if file.enabled and file.disabled_reason:
        yield document.fault(("disabled_reason",), "is given for an enabled outlet", "set enabled: false, or remove it")
    if not file.enabled and not file.disabled_reason:
        yield document.fault(("enabled",), "is false without a reason", "add disabled_reason: …")
    if file.javascript and file.fetch is model.Fetch.SUMMARY:
        remedy = "remove javascript: true, for no page of it is fetched"
        yield document.fault(("javascript",), "stands beside fetch: summary", remedy)
    yield from _source_faults(file, document)
    yield from _layout_faults(file, document)
    for name, expected in (("examples", True), ("counter_examples", False)):
        for n, url in enumerate(getattr(file, name)):
            if takes(file.article, file.not_article, url) is not expected:
                problem = "is not taken for an article" if expected else "is taken for an article"
                yield document.fault((name, n), problem, "correct article, not_article or this address")


def _source_faults(file: OutletFile, document: Document) -> Iterator[Fault]:
    if file.sources and not any(source.poll for source in file.sources):
        yield document.fault(
            ("sources",), "holds nothing that is polled", "one source at least must go without poll: false"
        )
    first: dict[str, int] = {}
    for n, source in enumerate(file.sources):
        key: Key = ("sources", n)
        if (source.kind is model.SourceKind.API) != (source.api is not None):
            problem = "is needed for kind: api" if source.api is None else "stands at a source of another kind"
            yield document.fault((*key, "api"), problem, "give api: with items and url, for kind: api only")
        if source.links is not None and source.kind is not model.SourceKind.LISTING:
            yield document.fault((*key, "links"), "stands at a source of another kind", "links: is for kind: listing")
        if source.javascript and source.kind is not model.SourceKind.LISTING:
            remedy = "javascript: is for kind: listing; feeds, sitemaps and JSON need no browser"
            yield document.fault((*key, "javascript"), "stands at a source of another kind", remedy)
        if source.url in first:
            yield document.fault((*key, "url"), f"is the address of sources[{first[source.url]}] again", "keep one")
        first.setdefault(source.url, n)


def _layout_faults(file: OutletFile, document: Document) -> Iterator[Fault]:
    """Former layouts stand in the order of their last days, today's behind them."""
    dates = [each.until for each in file.selectors]
    for n, until in enumerate(dates[:-1]):
        following = dates[n + 1]
        if until is None:
            remedy = "only the last block is today's: give the others until: with their last day"
            yield document.fault(("selectors", n), "has no until, but another block stands behind it", remedy)
        elif following is not None and following <= until:
            remedy = "order the blocks by their last day, the earliest first"
            yield document.fault(("selectors", n + 1, "until"), "is no later than the block's before it", remedy)
