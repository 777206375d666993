"""Frozen values to JSON and back, driven by their type hints; strict in both directions.

Instants are ISO 8601 text in UTC, durations whole microseconds, bytes base64, enumerations their value; a member of a
union of dataclasses carries its class name as `is`. A key that the type does not have, or a missing one without a
default, is refused: what was stored is either understood whole or not at all. New fields with a default read old rows.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, Union

from pipeline.errors import StoreError

Coder = Callable[[Any], Any]

TAG = "is"
MICROSECOND = timedelta(microseconds=1)


class CodecError(StoreError):
    """A stored value does not fit the type it was stored for."""


def dumps(hint: Any, value: Any) -> str:
    """The JSON text of `value`, which is of type `hint`. Raises CodecError where it is not."""
    return json.dumps(encoder(hint)(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def loads(hint: Any, text: str) -> Any:
    """The value of type `hint` that `text` stands for. Raises CodecError where it does not fit."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise CodecError(f"stored JSON is damaged: {error}") from error
    return decoder(hint)(data)


@cache
def encoder(hint: Any) -> Coder:
    """The function that turns a value of type `hint` into JSON data."""
    return _build(hint, _scalar_encoders(), _dataclass_encoder, encoder)


@cache
def decoder(hint: Any) -> Coder:
    """The function that turns JSON data into a value of type `hint`."""
    return _build(hint, _scalar_decoders(), _dataclass_decoder, decoder)


def _build(
    hint: Any, scalars: dict[Any, Coder], of_dataclass: Callable[[Any], Coder], of: Callable[[Any], Coder]
) -> Coder:
    encoding = of is encoder
    if hint in scalars:
        return scalars[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _exact(hint, lambda value: value.value) if encoding else _enum(hint)
    if dataclasses.is_dataclass(hint):
        return of_dataclass(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _tuple(arguments, of, tuple if not encoding else list, list if not encoding else tuple)
    if origin in (Union, types.UnionType):
        return _union(arguments, of, encoding=encoding)
    raise TypeError(f"the codec has no rule for {hint!r}")


def _exact(kind: type, turn: Coder) -> Coder:
    def check(value: Any) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise CodecError(f"{value!r:.80} is no {kind.__name__}")
        return turn(value)

    return check


def _same(value: Any) -> Any:
    return value


def _number(value: Any) -> float:
    if type(value) is float:  # a rhythm is 336 of them
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CodecError(f"{value!r:.80} is no number")
    return float(value)


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise CodecError(f"{value!r} has no time zone")
    return value.astimezone(UTC).isoformat()


def _parse(kind: type, turn: Callable[[Any], Any]) -> Coder:
    def parse(value: Any) -> Any:
        try:
            return turn(value)
        except (TypeError, ValueError) as error:
            raise CodecError(f"{value!r:.80} is no {kind.__name__}") from error

    return parse


def _enum(kind: type[Enum]) -> Coder:
    return _parse(kind, kind)


def _scalar_encoders() -> dict[Any, Coder]:
    return {
        str: _exact(str, _same),
        bool: _exact(bool, _same),
        int: _exact(int, _same),
        float: _number,
        bytes: _exact(bytes, lambda value: base64.b64encode(value).decode("ascii")),
        datetime: _exact(datetime, _instant),
        date: _exact(date, lambda value: value.isoformat()),
        timedelta: _exact(timedelta, lambda value: value // MICROSECOND),
    }


def _scalar_decoders() -> dict[Any, Coder]:
    return {
        str: _exact(str, _same),
        bool: _exact(bool, _same),
        int: _exact(int, _same),
        float: _number,
        bytes: _parse(bytes, lambda value: base64.b64decode(value, validate=True)),
        datetime: _parse(datetime, lambda value: datetime.fromisoformat(value).astimezone(UTC)),
        date: _parse(date, date.fromisoformat),
        timedelta: _exact(int, lambda value: timedelta(microseconds=value)),
    }


def _tuple(
    arguments: tuple[Any, ...], of: Callable[[Any], Coder], into: Callable[[Any], Any], source: type[Any]
) -> Coder:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = of(arguments[0])

        def many(value: Any) -> Any:
            if not isinstance(value, source):
                raise CodecError(f"{value!r:.80} is no {source.__name__}")
            return into(map(item, value))

        return many
    items = tuple(map(of, arguments))

    def fixed(value: Any) -> Any:
        if not isinstance(value, source) or len(value) != len(items):
            raise CodecError(f"{value!r:.80} does not have {len(items)} parts")
        return into(item(part) for item, part in zip(items, value, strict=True))

    return fixed


def _union(arguments: tuple[Any, ...], of: Callable[[Any], Coder], *, encoding: bool) -> Coder:
    members = [argument for argument in arguments if argument is not type(None)]
    optional = len(members) < len(arguments)
    if len(members) == 1:
        only = of(members[0])
    elif all(map(dataclasses.is_dataclass, members)):
        only = _tagged({member.__name__: of(member) for member in members}, encoding=encoding)
    else:
        raise TypeError(f"the codec has no rule for the union {arguments!r}")
    return (lambda value: None if value is None else only(value)) if optional else only


def _tagged(members: dict[str, Coder], *, encoding: bool) -> Coder:
    def put(value: Any) -> Any:
        name = type(value).__name__
        if name not in members:
            raise CodecError(f"{name} is none of {', '.join(members)}")
        return {TAG: name, **members[name](value)}

    def get(value: Any) -> Any:
        if not isinstance(value, dict) or value.get(TAG) not in members:
            raise CodecError(f"{value!r:.80} is none of {', '.join(members)}")
        return members[value[TAG]]({key: part for key, part in value.items() if key != TAG})

    return put if encoding else get


def _dataclass_encoder(kind: Any) -> Coder:
    hints = typing.get_type_hints(kind)
    parts = [(field.name, encoder(hints[field.name])) for field in dataclasses.fields(kind)]

    def put(value: Any) -> Any:
        if type(value) is not kind:
            raise CodecError(f"{type(value).__name__} is no {kind.__name__}")
        return {name: turn(getattr(value, name)) for name, turn in parts}

    return put


def _dataclass_decoder(kind: Any) -> Coder:
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    parts = {field.name: decoder(hints[field.name]) for field in fields}
    needed = {
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }

    def get(value: Any) -> Any:
        if not isinstance(value, dict):
            raise CodecError(f"{value!r:.80} is no {kind.__name__}")
        if unknown := value.keys() - parts.keys():
            raise CodecError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        if missing := needed - value.keys():
            raise CodecError(f"{kind.__name__} lacks {', '.join(sorted(missing))}")
        return kind(**{name: parts[name](part) for name, part in value.items()})

    return get
