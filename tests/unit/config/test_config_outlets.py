"""One outlet file: contradictions are refused with their line; what is left out has a sound default."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.config.document import parse_document
from pipeline.config.outlets import outlet_from
from pipeline.errors import ConfigError
from pipeline.model import Certainty, Fetch, Outlet, Politeness, Selectors, Tier, Trust

HEAD = "name: Kabar\nhomepage: https://kabar.example/\nlanguages: [id]\n"
SOURCE = "sources:\n  - {kind: feed, url: https://kabar.example/rss}\n"


def outlet(text: str, name: str = "kabar.yaml") -> Outlet:
    return outlet_from(parse_document(text.encode(), Path(name)), politeness=Politeness(delay=timedelta(seconds=7)))


def test_a_short_file_is_enough() -> None:
    made = outlet(HEAD + SOURCE)
    assert made.slug == "kabar"
    assert made.every is None  # asked by its rhythm
    assert made.sources[0].poll
    assert made.cron is None
    assert (made.tier, made.trust, made.fetch) == (Tier.MAIN, Trust.PRESS, Fetch.FULL)
    assert made.sources[0].certainty is Certainty.GUESS
    assert made.politeness == Politeness(delay=timedelta(seconds=7), concurrency=1)


def test_a_cron_expression_stands_in_for_an_interval() -> None:
    made = outlet(HEAD + SOURCE + "cron: '*/10 5-22 * * *'\n")
    assert made.every is None
    assert made.cron == "*/10 5-22 * * *"


def test_one_selector_needs_no_list_and_a_delay_of_its_own_counts() -> None:
    made = outlet(HEAD + SOURCE + "selectors: {title: h1.x, remove: [aside, nav]}\npoliteness: {delay: 0s}\n")
    assert made.selectors.title == ("h1.x",)
    assert made.selectors.remove == ("aside", "nav")
    assert made.politeness.delay == timedelta(0)


def test_an_archive_is_walked_and_not_polled_and_has_places() -> None:
    urls = [
        *("https://kabar.example/indeks?page={n}", "https://kabar.example/indeks/{YYYY}/{MM}/{DD}"),
        "https://kabar.example/indeks?date={MM/DD/YYYY}&page={n0}",
    ]
    lines = [f"  - {{kind: listing, url: '{url}', poll: false}}\n" for url in urls]
    made = outlet(HEAD + SOURCE + "".join(lines))
    assert [(each.url, each.poll) for each in made.sources[1:]] == [(url, False) for url in urls]


def test_the_selectors_of_a_layout_hold_through_its_last_day() -> None:
    former = "- {until: 2024-12-31, body: .old}\n- {until: 2026-08-31, body: .newer}\n"
    made = outlet(HEAD + SOURCE + f"selectors:\n{former}- {{body: .today}}\n")
    assert made.selectors.body == (".today",)
    read = [
        (date(2020, 1, 1), ".old"), (date(2024, 12, 31), ".old"), (date(2025, 1, 1), ".newer"),
        (date(2026, 8, 31), ".newer"), (date(2026, 9, 1), ".today"),
    ]  # fmt: skip
    assert [made.selectors_on(day).body for day, _ in read] == [(body,) for _, body in read]
    generic_today = outlet(HEAD + SOURCE + f"selectors:\n{former}")
    assert generic_today.selectors == Selectors()
    assert generic_today.selectors_on(date(2026, 8, 31)).body == (".newer",)
    assert outlet(HEAD + SOURCE + "selectors: {until: 2024-12-31, body: .old}\n").former == made.former[:1]


API = "sources:\n  - {kind: api, url: https://kabar.example/api"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + SOURCE + "every: 5m\ncron: '0 * * * *'\n", "kabar.yaml:7: cron: stands beside every"),
        (HEAD + SOURCE + "every: 1s\n", "kabar.yaml:6: every: is too often"),
        (HEAD + SOURCE + "every: 0s\n", "kabar.yaml:6: every: must be longer than nothing"),
        (HEAD + SOURCE + "every: 10\n", "kabar.yaml:6: every: is no duration (write a number and its unit"),
        (HEAD + SOURCE + "cron: every day\n", "kabar.yaml:6: cron: must have five fields"),
        (HEAD + SOURCE + "enabled: false\n", "kabar.yaml:6: enabled: is false without a reason"),
        (HEAD + SOURCE + "disabled_reason: x\n", "kabar.yaml:6: disabled_reason: is given for an enabled outlet"),
        (HEAD + API + "}\n", "kabar.yaml:5: sources[0].api: is needed for kind: api"),
        (
            HEAD + SOURCE.replace("}", ", api: {items: a, url: b}}"),
            "kabar.yaml:5: sources[0].api: stands at a source of another kind",
        ),
        (
            HEAD + SOURCE.replace("}", ", links: a}"),
            "kabar.yaml:5: sources[0].links: stands at a source of another kind",
        ),
        (
            HEAD + SOURCE.replace("}", ", javascript: true}"),
            "kabar.yaml:5: sources[0].javascript: stands at a source of another kind",
        ),
        (
            HEAD + SOURCE + "fetch: summary\njavascript: true\n",
            "kabar.yaml:7: javascript: stands beside fetch: summary",
        ),
        (HEAD + SOURCE + "javascript: chromium\n", "kabar.yaml:6: javascript: must be true or false"),
        (
            HEAD + SOURCE + "  - {kind: feed, url: https://kabar.example/rss}\n",
            "kabar.yaml:6: sources[1].url: is the address of sources[0] again",
        ),
        (HEAD + SOURCE.replace("}", ", poll: false}"), "kabar.yaml:4: sources: holds nothing that is polled"),
        (
            HEAD + SOURCE.replace("https://kabar.example/rss", "'https://kabar.example/{page}'"),
            "kabar.yaml:5: sources[0].url: has the place {page}, which nothing",
        ),
        (
            HEAD + SOURCE.replace("https://kabar.example/rss", "'https://kabar.example/{-}'"),
            "kabar.yaml:5: sources[0].url: has the place {-}, which nothing",
        ),
        (HEAD + "sources: []\n", "kabar.yaml:4: sources: must not be empty"),
        (HEAD + SOURCE + "zone: WIB\n", "kabar.yaml:6: zone: is no known time zone"),
        (HEAD + SOURCE + "tier: musty\n", "kabar.yaml:6: tier: is none of the known values (did you mean must?)"),
        (HEAD + SOURCE + "trust: state\n", "kabar.yaml:6: trust: is none of the known values (known are: official"),
        (
            HEAD + SOURCE + "selector: {title: h1}\n",
            "kabar.yaml:6: selector: is no known key (did you mean selectors?)",
        ),
        (
            HEAD + SOURCE + "selectors:\n  titel: h1\n",
            "kabar.yaml:7: selectors.titel: is no known key (did you mean title?)",
        ),
        (
            HEAD + SOURCE.replace("kind: feed", "kind: rss"),
            "kabar.yaml:5: sources[0].kind: is none of the known values",
        ),
        (HEAD + SOURCE + "country: id\n", "kabar.yaml:6: country: "),
        (HEAD + SOURCE + "article: ['^(?!x)']\n", "kabar.yaml:6: article[0]: is no RE2 pattern"),
        (
            HEAD + SOURCE + "article: ['/berita/']\nexamples:\n  - https://kabar.example/news/1\n",
            "kabar.yaml:8: examples[0]: is not taken for an article",
        ),
        (
            HEAD + SOURCE + "counter_examples: [https://kabar.example/foto/1]\n",
            "kabar.yaml:6: counter_examples[0]: is taken for an article",
        ),
        (HEAD + SOURCE + "selectors: {body: 'h1['}\n", "kabar.yaml:6: selectors.body: is no CSS selector"),
        (HEAD + SOURCE + "selectors: {body: ['div', 'p:contains(x)']}\n", "kabar.yaml:6: selectors.body[1]: is no CSS"),
        (
            HEAD + SOURCE + "selectors:\n- {until: 2024-12-31, title: h1}\n- {remove: a::before}\n",
            "kabar.yaml:8: selectors[1].remove: is no CSS selector",
        ),
        (
            HEAD + SOURCE.replace("feed,", "listing, links: '..x',"),
            "kabar.yaml:5: sources[0].links: is no CSS selector",
        ),
        (
            HEAD + SOURCE + "selectors:\n- {title: h1}\n- {until: 2024-12-31, title: h1}\n",
            "kabar.yaml:7: selectors[0]: has no until, but another block stands behind it",
        ),
        (
            HEAD + SOURCE + "selectors:\n- {until: 2025-01-01}\n- {until: 2025-01-01}\n- {}\n",
            "kabar.yaml:8: selectors[1].until: is no later than the block's before it",
        ),
        (HEAD + SOURCE + "selectors: {until: last year}\n", "kabar.yaml:6: selectors.until: must be a date"),
        (HEAD + SOURCE + "selectors: {whole_page: all}\n", "kabar.yaml:6: selectors.whole_page: is not written as"),
        (HEAD + SOURCE + "kind: blog\n", "kabar.yaml:6: kind: is none of the known values"),
        (HEAD + SOURCE + "politeness: {concurrency: 100}\n", "kabar.yaml:6: politeness.concurrency: "),
        (HEAD + SOURCE + "terms: {seen_on: yesterday}\n", "kabar.yaml:6: terms.seen_on: must be a date"),
    ],
)
def test_a_wrong_file_is_refused_with_line_key_and_remedy(text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as refused:
        outlet(text)
    printed = [str(fault) for fault in refused.value.faults]
    assert any(line.startswith(expected) for line in printed), printed


def test_the_file_name_must_be_a_name() -> None:
    with pytest.raises(ConfigError, match="file name is no outlet name"):
        outlet(HEAD + SOURCE, "Kabar Hari Ini.yaml")
