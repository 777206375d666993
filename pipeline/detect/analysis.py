"""The article taken apart: per sentence its actors, acts, dates and topics; over all of it, which states act.

Nothing is decided here; `judgement` reads this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.detect.actor import Actor
from pipeline.detect.actors import Casting
from pipeline.detect.acts import Act, Acts, Status
from pipeline.detect.dates import Calendar, reference
from pipeline.detect.lexicon import Kind, Lexicon, Term
from pipeline.detect.printed import Printed, Reference
from pipeline.detect.scan import Mention
from pipeline.detect.sentences import Sentence, Story, Zone, sentences
from pipeline.detect.served import served
from pipeline.detect.witnesses import watching
from pipeline.model import Article

ZONE_WEIGHT = {Zone.TITLE: 3.0, Zone.LEAD: 3.0, Zone.BODY: 1.0, Zone.ITEM: 0.6, Zone.LATE: 0.2}


LATEST = 9
"""The last sentence, headline included, in which a story that opens with a scene may come to its news."""


@dataclass(frozen=True, slots=True)
class View:
    """One sentence with what stands in it."""

    sentence: Sentence
    actors: tuple[Actor, ...]
    acts: tuple[Act, ...]
    dates: tuple[Printed, ...]
    papers: tuple[Mention, ...]
    fields: tuple[Mention, ...]
    named: tuple[Mention, ...]  # fields that stand only inside the name of an organ
    subjects: tuple[Mention, ...]
    both: bool
    cooperation: bool

    @property
    def zone(self) -> Zone:
        return self.sentence.zone

    def home(self, code: str) -> tuple[Actor, ...]:
        return tuple(each for each in self.actors if each.party and each.country == code)

    def foreign(self, code: str) -> tuple[str, ...]:
        """Foreign states that act here, in order, each once."""
        return tuple(
            dict.fromkeys(each.country for each in self.actors if each.party and each.country not in ("", code))
        )

    @property
    def private(self) -> tuple[Actor, ...]:
        return tuple(
            each
            for each in self.actors
            if each.what in ("company", "university", "region", "civil")
            and not (each.place or each.topic or each.witness)
        )


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole. `foreign` scores each foreign state by how prominently it acts; `mentioned` counts all foreign
    states.
    """

    story: Story
    views: tuple[View, ...]
    ref: Reference
    home: str
    foreign: tuple[tuple[str, float], ...]
    mentioned: int
    home_named: bool
    dateline: str
    filed: int = 0  # where the dateline ends

    def zone(self, *zones: Zone) -> Iterator[View]:
        return (each for each in self.views if each.zone in zones)

    def acts(self, *ids: str, status: Status | None = None) -> Iterator[tuple[View, Act]]:
        """Acts of the named groups, in order of the text."""
        for view in self.views:
            for act in view.acts:
                if act.deed.id in ids and (status is None or act.status is status):
                    yield view, act


_DATELINE = re.compile(
    r"\s*(?P<city>[A-ZÀ-Þ][\w’'.-]*(?:[ ,]+[A-ZÀ-Þ][\w’'.-]*){0,3})\s*"
    r"(?:,\s*(?:\d{1,2}\s+)?[\w.]+(?:\s+\d{1,2})?(?:,?\s+\d{4})?)?"
    r"\s*(?:\([A-Za-z ./]{1,24}\)|\|\s*[\w.]+)?\s*(?:[-–—]{1,2}\s|\|\s*[\w.]*\s|\.\s+(?=[A-Z“\"]))"
)
_TOPIC = re.compile(
    r"\b(?:tentang|mengenai|soal|terkait|perihal|untuk|guna|demi|(?:di|dalam|pada) bidang|on|about|covering|"
    r"to|for|over|sobre|acerca d[eo]|sur|über|về)\b",
    re.IGNORECASE,
)
_TOPIC_END = re.compile(
    r"[,;]|\b(?:antara|dengan|bersama|oleh|between|with|by|setelah|usai|disaksikan|di sela|when|after|during|"
    r"ketika|saat|entre|avec|mit|met)\b",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\W+(?:(?:sendiri|itself)\W+)?"
    r"(?:(?:was|is|were|are|has|had)\W+(?:been\W+)?(?:not|never)|did not|does not|tidak|tak|belum|bukan)\W+"
    r"(?:\w+\W+){0,2}?(?:mentioned|named|included|involved|party|part|signatory|join|take part|disebut\w*|termasuk|"
    r"ikut|menjadi pihak|terlibat|bergabung|pihak|bagian)\b",
    re.IGNORECASE,
)
"""`Indonesia was not mentioned`: a state that is said to be no party."""
_WATCHED = frozenset(
    (
        "watched by",
        "witnessed by",
        "disaksikan",
        "di depan",
        "dihadiri",
        "witnessed",
        "in the presence of",
        "attended by",
        "di hadapan",
        "overseen by",
        "presided over",
    )
)
_YEARS = re.compile(r"\b(?:19|20)\d{2}\b")
_YEAR = re.compile(r"(?:19|20)\d{2}\b")
_OF_DATE = re.compile(r"(?:/|[a-z]{3,9}\.? (?:\d{1,2},? )?)$", re.IGNORECASE)
"""What stands before the year of a full date."""


