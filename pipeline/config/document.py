"""One YAML file a person wrote, as plain Python with line numbers; and its validation against a model.

Read event by event, never by a loader: equal keys, aliases, tags and second documents are seen, and each key keeps
its line. Scalars follow YAML 1.2's core schema, so that `no` is Norway, `07:30` and `2026-11-21` are text until a model
says otherwise: only `true`, `false`, `null`, `~` and decimal numbers are not text. Keys are always text.

    data, marks = read_document(path)          ConfigError with one Fault: the file is no usable YAML
    Model       = validate(Model, document)    ConfigError with every Fault: each with file, line, key, remedy
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.config.explain import faults_of
from pipeline.errors import ConfigError, Fault
from pipeline.model import digest

MAX_BYTES: Final = 1 << 20
"""No configuration file of ours comes near 1 MiB; what is larger was not meant to be one."""

MAX_DEPTH: Final = 24
MAX_NODES: Final = 200_000

Key: TypeAlias = tuple[str | int, ...]
"""Where a value stands: mapping keys and list indexes from the top, `()` being the whole document."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_VARIABLE: Final = re.compile(r"\$\$\{|\$\{([^}]*)\}|\$\{")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Section(BaseModel):
    """Base of every configuration model: unknown keys are refused, values cannot be changed after load."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True)


class FromEnvironment(str):
    """Text that holds the value of an environment variable; never shown in a message."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file: `data` as dict, list, str, int, float, bool and None; `marks` the 1-based line of each key and
    item; `digest` identifies the text."""

    path: Path
    data: Any
    marks: Mapping[Key, int]
    digest: str

    def line(self, key: Key) -> int | None:
        """Line of the nearest part of `key` that the file has."""
        return next((self.marks[key[:n]] for n in range(len(key), -1, -1) if key[:n] in self.marks), None)

    def fault(self, key: Key, problem: str, remedy: str = "") -> Fault:
        """A fault at `key` of this file."""
        return Fault(path=str(self.path), line=self.line(key), key=dotted(key) or None, problem=problem, remedy=remedy)


def dotted(key: Key) -> str:
    """`("sources", 0, "url")` as people write it: `sources[0].url`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".")


