"""What `scheduler.py` may import: import-linter takes no single-file module as a root, so this holds it."""

from __future__ import annotations

import ast
from pathlib import Path

FORBIDDEN = {"scrapy", "twisted", "crawler", "sqlalchemy"}
SCHEDULER = Path(__file__).resolve().parents[3] / "scheduler.py"


def test_the_daemon_starts_a_crawl_process_and_knows_neither_crawler_nor_database() -> None:
    names = set()
    for node in ast.walk(ast.parse(SCHEDULER.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert not names & FORBIDDEN
    assert "apscheduler" in names


def test_the_daemon_holds_no_logic_of_its_own() -> None:
    assert len(SCHEDULER.read_text(encoding="utf-8").splitlines()) < 200