_NO_MATTER = re.compile(
    r"[^.,;:]{0,40}?\b(?:(?:tidak|belum)\s+(?:termasuk|masuk|dibahas|disinggung|tercakup)|dibantah|"
    r"(?:tidak|belum|bukan)\s+(?:menjadi\s+|ada dalam\s+|masuk\s+)?(?:agenda|bagian|pokok|bahan)|"
    r"(?:was|were|is|are|came)\s+(?:not\s+(?:included|discussed|covered|part\b|among|raised|mentioned|on the|at issue)|"
    r"never\s+(?:raised|mentioned|discussed)|off the|denied|left out|left aside|set aside|kept out)"
    r"|(?:aside|off the table|out of (?:it|the talks)))\b",
    re.IGNORECASE,
)
"""What is said behind a field that is no part of what was agreed."""
_ASKED_AWAY = re.compile(
    r"\W*(?:(?:saat|ketika|waktu|when)\W+)?(?:ditanya|ditanyai|disinggung|asked|pressed)\b[^.]*"
    r"\b(?:tidak|tak|belum|bukan|not|no|never|declined)\b",
    re.IGNORECASE,
)
"""`Asked about nuclear power, he said it was not discussed`: what somebody else brought up."""


class Analyst:
    """Takes articles apart; built once per lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._central = frozenset(each.id for each in lexicon.bodies.values() if each.kind == "bank")
        self._casting = Casting(lexicon)
        self._acts = Acts(lexicon)
        self._calendar = Calendar(lexicon)

    def analyse(self, article: Article, read: Story, mentions: tuple[Mention, ...]) -> Analysis:
        """Everything that the rules look at. Bounded by the sentences that `sentences` lets through."""
        ref = reference(article)
        text = read.text
        rows = sentences(article, read, mentions)
        years = tuple(
            int(each.group())
            for each in _YEAR.finditer(text, 0, 8000)
            if _OF_DATE.search(text, max(0, each.start() - 15), each.start())
        )
        filed = _DATELINE.match(text, read.offset)
        bodies = [each for each in rows if each.zone is not Zone.TITLE]
        if bodies and filed is None:
            filed = (
                _DATELINE.match(text[: bodies[0].start + 80], bodies[0].start) if bodies[0].start < len(text) else None
            )
        span = filed.span() if filed else (0, 0)
        dateline = article.dateline or (filed.group("city").strip(" ,.") if filed else "")
        views = tuple(self._view(each, read, ref, years, span) for each in rows)
        home = self._lexicon.home
        if any(self._banks(view) for view in views):
            views = tuple(_without_governors(view, text) for view in views)
        views = _late_lead(views, home)
        scores: dict[str, float] = {}
        for view in views:
            seen: dict[str, float] = {}
            for actor in view.actors:
                if actor.country in ("", home) or actor.place or actor.what not in ("organ", "state"):
                    continue
                worth = 0.35 if actor.weak else 1.0 if actor.what == "organ" else 0.9
                worth *= 0.5 if actor.witness or actor.topic else 1.0
                seen[actor.country] = max(seen.get(actor.country, 0.0), worth)
            for country, worth in seen.items():
                scores[country] = scores.get(country, 0.0) + worth * ZONE_WEIGHT[view.zone]
        nations: set[str] = set()
        named = False
        for each in mentions:
            kind, name = each.term.kind, each.term.ref
            if kind in (Kind.COUNTRY, Kind.DEMONYM) and name != home:
                nations.add(name)
            elif kind in (Kind.COUNTRY, Kind.DEMONYM, Kind.CITY):
                named = named or name == home
            elif kind in (Kind.INSTITUTION, Kind.POST, Kind.PERSON):
                named = named or self._lexicon.bodies[name].country == home
            elif kind is Kind.PLACE:
                named = named or not name
        return Analysis(
            story=read,
            views=views,
            ref=ref,
            home=home,
            foreign=tuple(sorted(scores.items(), key=lambda each: -each[1])),
            mentioned=len(nations),
            home_named=named,
            dateline=dateline,
            filed=span[1],
        )

    def _view(
        self, sentence: Sentence, read: Story, ref: Reference, years: tuple[int, ...], filed: tuple[int, int]
    ) -> View:
        text = read.text
        kinds = sentence.kinds
        dates = (
            self._calendar.read(text, sentence.start, sentence.end, ref, years, language=read.language)
            if Kind.ACT in kinds or Kind.INSTRUMENT in kinds or sentence.index <= 8
            else ()
        )
        if not kinds:
            return View(sentence, (), (), dates, (), (), (), (), both=False, cooperation=False)
        told = Kind.ACT in kinds or Kind.INSTRUMENT in kinds
        acts = self._acts.read(sentence, text, dates, ref) if told else ()
        actors = self._casting.actors(sentence, text, read.language, filed=filed)
        actors = _marked(actors, sentence, acts, text, self._lexicon.home)
        topics = [each for each in sentence.of(Kind.FIELD) if not _denied(each, sentence, text)]
        return View(
            sentence=sentence,
            actors=actors,
            acts=acts,
            dates=dates,
            papers=sentence.of(Kind.INSTRUMENT),
            fields=tuple(each for each in topics if not _inside(each, actors)),
            named=(*(each for each in topics if _inside(each, actors)), *self._dealt(sentence)),
            subjects=tuple(
                each for each in sentence.of(Kind.SUBJECT) if not (served(each, text) or _inside(each, actors))
            ),
            both=Kind.BOTH in kinds or any(each.what == "organ" and not each.country for each in actors),
            cooperation=Kind.COOPERATION in kinds,
        )

    def _banks(self, view: View) -> bool:
        """Whether a central bank acts: the governors of the story are then its own."""
        return any(each.ref in self._central for each in view.actors) or any(
            each.ref.startswith(("bank sentral", "central bank")) for each in view.sentence.of(Kind.ORGAN)
        )

    def _dealt(self, sentence: Sentence) -> Iterator[Mention]:
        """Fields that the institutions of the sentence deal in, each with the institution's name as its evidence."""
        for mention in sentence.of(Kind.INSTITUTION, Kind.POST):
            field = self._lexicon.bodies[mention.ref].field
            if field:
                yield Mention(mention.start, mention.end, Term(text=field, kind=Kind.FIELD, ref=field))


