"""Writes a person's folder: commented settings, channels, secrets in a file of their own. Asks nothing itself.

DIR/settings.yaml  channels.yaml     the shipped files with the answers filled in
DIR/secrets.env                      readable by its owner alone; only where there are secrets
DIR/outlets/README.txt               how to add an outlet
DIR/.gitignore                       secrets and data stay out of version control
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.alert.channel import Secret, Security
from pipeline.errors import UsageError

SMTP_PASSWORD: Final = "KAWAT_SMTP_PASSWORD"  # noqa: S105 - the variable's name
SLACK_WEBHOOK: Final = "KAWAT_SLACK_WEBHOOK"

_OUTLETS_README: Final = """\
One outlet, one file: <name>.yaml. A file named like a shipped one replaces it whole.

    name: Example News
    homepage: https://www.example.co.id/
    languages: [id]
    sources:
      - {kind: feed, url: https://www.example.co.id/rss}        # feed | sitemap | listing | api
    every: 15m                                                  # or cron: "*/15 5-22 * * *"
    article: ['^https?://www\\.example\\.co\\.id/berita/\\d+/']   # what an article's address looks like (RE2)
    terms: {url: https://www.example.co.id/terms, seen_on: 2026-11-21, note: what they say of automatic reading}

Then: kawat check
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """An SMTP relay as asked for."""

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str = ""
    password: Secret | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person said. Without `smtp` the readers' mail is only written as files. `operator` gets what is wrong."""

    readers: tuple[str, ...] = ()
    smtp: Smtp | None = None
    slack: Secret | None = None
    operator: str = ""
    contact: str = ""
    zone: str = "Asia/Jakarta"
    language: str = "en"


FILES: Final = ("settings.yaml", "channels.yaml")


def refuse_existing(folder: Path) -> None:
    """Raises `UsageError` where the folder is set up already."""
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        raise UsageError(f"{folder} is set up already ({', '.join(there)}): add --force to write it anew")


def write_folder(folder: Path, answers: Answers, defaults: Path, *, replace: bool = False) -> list[Path]:
    """Write the folder's files; which. Raises `UsageError` where they are there already and `replace` is False, or the
    folder cannot be written, or the answers cannot stand together."""
    if answers.smtp is not None and not answers.readers:
        raise UsageError("an SMTP relay is given but no reader: add --to name@example.org")
    texts = _texts(answers, defaults)
    secret = _secrets(answers)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not replace:
            refuse_existing(folder)
        (folder / "outlets").mkdir(exist_ok=True)
        if secret:
            lines = (f'{name}="{value}"\n' for name, value in secret.items())
            _write(folder / "secrets.env", "".join(lines), mode=0o600)
        for name, text in texts.items():
            _write(folder / name, text)
        for name, text in (("outlets/README.txt", _OUTLETS_README), (".gitignore", "secrets.env\ndata/\n")):
            if not (folder / name).exists():
                _write(folder / name, text)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror or error}") from None
    return [folder / name for name in (*texts, *(("secrets.env",) if secret else ()))]


def _texts(answers: Answers, defaults: Path) -> Mapping[str, str]:
    settings = (defaults / "settings.yaml").read_text("utf-8")
    for shipped, chosen in (
        ('  contact: ""', f"  contact: {quoted(answers.contact)}"),
        ("zone: Asia/Jakarta", f"zone: {answers.zone}"),
    ):
        if settings.count(f"\n{shipped}\n") != 1:
            raise UsageError(f"the shipped settings.yaml has no line {shipped!r}: install kawat again")
        settings = settings.replace(f"\n{shipped}\n", f"\n{chosen}\n")
    channels = (defaults / "channels.yaml").read_text("utf-8")
    written = "\n".join(_channels(answers))
    if written:
        channels = channels.replace("\nchannels: {}\n", f"\nchannels:\n{written}\n")
    return {"settings.yaml": settings, "channels.yaml": channels}


def _channels(answers: Answers) -> Iterator[str]:
    smtp = answers.smtp
    if smtp is not None:
        yield from _mail("mail", smtp, answers.readers, answers)
        if answers.operator:
            yield from _mail("operator-mail", smtp, (answers.operator,), answers, audience="operator")
    else:
        if answers.readers:
            yield from _files("mail", answers.readers, answers)
        if answers.operator:
            yield from _files("operator-mail", (answers.operator,), answers, audience="operator")
    if answers.slack is not None:
        yield "  slack:"
        yield "    kind: slack"
        yield f"    url: ${{{SLACK_WEBHOOK}}}"
        yield f"    to: [{{address: slack, language: {answers.language}, zone: {answers.zone}}}]"


def _mail(
    name: str, smtp: Smtp, readers: tuple[str, ...], answers: Answers, *, audience: str = "readers"
) -> Iterator[str]:
    yield f"  {name}:"
    yield "    kind: smtp"
    yield f"    host: {quoted(smtp.host)}"
    yield f"    port: {smtp.port}"
    yield f"    security: {smtp.security.value}"
    if smtp.username:
        yield f"    username: {quoted(smtp.username)}"
        yield f"    password: ${{{SMTP_PASSWORD}}}"
    yield f"    sender: {quoted(smtp.sender or f'Kawat <{answers.operator or readers[0]}>')}"
    yield from _readers(readers, answers)
    yield from _audience(audience, answers)


def _files(name: str, readers: tuple[str, ...], answers: Answers, *, audience: str = "readers") -> Iterator[str]:
    """The same mail as files, as long as no relay is named."""
    yield f"  {name}:"
    yield "    kind: file                     # nothing is sent: put kind: smtp, host: and sender: here (see below)"
    yield "    path: unsent"
    yield from _readers(readers, answers)
    yield from _audience(audience, answers)


def _readers(readers: tuple[str, ...], answers: Answers) -> Iterator[str]:
    yield "    to:"
    for each in readers:
        yield f"      - {{address: {quoted(each)}, language: {answers.language}, zone: {answers.zone}}}"


def _audience(audience: str, answers: Answers) -> Iterator[str]:
    if audience != "readers":
        yield f"    audience: {audience}"
        yield "    digest: false"
    elif answers.operator:
        yield f"    operator: {quoted(answers.operator)}"


def _secrets(answers: Answers) -> Mapping[str, str]:
    secret = {}
    if answers.smtp is not None and answers.smtp.username and answers.smtp.password:
        secret[SMTP_PASSWORD] = answers.smtp.password.reveal()
    if answers.slack is not None:
        secret[SLACK_WEBHOOK] = answers.slack.reveal()
    if any("\n" in value or "\r" in value for value in secret.values()):
        raise UsageError("a secret holds a line break")
    return secret


def quoted(text: str) -> str:
    """A YAML scalar that is text whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


def _write(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Whole or not at all; never readable by more than `mode` says, not even for a moment."""
    new = path.with_name(f".{path.name}.new")
    with suppress(FileNotFoundError):
        new.unlink()
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
