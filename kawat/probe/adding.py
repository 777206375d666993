"""`kawat outlets add URL`: look at a site, try three of its articles, and write an outlet file that works.

The file holds what was found and nothing that was guessed: its lists with how they were found, a pattern of its
articles with the tried ones as examples, and the day it was looked at. What refuses us is reported and not written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from kawat.cli.face import Row
from kawat.probe.caller import Caller
from kawat.probe.fixture import FOLDER, keep
from kawat.probe.reading import Trial, try_article
from kawat.probe.shapes import patterns
from kawat.probe.survey import Progress, Survey, survey
from pipeline.config import Configuration
from pipeline.config.document import parse_document
from pipeline.config.outlets import SLUG, outlet_from
from pipeline.errors import UsageError
from pipeline.model import Outlet
from pipeline.net import same_site

TRIED = 3
KEPT = 1
"""Fixtures that are written."""

_COUNTRIES = {"uk": "GB"}
_OFFICIAL = re.compile(r"(?:^|\.)(?:go|gov|gob|gouv)(?:\.[a-z]{2})?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What came of it. `path` is the file written, None where nothing was; `problem` says why."""

    slug: str
    survey: Survey
    trials: tuple[Trial, ...]
    path: Path | None = None
    written: tuple[Path, ...] = ()
    problem: str = ""
    text: str = ""

    def row(self) -> Row:
        """All of it as plain values."""
        return {
            "slug": self.slug,
            "name": self.survey.name,
            "homepage": self.survey.homepage,
            "verdict": "added" if self.path is not None else "not added",
            "problem": self.problem,
            "looked_at": [{"url": url, "found": found} for url, found in self.survey.trials],
            "sources": [
                {"kind": str(lead.kind), "url": lead.url, "articles": len(lead.links), "how": lead.how}
                for lead in self.survey.leads
            ],
            "articles": [article_row(trial) for trial in self.trials],
            "files": [str(path) for path in self.written],
        }


def article_row(trial: Trial) -> Row:
    """One tried article as plain values."""
    return {
        "url": trial.link.url,
        "problem": trial.problem,
        "degraded": trial.degraded,
        "fields": [{"field": name, "value": value, "step": step} for name, value, step in trial.fields],
    }


def add(
    url: str,
    *,
    folder: Path,
    configuration: Configuration,
    caller: Caller,
    progress: Progress,
    slug: str = "",
    replace_file: bool = False,
) -> Addition:
    """Look at `url` and add its outlet to the user's folder. Raises UsageError for what makes no sense as asked."""
    url = url if "://" in url else f"https://{url}"
    host = (urlsplit(url).hostname or "").lower()
    if not host:
        raise UsageError(f"{url!r} is no address of a site")
    chosen = slug or slug_of(url)
    if not SLUG.fullmatch(chosen) or len(chosen) > 40:
        raise UsageError(f"{chosen!r} is no outlet name: use small letters, digits and _, with --slug")
    path = folder / "outlets" / f"{chosen}.yaml"
    known = next((each for each in configuration.outlets if same_site(each.homepage, url)), None)
    if not replace_file and (path.exists() or known is not None):
        name = known.slug if known is not None else chosen
        raise UsageError(f"{host} is outlet {name} already: see it with `kawat outlets check {name}`, or add --force")
    found = survey(url, caller, progress)
    bare = Addition(slug=chosen, survey=found, trials=())
    if found.refused is not None:
        return replace(bare, problem=f"{found.refused}. Nothing is done to get round it")
    if not found.leads:
        return replace(bare, problem="found no feed, sitemap or page that lists articles; write its file by hand")
    draft = outlet_text(found, chosen, (), caller)
    outlet = _outlet(draft, path)
    lead = found.leads[0]
    trials = []
    for link in lead.links[:TRIED]:
        progress("probe", f"article {link.url}")
        trials.append(try_article(link, outlet, outlet.sources[0], configuration.cleaning, caller))
    bare = replace(bare, trials=tuple(trials))
    good = [trial for trial in trials if trial.complete]
    if not good:
        refusals = [trial.refused for trial in trials if trial.refused is not None]
        if refusals:
            return replace(
                bare, problem=f"its articles cannot be fetched: {refusals[0]}. Nothing is done to get round it"
            )
        by_script = any("script-loaded" in trial.problem for trial in trials)
        way = "a script fills its pages: write its file by hand, with javascript: true (docs/outlets.md)"
        words = way if by_script else "see the fields, and write selectors by hand"
        return replace(bare, problem=f"no article could be read whole; {words}")
    text = outlet_text(found, chosen, trials, caller)
    outlet = _outlet(text, path)
    written: list[Path] = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
        for number, trial in enumerate(good[:KEPT], start=1):
            written += keep(folder, outlet.slug, trial, number)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror or error}") from None
    return replace(bare, path=path, written=tuple(written), text=text)


