"""Credits as fields: who wrote, translated, edited or photographed, read from lines that cleaning has cut."""

from __future__ import annotations

import re

from pipeline.model import Credit

_ROLES = {
    **dict.fromkeys(
        ("pewarta", "reporter", "wartawan", "jurnalis", "penulis", "kontributor", "writer", "author", "koresponden",
         "correspondent", "contributor", "laporan", "rep", "oleh", "by", "ditulis oleh", "written by", "reporting by",
         "additional reporting by", "compiled by", "pengarang", "tim redaksi"),
        "reporter",
    ),
    **dict.fromkeys(
        ("editor", "penyunting", "redaktur", "redaktur pelaksana", "red", "penanggung jawab", "penanggungjawab",
         "disunting oleh", "diedit oleh", "edited by", "editing by", "kurator", "penyelaras bahasa", "uploader",
         "pengunggah", "produser", "producer"),
        "editor",
    ),
    **dict.fromkeys(("penerjemah", "translator", "translated by", "diterjemahkan oleh"), "translator"),
    **dict.fromkeys(("fotografer", "photographer", "photo by", "foto oleh"), "photographer"),
    **dict.fromkeys(("sumber", "source", "sumber berita"), "source"),
}  # fmt: skip
_ROLE = re.compile(
    r"(?<!\w)("
    + "|".join(sorted(map(re.escape, _ROLES), key=len, reverse=True))
    + r")\b\s*(?:[:：/|–—-]|(?<=oleh)|(?<=by))\s*",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]\W*$")
_WIRE = re.compile(
    r"(?i)^(antara(?: foto| news)?|ant|reuters|afp|ap|xinhua|bernama|bloomberg|kyodo|yonhap|cna|jiji|anadolu)\b"
)
_WIRE_NAMES = {"ant": "ANTARA", "antara": "ANTARA", "antara foto": "ANTARA", "antara news": "ANTARA"}
_STRIP = ' \t\n,;|•·-–—:()[]."“”'
_AFFILIATION = re.compile(r"\s+[-–—|/]\s+\S.*$")
_NOBODY = frozenset({"redaksi", "tim redaksi", "admin", "staff", "staff writer", "tim"})
LONGEST_NAME = 60


def _names(text: str) -> list[str]:
    parts = re.split(r"\s*(?:[,;|\n]|\s(?:dan|and|&)\s)\s*", text)
    names = (_AFFILIATION.sub("", part).strip(_STRIP) for part in parts)
    return [name for name in names if 1 < len(name) <= LONGEST_NAME and name.lower() not in _NOBODY]


def _credit(role: str, name: str) -> Credit:
    wire = _WIRE.match(name)
    if wire and role in {"source", "reporter"}:
        return Credit(role="wire", name=_WIRE_NAMES.get(wire[1].lower(), wire[1]))
    return Credit(role=role, name=name)


def read_credits(text: str) -> list[Credit]:
    """The credits that a cut line holds: roles with names, or initials in brackets (reporter, then editor)."""
    roles = list(_ROLE.finditer(text))
    if roles:
        ends = [m.start() for m in roles[1:]] + [len(text)]
        return [
            _credit(role, name)
            for match, end in zip(roles, ends, strict=True)
            for role in (_ROLES[" ".join(match[1].lower().split())],)
            for name in (
                [text[match.end() : end].strip(_STRIP)] if role == "source" else _names(text[match.end() : end])
            )
            if name
        ]
    brackets = _INITIALS.search(text)
    inner = brackets[1] if brackets else text
    inner = _AFFILIATION.sub("", inner) if brackets is None else inner
    parts = [
        part for piece in re.split(r"[/|&]", inner) if (part := piece.strip(_STRIP)) and part.lower() not in _NOBODY
    ]
    if not parts or len(parts) > 4:
        return []
    if _WIRE.match(parts[0]):
        rest = [Credit(role="reporter", name=name) for name in parts[1:2]]
        return [_credit("source", parts[0]), *rest]
    kinds = ["reporter", *["editor"] * 3]
    return [Credit(role=kind, name=name) for kind, name in zip(kinds, parts, strict=False)]
