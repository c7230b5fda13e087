"""Reads an entry: which countries it names, which it is about, and the evidence for each."""

import dataclasses
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from feeds import language as languages
from feeds.regions import company, facts, field, folding, kin, lexicon, matching, namesakes, salience, vocabulary
from feeds.regions.company import Waiting
from feeds.regions.facts import Facts, Row
from feeds.regions.field import Text
from feeds.regions.leaders import leaders
from feeds.regions.lexicon import CAPITAL, Lexicon, Sense
from feeds.regions.namesakes import Hint
from feeds.regions.reading import Custom, Evidence, Field, Reading

_THING = "the name of a street, a house, a dish or a ship"
_TOWNS = frozenset({"city", "name", "namesake"})
_BEFORE_DIVISION = (", ", " (")  # "Paris, Texas", "Paris (Texas)": two characters each
_UNCUSTOM = Custom()
_VARIANTS = {  # file of words by language and the script seen
    ("uz", "Cyrl"): "uz-Cyrl",
    ("kk", "Latn"): "kk-Latn",
    ("ku", "Arab"): "ckb",
    ("prs", "Arab"): "fa",
    ("sd", "Arab"): "ur",
}
_VARIED = frozenset(language for language, _ in _VARIANTS)


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


def prepare(sayings: Iterable[str]) -> None:
    """Have the lexicons of what feeds call their languages worked out, those that are not yet."""
    lexicon.prepare(_file(said, "") for said in sayings)


@cache
def _known() -> frozenset[str]:
    return vocabulary.languages()


def _file(said: str | None, text: str) -> str:
    if said is None:
        return "en"
    base = said.split("-", maxsplit=1)[0].lower()
    if base in _VARIED and (written := languages.script(text)) and (variant := _VARIANTS.get((base, written))):
        return variant
    return said if said in _known() else base


def _text(name: Field, written: str, words: Lexicon) -> Text:
    candidates = matching.spaced(words, written) if words.words.spaces else matching.unspaced(words, written)
    return Text(name=name, written=written, found=candidates)


@dataclass(slots=True)
class _Sorted:
    """What the candidates of an entry are so far."""

    evidence: list[Evidence] = dataclasses.field(default_factory=list)
    waiting: list[Waiting] = dataclasses.field(default_factory=list)
    people: list[Waiting] = dataclasses.field(default_factory=list)
    sharing: list[tuple[int, Sense, Sequence[Sense]]] = dataclasses.field(default_factory=list)
    hints: list[Hint] = dataclasses.field(default_factory=list)


def _resolve(
    fields: list[Text], words: Lexicon, home: str | None, when: datetime | None, custom: Custom
) -> list[Evidence]:
    """Decide every candidate: those that stand by themselves first, then those that need company."""
    found, day = _Sorted(), None if when is None else when.date()
    for text in fields:
        if custom.names:
            found.evidence.extend(_own(text, custom))
        if text.found:
            _sort(text, found, fields, words, home=home, day=day, vetoes=custom.vetoes)
    evidence, sharing, people, local = found.evidence, found.sharing, found.people, None
    kin.settle(evidence)
    if found.hints:
        local = namesakes.speaks_from(found.hints, evidence, frozenset(place for place, _, _ in sharing))
    if sharing:
        namesakes.settle(evidence, sharing, local)
    if people:
        company.forget(evidence, {one.text.written[one.start : one.end].casefold() for one in people})
    if people or found.waiting:
        backing = {one.key for one in evidence if one.counted} | {one for one in (home, local) if one}
        company.decide(people + found.waiting, words, backing, local, evidence)
    if local:
        evidence += namesakes.spoken(local, found.hints, evidence)
    return evidence


def _sort(
    text: Text,
    found: _Sorted,
    fields: Sequence[Text],
    words: Lexicon,
    *,
    home: str | None,
    day: date | None,
    vetoes: Container[str],
) -> None:
    """Add the candidates of a field to what is found."""
    written, name, evidence = text.written, text.name, found.evidence
    skipped = 0
    for place, (start, end, tail, known, before, after) in enumerate(text.found):
        if start < skipped:
            continue
        if known.boilerplate:
            if name == "text":
                skipped = salience.after_link(written, start, end)
            continue
        if known.asks and not (known.asks == CAPITAL and written[start].isupper()):
            if not (fit := field.as_written(known, text, start, end)):
                continue
            if len(fit) < len(known.senses):
                known = _learned(fit)  # noqa: PLW2901
        if known.hints:
            found.hints += [Hint(country, name, start, written[start:end], word) for country, word in known.hints]
            continue
        shown = written[start:end]
        if vetoes and shown.casefold() in vetoes:
            evidence.append(Evidence(shown, name, start, "block", "", False, "vetoed by the editor"))
            continue
        if known.passed is not None:
            evidence.append(Evidence(shown, name, start, *known.passed))
            continue
        if known.ordinary:
            if (
                after in words.named_after
                or before in words.named_before
                or before in words.named_through
                or written.startswith(_BEFORE_DIVISION, end)
            ):
                other = _otherwise(text, place, known, words)
                if other is not None:
                    evidence.append(other)
                    continue
            if known.town and field.someone(before, after, text, words):
                found.people.append(Waiting(text, start, end, tail, known.senses, before, after))
                continue
        if known.town and after in words.divisions_of:
            evidence.append(_named_division(text, place, words))
            continue
        if known.waits or (not start and field.common_word(known, text, start, end, fields)):
            found.waiting.append(Waiting(text, start, end, tail, known.senses, before, after))
            continue
        if known.shared:
            found.sharing.append((len(evidence), known.stands[0], known.shared))
        if (rows := known.rows) is None:
            rows = _on(known if known.towns < 2 else _of_one_town(known, evidence, home), day)
        evidence += [Evidence(shown, name, start, *row) for row in rows]


