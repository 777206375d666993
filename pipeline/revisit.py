"""Which stored articles are looked at again, and when: those that may carry an agreement, for three days. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.model import ITEM_TYPE, Article, Label, Page

LOOKED_AFTER = tuple(timedelta(minutes=minutes) for minutes in (30, 90, 210, 450, 930, 1890, 3090, 4320))
"""Ages since the first reading: half an hour, then at growing intervals, the last after 72 h."""


def next_look(first: datetime, looks: int, *, now: datetime) -> datetime | None:
    """When an article read first at `first` is looked at again after so many looks; None: no more. Looks that were
    missed are not made up for: the next one is the first that lies ahead, or the last."""
    due = [first + age for age in LOOKED_AFTER[looks:]]
    if not due:
        return None
    return next((at for at in due if at > now), None)


def first_look(article: Article, page: Page, label: Label) -> datetime | None:
    """When a newly stored article is looked at for the first time again; None where it is not worth it: it speaks of no
    agreement, it was read from its feed, or it was printed before the three days."""
    if label is Label.OTHER or page.content_type.startswith(ITEM_TYPE) or article.summary_only:
        return None
    printed = article.published.instant if article.published is not None else None
    if printed is not None and article.fetched_at - printed > LOOKED_AFTER[-1]:
        return None
    if printed is None and page.baseline:
        return None
    return article.fetched_at + LOOKED_AFTER[0]
