"""Why a page is no article: challenge and consent pages, index pages, wrong type, too much; and why what was read of it
is only a part: paywalled, truncated, loaded by script."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from pipeline.extract.budget import Budget
from pipeline.extract.scripts import DEEP_FROM, Cut, is_deeper
from pipeline.model import Block, BlockKind, RejectReason
from pipeline.tangle import tangled

SHORT = 1_500
"""Visible characters below which a marker of a challenge or paywall decides."""

STUB = 700
"""Characters of story below which a subscribe phrase makes a page a stub."""

LEAST = 60
"""Characters of story below which a page has none."""

INDEX_LINKS = 8
"""Linked headlines from which a page without a story of its own is an index."""

TEASER = 250
"""Characters of running text per linked headline below which the text is teasers."""

TOLD_WORDS = 2.5
"""How many times the words found a page must claim to have (wordCount) for a short text to be a part."""

SCRIPT_SHARE = 20
"""Characters of script per visible one from which an article page without a story is one that scripts fill."""

Refusal = tuple[RejectReason, str]

_CHALLENGE_SAYS = (
    r"just a moment|attention required|access denied|captcha|please enable javascript|enable cookies|request blocked|"
    r"reference #\d|datadome|perimeterx|ddos-guard|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|"
    r"unusual traffic|"
    r"security check|checking your browser|pardon our interruption|request unsuccessful|error 1020|ray id|"
    r"verifikasi bahwa anda (?:manusia|bukan robot)|aktifkan javascript|akses ditolak|"
    r"sedang dalam perbaikan|under maintenance"
)
_CHALLENGE = re.compile(_CHALLENGE_SAYS, re.IGNORECASE)
_CHALLENGE_LOWER = re.compile(_CHALLENGE_SAYS)
"""The same for text in lower case, in a tenth of the time: every page is asked."""

_CONSENT = re.compile(
    r"before you continue|we (?:value|care about) your privacy|cookie (?:consent|settings)|accept all cookies|"
    r"kami menghargai privasi anda|persetujuan (?:cookie|kuki)|terima semua (?:cookie|kuki)|manage (?:your )?consent",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:read|continue)|to (?:read|continue reading)(?: the)?(?: full)? (?:story|article)|"
    r"subscribers? only|"
    r"already a subscriber|(?:for|untuk) subscribers|berlangganan untuk (?:membaca|melanjutkan)|khusus pelanggan|"
    r"hanya rp ?[\d.]+|artikel ini (?:khusus|hanya) (?:untuk )?(?:pelanggan|member)|"
    r"silakan (?:berlangganan|login untuk membaca)|"
    r"masuk untuk (?:melanjutkan )?membaca|log ?in to (?:read|continue)|sign in to (?:read|continue)|konten premium|"
    r"unlock this article|"
    r"masuk ke akun|(?:log|sign) ?in to your account|lupa (?:kata sandi|password)|forgot (?:your )?password|"
    r"start your (?:free )?trial|beli (?:artikel|sekarang)|akses (?:penuh|tanpa batas)",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(
    r"(?:\.{3}|…|\[\s*(?:…|\.{3})\s*\]|"
    r"\b(?:read more|read full story|continue reading|selengkapnya|lanjut(?:kan)? membaca))\W*$",
    re.IGNORECASE,
)
_BY_SCRIPT = re.compile(
    r"(?:enable|requires?|turn on|aktifkan|membutuhkan) javascript|"
    r"javascript (?:is|to be|harus) (?:disabled|required|enabled|aktif)|"
    r"loading (?:article|content)|memuat (?:artikel|konten|berita)",
    re.IGNORECASE,
)
_LINKED_HEADLINES = "h2 a, h3 a, h4 a, article a h2, article a h3, a > h2, a > h3"
_NOT_HTML = (
    b"%PDF",
    b"GIF8",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"BM6",
)


def refuse_bytes(body: bytes, status: int, content_type: str, budget: Budget) -> Refusal | None:
    """What can be refused before anything is parsed."""
    if status >= 400:
        return RejectReason.STATUS, str(status)
    if len(body) > budget.max_bytes:
        return RejectReason.TOO_LARGE, f"{len(body)} bytes, {budget.max_bytes} allowed"
    if not body or body.isspace():
        return RejectReason.EMPTY, "no bytes"
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not (
        kind.startswith("text/") or "html" in kind or kind.endswith("xml") or kind == "application/octet-stream"
    ):
        return RejectReason.NOT_HTML, kind
    if body[:64].lstrip().startswith(_NOT_HTML) or b"\0\0\0\0" in body[:4096] or b"<" not in body:
        return RejectReason.NOT_HTML, "by its bytes"
    return None


def refuse_markup(page: bytes, budget: Budget) -> Refusal | None:
    """What the parser is spared: too many tags, nested too deep, or with too much in one. `page` is without scripts."""
    tags = page.count(b"<")
    if tags > budget.max_nodes:
        return RejectReason.TOO_LARGE, f"{tags} tags, {budget.max_nodes} allowed"
    if tags >= DEEP_FROM and is_deeper(page, budget.max_depth):
        return RejectReason.TOO_LARGE, f"elements nested deeper than {budget.max_depth}"
    if tangled(page):
        return RejectReason.TOO_LARGE, "a tag with thousands of attributes"
    return None


def shows_little(blocks: list[Block], cut: Cut, step: str) -> bool:
    """Whether a page may show so little that a marker decides what it is: as much as its story and its navigation
    hold it shows at least."""
    shown = sum(len(b.text) for b in blocks)
    if shown < SHORT and (step == "json-ld" or sum(len(b.text) for b in _story_of(blocks)) < LEAST):
        return True
    for text in cut.furniture_texts() if shown < SHORT else ():
        shown += len(" ".join(text.split()))
        if shown >= SHORT:
            return False
    return shown < SHORT


def is_challenge(title: str) -> bool:
    """Whether a page's title is that of a challenge."""
    return bool(_CHALLENGE_LOWER.search(title.lower()))


