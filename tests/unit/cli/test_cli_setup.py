"""`kawat check` and `kawat init`, as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_desk import Desk

from kawat.cli import face
from kawat.init import SLACK_WEBHOOK, SMTP_PASSWORD
from kawat.shipped import defaults
from pipeline.config import load
from pipeline.model import Sent


def test_check_says_file_line_key_and_remedy(kawat: Desk, tmp_path: Path) -> None:
    result = kawat("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("fine: 51 outlets")
    assert "permission" in result.stderr
    alike = (
        "ANTARA <https://www.antaranews.com/>, ANTARA (regional desks) <https://www.antaranews.com/>, fetch: summary"
    )
    assert alike in result.stderr  # what is known alike stands in one line
    assert "(seen 2026-11-21)" in result.stderr
    assert "1 channel (" in result.stdout
    assert "no contact is named" in result.stderr
    (tmp_path / "settings.yaml").write_text("zone: Asia/Tokyo\nretenton: {}\n")
    result = kawat("check")
    assert result.exit_code == 2
    assert result.stderr.endswith("\n1 fault\n")
    assert f"{tmp_path}/settings.yaml:2: retenton: is no known key (did you mean retention?)" in result.stderr
    fault = json.loads(kawat("check", "--json").stdout)
    assert (fault["line"], fault["key"]) == (2, "retenton")
    assert kawat("check", "--defaults").exit_code == 0


def test_init_takes_options_writes_the_folder_and_sends_a_test(kawat: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    result = kawat(
        *("init", str(folder), "--to", "desk@example.org", "--smtp", "smtp.example.org:2525", "--smtp-user", "u"),
        *("--slack", "--operator", "ops@example.org", "--contact", "ops@example.org", "--zone", "Asia/Seoul"),
        env={SMTP_PASSWORD: "geheim-pw", SLACK_WEBHOOK: "https://hooks.slack.com/services/T/B/geheim"},
    )
    assert result.exit_code == 0, result.output
    assert ("test_channels", "") in kawat.app.asked
    assert "250 ok" in result.stdout
    assert "permission" in result.stderr
    assert "geheim" not in result.output
    made = load(folder, defaults(), {})
    assert [each.name for each in made.channels] == ["mail", "operator-mail", "slack"]
    assert made.settings.zone == "Asia/Seoul"


def test_init_without_delivery_says_so(kawat: Desk, tmp_path: Path) -> None:
    kawat.app.tested = []
    result = kawat("init", str(tmp_path / "new"))
    assert result.exit_code == 0
    assert "NOT SENDING" in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        *(["--to", "desk"], ["--smtp", "h"], ["--to", "a@b.example", "--smtp", "h:x"], ["--sender", "x"]),
        *(["--to", "a@b.example", "--smtp", "h:"], ["--to", "a@b.example", "--smtp", "h h"]),
        *(["--to", "a@b.example", "--smtp", "h", "--smtp-security", "plain", "--smtp-user", "u"],),
        *(["--zone", "WIB"], ["--slack"], ["--contact", "nobody"], ["--operator", "x"], ["--language", "fr"]),
        *(["--to", "a@b.example", "--smtp", "h", "--smtp-user", "u"],),
    ],
    ids=" ".join,
)
def test_init_refuses_wrong_options_and_writes_nothing(kawat: Desk, tmp_path: Path, args: list[str]) -> None:
    result = kawat("init", str(tmp_path / "new"), *args, env={SMTP_PASSWORD: "", SLACK_WEBHOOK: ""})
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert not (tmp_path / "new").exists()


def test_init_names_the_value_that_it_refuses_but_no_secret(kawat: Desk, tmp_path: Path) -> None:
    result = kawat("init", str(tmp_path / "new"), "--to", "a@b.example", "--to", "desk")
    assert "--to 'desk' is no e-mail address" in result.stderr
    result = kawat("init", str(tmp_path / "new"), "--slack", env={SLACK_WEBHOOK: "geheim"})
    assert result.exit_code == 2
    assert f"{SLACK_WEBHOOK}: is no web address" in result.stderr
    assert "geheim" not in result.output


def test_init_with_a_reader_and_no_relay_keeps_all_answers_and_says_not_sending(
    kawat: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawat.cli.start.at_terminal", lambda: True)
    kawat.app.tested = [face.Tested(channel="mail", recipient="a", attempt=Sent(), into_file=True)]
    answers = ["desk@example.org", "relay:x", "two words", "", "", "ops@example.org", "", "Asia/Seoul"]
    result = kawat("init", str(tmp_path / "new"), "--language", "id", stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "relay:x has no port number after the colon" in result.stderr
    assert "two words is no mail relay" in result.stderr
    assert "NOT SENDING" in result.stderr
    made = load(tmp_path / "new", defaults(), {})
    assert not made.sending
    mail, operator = made.channels
    assert (mail.kind, operator.kind, operator.audience) == ("file", "file", "operator")
    assert [(each.address, each.language, each.zone) for each in mail.recipients] == [
        ("desk@example.org", "id", "Asia/Seoul")
    ]
    assert made.settings.operator.contact == "ops@example.org"


def test_init_refuses_a_folder_that_is_set_up_before_it_asks(
    kawat: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawat.cli.start.at_terminal", lambda: True)
    result = kawat("init", str(tmp_path), stdin="")
    assert result.exit_code == 2
    assert "set up already" in result.stderr
    assert "Who reads?" not in result.output


def test_init_asks_on_a_terminal_and_asks_again_after_a_wrong_answer(
    kawat: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawat.cli.start.at_terminal", lambda: True)
    answers = [
        "desk",
        "desk@example.org",
        "smtp.example.org",
        "me",
        "",
        "ops@example.org",
        "",
        "WIB",
        "Asia/Seoul",
        "pw",
    ]
    result = kawat("init", str(tmp_path / "new"), stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "desk is no e-mail address" in result.stderr
    assert "WIB is no known time zone" in result.stderr
    assert "pw" not in result.stdout
    made = load(tmp_path / "new", defaults(), {})
    assert [each.name for each in made.channels] == ["mail", "operator-mail"]
    assert made.settings.zone == "Asia/Seoul"
    assert made.settings.operator.contact == "ops@example.org"
    assert [secret.reveal() for secret in made.secrets] == ["pw", "pw"]
