"""What a pydantic error means to the person who wrote the file: file, line, key, problem, and how to mend it."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pipeline.errors import Fault

if TYPE_CHECKING:
    from pipeline.config.document import Document

_EXPECTED: Final = re.compile(r"'([^']+)'")
_PLAIN: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "model_attributes_type": "must be a mapping (key: value)",
    "mapping_type": "must be a mapping (key: value)",
    "date_from_datetime_parsing": "must be a date, like 2026-11-21",
    "date_parsing": "must be a date, like 2026-11-21",
    "date_type": "must be a date, like 2026-11-21",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}


class Mend(ValueError):
    """A validator's refusal that knows its remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


def nearest(word: str, right: Iterable[str]) -> str | None:
    """The right word that `word` most looks like, None where nothing does."""
    found = get_close_matches(word.lower().replace("-", "_"), list(right), n=1, cutoff=0.6)
    return found[0] if found else None


def faults_of(error: ValidationError, model: type[BaseModel], document: Document) -> Iterator[Fault]:
    """Each pydantic error of `document` against `model`, in words. Values are never repeated: they may be secrets."""
    errors = error.errors(include_url=False, include_input=False)
    for each in errors:
        if each["type"] == "too_short" and any(_within(other["loc"], each["loc"]) for other in errors):
            continue  # pydantic counts only the items that are right
        key = _present(each["loc"], document)
        kind = each["type"]
        context: Mapping[str, Any] = each.get("ctx", {})
        if kind == "missing":
            yield document.fault((*key, each["loc"][-1]), "is missing", "add it")
        elif kind == "extra_forbidden":
            yield document.fault(key, "is no known key", _remedy(str(key[-1]), _keys(model, each["loc"][:-1])))
        elif kind in {"enum", "literal_error", "union_tag_invalid"}:
            expected = _EXPECTED.findall(str(context.get("expected") or context.get("expected_tags") or ""))
            if kind == "union_tag_invalid":
                key = (*key, str(context.get("discriminator", "")).strip("'"))
            yield document.fault(key, "is none of the known values", _remedy(_printed(document, key), expected))
        elif kind == "union_tag_not_found":
            yield document.fault((*key, str(context.get("discriminator", "")).strip("'")), "is missing", "add it")
        elif kind == "string_pattern_mismatch":
            yield document.fault(key, "is not written as it must be", f"it must match {context.get('pattern')}")
        elif kind in {"value_error", "assertion_error"}:
            cause = context.get("error")
            yield document.fault(key, str(cause), cause.remedy if isinstance(cause, Mend) else "")
        else:
            message = _PLAIN.get(kind) or each["msg"].replace("Input should be", "must be").replace("Value", "value")
            yield document.fault(key, message)


def _within(inner: Sequence[int | str], outer: Sequence[int | str]) -> bool:
    return len(inner) > len(outer) and tuple(inner[: len(outer)]) == tuple(outer)


def _present(loc: Sequence[int | str], document: Document) -> tuple[str | int, ...]:
    """The part of `loc` that stands in the file: pydantic mixes in names of union members and validators."""
    key: tuple[str | int, ...] = ()
    for part in loc:
        if (*key, part) in document.marks:
            key = (*key, part)
    return key


def _printed(document: Document, key: Sequence[str | int]) -> str:
    value = document.data
    for part in key:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return ""
    return value if isinstance(value, str) else str(value)


def _remedy(word: str, right: Iterable[str]) -> str:
    known = sorted(set(right))
    close = nearest(word, known)
    if close is not None:
        return f"did you mean {close}?"
    return f"known are: {', '.join(known)}" if known else ""


def _keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The keys that are right at `loc`."""
    here: list[Any] = [model]
    for part in loc:
        models = [each for each in here if _is_model(each)]
        inner = [
            field.annotation
            for each in models
            for name, field in each.model_fields.items()
            if part in (name, field.alias)
        ]
        if inner:
            here = [member for each in inner for member in _members(each)]
        elif tagged := [each for each in models if _carries(each, part)]:
            here = tagged
        elif containers := [each for each in here if get_origin(each) in (tuple, list, dict)]:
            here = [m for each in containers for arg in _inside(each) for m in _members(arg)]
    return [field.alias or name for each in here if _is_model(each) for name, field in each.model_fields.items()]


def _is_model(each: Any) -> bool:
    return isinstance(each, type) and issubclass(each, BaseModel)


def _inside(container: Any) -> list[Any]:
    args = [arg for arg in get_args(container) if arg is not Ellipsis]
    return args[-1:] if get_origin(container) is dict else args


def _members(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for arg in get_args(annotation) for member in _members(arg)]
    return [annotation]


def _carries(model: type[BaseModel], tag: str | int) -> bool:
    """Whether a member of a tagged union is the one for `tag`."""
    for field in model.model_fields.values():
        if get_origin(field.annotation) is Literal:
            values = [v.value if isinstance(v, Enum) else v for v in get_args(field.annotation)]
            if tag in values:
                return True
    return False
