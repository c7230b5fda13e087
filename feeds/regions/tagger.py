"""Reads an entry: which countries it names, which it is about, and the evidence for each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple

from feeds import language as languages
from feeds.regions import folding, lexicon, matching, namesakes, salience, vocabulary
from feeds.regions.leaders import leaders
from feeds.regions.lexicon import BACKED, CAPITAL, CUED, EXACT, Lexicon, Sense
from feeds.regions.matching import Candidate
from feeds.regions.reading import Custom, Evidence, Field, Reading
from feeds.text import pieces

_MOST_FACTS = 50_000
_THING = "the name of a street, a house, a dish or a ship"
_COMMA_LENGTH = 2  # ", " as folded
_TOWNS = frozenset({"city", "name", "namesake"})
_NAMED_AFTER = _TOWNS | {"people"}
_NOTHING_BESIDE = ("", "")
_JOINS, _QUOTES, _SIGNS = frozenset(" -\u200c\u00a0"), frozenset("\"'’»”"), "\"'’»”«“.,:;!?()"
_NEAR_LENGTH = 24  # characters looked at for a word before or after
_UNCUSTOM = Custom()
_VARIANTS = {  # file of words by language and the script seen
    ("uz", "Cyrl"): "uz-Cyrl",
    ("kk", "Latn"): "kk-Latn",
    ("ku", "Arab"): "ckb",
    ("prs", "Arab"): "fa",
    ("sd", "Arab"): "ur",
}


@dataclass(slots=True, kw_only=True)
class _Text:
    """One field of the entry, as written and folded."""

    name: Field
    written: str
    joined: str
    places: Sequence[int] | None = None  # where each character of the folded text stood
    lower_case: bool = False
    found: list[tuple[Candidate, int, int]] = field(default_factory=list)

    def fold(self) -> str:
        """Return the folded text."""
        low, self.places = folding.fold(self.written, joined=self.joined)
        return low

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the written text of a stretch of the folded one."""
        if self.places is None:
            return start - 1, end - 1
        return self.places[start - 1], self.places[end - 2] + 1


_Waiting = tuple[_Text, Candidate, int, int, tuple[Sense, ...], tuple[str, str]]  # the last: the words beside
_Cued = tuple[_Text, Candidate, int, int, list[Sense], bool]  # and whether a word beside makes it a place


def read(
    *,
    title: str = "",
    text: str = "",
    language: str | None = None,
    home: str | None = None,
    when: datetime | None = None,
    custom: Custom = _UNCUSTOM,
    identified: bool = False,
) -> Reading:
    """Return where in the world an entry is. Plain text in; the same input gives the same reading.

    `language` is what the feed says, believed unless the letters speak against it. `home` is the country a
    source speaks from (alpha-2): evidence for it, and the answer where an entry names no place. `when` is the
    day of the entry: an office-holder counts only around the time in office; `None`: always. `identified`:
    `language` is what `language.identify` found, and is not looked for again.
    """
    said = language if identified else languages.identify(f"{title} {text[:400]}", hint=language)
    words = lexicon.compiled(_file(said, title or text))
    fields = [_text("title", title, words), _text("text", text, words)]
    evidence = _resolve(fields, words, home, when, custom)
    if home and not any(one.counted and len(one.key) == 2 for one in evidence):
        evidence.append(Evidence("", "home", 0, "home", home, True, "the source speaks from home"))
    return salience.weigh(evidence, language=said, custom=custom)


@cache
def _known() -> frozenset[str]:
    return vocabulary.languages()


def _file(said: str | None, text: str) -> str:
    if said is None:
        return "en"
    base = said.split("-", maxsplit=1)[0].lower()
    if (written := languages.script(text)) and (variant := _VARIANTS.get((base, written))):
        return variant
    return said if said in _known() else base


def _text(name: Field, written: str, words: Lexicon) -> _Text:
    seen = _Text(name=name, written=written, joined=words.words.joined)
    for candidate in _candidates(seen, words):
        if candidate.senses[0].kind == "boilerplate":
            if name == "text":
                break
            continue
        seen.found.append((candidate, *seen.span(candidate.start, candidate.end)))
    if seen.found:
        seen.lower_case = written.islower()
    return seen


