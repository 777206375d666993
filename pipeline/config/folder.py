"""A folder a person edits, laid over the defaults that ship, as one frozen `Configuration`.

    settings.yaml  channels.yaml     the person's file, else the shipped one; what it leaves out keeps its default
    outlets/<slug>.yaml              a file of the same name replaces the shipped one whole
    lexicon/*.yaml  cleaning.yaml    likewise
    register.csv  seed/*.jsonl       likewise
    secrets.env                      variables for ${NAME}; the environment goes first

Everything is read and checked before anything is used: one wrong line refuses the whole, with every fault found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from pipeline import javascript
from pipeline.agreements.register import RegisterEntry
from pipeline.alert.channel import Audience, Channel, ChannelKind, Secret, Service, Slack, SlackBot, Smtp, Webhook
from pipeline.clean.rules import Cleaning
from pipeline.config.channels import channels_from, unsent
from pipeline.config.choice import chosen, polled_twice
from pipeline.config.cleaning import load_cleaning
from pipeline.config.document import Document, Key, dotted, parse_document, read_document, validate
from pipeline.config.explain import nearest
from pipeline.config.lexicon import load_lexicon
from pipeline.config.outlets import outlet_from
from pipeline.config.register import read_register
from pipeline.config.secretfile import read_secrets, readable_by_others
from pipeline.config.settings import Settings
from pipeline.detect.lexicon import Lexicon
from pipeline.errors import ConfigError, Fault
from pipeline.model import Issue, Outlet, digest
from pipeline.seeds import read_seed_files

FILES: Final = ("settings.yaml", "channels.yaml", "cleaning.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that a person decided. `data_dir` is absolute; `sending` is False where no reader's channel sends anything;
    `files` are all that were read; `digest` identifies what they say, seeds included."""

    folder: Path
    data_dir: Path
    settings: Settings
    outlets: tuple[Outlet, ...]
    channels: tuple[Channel, ...]
    sending: bool
    lexicon: Lexicon
    cleaning: Cleaning
    register: tuple[RegisterEntry, ...]
    seed_files: tuple[Path, ...]
    stale_seeds: tuple[str, ...]  # keys of those that nothing is compared with
    files: tuple[Path, ...]
    digest: str

    @property
    def database_url(self) -> str:
        """Where the store is; a secret where it holds a password."""
        return self.settings.database.reveal() or f"sqlite:///{self.data_dir / 'kawat.db'}"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that must never be seen in a log."""
        return tuple(secret for secret in _secrets(self) if secret)

    def outlet(self, slug: str) -> Outlet | None:
        return next((each for each in self.outlets if each.slug == slug), None)

    def issues(self, now: datetime) -> tuple[Issue, ...]:
        """What is allowed, but not as it should be."""
        return tuple(_issues(self, now))


def load(folder: Path, defaults: Path, environ: Mapping[str, str]) -> Configuration:
    """Read `folder` over `defaults`. Raises `ConfigError` with every fault of every file."""
    folder = folder.absolute()
    refused = _Refusals()
    refused.faults += _strangers(folder, defaults)
    variables = dict(environ)
    with refused:
        variables = {**read_secrets(folder), **environ}
    documents = [_document(folder, defaults, name, refused) for name in ("settings.yaml", "channels.yaml")]
    settings = Settings()
    with refused:
        settings = validate(Settings, documents[0], environ=variables)
    data_dir = (folder / settings.data_dir).absolute()
    channels: tuple[Channel, ...] = ()
    with refused:
        channels = channels_from(documents[1], settings, environ=variables, data_dir=data_dir)
    outlets: list[Outlet] = []
    outlet_files = overlay(folder, defaults, "outlets", ".yaml")
    for path in outlet_files:
        with refused:
            documents.append(read_document(path))
            outlets.append(outlet_from(documents[-1], politeness=settings.politeness.value()))
    with refused:
        outlets = chosen(outlets, settings, documents[0], names={path.stem for path in outlet_files})
    refused.faults += polled_twice(outlets, documents[2:])
    lexicon: Lexicon | None = None
    with refused:
        lexicon = load_lexicon(cast("Path", _Over(folder / "lexicon", defaults / "lexicon")), settings.home)
        refused.faults += _unknown_words(channels, lexicon, documents[1])
    cleaning: Cleaning | None = None
    with refused:
        cleaning = load_cleaning(_Over(folder, defaults) / "cleaning.yaml")
    register: tuple[RegisterEntry, ...] = ()
    with refused:
        register = read_register(_Over(folder, defaults) / "register.csv")
    seed_files = overlay(folder, defaults, "seed", ".jsonl")
    stale: tuple[str, ...] = ()
    with refused:
        stale = tuple(each.key for each in read_seed_files(seed_files) if each.stale)
    if refused.faults or lexicon is None or cleaning is None:
        raise ConfigError(tuple(refused.faults))
    sending = any(each.audience is Audience.READERS and each.kind is not ChannelKind.FILE for each in channels)
    if not any(each.audience is Audience.READERS for each in channels):
        channels = (*channels, unsent(data_dir, settings))
    files = (
        *(each.path for each in documents),
        *overlay(folder, defaults, "lexicon", ".yaml"),
        *(path for name in ("cleaning.yaml", "register.csv") if (path := _Over(folder, defaults) / name).exists()),
        *seed_files,
    )
    return Configuration(
        folder=folder,
        data_dir=data_dir,
        settings=settings,
        outlets=tuple(outlets),
        channels=channels,
        sending=sending,
        lexicon=lexicon,
        cleaning=cleaning,
        register=register,
        seed_files=tuple(seed_files),
        stale_seeds=stale,
        files=files,
        digest=digest(*(part for path in files for part in (path.name, _content(path)))),
    )


def overlay(folder: Path, defaults: Path, name: str, suffix: str) -> list[Path]:
    """The files of the sub-folder `name`, a person's own before the shipped one of the same name; sorted by name."""
    found: dict[str, Path] = {}
    for root in (defaults, folder):
        found.update({path.name: path for path in sorted((root / name).glob(f"*{suffix}")) if path.is_file()})
    return [found[each] for each in sorted(found)]


