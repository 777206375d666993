"""A page that hangs its reader costs that reader and nothing else: the next page is read by another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipeline.model import Extracted, Page, Reject, RejectReason, WarcRecord
from pipeline.reading import ReadingApart, read_here
from pipeline.threads import unknown_outlet

NOW = datetime(2025, 3, 10, tzinfo=UTC)
URL = "https://www.teluk.example/berita/123/pasar-ikan"
OUTLET = unknown_outlet("teluk", "https://www.teluk.example")
STORY = (
    b"<h1>Pasar ikan dibuka</h1>"
    + b"<p>Pemerintah kabupaten membuka pasar ikan modern di Teluk Biru pada Senin ini.</p>" * 3
)
PATIENCE = 60.0
"""Seconds that a page may take here: a busy machine starts the child late."""

HANGING = """
import os, pipeline.reading as reading
whole = reading.extract
def step(body, page, outlet, *, budget):
    while b"spin" in body:
        pass
    while b"sleep" in body:
        os.read(os.pipe()[0], 1)
    if b"crash" in body:
        os._exit(9)
    return whole(body, page, outlet, budget=budget)
reading.extract = step
import sys
reading.serve(int(sys.argv[-1]))
"""


def page() -> Page:
    return Page(
        outlet="teluk", url=URL, final_url=URL, key="k", status=200, content_type="text/html", fetched_at=NOW,
        discovered_at=NOW, record=WarcRecord(file="x", offset=0, length=1),
    )  # fmt: skip


@pytest.fixture
def hanging() -> Iterator[ReadingApart]:
    apart = ReadingApart(hard_limit=1, stall=PATIENCE, command=(sys.executable, "-c", HANGING))
    yield apart
    apart.close()


def test_the_child_reads_what_this_process_would_read() -> None:
    apart = ReadingApart()
    try:
        for body in (STORY, b"", b"<p>short</p>", STORY * 100):
            assert apart.read(body, page(), OUTLET) == read_here(body, page(), OUTLET)
    finally:
        apart.close()


@pytest.mark.parametrize("body", [b"<p>spin</p>", b"<p>sleep</p>"])
def test_a_page_that_hangs_is_given_up_and_the_next_is_read(
    hanging: ReadingApart, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hanging.read(STORY, page(), OUTLET)
    with monkeypatch.context() as patch:
        if b"sleep" in body:
            patch.setattr(hanging, "_stall", 0.5)
        hung = hanging.read(body, page(), OUTLET)
    after = hanging.read(STORY, page(), OUTLET)
    assert isinstance(hung, Reject)
    assert hung.reason is RejectReason.TOO_SLOW
    assert "killed" in hung.detail
    assert isinstance(first, Extracted)
    assert after == first


def test_a_reader_that_ends_costs_its_page_alone(hanging: ReadingApart) -> None:
    lost = hanging.read(b"<p>crash</p>", page(), OUTLET)
    assert isinstance(lost, Reject)
    assert lost.reason is RejectReason.BROKEN
    assert isinstance(hanging.read(STORY, page(), OUTLET), Extracted)


def test_a_reader_that_was_killed_between_two_pages_is_replaced(hanging: ReadingApart) -> None:
    assert isinstance(hanging.read(STORY, page(), OUTLET), Extracted)
    child = hanging._child
    assert child is not None
    child.kill()
    child.wait()
    assert isinstance(hanging.read(STORY, page(), OUTLET), Extracted)
