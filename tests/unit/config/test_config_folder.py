"""A person's folder over the shipped defaults: what replaces what, what is refused, what is hidden."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from pipeline.alert.channel import (
    SLACK_RATE,
    Audience,
    ChannelKind,
    Folder,
    Quiet,
    Rate,
    Service,
    Slack,
    SlackBot,
    Smtp,
    Webhook,
)
from pipeline.alert.plan import Updates
from pipeline.config import load
from pipeline.config.document import read_document, validate
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError

DEFAULTS = Path(__file__).resolve().parents[3] / "config"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
MAIL = """
channels:
  desk:
    kind: smtp
    host: smtp.example.org
    username: u
    password: ${PW}
    to: [a@example.org, {address: b@example.org, language: id, zone: Asia/Tokyo}]
    watch: {partners: [JP], confidence: 0.9}
"""

OWN = """name: Mine
homepage: https://x.example/
languages: [id]
sources:
  - {kind: feed, url: URL}
"""


def refused(folder: Path, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load(folder, DEFAULTS, environ or {})
    return [str(fault).replace(f"{folder}{os.sep}", "") for fault in error.value.faults]


def test_the_shipped_settings_are_the_defaults_in_the_code() -> None:
    assert validate(Settings, read_document(DEFAULTS / "settings.yaml"), environ={}) == Settings()


def test_the_shipped_settings_explain_every_key() -> None:
    text = (DEFAULTS / "settings.yaml").read_text("utf-8")

    def keys(model: type) -> list[str]:
        fields = getattr(model, "model_fields", {})
        return [key for name, field in fields.items() for key in (name, *keys(field.annotation))]

    for key in keys(Settings):
        assert f"{key}:" in text, key


def test_an_empty_folder_takes_everything_that_ships(tmp_path: Path) -> None:
    made = load(tmp_path, DEFAULTS, {})
    assert len(made.outlets) >= 13
    assert made.data_dir == tmp_path / "data"
    assert made.database_url == f"sqlite:///{tmp_path}/data/kawat.db"
    assert not made.sending
    assert [each.kind for each in made.channels] == [ChannelKind.FILE]
    assert made.channels[0].transport == Folder(path=tmp_path / "data" / "unsent")
    assert {issue.subject for issue in made.issues(NOW)} >= {"operator.contact", "channels"}


def test_a_file_of_the_same_name_replaces_the_shipped_one_whole(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "rri.yaml").write_text(
        "name: Mine\nhomepage: https://x.example/\nlanguages: [id]\nsources: [{kind: feed, url: https://x.example/r}]\n"
    )
    made = load(tmp_path, DEFAULTS, {})
    rri = made.outlet("rri")
    assert rri is not None
    assert rri.name == "Mine"
    assert rri.article == ()
    assert len(made.outlets) == len(load(tmp_path / "none", DEFAULTS, {}).outlets)


def test_settings_switch_outlets_off(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("outlets: {disabled: [rri]}\npoliteness: {delay: 9s}\n")
    made = load(tmp_path, DEFAULTS, {})
    rri, detik = made.outlet("rri"), made.outlet("detik")
    assert rri is not None
    assert detik is not None
    assert not rri.enabled
    assert rri.disabled_reason == "switched off in settings.yaml"
    assert detik.enabled
    (tmp_path / "settings.yaml").write_text("outlets: {only: [rri]}\n")
    assert [each.slug for each in load(tmp_path, DEFAULTS, {}).outlets if each.enabled] == ["rri"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"settings.yaml": "outlets:\n  only:\n    - detk\n"},
            "settings.yaml:3: outlets.only[0]: is no known outlet (did you mean detik?)",
        ),
        (
            {"settings.yaml": "outlets:\n  only: [rri, detik]\n  disabled: [voi, detik]\n"},
            "settings.yaml:3: outlets.disabled[1]: detik stands under only too (keep one of the two)",
        ),
        (
            {"settings.yaml": "outlets: {only: [kominfo_old]}\n"},
            "settings.yaml:1: outlets.only: leaves no outlet to read",
        ),
        (
            {
                "outlets/zz.yaml": OWN.replace("URL", "https://x.example/r"),
                "outlets/yy.yaml": OWN.replace("URL", "https://x.example/r/"),
            },
            "outlets/zz.yaml:5: sources[0].url: is polled by the outlet yy already (keep it in one of the two",
        ),
        ({"seed/x.jsonl": "\n{}\n"}, "seed/x.jsonl:2: schema: None is not 1"),
        ({"register.csv": "id,partner\n"}, "register.csv"),
        ({"settings.yaml": "zon: Asia/Tokyo\n"}, "settings.yaml:1: zon: is no known key (did you mean zone?)"),
        ({"settings.yaml": "retention: {raw: 30}\n"}, "settings.yaml:1: retention.raw: is no duration"),
        (
            {"settings.yaml": "crawl:\n  memry: 1 GB\n"},
            "settings.yaml:2: crawl.memry: is no known key (did you mean memory?)",
        ),
        (
            {"settings.yaml": "database: postgresql://u:geheim@h/d\n"},
            "settings.yaml:1: database: a password must not stand",
        ),
        ({"settings.yaml": "database: mysql://h/d\n"}, "settings.yaml:1: database: is no database address Kawat knows"),
        ({"settings.yaml": "digest: 25:00\n"}, "settings.yaml:1: digest: is no time of day"),
        ({"settings.yaml": "operator: {contact: nobody}\n"}, "settings.yaml:1: operator.contact: is no web address"),
        ({"setting.yaml": "zone: Asia/Tokyo\n"}, "setting.yaml: is no file Kawat reads (did you mean settings.yaml?)"),
        ({"channels.yml": ""}, "channels.yml: is no file Kawat reads (did you mean channels.yaml?)"),
        ({"outlets/x.yml": ""}, "outlets/x.yml: is not read (name it .yaml)"),
        ({"lexicon/contries.yaml": ""}, "lexicon/contries.yaml: is no file Kawat reads (did you mean countries.yaml?)"),
        ({"outlets/x.yaml": "name: x\n"}, "outlets/x.yaml:1: homepage: is missing (add it)"),
        ({"channels.yaml": MAIL}, "channels.yaml:7: channels.desk.password: the environment variable PW is not set"),
        (
            {"channels.yaml": "channels:\n  s: {kind: slak}\n"},
            "channels.yaml:2: channels.s.kind: is none of the known values (did you mean slack?)",
        ),
        ({"channels.yaml": "channels:\n  s:\n    url: ${X}\n"}, "channels.yaml:2: channels.s.kind: is missing"),
        (
            {"channels.yaml": "channels:\n  s: {kind: slack, url: https://hooks.slack.com/services/T/B/geheim}\n"},
            "channels.yaml:2: channels.s.url: a secret must not stand in the file",
        ),
        (
            {"channels.yaml": "channels:\n  s: {kind: slack, url: '${X}'}\n", "secrets.env": "X=hello\n"},
            "channels.yaml:2: channels.s.url: the variable holds no web address",
        ),
        (
            {"channels.yaml": "channels:\n  m:\n    kind: smtp\n    hots: x\n    to: [a@b.example]\n"},
            "channels.yaml:4: channels.m.hots: is no known key (did you mean host?)",
        ),
        ({"channels.yaml": "channels:\n  m: {kind: smtp, host: h}\n"}, "channels.yaml:2: channels.m.to: is missing"),
        (
            {"channels.yaml": "channels:\n  m: {kind: smtp, host: h, to: [desk]}\n"},
            "channels.yaml:2: channels.m.to[0]: is no e-mail address",
        ),
        (
            {"channels.yaml": "channels:\n  m: {kind: smtp, host: h, to: [a@b.example, a@b.example]}\n"},
            "channels.yaml:2: channels.m.to[1]: is named twice",
        ),
        (
            {"channels.yaml": "channels:\n  m: {kind: smtp, host: h, username: u, to: [a@b.example]}\n"},
            "channels.yaml:2: channels.m.username: and password go together",
        ),
        (
            {"channels.yaml": "channels:\n  f: {kind: file, watch: {fields: [telecm]}}\n"},
            "channels.yaml:2: channels.f.watch.fields[0]: is no known field (did you mean telecom?)",
        ),
        (
            {"channels.yaml": "channels:\n  f: {kind: file, watch: {institutions: [komdgi]}}\n"},
            "channels.yaml:2: channels.f.watch.institutions[0]: is no known institution (did you mean komdigi?)",
        ),
        (
            {"channels.yaml": "channels:\n  f: {kind: file, watch: {confidence: 80}}\n"},
            "channels.yaml:2: channels.f.watch.confidence: ",
        ),
        (
            {"channels.yaml": "channels:\n  f: {kind: file, watch: {confidence: 0.4}}\n"},
            "channels.yaml:2: channels.f.watch.digest_confidence: is above confidence",
        ),
        ({"secrets.env": "A=1\nnonsense\n"}, "secrets.env:2: is no NAME=value line"),
        ({"secrets.env": "A=1\nA=2\n"}, "secrets.env:2: A: is given twice"),
    ],
    ids=lambda value: value.split(": ")[0] if isinstance(value, str) else "",
)
def test_a_broken_folder_is_refused_with_file_line_key_and_remedy(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    printed = refused(tmp_path)
    assert any(line.startswith(expected) for line in printed), printed
    assert "geheim" not in " ".join(printed)


def test_every_outlet_switched_off_is_refused(tmp_path: Path) -> None:
    slugs = [each.slug for each in load(tmp_path, DEFAULTS, {}).outlets]
    (tmp_path / "settings.yaml").write_text(f"outlets:\n  disabled: [{', '.join(slugs)}]\n")
    (fault,) = refused(tmp_path)
    assert fault.startswith("settings.yaml:2: outlets.disabled: leaves no outlet to read")


def test_an_address_of_two_outlets_is_fine_where_one_is_switched_off_or_does_not_poll(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    for name in ("yy", "zz"):
        (tmp_path / "outlets" / f"{name}.yaml").write_text(OWN.replace("URL", "https://x.example/r"))
    (tmp_path / "settings.yaml").write_text("outlets: {disabled: [yy]}\n")
    load(tmp_path, DEFAULTS, {})
    (tmp_path / "settings.yaml").unlink()
    archive = "  - {kind: feed, url: https://x.example/r, poll: false}\n"
    (tmp_path / "outlets" / "zz.yaml").write_text(OWN.replace("URL", "https://x.example/z") + archive)
    load(tmp_path, DEFAULTS, {})


def test_a_broken_outlet_that_is_chosen_is_the_only_fault(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "mine.yaml").write_text(OWN.replace("URL", "nowhere"))
    (tmp_path / "settings.yaml").write_text("outlets: {only: [mine]}\n")
    (fault,) = refused(tmp_path)
    assert fault.startswith("outlets/mine.yaml:5: sources[0].url: is no web address")


def test_faults_of_all_files_come_in_one_round(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("zon: x\n")
    (tmp_path / "channels.yaml").write_text("chanels: {}\n")
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "x.yaml").write_text("name: x\n")
    printed = refused(tmp_path)
    assert {line.split(":")[0] for line in printed} == {"settings.yaml", "channels.yaml", "outlets/x.yaml"}


def test_channels_become_values_with_their_secrets_hidden(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("zone: Asia/Seoul\ndigest: '06:15'\nallow_loopback: true\n")
    (tmp_path / "channels.yaml").write_text(
        MAIL + "  slack: {kind: slack, url: '${HOOK}', digest: false}\n"
        "  hook: {kind: webhook, url: '${OPS}', secret: '${PW}', audience: operator}\n"
    )
    (tmp_path / "secrets.env").write_text(
        "# mine\nPW='from file'\nexport HOOK=https://hooks.slack.com/services/T0/B0/xyz\nOPS=https://ops.example/xyz\n"
    )
    made = load(tmp_path, DEFAULTS, {"PW": "from environment"})
    assert made.sending
    mail, slack, hook = made.channels
    assert isinstance(mail.transport, Smtp)
    assert isinstance(slack.transport, Slack)
    assert isinstance(hook.transport, Webhook)
    assert mail.transport.password.reveal() == "from environment"
    assert [each.zone for each in mail.recipients] == ["Asia/Seoul", "Asia/Tokyo"]
    assert mail.digest == time(6, 15)
    assert mail.watch.partners == ("JP",)
    assert mail.watch.max_age == timedelta(hours=72)
    assert slack.digest is None
    assert slack.transport.loopback
    assert hook.audience is Audience.OPERATOR
    assert "xyz" not in repr(made.channels)
    assert "from environment" not in repr(made)
    assert {secret.reveal() for secret in made.secrets} >= {"from environment", slack.transport.url.reveal()}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("  ops: {kind: webhook, url: '${HOOK}', audience: operator}\n", "shares its stream with slack"),
        ("  both: {kind: slack, url: '${HOOK}', token: '${TOKEN}'}\n", "needs either url or token"),
        ("  neither: {kind: slack}\n", "needs either url or token"),
        ("  bot: {kind: slack, token: '${TOKEN}'}\n", "is missing"),
        ("  bot: {kind: slack, token: xoxb-1, to: ['#a']}\n", "a secret must not stand in the file"),
        ("  hook: {kind: webhook, url: '${OPS}', quiet: '22:00'}\n", "are no quiet hours"),
        ("  hook: {kind: webhook, url: '${OPS}', rate: 5}\n", "is no rate"),
        ("  hook: {kind: webhook, url: '${OPS}', digest: 'someday 07:30'}\n", "names no day of the week"),
    ],
)
def test_what_a_channel_cannot_be_is_said_with_its_place(tmp_path: Path, more: str, said: str) -> None:
    slack = "channels:\n  slack: {kind: slack, url: '${HOOK}'}\n"
    (tmp_path / "channels.yaml").write_text(slack + more)
    environ = {"HOOK": "https://hooks.slack.com/x", "TOKEN": "xoxb-1", "OPS": "https://ops.example/x"}
    with pytest.raises(ConfigError, match=said) as refused:
        load(tmp_path, DEFAULTS, environ)
    assert "xoxb-1" not in str(refused.value) or "xoxb-1" in more


def test_routing_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text(
        "channels:\n"
        "  bot: {kind: slack, token: '${TOKEN}', to: ['#a'], quiet: '22:00-06:00', digest: monday 08:00}\n"
        "  hook: {kind: webhook, url: '${OPS}', rate: 30/m, flood: 3, watch: {updates: none}}\n"
        "  chat: {kind: apprise, url: '${CHAT}'}\n"
    )
    environ = {"TOKEN": "xoxb-1", "OPS": "https://ops.example/x", "CHAT": "tgram://123456789:abcdef/1"}
    made = load(tmp_path, DEFAULTS, environ)
    assert {each.reveal() for each in made.secrets} == set(environ.values())  # what the logs must not show
    bot, hook, chat = made.channels
    assert isinstance(bot.transport, SlackBot) and bot.transport.token.reveal() == "xoxb-1"
    assert (bot.quiet, bot.digest, bot.digest_weekday) == (Quiet(start=time(22), end=time(6)), time(8), 0)
    assert (bot.watch.updates, bot.watch.counts, bot.rate) == (Updates.ALL, True, SLACK_RATE)
    assert (hook.rate, hook.flood) == (Rate(messages=30, per=timedelta(minutes=1)), 3)
    assert (hook.watch.updates, hook.watch.counts, hook.digest_weekday) == (Updates.NONE, False, None)
    assert isinstance(chat.transport, Service) and "abcdef" not in repr(chat)


def test_readers_without_a_sending_channel_are_not_sent_anything(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text(
        "channels:\n  ops: {kind: smtp, host: h, to: [a@b.example], audience: operator}\n"
    )
    made = load(tmp_path, DEFAULTS, {})
    assert not made.sending
    assert [each.name for each in made.channels] == ["ops", "unsent"]


def test_the_digest_changes_with_any_file_and_with_nothing_else(tmp_path: Path) -> None:
    first = load(tmp_path, DEFAULTS, {}).digest
    assert load(tmp_path, DEFAULTS, {"X": "y"}).digest == first
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "mine.jsonl").write_text("")
    assert load(tmp_path, DEFAULTS, {}).digest != first


def test_seeds_that_know_no_copy_any_more_are_said(tmp_path: Path) -> None:
    line = json.loads((DEFAULTS / "seed" / "founding.jsonl").read_text(encoding="utf-8").splitlines()[0])
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "mine.jsonl").write_text(json.dumps(line | {"key": "seed:old", "version": 1}) + "\n")
    made = load(tmp_path, DEFAULTS, {})
    assert made.stale_seeds == ("seed:old",)
    (said,) = (issue for issue in made.issues(NOW) if issue.subject == "seed")
    assert "seed" not in {issue.subject for issue in replace(made, stale_seeds=()).issues(NOW)}
    assert said.problem.startswith("one seed was made by an older version")
    assert "seed:old" in said.problem
    assert "kawat seed add" in said.remedy


def test_a_database_with_a_password_comes_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("database: ${DB}\n")
    made = load(tmp_path, DEFAULTS, {"DB": "postgresql+psycopg://u:geheim@h/d"})
    assert made.database_url == "postgresql+psycopg://u:geheim@h/d"
    assert "geheim" not in repr(made)


def test_a_secret_file_that_others_may_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("A=1\n")
    (tmp_path / "secrets.env").chmod(0o644)
    assert "secrets.env" in {issue.subject for issue in load(tmp_path, DEFAULTS, {}).issues(NOW)}
    (tmp_path / "secrets.env").chmod(0o600)
    assert "secrets.env" not in {issue.subject for issue in load(tmp_path, DEFAULTS, {}).issues(NOW)}


def test_an_outlet_that_asks_for_a_browser_where_none_is_is_named_with_file_and_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "outlets" / "kabar.yaml"
    path.parent.mkdir()
    listing = "{kind: listing, url: https://kabar.example/indeks, javascript: true}"
    head = "name: Kabar\nhomepage: https://kabar.example/\nlanguages: [id]\n"
    path.write_text(f"{head}javascript: true\nsources:\n  - {listing}\n")
    monkeypatch.setenv("PATH", "")
    said = {
        issue.subject: issue.problem for issue in load(tmp_path, DEFAULTS, {}).issues(NOW) if "browser" in issue.problem
    }
    assert list(said) == [f"{path}:4: javascript", f"{path}:6: sources[0].javascript"]
    assert all("no Chromium is on the path" in words and "fetched plainly" in words for words in said.values())
    path.write_text(f"{head}sources:\n  - {listing.replace(', javascript: true', '')}\n")
    assert not any("browser" in issue.problem for issue in load(tmp_path, DEFAULTS, {}).issues(NOW))


def test_the_user_agent_names_kawat_and_the_contact() -> None:
    assert Settings().user_agent("1.0") == "Kawat/1.0 (no contact given)"
    mail = Settings.model_validate({"operator": {"contact": "a@b.example", "name": "Desk"}})
    assert mail.user_agent("1.0") == "Kawat/1.0 (Desk; +mailto:a@b.example)"
    page = Settings.model_validate({"operator": {"contact": "https://b.example/bot"}})
    assert page.user_agent("1.0") == "Kawat/1.0 (+https://b.example/bot)"
