"""A broken file is refused with its line, its key and a remedy; a good one keeps what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from pipeline.config.document import MAX_BYTES, Document, Section, parse_document, read_document, validate
from pipeline.config.quantities import Interval, Pattern, SecretText, WebAddress
from pipeline.errors import ConfigError, Fault


class Spring(Section):
    kind: Literal["spring"]
    depth: int = Field(default=1, ge=1)


class River(Section):
    kind: Literal["river"]
    mouth: WebAddress
    length: Interval | None = None


class Water(Section):
    name: str
    sources: tuple[Spring | River, ...] = Field(default=(), max_length=3)
    tagged: dict[str, Tagged] = Field(default_factory=dict)
    article: tuple[Pattern, ...] = ()
    password: SecretText | None = None


class Tagged(Section):
    water: Spring | River = Field(discriminator="kind")


Water.model_rebuild()


def document(text: str) -> Document:
    return parse_document(text.encode(), Path("water.yaml"))


def faults(text: str, environ: dict[str, str] | None = None) -> tuple[Fault, ...]:
    with pytest.raises(ConfigError) as refused:
        validate(Water, document(text), environ=environ)
    return refused.value.faults


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        ("name: a\nname: b\n", 2, "twice (first in line 1)", "keep one"),
        ("name: a\nsources:\n\t- x\n", 3, "tab", "spaces"),
        ("name: &x a\n", 1, "aliases", "write the value out"),
        ("name: a\nother: *x\n", 2, "aliases", "write the value out"),
        ("a: 1\n---\nb: 2\n", 2, "second document", "---"),
        ("name: !!python/object:os.system x\n", 1, "tag", "remove"),
        ("name: [1, 2\n", 2, "not YAML", "brackets"),
        ("name: a: b\n", 1, "colon", "quotes"),
        ("? [a, b]\n: c\n", 1, "plain word", "quotes"),
        ("name: a\n" + "- " * 40 + "x\n", 2, "not YAML", ""),
        ("deep: " + "[" * 40 + "]" * 40, 1, "nested", "simplify"),
        ("name: \x07\n", 1, "control", ""),
        ("<<: {name: a}\nname: b\nnmae: c\n", None, "", ""),
    ],
)
def test_what_is_no_usable_yaml_is_refused_with_its_line(
    text: str, line: int | None, problem: str, remedy: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        validate(Water, document(text))
    fault = refused.value.faults[0]
    assert fault.path == "water.yaml"
    assert line is None or fault.line == line
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    with pytest.raises(ConfigError, match="aliases"):
        document("\n".join(lines))


@pytest.mark.parametrize(
    ("raw", "problem"),
    [(b"a: \xff\xfe", "UTF-8"), (b"#" * (MAX_BYTES + 1), "larger"), (b"a: b\nc: \xc3", "UTF-8")],
)
def test_bytes_that_are_no_text_file_are_refused(raw: bytes, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        parse_document(raw, Path("x.yaml"))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file"):
        read_document(tmp_path / "none.yaml")


def test_scalars_are_what_a_person_means() -> None:
    text = "no: NO\non: on\ntime: 07:30\nday: 2026-11-21\noctal: 010\nint: -12\nfloat: 0.5\nyes: true\nnil: ~\nempty:\n"
    data = document(text + "quoted: '1'\nlong: 123456789012345678901\n").data
    assert data == {
        "no": "NO",
        "on": "on",
        "time": "07:30",
        "day": "2026-11-21",
        "octal": "010",
        "int": -12,
        "float": 0.5,
        "yes": True,
        "nil": None,
        "empty": None,
        "quoted": "1",
        "long": "123456789012345678901",
    }


def test_every_key_and_item_keeps_its_line() -> None:
    marks = document("name: a\nsources:\n  - kind: spring\n    depth: 2\n  - {kind: river}\n").marks
    assert marks[("sources",)] == 2
    assert marks[("sources", 0, "depth")] == 4
    assert marks[("sources", 1)] == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "nam: a\n",
            ["water.yaml:1: name: is missing (add it)", "water.yaml:1: nam: is no known key (did you mean name?)"],
        ),
        (
            "name: a\nsources:\n  - kind: spring\n    dept: 2\n",
            ["water.yaml:4: sources[0].dept: is no known key (did you mean depth?)"],
        ),
        ("name: [a]\n", ["water.yaml:1: name: must be text"]),
        ("name: a\narticle: ['(?=x)']\n", ["water.yaml:2: article[0]: is no RE2 pattern"]),
        (
            "name: a\ntagged:\n  one:\n    water: {kind: rivr}\n",
            ["water.yaml:4: tagged.one.water.kind: is none of the known values (did you mean river?)"],
        ),
        (
            "name: a\ntagged:\n  one:\n    water:\n      kind: river\n      mouth: ftp://x\n      lenght: 3\n",
            [
                "water.yaml:6: tagged.one.water.mouth: is no web address",
                "water.yaml:7: tagged.one.water.lenght: is no known key (did you mean length?)",
            ],
        ),
        ("- a\n", ["water.yaml:1: must be a mapping"]),
    ],
)
def test_each_wrong_key_is_named_with_file_line_key_and_remedy(text: str, expected: list[str]) -> None:
    printed = sorted(map(str, faults(text)))
    assert len(printed) >= len(expected)
    for each in expected:
        assert any(line.startswith(each) for line in printed), (each, printed)


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    found = faults("article: ['[']\nnam: a\nsources: 5\n")
    assert [fault.line for fault in found] == sorted(fault.line or 0 for fault in found)
    assert {fault.key for fault in found} >= {"article[0]", "nam", "sources", "name"}


def test_variables_are_put_in_and_secrets_stay_hidden() -> None:
    water = validate(Water, document("name: $${x} ${A}\npassword: ${B}\n"), environ={"A": "a", "B": "hunter22"})
    assert water.name == "${x} a"
    assert water.password is not None
    assert water.password.reveal() == "hunter22"
    assert "hunter22" not in repr(water)
    assert "hunter22" not in str(water.model_dump())


@pytest.mark.parametrize(
    ("text", "environ", "problem"),
    [
        ("name: ${NONE}\n", {}, "the environment variable NONE is not set"),
        ("name: ${}\n", {}, "names no environment variable"),
        ("name: ${A\n", {"A": "x"}, "names no environment variable"),
        ("name: a\npassword: hunter22\n", {}, "must not stand in the file"),
        ("name: a\npassword: ${B}\n", {"B": ""}, "empty"),
    ],
)
def test_a_wrong_variable_or_secret_is_a_fault(text: str, environ: dict[str, str], problem: str) -> None:
    (fault,) = faults(text, environ)
    assert problem in fault.problem
    assert "hunter22" not in str(fault)


def test_a_value_is_never_repeated_in_a_fault() -> None:
    printed = " ".join(map(str, faults("name: a\narticle: 'ghp_secretvalue'\nsources: ghp_secretvalue\n")))
    assert "ghp_secretvalue" not in printed