def _late_lead(views: tuple[View, ...], home: str) -> tuple[View, ...]:
    """A story that opens with a scene: where the first sentences tell of no deed, paper or pair of states, the first
    that tells of talks between both is its lead, with the sentence behind it.
    """

    def paired(view: View) -> bool:
        return bool(view.home(home) and view.foreign(home))

    leads = [view for view in views if view.zone is Zone.LEAD]
    if any(view.papers or paired(view) or any(not act.deed.weak for act in view.acts) for view in leads):
        return views
    for number, view in enumerate(views):
        told = any(act.status is Status.ASSERTED and act.deed.form == "talk" for act in view.acts)
        if (
            view.zone is Zone.BODY
            and view.sentence.index <= LATEST
            and told
            and paired(view)
            and not view.sentence.quoted
        ):
            return tuple(
                replace(each, sentence=replace(each.sentence, zone=Zone.LEAD))
                if number <= at <= number + 1 and each.zone is Zone.BODY and not each.sentence.quoted
                else each
                for at, each in enumerate(views)
            )
    return views


def _without_governors(view: View, text: str) -> View:
    left = tuple(
        each
        for each in view.actors
        if each.what != "region" or text[each.start : each.end].lower() not in ("gubernur", "governor", "governors")
    )
    return view if len(left) == len(view.actors) else replace(view, actors=left)