def _candidates(text: _Text, words: Lexicon) -> Iterator[Candidate]:
    if not words.words.spaces:
        return matching.unspaced(words, text.fold())
    plain, text.places = folding.steadied(text.written)
    return matching.spaced(words, plain, pieces(plain))


def _resolve(
    fields: list[_Text], words: Lexicon, home: str | None, when: datetime | None, custom: Custom
) -> list[Evidence]:
    """Decide every candidate: those that stand by themselves first, then those that need company."""
    evidence: list[Evidence] = []
    waiting: list[_Waiting] = []
    people: list[_Waiting] = []
    sharing: list[tuple[int, Sense, list[Sense]]] = []
    hints: list[tuple[str, str]] = []
    for text in fields:
        if custom.names:
            evidence.extend(_own(text, custom))
        for place, (candidate, start, end) in enumerate(text.found):
            facts = _facts(candidate.senses)
            if facts.written and not all(_written_so(one, text, start, end) for one in facts.senses):
                fit = tuple(one for one in facts.senses if _written_so(one, text, start, end))
                if not fit:
                    continue
                facts = _learn(fit)
            if facts.hint:
                hints.extend((sense.key, sense.written) for sense in facts.senses if sense.kind == "hint")
                continue
            fit, shown = facts.senses, text.written[start:end]
            beside = _beside(text.written, start, end) if facts.ordinary else _NOTHING_BESIDE
            if custom.vetoes and shown.casefold() in custom.vetoes:
                evidence.append(Evidence(shown, text.name, start, "block", "", False, "vetoed by the editor"))
            elif facts.passed is not None:
                evidence.append(Evidence(shown, text.name, start, *facts.passed))
            elif beside[1] in words.named_after or beside[0] in words.named_before:
                evidence.append(Evidence(shown, text.name, start, "block", fit[0].key, False, _THING))
            elif facts.ordinary and (division := _division_after(text, place, fit)) is not None:
                why = f"in {division.written}, as the text says"
                evidence.append(Evidence(shown, text.name, start, "city", division.key, True, why, division.place))
            elif facts.town and _someone(beside, text, words):
                people.append((text, candidate, start, end, fit, beside))
            elif facts.waits or (not start and _common_word(fit, text, start, end, fields)):
                waiting.append(
                    (text, candidate, start, end, fit, beside if facts.ordinary else _beside(text.written, start, end))
                )
            else:
                stand = [sense for sense in fit if not sense.flags & (CUED | BACKED)]
                if len(stand) < len(fit) and (others := [sense for sense in fit if sense.kind == "namesake"]):
                    sharing.append((len(evidence), stand[0], others))
                evidence.extend(_stand(stand, text, shown=shown, start=start, when=when, home=home, before=evidence))
    local = namesakes.speaks_from(hints, evidence, frozenset(place for place, _, _ in sharing)) if hints else None
    if sharing:
        namesakes.settle(evidence, sharing, local)
    if people:
        _forget(evidence, {text.written[start:end].casefold() for text, _, start, end, _, _ in people})
    backing = {one.key for one in evidence if one.counted} | {one for one in (home, local) if one}
    if people or waiting:
        _wait(people + waiting, words, backing, local, evidence)
    return evidence


def _division_after(text: _Text, place: int, fit: tuple[Sense, ...]) -> Sense | None:
    """Return the subdivision of another country that stands right after a town: "Paris, Texas"."""
    if place + 1 >= len(text.found):
        return None
    (candidate, _, end), (following, start, _) = text.found[place], text.found[place + 1]
    if following.start - candidate.end != _COMMA_LENGTH or text.written[end:start] != ", ":
        return None
    division = following.senses[0]
    if division.kind != "place" or division.place is None or any(sense.kind == "city" for sense in following.senses):
        return None
    towns = [sense for sense in fit if sense.kind != "namesake"]
    return None if any(sense.key == division.key or sense.kind not in _TOWNS for sense in towns) else division


class _Facts(NamedTuple):
    """What is known of some senses before any text is seen."""

    senses: tuple[Sense, ...]
    written: bool  # one asks how the text writes it
    waits: bool  # none stands by itself
    ordinary: bool  # a country, a people, a town: what streets are named after
    town: bool
    hint: bool
    passed: tuple[str, str, bool, str] | None  # kind, key, False and reason of evidence for no country


