"""`kill -9` at every named point, then a run again: every article once, no alert lost, at most one marked repeat."""

from __future__ import annotations

import collections
import json

import pytest
from newsroom import Newsroom

from kawat.cli.face import Filter

STORIES = ("qa-1", "qa-2", "n-company-1", "n-foreign-2")
BEFORE_SENDING = (
    "candidates-committed",
    "warc-flushed",
    "page-landed",
    "run-finished",
    "inside-processing",
    "before-commit",
    "after-commit",
    "before-send",
    "after-record",
)
REPEATED = "after-accept"
"""Between a channel's acceptance and our record of it: the one place where one message may come twice, marked."""


@pytest.mark.slow
@pytest.mark.parametrize("newsroom", [STORIES], indirect=True)
@pytest.mark.parametrize("point", [*BEFORE_SENDING, REPEATED])
def test_killed_and_run_again(newsroom: Newsroom, point: str) -> None:
    killed = newsroom.spawn(KAWAT_KILL_AT=point)
    assert killed.returncode != 0, f"nothing reached {point}"
    again = newsroom.run()
    assert again.returncode == 0, again.stderr
    last = newsroom.run("run", "--all", "--json")
    assert json.loads(last.stdout)["sent"] == 0

    with newsroom.app() as app:
        urls = collections.Counter(str(row["url"]) for row in app.articles(Filter(limit=1000)))
        assert urls == collections.Counter(newsroom.press.url(story) for story in STORIES)
        assert {row["state"] for row in app.alerts(Filter(limit=1000))} == {"sent"}
        assert [row["partner"] for row in app.agreements(Filter())] == ["QA"]
        lines = (app.configuration.data_dir / "agreements.jsonl").read_text(encoding="utf-8").splitlines()
        assert len({json.loads(line)["seq"] for line in lines}) == len(lines)

    messages = [
        *(mail.recipients[0] for mail in newsroom.mailbox.messages),
        *(post.kind for post in newsroom.hooks.posts),
    ]
    repeats = [recipient for recipient, number in collections.Counter(messages).items() if number > 1]
    assert set(messages) == {"reader@demo.invalid", "pembaca@demo.invalid", "slack"}
    assert len(messages) - len(set(messages)) == (1 if point == REPEATED else len(repeats))
    if point == REPEATED:
        assert len(repeats) == 1
        assert "ossible repeat" in _texts(newsroom) or "ungkin berulang" in _texts(newsroom)
    elif point == "before-send":
        assert len(repeats) == 0
    else:
        assert not repeats


def _texts(newsroom: Newsroom) -> str:
    bodies = [mail.message.get_body(("plain",)) for mail in newsroom.mailbox.messages]
    mails = " ".join(body.get_content() for body in bodies if body is not None)
    return mails + " ".join(json.dumps(post.payload) for post in newsroom.hooks.posts)
