"""`kawat init` and `kawat check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kawat.cli.alerts import show_tests
from kawat.cli.opening import Session, session
from kawat.cli.options import Json
from kawat.cli.screen import counted
from kawat.cli.watching import NOT_SENDING
from kawat.init import SLACK_WEBHOOK, SMTP_PASSWORD, Answers, Smtp, refuse_existing, write_folder
from kawat.shipped import defaults
from pipeline.alert.channel import Secret, Security
from pipeline.config import Configuration, load
from pipeline.config.channels import mail_sender
from pipeline.config.explain import Mend
from pipeline.config.quantities import mail_address, web_address
from pipeline.config.quantities import zone as known_zone
from pipeline.errors import ConfigError, Fault, UsageError

if TYPE_CHECKING:
    from kawat.cli.screen import Screen


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="Made where it is not there.")],
    *,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help="Who reads; may be repeated.")] = None,
    smtp: Annotated[str, typer.Option(metavar="HOST[:PORT]", help="The mail relay.")] = "",
    smtp_security: Annotated[Security, typer.Option(help="How the relay is reached.")] = Security.STARTTLS,
    smtp_user: Annotated[
        str, typer.Option(metavar="NAME", help=f"Login; the password comes from {SMTP_PASSWORD}.")
    ] = "",
    sender: Annotated[str, typer.Option(metavar="ADDRESS", help="Who the mail is from.")] = "",
    slack: Annotated[bool, typer.Option("--slack", help=f"Post to the incoming webhook in {SLACK_WEBHOOK}.")] = False,
    operator: Annotated[str, typer.Option(metavar="ADDRESS", help="Who is told when the machine has trouble.")] = "",
    contact: Annotated[str, typer.Option(metavar="ADDRESS|URL", help="Sent to outlets in the user agent.")] = "",
    zone: Annotated[str, typer.Option(help="Your time zone.")] = "",
    language: Annotated[str, typer.Option(help="en or id.")] = "en",
    force: Annotated[bool, typer.Option("--force", help="Replace a configuration that is there.")] = False,
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="Ask for what no option says (on a terminal).")] = True,
    test: Annotated[bool, typer.Option("--test/--no-test", help="Send a TEST at the end.")] = True,
) -> None:
    """Set up a folder, send a TEST, and show what the outlets' terms say."""
    here = session(context)
    here.folder, here.chosen = folder.absolute(), True
    if not force:
        refuse_existing(here.folder)
    if language not in {"en", "id"}:
        raise UsageError(f"--language {language!r} is neither en nor id")
    for written, check_it, option in (
        *((each, mail_address, "--to") for each in to or ()),
        (smtp, relay_address, "--smtp"),
        (sender, mail_sender, "--sender"),
        (operator, mail_address, "--operator"),
        (contact, _contact, "--contact"),
        (zone, known_zone, "--zone"),
    ):
        _must(written, check_it, option)
    plain = smtp_security is Security.PLAIN
    if plain and smtp_user:
        raise UsageError("--smtp-user with --smtp-security plain would send the password unprotected: use starttls")
    question = _Questions(ask and at_terminal())
    readers = tuple(to or filter(None, [question.text("Who reads? (e-mail address, empty: nobody)", "", mail_address)]))
    if smtp and not readers:
        raise UsageError("an SMTP relay is given but no reader: add --to name@example.org")
    asked = "Mail relay (HOST or HOST:PORT; empty: none yet, alerts are only written as files)"
    relay = smtp or (question.text(asked, "", relay_address) if readers else "")
    user = smtp_user or (
        question.text("Login at the relay (empty: none)", "") if relay and not smtp and not plain else ""
    )
    webhook = question.secret(SLACK_WEBHOOK, "Slack webhook address (empty: none)", web_address, needed=slack)
    operator = operator or question.text("Who is told when the machine has trouble?", _first(readers), mail_address)
    contact = contact or question.text("Contact for outlets (e-mail or web page)", operator, _contact)
    chosen_zone = zone or question.text("Your time zone", "Asia/Jakarta", known_zone)
    answers = Answers(
        readers=readers,
        smtp=_relay(relay, smtp_security, user, sender, question) if relay else None,
        slack=Secret(webhook) if webhook else None,
        operator=operator,
        contact=contact,
        zone=chosen_zone,
        language=language,
    )
    for path in write_folder(here.folder, answers, defaults(), replace=force):
        here.screen.note(f"wrote {path}")
    configuration = load(here.folder, defaults(), os.environ)
    show_terms(here.screen, configuration)
    _warn(here.screen, configuration)
    if readers and not relay and webhook:
        here.screen.warn(f"no mail is sent to {', '.join(readers)}: no relay is named (channels.yaml)")
    if test and not _test(here):
        raise typer.Exit(1)
    here.screen.note(f"Next: kawat run --dir {folder}, then kawat daemon --dir {folder}")