def read_document(path: Path) -> Document:
    """Read one file. Raises `ConfigError` where it cannot be read, is too large, not UTF-8, not one YAML document, or
    uses what Kawat refuses (equal keys, aliases, tags, tabs as indentation, deep nesting)."""
    return parse_document(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """What a file holds, but one byte past the bound at most. Raises `ConfigError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        _refuse(path, None, f"cannot be read: {error.strerror or error}", "check that it exists and its permissions")


def parse_document(raw: bytes, path: Path) -> Document:
    """`read_document` for bytes that are at hand; `path` is only named in faults."""
    if len(raw) > MAX_BYTES:
        _refuse(path, None, f"is larger than {MAX_BYTES // 1024} KiB", "split it, or check that it is the right file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        _refuse(path, line, "is not UTF-8 text", "save it with the encoding UTF-8")
    marks: dict[Key, int] = {}
    try:
        data = _Builder(path, text, marks).document()
    except yaml.YAMLError as error:
        _refuse(path, *_explain_syntax(error, text))
    return Document(path=path, data=data, marks=marks, digest=digest(text))


Model = TypeVar("Model", bound=BaseModel)


def validate(
    model: type[Model], document: Document, *, environ: Mapping[str, str] | None = None, context: Any = None
) -> Model:
    """The document as `model`. Raises `ConfigError` with all faults at once.

    With `environ`, `${NAME}` in any text value becomes the variable's value (`$${` stands for a plain `${`) and a
    missing variable is a fault; without it, values are taken as written. `context` is handed to the model's validators.
    """
    faults: list[Fault] = []
    data = document.data if document.data is not None else {}
    if environ is not None:
        data = _expand(data, (), document, environ, faults)
    try:
        result = model.model_validate(data, context=context)
    except ValidationError as error:
        bad = {fault.key for fault in faults}
        faults += [fault for fault in faults_of(error, model, document) if fault.key not in bad]
    else:
        if not faults:
            return result
    raise ConfigError(tuple(sorted(faults, key=lambda fault: (fault.line or 0, fault.key or ""))))


def _refuse(path: Path, line: int | None, problem: str, remedy: str = "", key: str | None = None) -> NoReturn:
    raise ConfigError((Fault(path=str(path), line=line, key=key, problem=problem, remedy=remedy),))


class _Builder:
    """Walks the parser's events once and builds plain values."""

    def __init__(self, path: Path, text: str, marks: dict[Key, int]) -> None:
        self._path = path
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._marks = marks
        self._nodes = 0

    def document(self) -> Any:
        data: Any = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    _refuse(self._path, _line(event), "holds a second document", "remove the line ---")
                data = self._value(next(self._events), (), 0)
        return data

    def _value(self, event: Any, key: Key, depth: int) -> Any:
        self._admit(event, key, depth)
        self._marks.setdefault(key, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._value(event, (*key, len(items)), depth + 1))
            return items
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._name(event, key, depth)
            inner = (*key, name)
            if name in mapping:
                _refuse(
                    self._path,
                    _line(event),
                    f"the key is given twice (first in line {self._marks[inner]})",
                    "keep one of the two",
                    dotted(inner),
                )
            self._marks[inner] = _line(event)
            mapping[name] = self._value(next(self._events), inner, depth + 1)
        return mapping

    def _name(self, event: Any, key: Key, depth: int) -> str:
        self._admit(event, key, depth)
        if not isinstance(event, yaml.ScalarEvent) or not event.value:
            _refuse(self._path, _line(event), "a key must be a plain word", "put quotes round it", dotted(key) or None)
        return str(event.value)

    def _admit(self, event: Any, key: Key, depth: int) -> None:
        self._nodes += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            problem, remedy = "aliases (& and *) are not read", "write the value out"
        elif event.tag not in (None, "!"):
            problem, remedy = f"the tag {event.tag} is not read", "remove it"
        elif depth > MAX_DEPTH or self._nodes > MAX_NODES:
            problem, remedy = "is nested too deeply or has too many values", "simplify it"
        else:
            return
        _refuse(self._path, _line(event), problem, remedy, dotted(key) or None)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> str | int | float | bool | None:
    text = str(event.value)
    if event.style in ("'", '"', "|", ">"):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= 18 and _INT.fullmatch(text):
        return int(text)
    if len(text) <= 32 and _FLOAT.fullmatch(text):
        return float(text)
    return text


def _explain_syntax(error: yaml.YAMLError, text: str) -> tuple[int | None, str, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be understood"
    line = mark.line + 1 if mark is not None else None
    position = getattr(error, "position", None)
    if line is None and isinstance(position, int):
        line = text[:position].count("\n") + 1
    lines = text.splitlines()
    printed = lines[line - 1] if line is not None and 0 < line <= len(lines) else ""
    if "\t" in printed[: len(printed) - len(printed.lstrip())] or "'\\t'" in problem:
        return line, "a tab is used as indentation", "use spaces"
    if "mapping values are not allowed" in problem:
        return line, "is not YAML: a colon where none can stand", "put the text in quotes, or check the indentation"
    return line, f"is not YAML: {problem}", "check indentation, quotes and brackets"


def _expand(value: Any, key: Key, document: Document, environ: Mapping[str, str], faults: list[Fault]) -> Any:
    if isinstance(value, dict):
        return {name: _expand(inner, (*key, name), document, environ, faults) for name, inner in value.items()}
    if isinstance(value, list):
        return [_expand(inner, (*key, n), document, environ, faults) for n, inner in enumerate(value)]
    if not isinstance(value, str) or "${" not in value:
        return value

    def put(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        name = match[1]
        if name is None or not _NAME.fullmatch(name):
            faults.append(document.fault(key, "names no environment variable", "write ${NAME}, or $${ for a plain ${"))
        elif name not in environ:
            faults.append(document.fault(key, f"the environment variable {name} is not set", f"set {name}"))
        else:
            return environ[name]
        return ""

    return FromEnvironment(_VARIABLE.sub(put, value))
