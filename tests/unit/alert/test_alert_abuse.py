"""Content as weapon: abuse cases 23 to 28 and 33, each against what is really sent. Names carry the case's number."""

from __future__ import annotations

import email
import json
import re
from dataclasses import replace
from email import policy
from pathlib import Path
from typing import Any

import pytest
from alert_samples import NAMES, NOW, agreement, alert, channel, citation, delivery, item, recipient

from pipeline.alert.channel import ChannelKind, Folder
from pipeline.alert.channels.file import FileNotifier
from pipeline.alert.render.brief import brief
from pipeline.alert.render.html import html, replies
from pipeline.alert.render.letter import Letter, letter
from pipeline.alert.render.mail import mail
from pipeline.alert.render.payload import payload
from pipeline.alert.render.plain import plain
from pipeline.alert.render.slack import slack
from pipeline.model import AlertKind, Sent


def told(text: str, **source: Any) -> Letter:
    cited = citation(**{"title": text, "outlet_name": text, **source})
    event = agreement(title=text, place=text, instrument_printed=text, reasons=(text,))
    message = alert(items=(item(agreement=event, quote=text, quote_source=cited, citations=(cited,)),))
    return letter(message, delivery(message), channel(), recipient(), NAMES, now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "</td></table><script>x</script>",
        "<!--[if mso]><a href=x><![endif]-->",
        "]]><svg/onload=x>",
    ],
)
def test_case_23_markup_in_a_title_stays_text(text: str) -> None:
    page = html(told(text))
    assert not re.search(r"<(img|script|svg|!--)", page)
    assert "&lt;" in page
    assert text in plain(told(text)).replace("\n", " ")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "vbscript:x", "https://a@evil.example/"]
)
def test_case_24_an_address_that_is_none_becomes_no_link(url: str) -> None:
    content = told("Kabar", url=url)
    assert not re.search(r'href="(?!https?://[a-z]|mailto:ops@)', html(content))
    assert "evil" not in html(content) + json.dumps(slack(content)) + brief(content, 3_000)


def test_case_24_direction_marks_and_look_alike_hosts_show_themselves() -> None:
    content = told("Kabar \u202eerutangis\u202c \u2066x\u2069", url="https://аntara.example/1")
    whole = html(content) + plain(content) + json.dumps(slack(content), ensure_ascii=False)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", whole)
    assert "xn--ntara-3ve.example" in whole and "аntara" not in whole


@pytest.mark.parametrize(
    "text",
    ["<!channel> <!here> <@U123>", "<http://evil.example|antaranews.com>", "`x` *y* _z_ ~w~", "&lt;!channel&gt; &amp;"],
)
def test_case_25_slack_text_mentions_nobody_and_disguises_no_link(text: str) -> None:
    message = slack(told(text))
    parsed = json.dumps([message["text"], *(block for block in message["blocks"] if block["type"] != "rich_text")])
    assert not re.search(r"<[!@#]|<http://evil", parsed)
    quote = next(block for block in message["blocks"] if block["type"] == "rich_text")
    pieces = quote["elements"][0]["elements"]
    assert all(piece["type"] == "text" for piece in pieces)  # Slack does not parse it
    assert "".join(piece["text"] for piece in pieces) == text


@pytest.mark.parametrize(
    "text",
    ["Perjanjian\r\nBcc: all@example.org", "x\n\nbody", "é" * 900, "k" * 900, "日本 " * 300, "\x00\x07x", "x" * 5_000],
)
def test_case_26_a_title_injects_no_header_and_breaks_no_line_limit(text: str) -> None:
    message = alert(kind=AlertKind.OPERATOR, items=(), subject=text, body=text)
    for content in (told(text), letter(message, delivery(message), channel(), recipient(), NAMES, now=NOW)):
        raw = mail(content, "Kawat <kawat@example.org>", thread="", now=NOW)
        assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998
        parsed = email.message_from_bytes(raw, policy=policy.default)
        assert parsed["Bcc"] is None and len(parsed.get_all("To", [])) == 1
        assert len(str(parsed["Subject"])) <= 180


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", 'a"b\nc'])
def test_case_27_json_of_a_webhook_is_one_value_whatever_it_quotes(text: str) -> None:
    message = alert(items=(item(agreement=agreement(title=text), quote=text),))
    content = letter(message, delivery(message), channel(), recipient(), NAMES, now=NOW)
    line = json.dumps(payload(content, message, delivery(message), now=NOW))
    assert "\n" not in line and json.loads(line)["items"][0]["quote"] == " ".join(text.split())


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "CON", "x" * 300, "a\x00b", "a/b", "\\\\host\\share"])
def test_case_28_file_names_hold_nothing_of_a_page(tmp_path: Path, name: str) -> None:
    folder = channel(kind=ChannelKind.FILE, transport=Folder(path=tmp_path / "unsent"))
    cited = citation(title=name, outlet_name=name)
    message = alert(items=(item(agreement=agreement(title=name, key=name), quote=name, quote_source=cited),))
    assert isinstance(FileNotifier(folder, NAMES).send(message, delivery(message), now=NOW), Sent)
    (written,) = tmp_path.rglob("*.*")
    assert re.fullmatch(r"\d{8}T\d{6}Z-agreement-[0-9a-f]{12}\.eml", written.name)


def test_case_33_no_link_of_a_message_changes_anything_by_being_followed() -> None:
    """Kawat serves no address at all: what a reader may do is mail to the operator, and pages of the press."""
    content = told("Kabar")
    for where in re.findall(r'href="([^"]*)"', html(content)):
        assert where.startswith(("mailto:ops@example.org?subject=", "https://kabar.example/"))
    names = [text for text, _ in replies(content)]
    assert names == ["This is right", "This is wrong", "You missed one", "Stop these messages"]
    bare = replace(content, operator="")
    assert "mailto" not in html(bare) + plain(bare)
