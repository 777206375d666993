"""Who stands in a sentence: organs of state, states by name, companies, universities, regions; each with its country.

A country word beside a ministry or post decides its country ("Menkominfo Arab Saudi", "Britain's science minister");
without one, an organ is the home country's, marked as assumed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import ahocorasick_rs

from pipeline.detect.actor import Actor, hosted, merged, rules, shared
from pipeline.detect.lexicon import Kind, Lexicon
from pipeline.detect.phrases import (
    NATION,
    alike,
    apposed,
    aside,
    counterparts,
    following,
    hyphenated,
    in_list_of_places,
    of,
    opposite,
    part_of_name,
    preceding,
    public_body,
    seated,
    sends,
    words_before,
)
from pipeline.detect.scan import Mention, fold
from pipeline.detect.sentences import Sentence

_JOINED = re.compile(r"\s*(?:,|,?\s+and|,?\s+dan|serta|&|[-–/])\s*(?:the\s+)?")
_OWNER = re.compile(r"['’]s\s+[A-Z]")
_BODIES = (Kind.INSTITUTION, Kind.POST, Kind.PERSON)
_STATELY = ("ministry", "agency", "regulator", "council", "bank")  # what other states have by the same name
_OFFICE = (Kind.ORGAN, Kind.INSTITUTION, Kind.POST, Kind.PERSON)
_LAST = re.compile(r"\s*(?:dan|and|serta|&)\s+(?P<word>[A-ZÀ-Þ][\w’'-]*)")
_AND = ("dan", "and", "serta")
_PUNCTUATION = frozenset('.;:!?"“”–—|')
_LEFTWARD = frozenset(("ja", "zh", "ko"))  # whose organ it is stands before it alone
_OF_THE = re.compile(r"\s+(?:of|for|der|des|van)\s+(?:(?:the|de|het)\s+)?")
_ROMANCE = frozenset(("fr", "es", "pt", "it"))
_HAILING = (" dari", " asal", " from", " of")
_TOLD = (*_OFFICE, Kind.PRIVATE, *NATION, Kind.BLOC, Kind.REGION, Kind.CITY, Kind.METONYM, Kind.NICKNAME)
_CLOSED = _PUNCTUATION | frozenset(",()")
_TOKEN = re.compile(r"[\w’'\-/&]+|[.,;:!?()\"“”–—|]")


class Casting:
    """Finds the actors of sentences; holds only the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._roles = lexicon.roles
        charges = [(f" {fold(word)} ", each) for each in lexicon.portfolios for word in each.words]
        self._portfolios = tuple(each for _, each in charges)
        self._in_names = ahocorasick_rs.AhoCorasick([word for word, _ in charges])
        self._charges = frozenset(
            each for portfolio in lexicon.portfolios for word in portfolio.words for each in fold(word).split()
        ) | frozenset(each for word in lexicon.roles.charges for each in fold(word).split())
        self._speakers = self._roles.counterpart - {"pihak"} | self._roles.several
        self._named_on = self._charges | {"of", "for", "the", "and", "on", "&"}

    def actors(self, sentence: Sentence, text: str, language: str, *, filed: tuple[int, int]) -> tuple[Actor, ...]:
        """The actors in order. `filed` is the span of the dateline: names in it only say where the report was filed."""
        told = sentence.of(*_TOLD)
        if not told:
            return ()
        names = sentence.of(*NATION)
        found: list[Actor] = []
        used: set[int] = set()
        private = counterparts(sentence)
        rivals = self._rivals(sentence, names, text)
        for mention in sentence.of(*_OFFICE):
            if mention.kind is not Kind.ORGAN:
                if mention not in rivals:
                    found.append(self._body(mention, names, used, sentence, text))
            elif not (
                any(each.start <= mention.start and mention.end <= each.end for each in private)
                or words_before(text, mention.start, 2) & self._roles.former
            ):
                organ = self._organ(mention, names, used, (sentence, text, language))
                found += (organ, *self._coordinated(organ, names, used, (text, language)))
        organs = [each for each in found if each.what == "organ"]
        for mention in private:
            if any(each.start < mention.start and mention.end <= each.end for each in organs):
                continue  # `Kementerian UKM dan Startup Korea`
            places = sentence.of(*NATION, Kind.CITY, Kind.PLACE) if mention.ref == "region" else names
            found.append(self._private(mention, places, used, text))
        for mention in told:
            span = (mention.start, mention.end)
            if mention.kind in NATION and mention.start not in used:
                found.append(self._nation(mention, sentence, text, filed=filed[0] <= mention.start < filed[1]))
            elif mention.kind is Kind.BLOC:
                what = "state" if self._lexicon.countries[mention.ref].partner else "bloc"
                found.append(Actor(what, mention.ref, *span, place=self._placed(mention, text)))
            elif mention.kind is Kind.REGION:
                found.append(Actor("region", mention.ref, *span, place=self._placed(mention, text)))
            elif mention.kind in (Kind.CITY, Kind.METONYM) and not filed[0] <= mention.start < filed[1]:
                venue = self._placed(mention, text) or apposed(text, mention, sentence) or mention.start in used
                found.append(Actor("state", mention.ref, *span, place=venue, weak=True))
            elif mention.kind is Kind.NICKNAME:
                found.append(Actor("state", mention.ref, *span, weak=True))
        found = [
            replace(each, place=True)
            if each.what in ("organ", "state") and not each.place and aside(each.start, each.end, sentence, text)
            else each
            for each in found
        ]
        found = hosted(shared(merged(found), text), self._lexicon.home, text)
        return tuple(sorted(found, key=lambda each: (each.start, each.end)))

    # ------------------------------------------------------------------------------------------------- organs of state

    def _rivals(self, sentence: Sentence, names: Sequence[Mention], text: str) -> list[Mention]:
        """The other readings of a name that several bodies bear: it is that of the state beside it, else of the body or
        the state that the sentence names elsewhere, else of the first that the lexicon has."""
        spans: dict[tuple[int, int], list[Mention]] = {}
        for each in sentence.of(*_BODIES):
            spans.setdefault((each.start, each.end), []).append(each)
        lost: list[Mention] = []
        for span, readings in spans.items():
            if len(readings) == 1:
                continue
            nation = following(readings[0], names, text) or preceding(readings[0], names, text)
            nation = nation or of(readings[0], names, text)
            beside = {each.ref for each in sentence.mentions if (each.start, each.end) != span}

            def nearness(each: Mention, nation: Mention | None = nation, beside: set[str] = beside) -> tuple[bool, ...]:
                country = self._lexicon.bodies[each.ref].country
                return (nation is not None and country == nation.ref, each.ref in beside, country in beside)

            chosen = max(readings, key=nearness)
            lost += (each for each in readings if each is not chosen)
        return lost

    def _body(self, mention: Mention, names: Sequence[Mention], used: set[int], sentence: Sentence, text: str) -> Actor:
        body = self._lexicon.bodies[mention.ref]
        nation = following(mention, names, text)
        last = mention.term.text.split()[-1]
        closed = last.isupper() and len(last) > 1  # "Kepala BRIN": an abbreviation ends the name
        goes_on = body.kind in _STATELY and " " in mention.term.text and not closed
        if nation is None and body.country == self._lexicon.home and goes_on:
            nation = self._behind(mention, names, sentence, text)
        if nation is None and mention.kind is Kind.INSTITUTION:
            nation = preceding(mention, names, text) or of(mention, names, text)
        what = "organ" if body.state else "university" if body.kind == "university" else "company"
        if nation is not None and nation.ref != body.country and what == "organ" and mention.kind is not Kind.PERSON:
            used.add(nation.start)
            ref = self._portfolio(text[mention.start : mention.end], nation.ref)
            return Actor(
                what,
                nation.ref,
                min(mention.start, nation.start),
                max(nation.end, self._right(text, mention.end, sentence.end) if nation.end <= mention.start else 0),
                ref=ref,
                head=mention.start,
            )
        if nation is not None and nation.ref == body.country:
            used.add(nation.start)
            end = max(mention.end, nation.end)
            return Actor(what, body.country, mention.start, end, ref=body.id, head=mention.start)
        return Actor(what, body.country, mention.start, mention.end, ref=body.id, head=mention.start)

    def _organ(
        self, mention: Mention, names: Sequence[Mention], used: set[int], scene: tuple[Sentence, str, str]
    ) -> Actor:
        sentence, text, language = scene
        left, right = mention.start, mention.end
        region = next((each for each in sentence.of(Kind.REGION) if rules(mention, each, text)), None)
        if region is not None:
            left, right = min(left, region.start), max(right, region.end)
            return Actor("region", region.ref, left, right, head=mention.start)
        nation = self._behind(mention, names, sentence, text, language) if language not in _LEFTWARD else None
        if language == "en" or nation is None:
            before = self._before(mention, names, sentence, text)
            nation = before if before is not None and (language == "en" or nation is None) else nation
        if nation is None and language == "en":
            nation = self._behind(mention, names, sentence, text, language)
        nation = nation or alike(mention, names, text)
        if nation is not None:
            used.add(nation.start)
            left, right = min(left, nation.start), max(right, nation.end)
        elif language == "en":
            left = self._left(text, left, sentence.start)
        tail = self._right(text, right, sentence.end) if nation is None or nation.end <= mention.end else right
        ref = self._portfolio(text[left : max(tail, right)], nation.ref if nation else self._lexicon.home)
        country = nation.ref if nation is not None else self._lexicon.press.get(language, self._lexicon.home)
        tail = max(tail, self._unit(mention, sentence, text))
        plural = words_before(text, mention.start, 2) & self._roles.plural
        if nation is None and plural:
            country = ""
        return Actor(
            "organ",
            country,
            left,
            max(tail, right),
            ref=ref if country else "",
            assumed=nation is None and not self._lexicon.press.get(language),
            weak=mention.term.weak,
            agency=mention.ref in self._roles.agencies,
            head=mention.start,
        )

    def _unit(self, organ: Mention, sentence: Sentence, text: str) -> int:
        """`Direktur Jenderal Infrastruktur Digital Kementerian Komdigi`: where a unit's name ends before its house."""
        house = next((each for each in sentence.of(Kind.INSTITUTION) if each.start >= organ.end), None)
        if house is None or house.start - organ.end > 70 or not text[organ.start].isupper():
            return organ.end
        words = text[organ.end : house.start].split()
        named = all(word[0].isupper() or word in ("dan", "and", "of", "for", "at", "the") for word in words)
        return house.start if words and named else organ.end

    def _coordinated(
        self, organ: Actor, names: Sequence[Mention], used: set[int], scene: tuple[str, str]
    ) -> list[Actor]:
        """`the presidents of Indonesia and the United States`: the organ word speaks for both; not for whose something
        else is, `the ministry and Rwandan firm X`, `and Rwanda's X`.
        """
        text, language = scene
        if organ.assumed or not organ.country:
            return []
        found: list[Actor] = []
        twin = replace(organ, ref="", kindred=True)
        end = organ.end
        for nation in names:
            if nation.start < end or nation.start in used:
                continue
            owns = nation.kind is Kind.DEMONYM or _OWNER.match(text, nation.end)
            if not _JOINED.fullmatch(text[end : nation.start]) or (language == "en" and owns):
                break
            used.add(nation.start)
            found.append(replace(twin, country=nation.ref, start=nation.start, end=nation.end, head=nation.start))
            end = nation.end
        return found

    def _behind(
        self, organ: Mention, names: Sequence[Mention], sentence: Sentence, text: str, language: str = ""
    ) -> Mention | None:
        """The country that an organ's own name ends in: `Menteri Sains Filipina`, `Ministry of Trade of Japan`."""
        ahead = [each for each in names if each.start >= organ.end]
        if not ahead or ahead[0].start - organ.end > 90:
            return None
        others = [
            each.start
            for each in sentence.of(*_OFFICE, Kind.ACT, Kind.PRIVATE)
            if each.start > organ.start
            and not (each.kind is Kind.PRIVATE and part_of_name(organ, each, sentence, text))
        ]
        apart = ahead[0].kind is Kind.DEMONYM and ahead[0].start - organ.end > 1 and language not in _ROMANCE
        if apart and not _OF_THE.fullmatch(text[organ.end : ahead[0].start]):
            return None  # `das Ministerium und das indonesische Amt`
        if ahead[0].kind is Kind.DEMONYM and opposite(ahead[0], text, self._roles.counterpart):
            return None  # `de minister en zijn Indonesische collega`
        last = ""
        limit = others[0] if others else sentence.end
        for steps, token in enumerate(_TOKEN.finditer(text, organ.end, sentence.end)):
            nation = next((each for each in ahead if each.start <= token.start() < each.end), None)
            if nation is not None:
                joined = last in (*_AND, "-", "&") or (last == "," and steps > 0)
                return None if joined else nation
            if token.start() >= limit or steps > 8:
                return None
            word = token.group().lower()
            if word in _PUNCTUATION or word in self._roles.behind:
                return None
            if language == "en" and token.group().islower() and word not in self._named_on:
                return None  # `the minister received … of Denmark`
            if last in _AND and word in self._roles.offices:
                return None  # `Menteri Riset dan Kepala Institut Kelautan Peru`: another post begins
            if last in _AND and word.upper() == token.group() and len(word) > 2 and word not in self._charges:
                return None  # `BSN dan KATS Korea`: another organ begins
            if word == "," and not text[token.end() : token.end() + 2].strip()[:1].isupper():
                # `Kementerian Perdagangan, Industri, dan Perikanan Norwegia`: only what organs are in charge of goes on
                row = _LAST.match(text, token.end())
                if row is None or not self._in_charge(text[organ.end : token.start()]):
                    return None
            last = word
        return None

    def _in_charge(self, words: str) -> bool:
        """Whether all these words are what organs are in charge of: `, Industri Perikanan`."""
        return all(each in self._charges for each in fold(words).split())

    def _before(self, organ: Mention, names: Sequence[Mention], sentence: Sentence, text: str) -> Mention | None:
        """The country in front of an organ: `the Austrian energy ministry`, `Indonesia's communications minister`."""
        back = [each for each in names if each.end <= organ.start]
        if not back or organ.start - back[-1].end > 60:
            return None
        nation = back[-1]
        between = text[nation.end : organ.start]
        words = [each.group().lower() for each in _TOKEN.finditer(between)]
        if words and words[0] in ("'s", "’s", "'", "’", "s"):
            words = words[1:]
        elif nation.kind is Kind.COUNTRY and any(w.islower() and not self._in_charge(w) for w in between.split()):
            return None  # "Britain would not touch government systems"
        if "," in words and all(self._in_charge(word) or word in (",", "and", "it", "ict") for word in words):
            words = [word for word in words if word != ","]  # "Oman's transport, communications and IT ministry"
        if len(words) > 6 or any(word in _CLOSED or word in self._roles.ahead for word in words):
            return None
        acts = sentence.of(Kind.ACT, Kind.ORGAN)
        return None if any(nation.end <= each.start < organ.start for each in acts) else nation

    def _left(self, text: str, left: int, start: int) -> int:
        """Where the name begins: `the Saudi Data Authority`, `trade minister`: capitals and charges."""
        for token in reversed(list(_TOKEN.finditer(text, max(start, left - 80), left))):
            word = token.group()
            if not (word[0].isupper() or fold(word).strip() in self._charges):
                break
            left = token.start()
        return left

    def _right(self, text: str, right: int, end: int) -> int:
        """Where the name ends: `of Communications and Digital`, `Perdagangan`, `energi`."""
        last = right
        for count, token in enumerate(_TOKEN.finditer(text, right, min(end, right + 90))):
            word = token.group()
            charge = all(each in self._charges for each in fold(word).split()) and word.isascii()
            if charge and word.lower() not in ("and", "dan"):
                last = token.end()
            elif not (word.lower() in ("of", "for", "and", "dan", "the", ",", "urusan", "bidang") and count < 8):
                break
        return last

    def _portfolio(self, printed: str, country: str) -> str:
        words = f" {' '.join(fold(printed).split())} "
        named = self._in_names.find_matches_as_indexes(words, overlapping=True)
        if not named:
            return ""
        portfolio = self._portfolios[min(pattern for pattern, _, _ in named)]  # the first that the lexicon lists
        listed = self._lexicon.bodies[portfolio.home].country == country
        return portfolio.home if listed else f"{country.lower()}_{portfolio.id}"

    # -------------------------------------------------------------------------------------------- states and companies

    def _nation(self, mention: Mention, sentence: Sentence, text: str, *, filed: bool) -> Actor:
        """`filed`: the name stands in the dateline and says where the report was filed."""
        if mention.kind is Kind.DEMONYM and opposite(mention, text, self._roles.counterpart):
            end = mention.end + 1 + len(text[mention.end + 1 :].split(None, 1)[0].rstrip(",.;"))
            return Actor("organ", mention.ref, mention.start, end, kindred=True, head=mention.start)
        hailing = text[max(0, mention.start - 6) : mention.start].rstrip().endswith(_HAILING)
        if hailing and self._speakers & set(fold(text[max(0, mention.start - 30) : mention.start]).split()[-2:-1]):
            return Actor("organ", mention.ref, mention.start, mention.end, kindred=True, head=mention.start)
        if (end := public_body(mention, text)) > mention.end:
            return Actor("organ", mention.ref, mention.start, end, agency=True, head=mention.start)
        place = filed or self._placed(mention, text) or in_list_of_places(mention, sentence, text)
        place = place or (mention.kind is Kind.DEMONYM and not hyphenated(text, mention))  # no organ: no party
        place = place or bool(words_before(text, mention.start, 3) & self._roles.former)  # "mantan menteri Swedia"
        if _OWNER.match(text[mention.end : mention.end + 6]) and not any(
            0 <= each.start - mention.end <= 30 for each in sentence.of(*_OFFICE)
        ):
            place = True  # "Indonesia's Bumi Hijau": the home of a name that is no organ
        after = fold(text[mention.end : mention.end + 24].removeprefix("'s").removeprefix("’s")).split()[:1]
        if self._roles.place_nouns.intersection(after) and not hyphenated(text, mention):
            place = True
        return Actor("state", mention.ref, mention.start, mention.end, place=place, weak=mention.term.weak)

    def _placed(self, mention: Mention, text: str) -> bool:
        before = text[max(0, mention.start - 40) : mention.start].rsplit("\n", 1)[-1]  # a headline ends without a stop
        if before.rstrip()[-1:] in tuple(".!?;"):  # "… bagi warga. Finlandia mempersilakan": another sentence
            return False
        words = re.sub(r"\bthe\s*$", "", fold(before)).split()
        if not words or words[-1] not in self._roles.place:
            return False
        speakers = self._speakers if words[-1] in ("dari", "asal", "from") else self._roles.counterpart
        return not (len(words) > 1 and words[-2] in speakers) and not sends(text, mention.start)

    def _private(self, mention: Mention, names: Sequence[Mention], used: set[int], text: str) -> Actor:
        country = ""
        left, right = mention.start, mention.end
        for nation in names:
            if nation.start in used:
                continue
            gap = text[nation.end : mention.start] if nation.end <= mention.start else text[mention.end : nation.start]
            words = _TOKEN.findall(gap)
            limit = 3 if nation.end <= mention.start else 2
            if (
                mention.ref == "region"
                and nation.start >= mention.end
                and words[-1:] in (["dari"], ["asal"], ["of"], ["in"])
            ):
                words = words[:-1]  # "Gubernur Gangwon dari Korea Selatan"
            ahead = self._roles.ahead - {"the", "of"}
            near = len(words) <= limit and not any(word in _CLOSED or word.lower() in ahead for word in words)
            if near or (mention.ref == "region" and seated(gap)):
                if nation.end <= mention.start and nation.kind is Kind.COUNTRY and words and words[0].lower() != "s":
                    continue
                used.add(nation.start)
                country = nation.ref
                left, right = min(left, nation.start), max(right, nation.end)
                break
        return Actor(mention.ref, country, left, right, head=mention.start)
