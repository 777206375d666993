"""Which rules of detection fire nowhere: neither on an article of the labelled sets nor in a unit test.

    python tests/quality/fired.py        prints the terms and the lines of code that nothing reached

Two kinds of rule are counted: the entries of the lexicon (a term fires where the scanner lets it count) and the
statements of `pipeline/detect` inside functions (a rule in code fires where its line is run).
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest
import test_detection as sets

from pipeline.config.lexicon import load_lexicon
from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.reader import Reader
from pipeline.detect.scan import Found, Scanner

RULES = sets.ROOT / "pipeline" / "detect"
TESTS = (sets.ROOT / "tests" / "unit" / "detect", sets.ROOT / "tests" / "quality" / "test_detection_register.py")
RANDOM = "random_mixtures"
"""The test that throws the lexicon's words together: what fires in it is no rule tested."""
KINDS = (
    Kind.ACT, Kind.MARK, Kind.COOPERATION, Kind.BOTH, Kind.ORGAN, Kind.PRIVATE, Kind.INSTRUMENT, Kind.FIELD,
    Kind.SUBJECT, Kind.INSTITUTION, Kind.POST, Kind.PERSON, Kind.COUNTRY,
)  # fmt: skip
Fired = set[tuple[Kind, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`sets` and `tests`: kind, ref and form of the terms that fired on the articles and in the unit tests; `silent`:
    the statements that neither ran, as file, line and text."""

    sets: Fired
    tests: Fired
    silent: tuple[tuple[str, int, str], ...]
    statements: int


@contextlib.contextmanager
def recorded() -> Iterator[Fired]:
    """Every term that a scanner lets count meanwhile."""
    fired: Fired = set()
    find = Scanner.find

    def recording(self: Scanner, text: str, language: str) -> Found:
        found = find(self, text, language)
        fired.update((each.kind, each.ref, each.term.text) for each in found.all())
        return found

    Scanner.find = recording  # type: ignore[method-assign]
    try:
        yield fired
    finally:
        Scanner.find = find  # type: ignore[method-assign]


def measured(rows: Sequence[sets.Row], tests: Sequence[Path] = TESTS) -> Coverage:
    """Read the rows, run the unit tests, and note what fired. Raises RuntimeError where a test fails."""
    tracer = coverage.Coverage(data_file=None, include=[f"{RULES}/*.py"])
    tracer.start()
    try:
        with recorded() as on_sets:
            reader = Reader(load_lexicon(sets.ROOT / "config" / "lexicon"))
            for row in rows:
                reader.read(sets.article(row))
        out = io.StringIO()
        with recorded() as in_tests, contextlib.redirect_stdout(out):
            code = pytest.main(["-q", "--no-header", "-p", "no:xdist", "-k", f"not {RANDOM}", *map(str, tests)])
    finally:
        tracer.stop()
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"the unit tests do not pass:\n{out.getvalue()[-2000:]}")
    silent, number = [], 0
    for path in sorted(RULES.glob("*.py")):
        inside = bodies(path)
        _, statements, _, missing, _ = tracer.analysis2(str(path))
        number += len(inside & set(statements))
        lines = path.read_text(encoding="utf-8").splitlines()
        silent += [(path.name, line, lines[line - 1].strip()) for line in missing if line in inside]
    return Coverage(sets=on_sets, tests=in_tests, silent=tuple(silent), statements=number)


def bodies(path: Path) -> set[int]:
    """Lines inside functions: what stands outside runs on import and is no rule."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            found.update(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
    return found


def table(lexicon: Lexicon, seen: Coverage) -> list[str]:
    """Per kind: groups and terms, and how many of them fired on the sets, in the unit tests, nowhere."""
    lines = [
        "| kind | groups | on the sets | only in unit tests | nowhere | terms | on the sets | only in unit tests |",
        "|---|---|---|---|---|---|---|---|",
    ]
    groups = {(kind, ref) for kind, ref, _ in seen.sets}, {(kind, ref) for kind, ref, _ in seen.tests}
    for kind in KINDS:
        refs = {(term.kind, term.ref) for term in lexicon.terms if term.kind is kind}
        terms = {(term.kind, term.ref, term.text) for term in lexicon.terms if term.kind is kind}
        lines.append(
            f"| {kind.value} | {len(refs)} | {len(refs & groups[0])} | {len((refs & groups[1]) - groups[0])} "
            f"| {len(refs - groups[0] - groups[1])} | {len(terms)} | {len(terms & seen.sets)} "
            f"| {len((terms & seen.tests) - seen.sets)} |"
        )
    return lines


def never(lexicon: Lexicon, seen: Coverage) -> list[str]:
    """Groups of acts, marks, instruments, fields, subjects and counterparts that fired nowhere."""
    kinds = (Kind.ACT, Kind.MARK, Kind.INSTRUMENT, Kind.FIELD, Kind.SUBJECT, Kind.PRIVATE)
    fired = {(kind, ref) for kind, ref, _ in seen.sets | seen.tests}
    return sorted(
        {f"{t.kind.value} {t.ref}" for t in lexicon.terms if t.kind in kinds and (t.kind, t.ref) not in fired}
    )


def everything() -> list[sets.Row]:
    """Every labelled article at hand."""
    rows = sets.own()
    for path in sets.BATCHES:
        rows += sets.own(path)
    for path in (*sorted(sets.UNSEEN.glob("*.jsonl")), *sorted((sets.SHARED / "eval").glob("*.jsonl"))):
        rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return rows


def main() -> None:
    lexicon = load_lexicon(sets.ROOT / "config" / "lexicon")
    seen = measured(everything())
    print("\n".join(table(lexicon, seen)))
    print("\nnever:", ", ".join(never(lexicon, seen)) or "none")
    print(f"\n{len(seen.silent)} of {seen.statements} statements never ran:")
    for name, line, text in seen.silent:
        print(f"  {name}:{line}: {text}")


if __name__ == "__main__":
    main()