_known_facts: dict[int, _Facts] = {}  # by the id of senses that the value keeps alive


def _facts(senses: tuple[Sense, ...]) -> _Facts:
    known = _known_facts.get(id(senses))
    if known is None or known.senses is not senses:
        if len(_known_facts) >= _MOST_FACTS:
            _known_facts.clear()
        known = _known_facts[id(senses)] = _learn(senses)
    return known


def _learn(senses: tuple[Sense, ...]) -> _Facts:
    kinds = {sense.kind for sense in senses}
    passed = None
    if "group" in kinds:
        group = next(sense.key for sense in senses if sense.kind == "group")
        passed = "group", group, False, "a part of the world, not a country"
    elif "block" in kinds:
        passed = "block", "", False, "a phrase that names no place"
    return _Facts(
        senses=senses,
        written=any(sense.flags & (EXACT | CAPITAL) for sense in senses),
        waits=all(sense.flags & (CUED | BACKED) for sense in senses),
        ordinary=kinds <= _NAMED_AFTER,
        town=kinds <= _TOWNS,
        hint="hint" in kinds,
        passed=passed,
    )


def _beside(written: str, start: int, end: int) -> tuple[str, str]:
    """Return the words right before and after a stretch of a text, in lower case; empty: none, or a sign between."""
    before, after = list[str](), list[str]()
    if start and written[start - 1] in _JOINS:
        before = written[max(0, start - _NEAR_LENGTH) : start - 1].rsplit(None, 1)[-1:]
    if written[end : end + 1] in _QUOTES:
        end += 1
    if written[end : end + 1] in _JOINS:
        after = written[end + 1 : end + _NEAR_LENGTH].split(None, 1)[:1]
    return (before[0].strip(_SIGNS).lower() if before else ""), (after[0].strip(_SIGNS).lower() if after else "")


def _someone(beside: tuple[str, str], text: _Text, words: Lexicon) -> bool:
    """Tell whether a name that is also a person's stands beside a given name or a title: "Kathy Ireland"."""
    return (beside[0] in words.person_before or beside[1] in words.person_after) and not text.lower_case


def _common_word(fit: tuple[Sense, ...], text: _Text, start: int, end: int, fields: list[_Text]) -> bool:
    """Tell whether a capital letter is there only because a sentence begins: "Turkey prices", and then "a turkey"."""
    if text.lower_case or not all(sense.flags & CAPITAL for sense in fit):
        return False
    word = re.compile(rf"\b{re.escape(text.written[start:end].lower())}\b")
    return any(word.search(one.written) for one in fields)


def _forget(evidence: list[Evidence], people: set[str]) -> None:
    """Take back the places that are only ever a person's name here: the Iran of "a girl named Iran"."""
    named = tuple(people)
    for key in {one.key for one in evidence if one.counted and one.text.casefold().startswith(named)}:
        if all(one.text.casefold().startswith(named) for one in evidence if one.counted and one.key == key):
            for place, one in enumerate(evidence):
                if one.key == key and one.counted:
                    evidence[place] = one._replace(counted=False, why="a person's name")


def _written_so(sense: Sense, text: _Text, start: int, end: int) -> bool:
    if sense.flags & EXACT:
        shown = text.written[start:end]
        return shown == sense.written or text.written.startswith(sense.written, start)
    if sense.flags & CAPITAL:
        return text.lower_case or text.written[start].isupper()
    return True


def _stand(
    fit: list[Sense],
    text: _Text,
    *,
    shown: str,
    start: int,
    when: datetime | None,
    home: str | None,
    before: list[Evidence],
) -> Iterator[Evidence]:
    towns = [sense for sense in fit if sense.kind == "city"]
    if len(towns) > 1:  # one town: of a country already named, else the biggest
        named = {one.key for one in before if one.counted} | {home}
        chosen = next((town for town in towns if town.key in named), towns[0])
        fit = [sense for sense in fit if sense.kind != "city" or sense is chosen]
    seen = set()
    for sense in fit:
        key, counted, why = sense.key, True, "named"
        if sense.kind == "leader":
            leader = leaders().get(sense.key)
            if leader is None:
                continue
            key, why = leader.country, f"{leader.office} of {leader.country}"
            if when is not None and not leader.stands(when.date()):
                counted, why = False, f"not in office: {leader.since} to {leader.until or 'now'}"
        elif sense.kind == "organisation":
            counted, why = False, "an organisation, not a country"
        if key not in seen:
            seen.add(key)
            yield Evidence(shown, text.name, start, sense.kind, key, counted, why, sense.place, sense.point)