def slug_of(url: str) -> str:
    """An outlet name made of a host: `www.kabar-contoh.co.id` is `kabar_contoh`."""
    host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    labels = host.split(".")
    if all(label.isdecimal() for label in labels):
        return f"outlet_{'_'.join(labels)}"[:40]
    plain = [label for label in labels[:-1] if label not in {"co", "com", "or", "go", "gov", "net", "web", "ac", "my"}]
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(plain or labels[:1])).strip("_")
    return (name if name[:1].isalpha() else f"o_{name}")[:40].strip("_")


def outlet_text(found: Survey, slug: str, trials: Sequence[Trial], caller: Caller) -> str:
    """The outlet's file as YAML. The examples are the articles that were tried; the patterns fit every listed one."""
    host = (urlsplit(found.homepage).hostname or "").lower()
    country = _country(host)
    languages = list(dict.fromkeys(t.article.language for t in trials if t.article and t.article.language != "und"))
    languages = [each for each in languages if re.fullmatch("[a-z]{2}", each)] or [_language(found)]
    official = bool(_OFFICIAL.search(host))
    links = [link.url for lead in found.leads for link in lead.links]
    lines = [
        f"# Written by `kawat outlets add`, {caller.now():%Y-%m-%d}, from what the site itself offers. Edit at will.",
        f"# `kawat outlets check {slug}` shows how it is read; `kawat check` reads {FOLDER}/{slug} again.",
        "",
        f"name: {_quoted(found.name)}",
        f"homepage: {_quoted(found.homepage)}",
        f"languages: [{', '.join(languages)}]",
        f"kind: {'official' if official and country == 'ID' else 'counterpart' if official else 'national'}",
        f"trust: {'official' if official else 'press'}",
        f"country: {country}",
        "sources:",
    ]
    for lead in found.leads:
        lines.append(f"  - {{kind: {lead.kind}, url: {_quoted(lead.url)}, certainty: A}}  # {lead.how}")
    lines += ["article:", *(f"  - {_single(each)}" for each in patterns(links))]
    if trials:
        lines += ["examples:", *(f"  - {_quoted(trial.link.url)}" for trial in trials)]
    if country != "ID":
        lines.append("must_mention: [Indonesia, Jakarta]  # a foreign site: only what names Indonesia is fetched")
    lines += [
        "expect: {min_items: 1}",
        "terms: {note: Not read yet. Read its terms of use before you rely on it.}",
        "",
    ]
    return "\n".join(lines)


def _outlet(text: str, path: Path) -> Outlet:
    """The outlet that the text makes: what is written must load. Raises ConfigError."""
    return outlet_from(parse_document(text.encode(), path))


def _country(host: str) -> str:
    end = host.rpartition(".")[2]
    if len(end) == 2 and end.isalpha() and end not in {"co", "tv", "io", "me", "ai", "cc", "fm", "ws"}:
        return _COUNTRIES.get(end, end.upper())
    return "ID" if end != "gov" else "US"


def _language(found: Survey) -> str:
    return found.language if re.fullmatch("[a-z]{2}", found.language) else "id"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _single(text: str) -> str:
    """A YAML scalar in single quotes, in which a pattern's back-slashes stay as they are."""
    return "'" + text.replace("'", "''") + "'"
