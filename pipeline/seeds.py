"""The seed corpus: texts that count as read, kept as fingerprints and facts, never as text.

One JSON object per line in `config/seed/*.jsonl`. A copy of a seed comes back as a duplicate of it and raises
no alert.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipeline.dedupe import SIGNATURE_VERSION, Neighbour, body, fingerprint, normalise
from pipeline.errors import ConfigError, Fault
from pipeline.model import Article, Fingerprint, Label, Reading, digest

SCHEMA: Final = 1
MAX_LINE: Final = 20_000
_HEX = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedEntry:
    """One text that counts as read: its fingerprint, and the facts of the agreement it reports, if it reports one.

    `title_hash` is of the normalised headline, "" where there was none; `signed_on` and `published` are ISO dates or
    "".
    """

    fingerprint: Fingerprint
    title_hash: str
    outlet: str
    language: str
    published: str
    label: Label
    partner: str
    stage: str
    instrument: str
    signed_on: str
    institutions: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.fingerprint.key

    @property
    def stale(self) -> bool:
        """Made by an older version, whose fingerprints nothing new is compared with: its text must be added again."""
        return self.fingerprint.version != SIGNATURE_VERSION

    @property
    def neighbour(self) -> Neighbour:
        """The seed as duplicate search sees it."""
        return Neighbour(key=self.key, fingerprint=self.fingerprint)


def make_seed(article: Article, reading: Reading | None) -> SeedEntry:
    """The seed of an article; `reading` is what detection makes of it, None leaves the facts empty.

    The key is deterministic from the text, so adding a text twice changes nothing.
    """
    text = body(article)
    print_ = fingerprint("seed:" + digest("seed", normalise(text), size=8), text)
    report = reading.reports[0] if reading and reading.reports else None
    title = normalise(article.title)
    return SeedEntry(
        fingerprint=print_,
        title_hash=digest("title", title, size=8) if title else "",
        outlet=article.outlet,
        language=article.language,
        published=article.published.instant.date().isoformat() if article.published else "",
        label=reading.label if reading else Label.OTHER,
        partner=report.partner if report else "",
        stage=report.stage if report else "",
        instrument=report.instrument if report else "",
        signed_on=report.signed_on.isoformat() if report and report.signed_on else "",
        institutions=tuple(one.id for one in report.institutions) if report else (),
        fields=report.fields if report else (),
    )


def seed_line(seed: SeedEntry) -> str:
    """A seed as one line of JSON, without the line break."""
    print_ = seed.fingerprint
    return json.dumps(
        {
            "schema": SCHEMA,
            "key": print_.key,
            "version": print_.version,
            "text_hash": print_.text_hash,
            "title_hash": seed.title_hash,
            "words": print_.words,
            "outlet": seed.outlet,
            "language": seed.language,
            "published": seed.published,
            "label": seed.label,
            "partner": seed.partner,
            "stage": seed.stage,
            "instrument": seed.instrument,
            "signed_on": seed.signed_on,
            "institutions": list(seed.institutions),
            "fields": list(seed.fields),
            "signature": base64.b64encode(print_.signature).decode("ascii"),
            "bands": list(print_.bands),
        },
        ensure_ascii=False,
    )


def read_seeds(folder: Path) -> tuple[SeedEntry, ...]:
    """Every seed of a folder's `*.jsonl`, by file name and line; the first of equal keys counts.

    Raises `ConfigError` with every broken line, its file and number. An absent folder holds no seeds.
    """
    return read_seed_files(sorted(folder.glob("*.jsonl")) if folder.is_dir() else ())


def read_seed_files(paths: Iterable[Path]) -> tuple[SeedEntry, ...]:
    """Every seed of these files, in order; the first of equal keys counts, but for a stale one. Raises `ConfigError` as
    `read_seeds`."""
    faults: list[Fault] = []
    seeds: dict[str, SeedEntry] = {}
    for path in paths:
        for seed in _lines(path, faults):
            held = seeds.setdefault(seed.key, seed)
            if held.stale and not seed.stale:
                seeds[seed.key] = seed
    if faults:
        raise ConfigError(tuple(faults))
    return tuple(seeds.values())


def write_seeds(path: Path, seeds: Iterable[SeedEntry]) -> None:
    """Write one file of seeds, whole or not at all, in order of their keys."""
    by_key = {seed.key: seed for seed in seeds}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
        out.writelines(seed_line(by_key[key]) + "\n" for key in sorted(by_key))
        out.flush()
        os.fsync(out.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _lines(path: Path, faults: list[Fault]) -> Iterator[SeedEntry]:
    try:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if not raw.strip():
                    continue
                found = _seed(raw)
                if isinstance(found, SeedEntry):
                    yield found
                else:
                    faults.append(Fault(path=str(path), line=number, key=found[0], problem=found[1], remedy=_REMEDY))
    except OSError as error:
        faults.append(Fault(path=str(path), line=None, key=None, problem=f"cannot be read: {error.strerror}"))


_REMEDY = "make it anew with: kawat seed add PATH"


def _seed(raw: bytes) -> SeedEntry | tuple[str | None, str]:
    """A seed, or which key is wrong and how."""
    if len(raw) > MAX_LINE:
        return None, f"is longer than {MAX_LINE:,} bytes"
    try:
        row: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return None, "is no JSON"
    if not isinstance(row, dict):
        return None, "is no JSON object"
    if row.get("schema") != SCHEMA:
        return "schema", f"{row.get('schema')!r} is not {SCHEMA}"
    if type(row.get("version")) is not int or not 1 <= row["version"] <= SIGNATURE_VERSION:
        return "version", f"{row.get('version')!r} is no signature version up to {SIGNATURE_VERSION}"
    for key in _TEXTS:
        if not isinstance(row.get(key), str):
            return key, "is missing or no text"
    for key in ("institutions", "fields"):
        if not isinstance(row.get(key), list) or not all(isinstance(one, str) for one in row[key]):
            return key, "is missing or no list of ids"
    for key in ("signed_on", "published"):
        try:
            if row[key]:
                date.fromisoformat(row[key])
        except ValueError:
            return key, f"{row[key]!r:.40} is no day"
    if _HEX.fullmatch(row["text_hash"]) is None:
        return "text_hash", "is no hash"
    if row["label"] not in set(Label):
        return "label", f"{row['label']!r:.40} is none of {', '.join(Label)}"
    words, bands = row.get("words"), row.get("bands")
    if not isinstance(words, int) or isinstance(words, bool) or words < 0:
        return "words", "is no count"
    if not isinstance(bands, list) or not all(isinstance(one, int) and -(1 << 63) <= one < 1 << 63 for one in bands):
        return "bands", "is no list of 64-bit numbers"
    try:
        signature = base64.b64decode(row["signature"], validate=True)
    except (binascii.Error, ValueError):
        return "signature", "is no base64"
    return SeedEntry(
        fingerprint=Fingerprint(
            key=row["key"],
            version=row["version"],
            text_hash=row["text_hash"],
            signature=signature,
            bands=tuple(bands),
            words=words,
        ),
        title_hash=row["title_hash"],
        outlet=row["outlet"],
        language=row["language"],
        published=row["published"],
        label=Label(row["label"]),
        partner=row["partner"],
        stage=row["stage"],
        instrument=row["instrument"],
        signed_on=row["signed_on"],
        institutions=tuple(row["institutions"]),
        fields=tuple(row["fields"]),
    )


_TEXTS = (
    *("key", "text_hash", "title_hash", "outlet", "language", "published", "label", "partner", "stage"),
    *("instrument", "signed_on", "signature"),
)
