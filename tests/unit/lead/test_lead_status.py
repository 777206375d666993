"""`kawat status` says what is so: a daemon lives while it holds its lock, and blindness is not fine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kawat.app import App
from kawat.lock import holder
from kawat.patience import askable
from pipeline.model import HostNote
from pipeline.sight import Horizon, Outage

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
SETTINGS = "data_dir: data\noperator: {name: Test, contact: test@kawat.invalid}\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    (tmp_path / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    with App.open(tmp_path, environ={}, now=lambda: NOW) as opened:
        yield opened


def test_a_daemon_lives_while_it_holds_its_lock(app: App) -> None:
    app.store.meta.set_time("daemon", NOW)  # a heartbeat outlives a killed daemon
    assert app.status().daemon is None
    with app.exclusive("daemon"):
        assert holder(app.configuration.data_dir).startswith("kawat daemon (process ")
        stand = app.status()
        assert stand.daemon == NOW and not stand.degraded
        app.store.meta.set_time("daemon", NOW - timedelta(minutes=5))
        stand = app.status()
        assert stand.degraded and stand.issues[0].subject == "daemon" and "has not looked" in stand.issues[0].problem
    assert app.status().daemon is None and holder(app.configuration.data_dir) == ""
    with app.exclusive("run"):
        assert app.status().daemon is None


def test_blindness_is_not_fine(app: App) -> None:
    assert not app.status().degraded
    since = NOW - timedelta(minutes=30)
    app.store.health.keep((), Horizon(outages=(Outage(since=since),), blind_since=since), ())
    stand = app.status()
    assert stand.degraded and any(issue.subject == "our network" for issue in stand.issues)


def test_a_full_disk_is_not_fine_and_asks_nobody(app: App) -> None:
    full = SETTINGS + "disk: {min_free: 999999 GB}\n"
    (app.folder / "settings.yaml").write_text(full, encoding="utf-8")
    assert app.reload(), app.issues()
    assert app.status().degraded
    assert not app.crawl_due(everything=True)
    assert [issue.subject for issue in app.issues()][:1] == ["disk"]


def test_who_asked_to_be_left_alone_is_not_asked_with_all_either(app: App) -> None:
    outlets = [app.desk.by_slug[slug] for slug in app.desk.enabled]
    before = askable(app.store, outlets, NOW)
    assert set(before) == {outlet.slug for outlet in outlets}
    patient = outlets[0]
    for source in patient.sources:
        note = HostNote(closed_until=NOW + timedelta(hours=3), closed_why="HTTP 429, asks for 10800 s")
        app.store.frontier.note_host(urlsplit(source.url).netloc.lower(), note)
    assert patient.slug not in askable(app.store, outlets, NOW)
    assert patient.slug in askable(app.store, outlets, NOW + timedelta(hours=4))
