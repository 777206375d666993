"""Abuse cases 18, 19 and 20, what pages say: charsets that contradict each other, pages without measure, dates that
cannot be. Each test is named for its case in the table of `docs/architecture.md`."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from datetime import UTC, datetime
from types import ModuleType

import pytest
from test_extract_page import STORY, TITLE, page, paragraphs, read, story

from pipeline.extract.dates import read_date
from pipeline.model import Reject

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
KAFE = "“Kafé” – "


@pytest.mark.parametrize(
    ("encode", "header", "meta"),
    [
        ("cp1252", "iso-8859-1", "utf-8"),
        ("cp1252", "utf-8", "iso-8859-1"),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("utf-8", "utf-16", ""),
        ("utf-8", "", "x-nonsense"),
        ("utf-16", "iso-8859-1", "utf-8"),
        ("utf-16-le", "", "utf-8"),  # no byte-order mark
        ("utf-16-be", "utf-8", "iso-8859-1"),
    ],
)
def test_case_18_header_meta_and_bytes_disagree(encode: str, header: str, meta: str) -> None:
    html = f'<html><head><meta charset="{meta}"></head><body><article><h1>{TITLE}</h1><p>{KAFE}{STORY[0]}</p>'
    html += f"{paragraphs()}</article></body></html>"
    said = story(html.encode(encode), at=page(kind=f"text/html; charset={header}" if header else "text/html"))
    assert any(block.text.startswith(KAFE) for block in said.blocks)


def test_case_18_what_no_text_can_hold_is_replaced() -> None:
    html = f"<html><body><article><h1>{TITLE}</h1><p>&#xD800;&#0;&#x110000; {STORY[0]}</p>{paragraphs()}</article>"
    said = story(html.encode() + "<p>\ud83d</p>".encode("utf-8", "surrogatepass"))
    "".join(block.text for block in said.blocks).encode("utf-8")  # raises where a lone surrogate is left
    assert any(STORY[0] in block.text for block in said.blocks)


@pytest.mark.parametrize("codec", ["utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined"])
def test_case_18_codecs_that_no_browser_knows_are_not_heeded(codec: str) -> None:
    html = f'<html><head><meta charset="{codec}"></head><body><article><h1>{TITLE}</h1><p>\\ud83d +2D0- {STORY[0]}</p>'
    html += f"{paragraphs()}</article></body></html>"
    said = story(html.encode() + b"\xe9\xe8\xff", at=page(kind=f"text/html; charset={codec}"))
    "".join(block.text for block in said.blocks).encode("utf-8")  # raises where a lone surrogate is left
    assert any(STORY[0] in block.text for block in said.blocks)


HUGE = {
    "one line of 2 MB": f"<p>{'kata ' * 400_000}</p>",
    "one word of 2 MB": f"<p>{'k' * 2_000_000}</p>",
    "300 000 divisions deep": "<div>" * 300_000 + "teks" + "</div>" * 300_000,
    "4 000 divisions deep": "<div>" * 4_000 + "<p>teks</p>",
    "a million links": '<a href="/x">y</a>' * 250_000,  # what fits into a page
    "100 000 metas": "<meta property=og:title content=x>" * 100_000,
    "100 000 attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">teks</p>",
    "deep JSON": '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    "comments without end": "<!--" * 200_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_case_19_pages_without_measure(name: str) -> None:
    began = time.process_time()
    said = read(f"<html><body><h1>{TITLE}</h1>{HUGE[name]}</body></html>")
    assert time.process_time() - began < 5
    assert isinstance(said, Reject) or len(said.blocks) < 10_000


UNITS = ["a", " ", "1", "aA", "a ", "1.", ",", "-", "(", "<", "&", "%41", "\n", "\t ", "é", "a-", "http://", "0,"]
WEAPONS = [unit * (300 // len(unit)) + end for end in ("!", "\n") for unit in UNITS]
"""Strings on which a pattern that tries all ways to divide them does not come to an end in years; one that is only slow
on long ones is held by the bounds on what it is given, and by the limit of the process that reads pages."""


def modules() -> list[ModuleType]:
    found = []
    for name in ("pipeline", "crawler", "kawat"):
        package = importlib.import_module(name)
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not info.name.endswith("__main__") and ".migrations" not in info.name:
                found.append(importlib.import_module(info.name))
    return found


def test_case_19_no_pattern_of_ours_tries_all_ways_to_divide_a_text() -> None:
    patterns = {
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, re.Pattern)
    }  # fmt: skip
    assert len(patterns) > 40
    for pattern in patterns:
        for weapon in WEAPONS:
            text = weapon.encode() if isinstance(pattern.pattern, bytes) else weapon
            began = time.process_time()
            pattern.search(text)
            assert time.process_time() - began < 0.5, (pattern.pattern, weapon[:10])


@pytest.mark.parametrize(
    "raw",
    ["Jumat, 31/02/2026 25:61 WIB", "31 Februari 2026", "0001-01-01T00:00:00Z", "1 Januari 0001", "2099-01-01 10:00",
     "21 November 2569", "21 November 2569 10:00 WIB", "99/99/9999"],
)  # fmt: skip
def test_case_20_dates_that_cannot_be(raw: str) -> None:
    assert read_date(raw, zone="Asia/Jakarta", now=NOW) is None


@pytest.mark.parametrize(
    ("raw", "instant", "source"),
    [
        ("2 jam lalu", "2026-11-21T10:00", "outlet"),
        ("21 Mei 2026 10:00 WIB", "2026-05-21T03:00", "printed"),
        ("May 21, 2026 10:00 WIB", "2026-05-21T03:00", "printed"),
        ("21 Agt 2026 10:00 WIB", "2026-08-21T03:00", "printed"),
        ("21 Agustus 2026 10:00 +0700", "2026-08-21T03:00", "offset"),
        ("21 Agustus 2026 10:00 WITA", "2026-08-21T02:00", "printed"),
        ("21 Agustus 2026 10:00", "2026-08-21T03:00", "outlet"),
        ("2026-08-21T10:00:00+99:00", "2026-08-21T03:00", "outlet"),  # no such offset
    ],
)
def test_case_20_months_and_zones_as_they_are_printed(raw: str, instant: str, source: str) -> None:
    stamp = read_date(raw, zone="Asia/Jakarta", now=NOW)
    assert stamp is not None and (stamp.instant.isoformat()[:16], stamp.zone_source) == (instant, source)


def test_case_20_an_outlet_with_summer_time_is_read_in_it() -> None:
    for raw, hour in (
        ("2026-07-01 12:00", 11),
        ("2026-11-01 12:00", 12),
        ("2026-10-25 01:30", 0),
        ("2026-03-29 01:30", 1),
    ):
        stamp = read_date(
            raw, zone="Europe/London", now=NOW
        )  # the last two: an hour that comes twice, and one that is not
        assert stamp is not None and stamp.instant.hour == hour, raw