def _wait(
    waiting: list[_Waiting], words: Lexicon, backing: set[str], local: str | None, evidence: list[Evidence]
) -> None:
    cued: list[_Cued] = []
    for text, candidate, start, end, may, (before, after) in waiting:
        fit = [sense for sense in may if sense.kind != "namesake" or sense.key == local]
        if not fit:
            continue
        shown = text.written[start:end]
        if before in words.person_before or after in words.person_after:
            evidence.append(Evidence(shown, text.name, start, fit[0].kind, fit[0].key, False, "a person's name"))
            continue
        cue = bool(
            before in words.cues
            or after in words.cues_after
            or (fit[0].kind == "name" and after in words.state_after)
            or (candidate.tail and candidate.tail in words.words.cue_endings)
        )
        if not cue and words.script in _CASED and _part_of_a_name(text, start, end):
            evidence.append(Evidence(shown, text.name, start, fit[0].kind, fit[0].key, False, "part of a longer name"))
            continue
        cued.append((text, candidate, start, end, fit, cue))
    own = backing | _in_company(cued)
    for _, _, _, _, fit, cue in cued:
        if cue and not any(sense.key in backing for sense in fit):
            own.update(sense.key for sense in fit[:1] if not sense.flags & BACKED)
    for text, _, start, end, fit, cue in cued:
        shown = text.written[start:end]
        backed = [sense for sense in fit if sense.key in own]
        if local and len(backed) > 1:
            backed.sort(key=lambda sense: sense.key != local)
        free = [sense for sense in fit if not sense.flags & BACKED]
        if backed:
            sense, why = backed[0], "backed by other evidence for the country"
        elif cue and free:
            sense, why = free[0], "with a word that makes it a place"
        else:
            sense, why = fit[0], "ambiguous, and nothing else speaks for it"
        counted = bool(backed or (cue and free))
        evidence.append(
            Evidence(shown, text.name, start, sense.kind, sense.key, counted, why, sense.place, sense.point)
        )


def _in_company(waiting: list[_Cued]) -> set[str]:
    """Return the countries that wait under their own name and under another: Niger and Niamey are sure together."""
    names, others = set[str](), set[str]()
    for _, _, _, _, fit, _ in waiting:
        for sense in fit:
            (names if sense.kind == "name" else others if sense.kind != "namesake" else set()).add(sense.key)
    return names & others


_CASED = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_WORD_BEFORE = re.compile(r"(\w+)\.?[ \u200c-]$")
_WORD_AFTER = re.compile(r"[’'»”\"]?[ \u200c-][«“\"]?(\w+)")


def _part_of_a_name(text: _Text, start: int, end: int) -> bool:
    """Tell whether a capitalised word stands right beside: "Michael Jordan", "Paris Hilton"."""
    if text.lower_case or text.written.isupper():
        return False
    before = _WORD_BEFORE.search(text.written, max(0, start - _NEAR_LENGTH), start)
    if before and before[1][:1].isupper() and before.start(1) > 0 and text.name == "text":
        return True
    after = _WORD_AFTER.match(text.written, end)
    return bool(after and after[1][:1].isupper() and text.name == "text")


def _own(text: _Text, custom: Custom) -> Iterator[Evidence]:
    """Yield what the editor's own names find."""
    low = text.fold()
    for form, country in custom.names.items():
        pattern = folding.key(form) + " "
        place = low.find(pattern)
        while place != -1:
            start, end = text.span(place + 1, place + len(pattern) - 1)
            yield Evidence(text.written[start:end], text.name, start, "custom", country, True, "a name of the editor's")
            place = low.find(pattern, place + 1)
