"""`kawat outlets check`: the X-ray of an outlet against the real net, now, beside the verdict of its history.

robots.txt, each list, the newest five items, each field with the step that produced it, what boilerplate was removed.
Reads the store, writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.discover import api, feed, listing, sitemap
from crawler.discover.item import Found, Link
from crawler.gate import Gate
from crawler.inflate import TooLarge, Undecodable, unpacked
from crawler.outcome import Failure, Fetched, is_challenge
from kawat.cli.face import Row
from kawat.probe.adding import article_row
from kawat.probe.caller import MOST_BYTES, Caller
from kawat.probe.reading import Trial, try_article
from pipeline import javascript
from pipeline.clean.rules import Cleaning
from pipeline.health.polling import KINDS
from pipeline.model import Outlet, Source, SourceKind
from pipeline.sight import State

ITEMS = 5
CHILDREN = 2
_UNDRAWN = "its file says that scripts fill its pages: this look runs none, `kawat run` does where there is a browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One list: the articles it names, or what went wrong."""

    source: Source
    links: tuple[Link, ...] = ()
    named: int = 0
    problem: str = ""
    state: State = State.OK


def check(outlet: Outlet, *, caller: Caller, cleaning: Cleaning, allow_loopback: bool, kept: Row | None = None) -> Row:
    """All about one outlet as plain values: what this look says, and what its row (`kept`) says by its history."""
    gate = Gate(outlet, allow_loopback=allow_loopback)
    lists = [_listed(source, outlet, gate, caller) for source in outlet.sources if source.poll]
    found = next((each for each in lists if each.links), None)
    trials: list[Trial] = []
    if found is not None:
        trials = [try_article(link, outlet, found.source, cleaning, caller) for link in found.links[:ITEMS]]
    state, evidence = _verdict(outlet, lists, trials)
    if state is not State.OK and javascript.asks(outlet):
        evidence += f"; {_UNDRAWN}"
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "verdict": str(state),
        "evidence": evidence,
        "robots": caller.robots(outlet.sources[0].url).words,
        "sources": [
            {
                "kind": str(each.source.kind),
                "url": each.source.url,
                "state": str(each.state),
                "links": each.named,
                "articles": len(each.links),
                "problem": each.problem,
            }
            for each in lists
        ],
        "articles": [
            {"title": trial.link.title, "published": trial.link.published, **article_row(trial)} for trial in trials
        ],
        "history": {key: kept.get(key) for key in ("state", "since", "evidence", "remedy")} if kept else None,
    }


def _verdict(outlet: Outlet, lists: Sequence[Listed], trials: Sequence[Trial]) -> tuple[State, str]:
    if not any(each.links for each in lists):
        worst = next((each for each in lists if each.state is not State.OK), None)
        return (worst.state, worst.problem) if worst is not None else (State.OK, "its lists name no article at present")
    refused = [trial.refused for trial in trials if trial.refused is not None]
    if trials and len(refused) == len(trials):
        return KINDS.get(str(refused[0].trouble), (State.DOWN, 0.0))[0], f"its articles: {refused[0]}"
    challenged = [trial for trial in trials if "challenge page" in trial.problem]
    if challenged and 2 * len(challenged) >= len(trials):
        return State.BLOCKED, f"challenge pages with status 200: {challenged[0].link.url}"
    bad = [trial for trial in trials if not trial.complete or trial.degraded]
    if trials and 2 * len(bad) > len(trials):
        words = bad[0].problem or ("its selectors find no story" if bad[0].degraded else "fields are missing")
        return State.REDESIGNED, f"{len(bad)} of {len(trials)} articles: {words}"
    partly = [each.problem for each in lists if each.problem]
    return State.OK, "; ".join(partly[:2]) or f"{outlet.name} is read"


def _listed(source: Source, outlet: Outlet, gate: Gate, caller: Caller) -> Listed:
    answer = caller.get(source.url, accept="*/*")
    if isinstance(answer, Failure):
        state = KINDS.get(str(answer.trouble), (State.DOWN, 0.0))[0]
        return Listed(source=source, problem=str(answer), state=state)
    found = _found(source, answer, caller)
    if found.problem:
        blocked = is_challenge(answer.body, answer.headers)
        problem = "a challenge page instead of a list" if blocked else found.problem
        return Listed(source=source, problem=problem, state=State.BLOCKED if blocked else State.MOVED)
    links = tuple(
        link for link in found.links if not gate.refusal(link.url, seen_in=source.url) and gate.concerns(link)
    )
    fitting = sum(not gate.refusal(link.url, seen_in=source.url) for link in found.links)
    if fitting < outlet.expect.min_items:
        problem = f"{len(found.links)} links, {fitting} of them articles, where {outlet.expect.min_items} are normal"
        return Listed(source=source, named=len(found.links), problem=problem, state=State.REDESIGNED)
    return Listed(source=source, links=links, named=len(found.links))


def _found(source: Source, answer: Fetched, caller: Caller) -> Found:
    if source.kind is SourceKind.FEED:
        return feed.discover(answer.body, url=answer.final_url, content_type=answer.content_type)
    if source.kind is SourceKind.LISTING:
        kind = answer.content_type
        return listing.discover(answer.body, url=answer.final_url, selector=source.links, content_type=kind)
    if source.kind is SourceKind.API and source.api is not None:
        return api.discover(answer.body, url=answer.final_url, shape=source.api)
    try:
        body = unpacked(answer.body, limit=2 * MOST_BYTES)
    except (TooLarge, Undecodable) as error:
        return Found(problem=f"a sitemap {error}")
    found = sitemap.discover(body, url=answer.final_url, content_type=answer.content_type)
    for child in found.children[:CHILDREN]:
        part = caller.get(child, accept="*/*")
        if isinstance(part, Fetched):
            inner = sitemap.discover(part.body, url=part.final_url, content_type=part.content_type)
            if inner.links:
                return inner
    return found
