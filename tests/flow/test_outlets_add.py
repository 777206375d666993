"""`kawat outlets add` on sites it has never seen, and `kawat outlets check` on the press: real sockets and commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import Newsroom
from strangers import HEADLINES, Stranger, mapped, plain, stranger, wordpress
from typer.testing import CliRunner, Result

from kawat.app import App
from kawat.cli.face import Filter
from kawat.cli.main import app as command

SETTINGS = """\
operator: {name: Uji, contact: uji@kawat.invalid}
allow_loopback: true
first_run: {baseline: false}
outlets: {only: [orang_baru]}
politeness: {delay: 0s}
"""


@pytest.fixture
def site() -> Iterator[Stranger]:
    with stranger() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that reads nothing yet."""
    (tmp_path / "outlets").mkdir()
    (tmp_path / "settings.yaml").write_text(SETTINGS.replace("orang_baru", "rri"), encoding="utf-8")
    return tmp_path


def call(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["--dir", str(folder), *arguments])


@pytest.mark.slow
@pytest.mark.parametrize("build", [wordpress, plain, mapped])
def test_an_unknown_site_comes_out_working_without_an_edit(
    build: Callable[[Stranger, datetime], None], site: Stranger, folder: Path
) -> None:
    build(site, datetime.now(UTC))
    added = call(folder, "outlets", "add", site.url, "--slug", "orang_baru", "--json")
    assert added.exit_code == 0, added.output
    row = json.loads(added.stdout)
    assert row["verdict"] == "added"
    assert len(row["articles"]) == 3
    fields = {each["field"]: each for each in row["articles"][0]["fields"]}
    assert fields["title"]["value"] in HEADLINES
    assert fields["published"]["step"] != "none"
    assert fields["text"]["step"]
    assert all(agent.startswith("Kawat/") and "uji@kawat.invalid" in agent for _, agent in site.asked)
    assert len(site.asked) < 30

    (folder / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    checked = call(folder, "check")
    assert checked.exit_code == 0, checked.output
    with App.open(folder) as opened:
        opened.run(everything=True)
        rows = opened.articles(Filter())
        assert {each["title"] for each in rows} == set(HEADLINES)
        assert all(each["published"] for each in rows)
        for each in rows:
            text = str((opened.article(str(each["key"])) or {})["text"])
            assert "Hak cipta" not in text
            assert "Beranda" not in text
    looked = call(folder, "outlets", "check", "orang_baru", "--json")
    assert looked.exit_code == 0, looked.output
    assert json.loads(looked.stdout)["verdict"] == "ok"


def test_the_fixture_is_read_again_by_check(site: Stranger, folder: Path) -> None:
    wordpress(site, datetime.now(UTC))
    assert call(folder, "outlets", "add", site.url, "--slug", "orang_baru").exit_code == 0
    (folder / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    assert call(folder, "check").exit_code == 0
    (fixture,) = (folder / "fixtures" / "orang_baru").glob("*.json")
    about = json.loads(fixture.read_text(encoding="utf-8"))
    about["expected"]["title"] = "Judul lain"
    fixture.write_text(json.dumps(about), encoding="utf-8")
    wrong = call(folder, "check")
    assert wrong.exit_code == 2
    assert "title" in wrong.output


@pytest.mark.parametrize(("status", "words"), [(403, "blocked"), (200, "blocked")])
def test_a_site_that_refuses_is_reported_and_not_written(status: int, words: str, site: Stranger, folder: Path) -> None:
    page = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    site.put("/", page, status=status)
    refused = call(folder, "outlets", "add", site.url, "--slug", "orang_baru")
    assert refused.exit_code == 3
    assert words in refused.output
    assert not list((folder / "outlets").glob("*.yaml"))
    assert len(site.asked) <= 2  # robots.txt and the front page: nothing is tried in its place


def test_robots_are_obeyed(site: Stranger, folder: Path) -> None:
    wordpress(site, datetime.now(UTC))
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    refused = call(folder, "outlets", "add", site.url, "--slug", "orang_baru")
    assert refused.exit_code == 3
    assert "robots" in refused.output
    assert [path for path, _ in site.asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/", "http://10.0.0.1/", "http://2130706433/", "ftp://x.id/"]
)
def test_what_is_no_public_address_is_not_called(address: str, folder: Path) -> None:
    (folder / "settings.yaml").write_text(SETTINGS.replace("true", "false", 1).replace("orang_baru", "rri"))
    assert call(folder, "outlets", "add", address, "--slug", "orang_baru").exit_code == 3


def test_a_redirect_to_a_private_address_is_not_followed(site: Stranger, folder: Path) -> None:
    site.put("/", "http://169.254.169.254/latest/meta-data/", status=302)
    refused = call(folder, "outlets", "add", site.url, "--slug", "orang_baru")
    assert refused.exit_code == 3
    assert "not a public internet address" in refused.output


def test_a_known_site_is_not_added_twice(site: Stranger, folder: Path) -> None:
    wordpress(site, datetime.now(UTC))
    assert call(folder, "outlets", "add", site.url, "--slug", "orang_baru").exit_code == 0
    again = call(folder, "outlets", "add", site.url, "--slug", "lain")
    assert again.exit_code == 2
    assert "orang_baru" in again.output


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [("o-stocks", "o-chili", "o-flood", "o-budget")], indirect=True)
def test_check_shows_each_field_and_each_verdict(newsroom: Newsroom) -> None:
    fine = call(newsroom.folder, "outlets", "check", "--json")
    rows = {row["slug"]: row for row in map(json.loads, fine.stdout.splitlines())}
    assert fine.exit_code == 0, fine.output
    assert {row["verdict"] for row in rows.values()} == {"ok"}
    assert rows["niagakini"]["articles"][0]["fields"]
    newsroom.press.fail("niagakini", "*", 403)
    newsroom.press.fail("kilat", "/sitemap_news.xml", 404)
    newsroom.press.redesign("fajar", "radio")
    bad = call(newsroom.folder, "outlets", "check", "--json")
    assert bad.exit_code == 3
    found = {row["slug"]: row["verdict"] for row in map(json.loads, bad.stdout.splitlines())}
    assert found == {"niagakini": "blocked", "kilat": "moved", "fajar": "redesigned", "suararaya": "ok"}
    shown = call(newsroom.folder, "outlets", "check", "suararaya")
    assert "published" in shown.stdout
    assert "robots.txt" in shown.stdout
    assert call(newsroom.folder, "outlets", "check", "nobody").exit_code == 2
