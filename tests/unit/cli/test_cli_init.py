"""`kawat init` writes a folder that loads, keeps secrets in a file of their own, and never writes over another."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kawat.init import Answers, Smtp, write_folder
from kawat.shipped import defaults
from pipeline.alert.channel import Audience, ChannelKind, Folder, Secret, Security
from pipeline.alert.channel import Slack as SlackTransport
from pipeline.alert.channel import Smtp as SmtpTransport
from pipeline.config import load
from pipeline.errors import UsageError

FULL = Answers(
    readers=("desk@example.org", "o'hara@example.org"),
    smtp=Smtp(
        host="smtp.example.org", port=465, security=Security.TLS, username="u: #1", password=Secret("p'a\"ss #1")
    ),
    slack=Secret("https://hooks.slack.com/services/T/B/x"),
    operator="ops@example.org",
    contact="https://example.org/bot",
    zone="Asia/Tokyo",
    language="id",
)


def test_what_it_writes_loads_and_says_what_was_answered(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "kawat"
    written = write_folder(folder, FULL, defaults())
    assert {path.name for path in written} == {"settings.yaml", "channels.yaml", "secrets.env"}
    made = load(folder, defaults(), {})
    assert made.sending
    assert made.settings.zone == "Asia/Tokyo"
    assert made.settings.operator.contact == "https://example.org/bot"
    mail, operator, slack = made.channels
    assert isinstance(mail.transport, SmtpTransport)
    assert (mail.transport.host, mail.transport.port, mail.transport.username) == ("smtp.example.org", 465, "u: #1")
    assert mail.transport.password.reveal() == "p'a\"ss #1"
    assert [(each.address, each.language, each.zone) for each in mail.recipients] == [
        ("desk@example.org", "id", "Asia/Tokyo"),
        ("o'hara@example.org", "id", "Asia/Tokyo"),
    ]
    assert (operator.audience, operator.digest) == (Audience.OPERATOR, None)
    assert isinstance(slack.transport, SlackTransport)
    assert [(each.language, each.zone) for each in slack.recipients] == [("id", "Asia/Tokyo")]
    assert slack.transport.url.reveal() == "https://hooks.slack.com/services/T/B/x"


def test_secrets_stand_in_a_file_for_the_owner_alone(tmp_path: Path) -> None:
    write_folder(tmp_path, FULL, defaults())
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name != "secrets.env":
            assert "ss #1" not in path.read_text()
            assert "services/T/B" not in path.read_text()
    assert "secrets.env" in (tmp_path / ".gitignore").read_text()


@pytest.mark.parametrize("password", ["'quoted'", '"', " spaced ", "a=b", "#", "${HOME}", "\\n"])
def test_a_secret_comes_back_as_it_was_given(tmp_path: Path, password: str) -> None:
    smtp = Smtp(host="h", username="u", password=Secret(password))
    write_folder(tmp_path, Answers(readers=("a@b.example",), smtp=smtp), defaults())
    transport = load(tmp_path, defaults(), {}).channels[0].transport
    assert isinstance(transport, SmtpTransport)
    assert transport.password.reveal() == password


def test_the_files_keep_their_explanations(tmp_path: Path) -> None:
    write_folder(tmp_path, FULL, defaults())
    for name in ("settings.yaml", "channels.yaml"):
        shipped = [line for line in (defaults() / name).read_text().splitlines() if line.startswith("#")]
        assert set(shipped) <= set((tmp_path / name).read_text().splitlines())


def test_without_delivery_alerts_are_files_and_nothing_is_sent(tmp_path: Path) -> None:
    write_folder(tmp_path, Answers(), defaults())
    made = load(tmp_path, defaults(), {})
    assert not made.sending
    assert [each.kind for each in made.channels] == [ChannelKind.FILE]
    assert not (tmp_path / "secrets.env").exists()


def test_readers_without_a_relay_are_kept_in_a_channel_of_files(tmp_path: Path) -> None:
    write_folder(tmp_path, Answers(readers=("a@b.example",), zone="Asia/Tokyo"), defaults())
    made = load(tmp_path, defaults(), {})
    assert not made.sending
    (mail,) = made.channels
    assert (mail.name, mail.kind, mail.recipients[0].address) == ("mail", ChannelKind.FILE, "a@b.example")
    assert mail.transport == Folder(path=made.data_dir / "unsent")


def test_it_never_writes_over_a_folder_unless_told(tmp_path: Path) -> None:
    write_folder(tmp_path, Answers(), defaults())
    (tmp_path / "settings.yaml").write_text("zone: Asia/Seoul\n")
    with pytest.raises(UsageError, match="set up already"):
        write_folder(tmp_path, FULL, defaults())
    assert (tmp_path / "settings.yaml").read_text() == "zone: Asia/Seoul\n"
    write_folder(tmp_path, FULL, defaults(), replace=True)
    assert load(tmp_path, defaults(), {}).settings.zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        (Answers(smtp=Smtp(host="h")), "no reader"),
        (Answers(slack=Secret("https://x.example/\nEVIL=1")), "line break"),
    ],
)
def test_answers_that_cannot_stand_together_write_nothing(tmp_path: Path, answers: Answers, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        write_folder(tmp_path / "new", answers, defaults())
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_folder(tmp_path / "file", Answers(), defaults())