def _inside(field: Mention, actors: tuple[Actor, ...]) -> bool:
    return any(each.what == "organ" and each.start <= field.start and field.end <= each.end for each in actors)


def _denied(field: Mention, sentence: Sentence, text: str) -> bool:
    """`tidak membahas alih teknologi`, `kesepakatan satelit dibantah`: a field that is said not to be the matter."""
    if _NO_MATTER.match(text[field.end : sentence.end]) or _ASKED_AWAY.match(text, sentence.start, sentence.end):
        return True
    for mark in sentence.marks("negation"):
        if mark.end <= field.start:
            gap = text[mark.end : field.start]
            if len(gap) < 40 and not re.search(r"[,;:]|\b(?:hanya|sekadar|only|just)\b", gap) and len(gap.split()) <= 3:
                return True
    return False


def _marked(
    actors: tuple[Actor, ...], sentence: Sentence, acts: tuple[Act, ...], text: str, home: str
) -> tuple[Actor, ...]:
    """The actors with those marked that only watch, or that stand inside what the paper is about."""
    if not actors:
        return actors
    watch = watching(sentence, [each.mention for each in acts], [each.deed.stage for each in acts], text)
    spans = _topics(sentence, acts, text)
    absent = [each for each in actors if each.what == "state" and _ABSENT.match(text, each.end)]
    if not (watch or spans or absent):
        return actors
    result: list[Actor] = []
    for actor in actors:
        witness = topic = False
        for mark in watch:
            passive = text[mark.start : mark.end].lower() in _WATCHED
            if passive and actor.start >= mark.end:
                witness = True
            elif not passive and actor.end <= mark.start:
                # "menteri menyaksikan penandatanganan": the subject watches
                witness = True
        at = actor.head or actor.start
        topic = actor in absent or any(start <= at < end for start, end in spans)
        topic = topic and not (sentence.zone is Zone.TITLE and _joined(actor, actors, text, home))
        result.append(replace(actor, witness=witness, topic=topic) if witness or topic else actor)
    return tuple(result)


def _joined(actor: Actor, actors: tuple[Actor, ...], text: str, home: str) -> bool:
    """`Statement on the Indonesia-Czechia Dialogue`: a pair with the home state names the parties in a headline."""
    return any(
        home in (actor.country, each.country)
        and actor.country != each.country
        and (text[actor.end : each.start] in ("-", "–") or text[each.end : actor.start] in ("-", "–"))
        for each in actors
    )


def _nation_at(sentence: Sentence, at: int, text: str) -> bool:
    if text.startswith("the ", at):
        at += 4
    return any(each.start == at for each in sentence.of(Kind.COUNTRY))


def _topics(sentence: Sentence, acts: tuple[Act, ...], text: str) -> list[tuple[int, int]]:
    """Stretches behind "tentang", "on", "to train" and the like, after the first act or paper, up to the clause's
    end.
    """
    anchors = [each.mention.end for each in acts if each.deed.strong and each.deed.stage != "exploring"]
    anchors += [each.end for each in sentence.of(Kind.INSTRUMENT)]
    if not anchors:
        return []
    spans: list[tuple[int, int]] = []
    at = min(anchors)
    ends = [each.mention.start for each in acts]
    while len(spans) < 6:
        opened = _TOPIC.search(text, at, sentence.end)
        if opened is None:
            break
        if opened.group().lower() == "for" and _nation_at(sentence, opened.end() + 1, text):
            at = opened.end()
            continue  # "signed for Uzbekistan"
        closed = _TOPIC_END.search(text, opened.end(), sentence.end)
        end = closed.start() if closed else sentence.end
        end = min([end, *(each for each in ends if each > opened.end() + 12)])
        spans.append((opened.end(), end))
        at = end + 1
    return spans
