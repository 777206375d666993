"""The table of shipped outlets in `docs/outlets.md`, made of the files; run as a script, it writes it there."""

from __future__ import annotations

from pathlib import Path

from kawat.cli.outlets import certainty, discovery
from pipeline.config.document import read_document
from pipeline.config.outlets import outlet_from
from pipeline.model import Fetch, Outlet, OutletKind

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "outlets.md"
BEGIN, END = "<!-- outlets: begin -->\n", "<!-- outlets: end -->"
HEADINGS = {
    OutletKind.NATIONAL: "National press",
    OutletKind.REGIONAL: "Regional press",
    OutletKind.BROADCASTER: "Broadcasters",
    OutletKind.OFFICIAL: "Official sources of Indonesia",
    OutletKind.COUNTERPART: "Counterpart governments and agencies",
    OutletKind.SEARCH: "Search",
}


def table(outlets: list[Outlet]) -> str:
    """Markdown: one table per kind, then why some are off."""
    lines = [f"{len(outlets)} outlets ship, {sum(each.enabled for each in outlets)} of them are read."]
    for kind, heading in HEADINGS.items():
        lines += [
            f"\n### {heading}\n",
            "| outlet | file | languages | discovery | certainty | tier | trust | state |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [_row(each) for each in outlets if each.kind is kind]
    lines += ["\n### Off, and why\n"]
    lines += [f"- **{each.name}**: {each.disabled_reason}" for each in outlets if not each.enabled]
    return "\n".join(lines) + "\n"


def _row(outlet: Outlet) -> str:
    state = "off" if not outlet.enabled else "feed only" if outlet.fetch is Fetch.SUMMARY else "read"
    cells = (
        *(outlet.name, outlet.slug, " ".join(outlet.languages), discovery(outlet), certainty(outlet)),
        *(outlet.tier, outlet.trust, state),
    )
    return f"| {' | '.join(cells)} |"


def shipped() -> list[Outlet]:
    return [outlet_from(read_document(path)) for path in sorted((ROOT / "config" / "outlets").glob("*.yaml"))]


def parts(document: str) -> tuple[str, str, str]:
    """What stands before the table, the table, and what stands behind it."""
    before, _, rest = document.partition(BEGIN)
    inner, _, after = rest.partition(END)
    return before + BEGIN, inner, END + after


if __name__ == "__main__":
    before, _, after = parts(DOCUMENT.read_text("utf-8"))
    DOCUMENT.write_text(before + table(shipped()) + after, "utf-8")
