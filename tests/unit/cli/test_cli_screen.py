"""Tables and colour on a terminal only; the reader's zone beside WIB."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kawat.cli.screen import Screen, as_row, plain
from pipeline.model import Sent, Stage

NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()


ROWS = [{"key": "k1", "title": "[bold]satu[/bold] \x1b]0;x\x07", "published": NOW}]


def test_a_terminal_gets_a_table_in_colour(terminal: Terminal) -> None:
    Screen(out=terminal, err=io.StringIO()).rows(ROWS, ("key", "title"), as_json=False, empty="none")
    assert "\x1b[1m" in terminal.getvalue()
    assert "[bold]satu[/bold]" in terminal.getvalue()
    assert "\x1b]0;" not in terminal.getvalue()
    assert "\t" not in terminal.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_key_is_never_cut(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    key = "0123456789abcdef" * 2
    row = {"last_reported": NOW, "partner": "JP", "instrument": "arrangement", "claim": "kata " * 20, "key": key}
    screen = Screen(out=terminal, err=io.StringIO(), zone="Asia/Tokyo")
    screen.rows([row], tuple(row), as_json=False, empty="none")
    text = terminal.getvalue()
    pieces = re.findall(r" ([0-9a-f]{2,}) *$", text, flags=re.MULTILINE)
    assert "".join(pieces) == key
    assert "…" not in text


def test_instants_in_words_are_shown_in_both_zones() -> None:
    screen = Screen(out=io.StringIO(), err=io.StringIO(), zone="Asia/Tokyo")
    written = "stored 2026-11-20T22:30:00+00:00 as revision 1, read 2026-11-20T22:30:00.123456Z; 2026-13-45T99:99Z"
    both = "2026-11-21 05:30 WIB (07:30 JST)"
    assert screen.instants(written) == f"stored {both} as revision 1, read {both}; 2026-13-45T99:99Z"


def test_no_color_is_kept_to(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen(out=terminal, err=io.StringIO())
    screen.text("red", "red")
    assert "\x1b[31m" not in terminal.getvalue()


def test_progress_spins_on_a_terminal_only(terminal: Terminal) -> None:
    with Screen(out=io.StringIO(), err=terminal).progress() as progress:
        progress("poll", "rri")
        progress("fetch", "https://x.example/1")
    assert "rri" in terminal.getvalue()
    assert "\x1b[" in terminal.getvalue()
    pipe = io.StringIO()
    with Screen(out=io.StringIO(), err=pipe).progress() as progress:
        progress("poll", "rri\x1b[2J")
    assert pipe.getvalue() == "poll     rri[2J\n"
    with Screen(out=io.StringIO(), err=pipe).progress(quiet=True) as progress:
        progress("poll", "detik")
    assert "detik" not in pipe.getvalue()


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Jakarta", "2026-11-21 05:30 WIB"),
        ("Asia/Bangkok", "2026-11-21 05:30 WIB"),
        ("Asia/Tokyo", "2026-11-21 05:30 WIB (07:30 JST)"),
        ("Europe/Berlin", "2026-11-21 05:30 WIB (11-20 23:30 CET)"),
    ],
)
def test_times_are_in_wib_and_in_the_readers_zone(zone: str, expected: str) -> None:
    assert Screen(out=io.StringIO(), err=io.StringIO(), zone=zone).stamp(NOW) == expected


def test_an_empty_listing_is_chatter_and_empty_json(terminal: Terminal) -> None:
    out, err = io.StringIO(), io.StringIO()
    Screen(out=out, err=err).rows([], ("key",), as_json=False, empty="nothing yet")
    assert (out.getvalue(), err.getvalue()) == ("", "nothing yet\n")


def test_cells_and_records_read_like_words() -> None:
    out = io.StringIO()
    screen = Screen(out=out, err=io.StringIO())
    values: list[Any] = [None, "", True, False, 0.934, Stage.SIGNED, ["a", 1], {}, 0]
    assert [screen.cell(value) for value in values] == ["–", "–", "yes", "no", "0.93", "signed", "a, 1", "", "0"]
    screen.record({"text": "satu\n\ndua", "removed": [{"rule": "read-also", "text": "x"}], "none": None}, as_json=False)
    assert out.getvalue().splitlines() == [
        *("text     satu", "         ", "         dua", "removed  rule read-also, text x", "none     –")
    ]


def test_json_has_plain_values_only() -> None:
    assert plain(
        {"at": NOW, "day": date(2026, 1, 2), "age": timedelta(minutes=1), "stage": Stage.SIGNED, "t": (1,)}
    ) == {
        "at": "2026-11-20T22:30:00Z",
        "day": "2026-01-02",
        "age": 60.0,
        "stage": "signed",
        "t": [1],
    }
    assert as_row(Sent(receipt="x")) == {"receipt": "x"}
