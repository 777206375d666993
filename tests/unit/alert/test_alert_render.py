"""Any text through every template: well-formed, escaped, within limits, and the quoted sentence is there."""

from __future__ import annotations

import email
import json
import re
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from html import escape as html_escape
from html.parser import HTMLParser
from typing import Any

import pytest
from alert_samples import NAMES, NOW, QUOTE, agreement, alert, channel, citation, delivery, item, recipient
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from pipeline.alert.render.brief import brief
from pipeline.alert.render.hostile import cut, line, link, marked
from pipeline.alert.render.html import SIZE_LIMIT, html
from pipeline.alert.render.letter import Letter, letter
from pipeline.alert.render.mail import UnusableAddress, address, mail
from pipeline.alert.render.payload import payload
from pipeline.alert.render.plain import plain
from pipeline.alert.render.slack import slack
from pipeline.model import Alert, AlertKind, Institution, Signatory, Stage

NASTY = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        [
            "<img src=x onerror=alert(1)>",
            "<!channel> <@U123> <http://evil.example|antaranews.com> `x` &lt;",
            "Judul\r\nBcc: korban@example.org\r\n\r\nisi",
            "\u202eturn\u2066around\u200f",
            "x" * 900,
            "kata " * 400,
            "*tebal* _miring_ ~coret~",
            "{0} {name} %s",
            "\ud800 lone",
            "\x00\x07\x1b[31m",
            "\n.\n..\r\n.",
        ]
    ),
)
VOID = {"meta", "br", "img", "hr"}