class _Refusals:
    """Faults of all files, so that a person mends them in one round: `with` it, a refusal is noted and passed over."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, ConfigError):
            self.faults += error.faults
            return True
        return False


@dataclass(frozen=True, slots=True)
class _Over:
    """Two folders as one: `/` gives the person's file, else the shipped one."""

    own: Path
    shipped: Path

    def __truediv__(self, name: str) -> Path:
        own = self.own / name
        return own if own.exists() else self.shipped / name


def _document(folder: Path, defaults: Path, name: str, refused: _Refusals) -> Document:
    """The person's file, else the shipped one; an empty one where it is refused."""
    with refused:
        return read_document(_Over(folder, defaults) / name)
    return parse_document(b"", folder / name)


def _content(path: Path) -> str:
    """Identity of a file's bytes."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError as error:
        raise ConfigError(
            (Fault(path=str(path), line=None, key=None, problem=f"cannot be read: {error.strerror}"),)
        ) from None


def _unknown_words(channels: tuple[Channel, ...], lexicon: Lexicon, document: Document) -> Iterator[Fault]:
    """Fields and institutions that a watch names and no lexicon knows: it would be silent for ever."""
    for each in channels:
        for key, thing, names, known in (
            ("fields", "field", each.watch.fields, lexicon.fields),
            ("institutions", "institution", each.watch.institutions, lexicon.institutions),
        ):
            for n, name in enumerate(names):
                if name not in known:
                    close = nearest(name, known)
                    few = "" if len(known) > 60 else f"known are: {', '.join(sorted(known))}"
                    remedy = f"did you mean {close}?" if close else few or f"see lexicon/{key}.yaml"
                    yield document.fault(("channels", each.name, "watch", key, n), f"is no known {thing}", remedy)


def _strangers(folder: Path, defaults: Path) -> Iterator[Fault]:
    """Files whose name is mistyped, and would be passed over in silence."""
    lexicon = sorted(path.name for path in (defaults / "lexicon").glob("*.yaml"))
    for here, known in ((folder, FILES), (folder / "lexicon", lexicon)):
        for path in sorted(here.glob("*.y*ml")):
            if path.suffix in {".yaml", ".yml"} and path.name not in known:
                close = nearest(path.stem, [Path(name).stem for name in known])
                remedy = f"did you mean {close}.yaml?" if close else f"known are: {', '.join(known)}"
                yield Fault(path=str(path), line=None, key=None, problem="is no file Kawat reads", remedy=remedy)
    for path in sorted((folder / "outlets").glob("*.yml")):
        yield Fault(path=str(path), line=None, key=None, problem="is not read", remedy="name it .yaml")


def _secrets(configuration: Configuration) -> Iterator[Secret]:
    yield configuration.settings.database
    for each in configuration.channels:
        match each.transport:
            case Smtp(password=secret):
                yield secret
            case Slack(url=url) | Service(url=url):
                yield url
            case SlackBot(token=token):
                yield token
            case Webhook(url=url, secret=secret):
                yield url
                yield secret


def _issues(configuration: Configuration, now: datetime) -> Iterator[Issue]:
    settings = configuration.settings
    path = configuration.folder / "settings.yaml"
    if not settings.operator.contact:
        yield Issue(
            subject="operator.contact",
            problem="no contact is named, so outlets cannot ask you to stop",
            remedy=f"set operator: contact: in {path}",
            since=now,
        )
    if not configuration.sending:
        yield Issue(
            subject="channels",
            problem="NOT SENDING: no channel is set, alerts are only written as files",
            remedy=f"add a channel to {configuration.folder / 'channels.yaml'}",
            since=now,
        )
    if readable_by_others(configuration.folder):
        yield Issue(
            subject="secrets.env",
            problem="other accounts of this machine may read it",
            remedy=f"chmod 600 {configuration.folder / 'secrets.env'}",
            since=now,
        )
    if stale := configuration.stale_seeds:
        number = "one seed was" if len(stale) == 1 else f"{len(stale)} seeds were"
        yield Issue(
            subject="seed",
            problem=f"{number} made by an older version of the signature and knows no copy: {', '.join(stale[:3])}",
            remedy="add each text again with kawat seed add PATH; kawat seed list names them all",
            since=now,
        )
    for outlet in configuration.outlets:
        if outlet.enabled and not outlet.terms.note and outlet.terms.url is None:
            yield Issue(
                subject=outlet.slug,
                problem="its terms of use are not noted",
                remedy="read them and add terms: to its file",
                since=now,
            )
    wanting = javascript.missing()
    for outlet in configuration.outlets if wanting else ():
        if outlet.enabled and javascript.asks(outlet):
            path = next(each for each in configuration.files if each.parts[-2:] == ("outlets", f"{outlet.slug}.yaml"))
            document = read_document(path)
            keys: list[Key] = [("javascript",)] if outlet.javascript else []
            keys += [("sources", n, "javascript") for n, source in enumerate(outlet.sources) if source.javascript]
            for key in keys:
                yield Issue(
                    subject=f"{path}:{document.line(key)}: {dotted(key)}",
                    problem=f"asks for a browser, and {wanting}; {javascript.PLAINLY}",
                    remedy="install what is missing, or remove the key",
                    since=now,
                )