def refuse_tree(title: str, visible: str, *, is_article: bool) -> Refusal | None:
    """Challenge and consent pages: a marker in the title, or in what little text there is. A page that says that it is
    an article may ask for JavaScript without being a challenge."""
    if _CHALLENGE.search(title) and len(visible) < 4 * SHORT:
        return RejectReason.CHALLENGE, title[:80]
    if len(visible) < SHORT:
        match = _CHALLENGE.search(visible)
        if match and len(visible) < SHORT // 2 and not (is_article and "javascript" in match[0].lower()):
            return RejectReason.CHALLENGE, match[0]
        match = _CONSENT.search(title) or _CONSENT.search(visible)
        if match:
            return RejectReason.CHALLENGE, match[0]
    return None


def _story_of(blocks: list[Block]) -> list[Block]:
    apart = {BlockKind.CAPTION, BlockKind.HEADING}
    return [b for b in blocks if b.kind not in apart and b.link_share < 0.6 and len(b.text) >= 40]


def partial_story(blocks: list[Block], *, visible: str, is_free: bool, told_words: int, selected: bool) -> str:
    """Why the text found is only a part: "paywalled", "truncated" or "script-loaded"; "" where it is the whole.

    Only a short text is doubted: a long one is worth reading whatever its page says of it.
    """
    story = _story_of(blocks)
    size = sum(len(b.text) for b in story)
    if size >= STUB or size < LEAST:
        return ""
    said = " ".join(b.text for b in blocks)
    if _PAYWALL.search(said) or not is_free or (not selected and len(visible) < SHORT and _PAYWALL.search(visible)):
        return "paywalled"
    if _BY_SCRIPT.search(said):
        return "script-loaded"
    if _CUT_OFF.search(story[-1].text) or told_words > TOLD_WORDS * len(said.split()):
        return "truncated"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """How many headlines of a page are links, and how many links it has."""

    headlines: int = 0
    every: int = 0

    @classmethod
    def of(cls, container: LexborNode, body: LexborNode, cut: Cut) -> Links:
        """The linked headlines of the container of the story, and the links of a page with its navigation."""
        away = sum(piece.count(b"</a") for piece in cut.furniture)
        return cls(headlines=len(container.css(_LINKED_HEADLINES)), every=len(body.css("a")) + away)


def refuse_story(
    blocks: list[Block],
    *,
    links: Links,
    visible: str,
    is_article: bool,
    is_free: bool,
    script_chars: int,
) -> Refusal | None:
    """Paywalls, index pages and pages without a story, judged by what was found."""
    size = sum(len(b.text) for b in _story_of(blocks))
    linked = min(links.headlines, 200)
    if not is_article and linked >= INDEX_LINKS and size < linked * TEASER:
        return RejectReason.INDEX, f"{linked} linked headlines"
    if size < LEAST:
        match = _PAYWALL.search(visible)
        if match or not is_free:
            return RejectReason.PAYWALL, match[0] if match else "marked as not free, and without a story"
        shell = len(visible) < LEAST  # a frame that says nothing, not even what it is
        if (is_article or shell) and (script_chars > SCRIPT_SHARE * max(1, len(visible)) or _BY_SCRIPT.search(visible)):
            return RejectReason.PARTIAL, "script-loaded"
        if links.every >= 4 * INDEX_LINKS:
            return RejectReason.INDEX, f"{links.every} links and no story"
        return RejectReason.EMPTY, f"{size} characters of story"
    return None