@lru_cache(maxsize=4096)
def _learned(fit: tuple[Sense, ...]) -> Facts:
    return facts.learn(fit)


def _otherwise(text: Text, place: int, known: Facts, words: Lexicon) -> Evidence | None:
    """Return what a name says that is a street's, or a small town's in the division after it: "Paris, Texas"."""
    start, end, _, _, before, after = text.found[place]
    shown = text.written[start:end]
    if after in words.named_after or field.named_before(text, words, start, before):
        return Evidence(shown, text.name, start, "block", known.senses[0].key, False, _THING)
    division = _division_after(text, place, known)
    if division is None:
        return None
    why = f"in {division.written}, as the text says"
    return Evidence(shown, text.name, start, "city", division.key, True, why, division.place)


def _named_division(text: Text, place: int, words: Lexicon) -> Evidence:
    """Return what a name says before "County": the town of a country that has counties, whichever is the greater."""
    start, end, _, known, _, after = text.found[place]
    shown, countries = text.written[start:end], words.divisions_of[after]
    own = [sense for sense in known.senses if sense.key in countries]
    if not own:
        return Evidence(
            shown, text.name, start, known.senses[0].kind, known.senses[0].key, False, "part of a longer name"
        )
    sense = min(own, key=lambda sense: countries.index(sense.key))
    why = f"a {after}, which not every country has"
    return Evidence(shown, text.name, start, "city", sense.key, True, why, sense.place, sense.point)


def _division_after(text: Text, place: int, known: Facts) -> Sense | None:
    """Return the subdivision of another country that stands after a town, a comma or a bracket between."""
    if place + 1 >= len(text.found) or text.found[place + 1].start != text.found[place].end + 2:
        return None
    senses = text.found[place + 1].facts.senses
    division = senses[0]
    if division.kind != "place" or division.place is None or any(sense.kind == "city" for sense in senses):
        return None
    towns = [sense for sense in known.senses if sense.kind != "namesake"]
    return None if any(sense.key == division.key or sense.kind not in _TOWNS for sense in towns) else division


def _of_one_town(known: Facts, evidence: Sequence[Evidence], home: str | None) -> Facts:
    """Return what is known of a form that several towns bear, for one of them.

    It is that of a country already named, else the biggest.
    """
    named = {one.key for one in evidence if one.counted} | {home}
    towns = [sense for sense in known.stands if sense.kind == "city"]
    chosen = next((town for town in towns if town.key in named), towns[0])
    return _learned(tuple(sense for sense in known.stands if sense.kind != "city" or sense is chosen))


@lru_cache(maxsize=16_384)
def _on(known: Facts, day: date | None) -> tuple[Row, ...]:
    """Return what the senses of a form say on a day, one for each country; `None`: any day."""
    rows: dict[str, Row] = {}
    for sense in known.stands:
        row = facts.row(sense)
        if sense.kind == "leader":
            leader = leaders().get(sense.key)
            if leader is None:
                continue
            row = "leader", leader.country, True, f"{leader.office} of {leader.country}", sense.place, sense.point
            if day is not None and not leader.stands(day):
                why = f"not in office: {leader.since} to {leader.until or 'now'}"
                row = "leader", leader.country, False, why, sense.place, sense.point
        rows.setdefault(row[1], row)
    return tuple(rows.values())


def _own(text: Text, custom: Custom) -> Iterator[Evidence]:
    """Yield what the editor's own names find."""
    low, places = folding.fold(text.written)
    for form, country in custom.names.items():
        pattern = folding.key(form) + " "
        place = low.find(pattern)
        while place != -1:
            first, last = place, place + len(pattern) - 3  # of the letters, in the text without the space before it
            start, end = (first, last + 1) if places is None else (places[first], places[last] + 1)
            yield Evidence(text.written[start:end], text.name, start, "custom", country, True, "a name of the editor's")
            place = low.find(pattern, place + 1)