def check(
    context: typer.Context,
    shipped: Annotated[
        bool, typer.Option("--defaults", help="The configuration that ships, and nothing else.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read the whole configuration and say what is wrong: file, line, key, and how to mend it."""
    here = session(context)
    if not shipped:
        here.require()
    folder = defaults() if shipped else here.folder
    try:
        configuration = load(folder, defaults(), {} if shipped else os.environ)
    except ConfigError as refused:
        _show_faults(here.screen, refused.faults, as_json=as_json)
        raise typer.Exit(2) from None
    pages = 0 if shipped else _pages_read(here.screen, folder, configuration, as_json=as_json)
    enabled = sum(each.enabled for each in configuration.outlets)
    if as_json:
        issues = () if shipped else configuration.issues(datetime.now(UTC))
        here.screen.json(
            {
                "outlets": enabled,
                "channels": len(configuration.channels),
                "digest": configuration.digest,
                "issues": [{"subject": i.subject, "problem": i.problem, "remedy": i.remedy} for i in issues],
            }
        )
        return
    show_terms(here.screen, configuration)
    if not shipped:
        _warn(here.screen, configuration)
    channels = counted(len(configuration.channels), "channel")
    tests = f", {counted(pages, 'test page')}" if pages else ""
    here.screen.text(f"fine: {counted(enabled, 'outlet')}, {channels}{tests} ({configuration.digest[:12]})")


def _pages_read(screen: Screen, folder: Path, configuration: Configuration, *, as_json: bool) -> int:
    """How many test pages of the user's own outlets are read as expected. Leaves with 2 where one is not."""
    if not (folder / "fixtures").is_dir():
        return 0
    from kawat.probe import verify  # noqa: PLC0415 (half a second that most folders need not spend)

    number, faults = verify(folder, configuration)
    if faults:
        _show_faults(screen, faults, as_json=as_json)
        raise typer.Exit(2)
    return number


def _show_faults(screen: Screen, faults: tuple[Fault, ...], *, as_json: bool) -> None:
    for fault in faults:
        if as_json:
            screen.json({name: getattr(fault, name) for name in ("path", "line", "key", "problem", "remedy")})
        else:
            screen.fail(str(fault))
    screen.note(counted(len(faults), "fault"))


def show_terms(screen: Screen, configuration: Configuration) -> None:
    """What the terms of the outlets that are read say, as chatter: those of which the same is known in one line, each
    outlet with the address of its terms."""
    alike: dict[str, list[str]] = {}
    for each in configuration.outlets:
        if each.enabled:
            seen = f" (seen {each.terms.seen_on})" if each.terms.seen_on else ""
            said = f"fetch: {each.fetch}: {each.terms.note or 'terms not noted'}{seen}"
            alike.setdefault(said, []).append(f"{each.name} <{each.terms.url or 'no address noted'}>")
    for said, names in sorted(alike.items(), key=lambda pair: (len(pair[1]), pair[1])):
        screen.note(f"{', '.join(names)}, {said}", "dim")


def _warn(screen: Screen, configuration: Configuration) -> None:
    for issue in configuration.issues(datetime.now(UTC)):
        screen.warn(f"{issue.subject}: {issue.problem} ({issue.remedy})")


def _test(here: Session) -> bool:
    with here.app() as opened:
        outcomes = opened.test_channels("")
    if not outcomes:
        here.screen.warn(NOT_SENDING)
        return True
    return show_tests(here.screen, outcomes)


def relay_address(written: str) -> str:
    """A relay as HOST or HOST:PORT. Raises `Mend`."""
    host, _, port = _host_and_port(written)
    if not host or len(host) > 253 or any(each.isspace() or each in "/@<>,;\"'" for each in host):
        raise Mend("is no mail relay", "write its name, and a port if it has its own: smtp.example.org:587")
    if written.endswith(":") or (port and not (port.isdecimal() and 0 < int(port) < 65536)):
        raise Mend("has no port number after the colon", "write it like smtp.example.org:587")
    return written


def _host_and_port(written: str) -> tuple[str, str, str]:
    return written.rpartition(":") if written.count(":") == 1 else (written, "", "")


def _relay(written: str, security: Security, user: str, sender: str, question: _Questions) -> Smtp:
    host, _, port = _host_and_port(written)
    usual = {Security.TLS: 465, Security.PLAIN: 25}.get(security, 587)
    password = question.secret(SMTP_PASSWORD, "Password at the relay", needed=bool(user)) if user else ""
    return Smtp(
        host=host,
        port=int(port) if port else usual,
        security=security,
        username=user,
        password=Secret(password) if password else None,
        sender=sender,
    )


def at_terminal() -> bool:
    """Whether somebody is there who can be asked."""
    return sys.stdin.isatty()


class _Questions:
    """Asks on a terminal; elsewhere everything keeps its default."""

    def __init__(self, asking: bool) -> None:
        self._asking = asking

    def text(self, question: str, default: str, check_it: Callable[[str], str] | None = None) -> str:
        while self._asking:
            answer = str(typer.prompt(question, default=default, err=True)).strip()
            if not answer or check_it is None:
                return answer
            try:
                return check_it(answer)
            except Mend as refused:
                typer.echo(f"{answer} {refused} ({refused.remedy})", err=True)
        return default

    def secret(
        self, variable: str, question: str, check_it: Callable[[str], str] | None = None, *, needed: bool
    ) -> str:
        """From the environment, else asked for without echo. Raises `UsageError` where it is needed and nobody says."""
        if needed and os.environ.get(variable):
            _must(os.environ[variable], check_it, variable, shown=False)
            return os.environ[variable]
        while self._asking:
            answer = str(typer.prompt(question, default="", hide_input=True, show_default=False, err=True)).strip()
            try:
                if answer:
                    return check_it(answer) if check_it is not None else answer
                if not needed:
                    return ""
                typer.echo("it is needed", err=True)
            except Mend as refused:
                typer.echo(f"what you typed {refused} ({refused.remedy})", err=True)
        if needed:
            raise UsageError(f"set {variable} in the environment")
        return ""


def _contact(value: str) -> str:
    return mail_address(value) if "@" in value and "/" not in value else web_address(value)


def _must(written: str, check_it: Callable[[str], str] | None, option: str, *, shown: bool = True) -> None:
    """Raises `UsageError` that names the value, unless it is a secret."""
    try:
        if written and check_it is not None:
            check_it(written)
    except Mend as refused:
        value = f" {written!r}" if shown else ":"
        raise UsageError(f"{option}{value} {refused} ({refused.remedy})") from None


def _first(readers: tuple[str, ...]) -> str:
    return readers[0] if readers else ""
