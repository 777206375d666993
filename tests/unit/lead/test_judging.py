"""What readers say, over a real data folder and the real command line: feedback, eval, sample, rules test, reload."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kawat.app import App
from kawat.cli.main import app
from kawat.given import Given, extracted, page_of
from kawat.labels import Labels
from kawat.sampling import estimate, upper_bound
from kawat.shipped import defaults
from pipeline.errors import UsageError
from pipeline.threads import unknown_outlet

DAY = datetime(2026, 3, 5, 3, tzinfo=UTC)
PROMISE = "Kedua pihak akan bertukar peneliti selama tiga tahun dan membuka pusat uji bersama di dua kota."
SIGNED = (
    "Indonesia dan Estonia Kian Dekat di Bidang AI",
    "TALLINN - Kementerian Komunikasi dan Digital RI dan Kementerian Kehakiman dan Digital Estonia menandatangani nota "
    f"kesepahaman kecerdasan artifisial di Tallinn, Rabu (4/3/2026).\n\n{PROMISE}",
)
TALKS = (
    "Indonesia Jajaki Kerja Sama Siber dengan Chile",
    "JAKARTA - Badan Siber dan Sandi Negara menjajaki kerja sama keamanan siber dengan Kementerian Dalam Negeri Chile "
    f"dalam pertemuan di Jakarta, Rabu (4/3/2026).\n\n{PROMISE}",
)
ODD = (
    "Dua Negara Bersulang untuk Satelit",
    "SANTIAGO - Kepala BRIN dan Menteri Sains Chile bersulang atas nota kesepahaman satelit di Santiago, "
    f"Rabu (4/3/2026).\n\n{PROMISE}",
)
WEATHER = (
    "Hujan Deras Guyur Bogor",
    "BOGOR - Hujan deras mengguyur Bogor sejak Selasa malam. Warga diminta waspada akan genangan di jalan utama, kata "
    "petugas badan penanggulangan bencana daerah. Sekolah tetap masuk seperti biasa pada hari berikutnya.",
)


def arrive(opened: App, *stories: tuple[str, str]) -> list[str]:
    """Read and store stories as if they had just been crawled; their keys."""
    keys = []
    for number, (title, text) in enumerate(stories):
        outlet = opened.desk.by_slug.get("rri") or unknown_outlet("rri", "")
        item = Given(
            id=f"{title}-{number}", url=f"https://rri.co.id/{len(title)}/{number}/x", title=title, text=text,
            published="2026-03-05T08:00:00+07:00", language="id",
        )  # fmt: skip
        page = page_of(item, outlet, opened.now(), number=number)
        decider = replace(opened.desk.pipeline.decider, learning=False)
        outcome = decider.settle_extracted(extracted(item, page, outlet, opened.now()), page, outlet)
        opened.store.inbox.land(page)
        opened.store.commit(outcome)
        keys.append(outcome.result.key)
    return keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "settings.yaml").write_text("zone: Asia/Jakarta\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def kawat(folder: Path) -> Callable[..., Result]:
    def call(*args: str) -> Result:
        return CliRunner().invoke(app, list(args), env={"KAWAT_DIR": str(folder)})

    return call


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def test_judgements_grow_a_file_that_eval_scores(folder: Path, kawat: Callable[..., Result]) -> None:
    with App.open(folder, now=lambda: DAY) as opened:
        signed, talks, odd, weather = arrive(opened, SIGNED, TALKS, ODD, WEATHER)
        agreement = opened.store.articles.reports(signed)[0][1]
    assert agreement is not None
    rows(kawat("feedback", agreement, "--right", "--json"))
    rows(kawat("feedback", talks[:12], "--right", "--note", "talks indeed"))
    rows(kawat("feedback", weather, "--right"))
    rows(kawat("feedback", odd, "--wrong"))
    rows(kawat("feedback", odd, "--wrong", "--label", "agreement"))  # the last word counts
    refused = kawat("feedback", talks, "--right", "--label", "other")
    assert (refused.exit_code, "give one of the two" in refused.stderr) == (2, True)
    assert kawat("feedback", "nowhere", "--right").exit_code == 2

    file = folder / "labels" / "feedback.jsonl"
    assert len(file.read_text(encoding="utf-8").splitlines()) == 5
    result = rows(kawat("eval", str(file), "--json"))[0]
    assert result["articles"] == 4
    assert result["agreement"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert result["slots"]["partner"] == 1.0
    assert [each["id"] for each in result["errors"]] == [odd]
    assert result["errors"][0]["why"]
    shown = kawat("eval", str(file)).stdout
    assert "wanted agreement, said other" in shown


def test_a_judgement_goes_with_the_page_it_is_about(folder: Path, kawat: Callable[..., Result]) -> None:
    with App.open(folder, now=lambda: DAY) as opened:
        signed, weather = arrive(opened, SIGNED, WEATHER)
        opened.feedback(signed, right=True, label="", note="")
        row = opened.feedback(weather, right=True, label="", note="")
        assert Labels(folder).rows()[0]["text"]
        opened.purge(row["url"])
    assert [each["id"] for each in Labels(folder).rows()] == [signed]


def test_what_is_labelled_wrongly_is_refused_with_its_line(tmp_path: Path, kawat: Callable[..., Result]) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text('{"id": "a", "text": "x", "label": "other"}\n{"id": "b", "label": "treaty"}\n', encoding="utf-8")
    refused = kawat("eval", str(file))
    assert refused.exit_code == 2
    assert "set.jsonl:2" in refused.stderr


def test_a_sample_is_random_unalerted_and_estimates_the_misses(folder: Path, kawat: Callable[..., Result]) -> None:
    with App.open(folder, now=lambda: DAY) as opened:
        signed, talks, odd, weather = arrive(opened, SIGNED, TALKS, ODD, WEATHER)
        drawn = opened.sample(number=4, since=None, seed=1)
        assert {each["key"] for each in drawn["articles"]} == {talks, odd, weather}
        assert signed not in {each["key"] for each in drawn["articles"]}
        assert {each["key"]: each["part"] for each in drawn["articles"]}[weather] == "far"
        assert drawn["estimate"]["upper"] == 3  # nothing was judged: all may be missed
        opened.feedback(odd, right=False, label="agreement", note="")
        opened.feedback(talks, right=True, label="", note="")
        opened.feedback(weather, right=True, label="", note="")
        again = opened.sample(number=4, since=None, seed=1)
        assert again["articles"] == []
        assert again["estimate"]["expected"] == 1.0
    shown = kawat("sample", "--since", "1 days")
    assert "missed agreements" in shown.stderr


def test_the_upper_bound_is_that_of_clopper_and_pearson() -> None:
    assert upper_bound(0, 100, 0.05) == pytest.approx(1 - 0.05 ** (1 / 100))
    assert upper_bound(2, 50, 0.025) == pytest.approx(0.1371, abs=1e-3)  # their table
    assert upper_bound(0, 0, 0.05) == 1.0
    told = estimate(Counter(near=100, far=1000), [({"label": "agreement"}, None), ({"label": "other"}, "near")])
    assert told["parts"][0]["judged"] == 1  # an article that a reader came upon is no random one
    assert told["expected"] == 0.0


def draft(folder: Path) -> Path:
    """The shipped cues with a verb that this press does not use."""
    text = (defaults() / "lexicon" / "cues.yaml").read_text(encoding="utf-8")
    made = folder / "draft"
    made.mkdir()
    changed = text.replace("terms: [menandatangani, ditandatangani,", "terms: [bersulang atas, ditandatangani,", 1)
    assert changed != text
    (made / "cues.yaml").write_text(changed, encoding="utf-8")
    return made / "cues.yaml"


def test_a_draft_of_the_rules_shows_what_it_gains_and_loses(folder: Path, kawat: Callable[..., Result]) -> None:
    clock = [DAY]
    with App.open(folder, now=lambda: clock[0]) as opened:
        arrive(opened, SIGNED, TALKS, WEATHER)
        clock[0] = DAY.replace(day=7)
        arrive(opened, ODD)
        before = opened.store.articles.count()
        (folder / "settings.txt").touch()
        result = opened.try_rules(draft(folder), since=None, progress=lambda *_: None)
        assert opened.store.articles.count() == before
        with pytest.raises(UsageError, match="no file of rules"):
            opened.try_rules(folder / "settings.txt", since=None, progress=lambda *_: None)
    assert (result["articles"], result["days"]) == (4, 2.0)
    assert [each["title"] for each in result["gained"]] == [ODD[0]]
    assert "bersulang" in " ".join(result["gained"][0]["why"])
    assert [each["title"] for each in result["lost"]] == [SIGNED[0]]
    assert result["alerts"] == [
        {"channel": "unsent", "now": 1, "draft": 1, "week_now": 3.5, "week_draft": 3.5},
    ]
    shown = kawat("rules", "test", str(folder / "draft" / "cues.yaml"))
    assert shown.exit_code == 0
    assert "1 gained, 1 lost, 0 changed" in shown.stdout
    assert "3.50 a week now" in shown.stdout


def test_a_changed_lexicon_is_in_force_without_a_restart(folder: Path) -> None:
    with App.open(folder, now=lambda: DAY) as opened:
        arrive(opened, ODD)
        first = opened.store.articles.list()[0]
        assert first.head.decided.label == "other"
        (folder / "lexicon").mkdir()
        draft(folder).rename(folder / "lexicon" / "cues.yaml")
        assert opened.reload()
        title, text = ODD
        (key,) = arrive(opened, (f"{title} Baru", text.replace("SANTIAGO", "JAKARTA")))
        stored = opened.store.articles.by_key(key)
        assert stored is not None
        assert stored.head.decided.label == "agreement"
        assert stored.head.decided.rules != first.head.decided.rules
        broken = (folder / "lexicon" / "cues.yaml").read_text(encoding="utf-8").replace("\nacts:", "\nactz:", 1)
        (folder / "lexicon" / "cues.yaml").write_text(broken, encoding="utf-8")
        os.utime(folder / "lexicon" / "cues.yaml", (1, 1))
        assert not opened.reload()
        assert opened.issues()[0].subject == "configuration"
