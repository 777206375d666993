"""A page of a user's own outlet as a test of its file: the page as it was captured, and what is to be read in it.

outlets/kabar_contoh.yaml
fixtures/kabar_contoh/1.html  1.json        `kawat check` reads the page again and compares
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.discover.item import Link
from crawler.outcome import Fetched
from kawat.probe.reading import Trial, read_article
from pipeline.config import Configuration
from pipeline.errors import Fault
from pipeline.model import Article, Outlet

FOLDER = "fixtures"
LARGEST = 6 * 1024 * 1024


def keep(folder: Path, slug: str, trial: Trial, number: int) -> tuple[Path, Path]:
    """Write one fixture; its two files. OSError where the folder cannot be written."""
    if trial.fetched is None or trial.article is None:
        raise ValueError("only an article that was read makes a fixture")
    place = folder / FOLDER / slug
    place.mkdir(parents=True, exist_ok=True)
    page, expected = place / f"{number}.html", place / f"{number}.json"
    page.write_bytes(trial.fetched.body)
    about = {
        "url": trial.link.url,
        "final_url": trial.fetched.final_url,
        "content_type": trial.fetched.content_type,
        "fetched_at": trial.fetched.fetched_at.isoformat(),
        "title_hint": trial.link.title,
        "published_hint": trial.link.published,
        "expected": expectation(trial.article),
    }
    expected.write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return page, expected


def expectation(article: Article) -> dict[str, Any]:
    """What is to be read: fields whole, of the text only its edges and size."""
    text = article.text
    return {
        "title": article.title,
        "published": article.published.instant.isoformat() if article.published else None,
        "authors": list(article.authors),
        "language": article.language,
        "paragraphs": len(article.paragraphs),
        "characters": len(text),
        "begins": text[:80],
        "ends": text[-80:],
    }


def verify(folder: Path, configuration: Configuration) -> tuple[int, tuple[Fault, ...]]:
    """Read every fixture below `folder` again; how many there are, and what is read otherwise than expected."""
    outlets = {each.slug: each for each in configuration.outlets}
    faults: list[Fault] = []
    number = 0
    for path in sorted((folder / FOLDER).glob("*/*.json")):
        number += 1
        outlet = outlets.get(path.parent.name)
        if outlet is None:
            problem = f"there is no outlet {path.parent.name!r}"
            faults.append(_fault(path, problem, "delete the fixture, or name its folder like the outlet's file"))
            continue
        faults.extend(_differences(path, outlet, configuration))
    return number, tuple(faults)


def _differences(path: Path, outlet: Outlet, configuration: Configuration) -> Iterator[Fault]:
    page = path.with_suffix(".html")
    try:
        if page.stat().st_size > LARGEST:
            yield _fault(page, "is too large for a page", "write it anew: `kawat outlets add`")
            return
        about = json.loads(path.read_text(encoding="utf-8"))
        answer = Fetched(
            url=about["url"],
            final_url=about["final_url"],
            status=200,
            headers=(("Content-Type", about["content_type"]),),
            body=page.read_bytes(),
            fetched_at=datetime.fromisoformat(about["fetched_at"]),
        )
        link = Link(url=about["url"], title=about["title_hint"], published=about["published_hint"])
        wanted = dict(about["expected"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield _fault(path, f"cannot be read: {type(error).__name__} {error}", "write it anew: `kawat outlets add`")
        return
    read = read_article(answer, link, outlet, configuration.cleaning)
    if read.article is None:
        yield _fault(path, read.problem, f"mend the selectors in outlets/{outlet.slug}.yaml")
        return
    found = expectation(read.article)
    for key, value in wanted.items():
        if found.get(key) != value:
            remedy = f"mend outlets/{outlet.slug}.yaml, or this file where the new reading is the better one"
            yield Fault(path=str(path), line=None, key=key, problem=f"expected {value!r}, read {found.get(key)!r}",
                        remedy=remedy)  # fmt: skip


def _fault(path: Path, problem: str, remedy: str) -> Fault:
    return Fault(path=str(path), line=None, key=None, problem=problem, remedy=remedy)