class Wellformed(HTMLParser):
    """Fails where a tag is not closed in order; gathers text and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def written(message: Alert, language: str = "en", **changes: Any) -> Letter:
    who = recipient(language=language)
    return letter(message, delivery(message, **changes), channel(), who, NAMES, now=NOW)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(text=NASTY, url=st.one_of(NASTY, st.just("javascript:alert(1)")), language=st.sampled_from(["en", "id"]))
@settings(max_examples=60, deadline=None)
def test_any_text_through_every_template(text: str, url: str, language: str) -> None:
    source = citation(title=text, outlet_name=text, url=url)
    event = agreement(
        title=text,
        place=text,
        instrument_printed=text,
        reasons=(text,),
        fields=("telecom", text),
        institutions=(Institution(id="x", name=text, country=text),),
        signatories=(Signatory(name=text, post=text, side="ID"),),
    )
    told = item(agreement=event, quote=text, quote_source=source, citations=(source,), heading=text, marks=((0, 3),))
    for message in (
        alert(items=(told,)),
        alert(kind=AlertKind.DIGEST, items=(told, told), facts=(("sources", text), ("sources_healthy", text))),
        alert(kind=AlertKind.OPERATOR, items=(), subject=text, body=text),
        alert(kind=AlertKind.UPDATE, items=(replace(told, before=agreement(title=text[::-1])),)),
        alert(kind=AlertKind.CORRECTION, items=(told,), subject=text, body=text),
        alert(items=(told, told), facts=(("volume", text), ("part", text), ("silences", text), ("silenced", text))),
    ):
        content = written(message, language, possible_repeat=True)
        check_html(content)
        check_mail(content)
        check_slack(content)
        check_brief(content)
        json.dumps(payload(content, message, delivery(message), now=NOW)).encode()


def check_html(content: Letter) -> None:
    text = html(content)
    page = Wellformed(text)
    assert len(text.encode()) < 100_000
    assert not page.seen & {"script", "img", "iframe", "object", "form"}
    assert all(a.startswith(("http://", "https://", "mailto:ops@example.org?")) for a in page.addresses)
    for card in content.cards:
        assert squeezed(card.quote) in squeezed("".join(page.words))


def check_mail(content: Letter) -> None:
    raw = mail(content, "Kawat <kawat@example.org>", thread="g1", now=NOW)
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) < 998
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message["Bcc"] is None and message["To"] == "reader@example.org"
    assert not message.defects
    assert message["Subject"] == content.subject and len(content.subject) <= 180
    body = message.get_body(("plain",))
    assert body is not None
    for card in content.cards:
        assert squeezed(card.quote) in squeezed(body.get_content().replace("\n  > ", " "))


def check_brief(content: Letter) -> None:
    text = brief(content, 3_000)
    assert len(text) <= 3_000 and not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)
    if content.alone and len(content.cards[0].quote) <= 600:
        assert content.cards[0].quote in text
    assert len(html_escape(brief(content, 1_000, cost=lambda line: len(html_escape(line))))) <= 1_000


def check_slack(content: Letter) -> None:
    message = slack(content)
    json.dumps(message).encode()
    assert len(message["text"]) <= 4_000 and message["text"]
    assert 0 < len(message["blocks"]) <= 50
    for block in message["blocks"]:
        known = Block.parse(block)
        assert known is not None
        known.validate_json()
        if block["type"] == "section":
            text = block["text"]["text"]
            assert 0 < len(text) <= 3_000
            for reference in re.findall(r"<([^>]*)>", text):
                assert reference.startswith(("http://", "https://")) and "\n" not in reference
        elif block["type"] == "rich_text":
            pieces = block["elements"][0]["elements"]
            assert all(piece["text"] for piece in pieces)
            if content.cards[0].quote:
                assert "".join(piece["text"] for piece in pieces) == content.cards[0].quote
    parsed = [block for block in message["blocks"] if block["type"] != "rich_text"]
    assert not re.search(r"<[!@#]", json.dumps([message["text"], parsed]))


@given(text=st.text(max_size=300), marks=st.lists(st.tuples(st.integers(-5, 310), st.integers(-5, 310)), max_size=4))
@settings(deadline=None)
def test_marks_never_change_the_words(text: str, marks: list[tuple[int, int]]) -> None:
    assert "".join(piece for piece, _ in marked(text, tuple(marks), 200)) == line(text, 200)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://kabar.example/a?b=c&d=é", "https://kabar.example/a?b=c&d=%C3%A9"),
        ("https://xn--kabar-9ta.example/", "https://xn--kabar-9ta.example/"),
        ("https://аntara.example/", "https://xn--ntara-3ve.example/"),
        ('https://kabar.example/"onmouseover="x', "https://kabar.example/%22onmouseover=%22x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("https://good@evil.example/", None),
        ("https://good\\@10.0.0.1/", None),
        ("https://kabar.example/a\r\nSet-Cookie: x", None),
        ("", None),
    ],
)
def test_addresses(url: str, shown: str | None) -> None:
    assert link(url) == shown


def test_hidden_characters() -> None:
    assert line("Indo\u202enesia\u200b \u2066ok\u2069\r\nBcc: x") == "Indonesia ok Bcc: x"
    assert cut("satu dua tiga", 9) == "satu dua…"
    assert len(line("x" * 900, 180)) == 180


@pytest.mark.parametrize(
    "bad", ["", "x", "a@b@c", "a b@example.org", "a@exa\r\nmple.org", "ünï@example.org", "a@", "@b"]
)
def test_unusable_addresses(bad: str) -> None:
    with pytest.raises(UnusableAddress):
        address(bad)


def test_message_id_is_stable_and_threads_by_agreement() -> None:
    bytes_of = mail(written(alert()), "k@example.org", thread="g1", now=NOW)
    later = mail(written(alert(), possible_repeat=True), "k@example.org", thread="g1", now=NOW + timedelta(hours=1))
    another = mail(written(alert(key="z" * 32)), "k@example.org", thread="g1", now=NOW)
    first, again, other = (email.message_from_bytes(raw, policy=policy.default) for raw in (bytes_of, later, another))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["References"] == other["References"]
    assert first["List-Unsubscribe"].startswith("<mailto:ops@example.org?")
    assert bytes_of == mail(written(alert()), "k@example.org", thread="g1", now=NOW)


def test_what_an_alert_says() -> None:
    for language, words in {
        "en": (
            "Indonesia and Japan sign a memorandum of cooperation on telecommunications",
            "60 min later",
            "one source",
        ),
        "id": ("Indonesia–Jepang: memorandum kerja sama telekomunikasi", "60 menit kemudian", "satu sumber"),
    }.items():
        text = " ".join(plain(written(alert(), language)).split())
        for word in (
            *words,
            "14:00 WIB (08:00 CET)",
            "https://kabar.example/1",
            "https://warta.example/2",
            "0",
            "Tokyo",
        ):
            assert word in text
        assert written(alert(), language).subject == written(alert(), language).cards[0].claim
        assert written(alert(), language).preheader == QUOTE


def test_lateness_and_repeat_are_said() -> None:
    late = alert(due_at=NOW - timedelta(minutes=42))
    text = plain(written(late, possible_repeat=True, last_reason="451 come back\r\nlater"))
    assert "Late by 42 min because: 451 come back later" in text
    assert "Possible repeat" in text
    assert "Late" not in plain(written(alert(due_at=NOW - timedelta(minutes=9))))


def test_summary_only_and_undated_are_said() -> None:
    source = citation(summary_only=True, published=None)
    text = " ".join(plain(written(alert(items=(item(quote_source=source, citations=(source,)),)))).split())
    assert "Read from the outlet's feed summary only" in text
    assert "no time of publication printed; found 26 Mar 2025, 15:00 WIB" in text


def test_empty_digest() -> None:
    facts = (("sources_healthy", "41"), ("sources", "43"), ("absence_after", "07:45 WIB"))
    content = written(alert(kind=AlertKind.DIGEST, items=(), facts=facts))
    assert content.subject == "Kawat digest, 26 Mar 2025: nothing new; 41 of 43 sources healthy"
    assert "If no digest has come by 07:45 WIB" in plain(content)
    assert slack(content)["blocks"]


@pytest.mark.parametrize("kind", [AlertKind.DIGEST, AlertKind.CATCH_UP, AlertKind.STARTING_PICTURE, AlertKind.TEST])
def test_one_item_among_others_says_its_claim(kind: AlertKind) -> None:
    content = written(alert(kind=kind))
    claim = content.cards[0].claim
    assert claim in html(content) and claim in " ".join(plain(content).split())
    assert claim in slack(content)["text"] and claim in json.dumps(slack(content)["blocks"])


@pytest.mark.parametrize("kind", [AlertKind.DIGEST, AlertKind.CATCH_UP, AlertKind.STARTING_PICTURE])
def test_three_hundred_items_fit_and_the_rest_is_counted(kind: AlertKind) -> None:
    many = tuple(item(agreement=agreement(key=f"g{n}"), quote="k" * 1_000) for n in range(300))
    content = written(alert(kind=kind, items=many))
    assert len(html(content).encode()) <= SIZE_LIMIT + 4_000
    assert "more did not fit" in html(content) and "more did not fit" in plain(content)
    assert len(slack(content)["blocks"]) <= 50
    assert "did not fit" in json.dumps(slack(content))
    Wellformed(html(content))


def test_root_is_six_lines() -> None:
    reports = tuple(citation(url=f"https://k{n}.example/", outlet_name=f"Kabar {n}") for n in range(20))
    for late in (timedelta(), timedelta(hours=1)):
        told = written(replace(alert(items=(item(citations=reports),)), due_at=NOW - late), possible_repeat=bool(late))
        blocks = slack(told)["blocks"]
        lines = sum(b["text"]["text"].count("\n") + 1 if b["type"] == "section" else 1 for b in blocks)
        assert lines <= 6


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_stage_has_a_claim(stage: Stage, language: str) -> None:
    told = replace(item(), agreement=agreement(stage=stage, partner="US", fields=()))
    subject = written(alert(items=(told,)), language).subject
    assert ("Amerika Serikat" if language == "id" else "the United States") in subject
    assert "  " not in subject and "None" not in subject


@pytest.mark.parametrize("kind", [AlertKind.STARTING_PICTURE, AlertKind.DIGEST, AlertKind.CATCH_UP])
@pytest.mark.parametrize(("language", "shown"), [("en", ("Talks", "Progress")), ("id", ("Penjajakan", "Perkembangan"))])
def test_what_gathers_shows_the_heading_of_each_item(kind: AlertKind, language: str, shown: tuple[str, ...]) -> None:
    items = tuple(item(heading=heading) for heading in ("talks", "progress"))
    content = written(alert(kind=kind, items=items), language)
    message = slack(content)
    for word in shown:
        assert f"[{word}]" in plain(content)
        assert word in Wellformed(html(content)).words
        assert f"[{word}]" in message["text"]
        assert word in json.dumps(message["blocks"], ensure_ascii=False)


def test_the_reasons_of_a_confidence_are_in_the_readers_language() -> None:
    reasons = ("a strong verb with its paper (+0.20)", "3 independent sources", "some new reason", "talks (+0.00)")
    message = alert(items=(item(agreement=agreement(reasons=reasons)),))
    english, indonesian = (written(message, language).cards[0].confidence for language in ("en", "id"))
    assert "; ".join(reasons) in english
    assert "kata kerja tegas beserta dokumennya (+0,20); 3 sumber independen; masih penjajakan (+0,00)" in indonesian
    assert "reason" not in indonesian
