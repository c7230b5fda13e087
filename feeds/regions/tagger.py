"""Reads an entry: which countries it names, which it is about, and the evidence for each."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache, lru_cache

from feeds import language as languages
from feeds.regions import company, facts, field, folding, lexicon, matching, namesakes, salience, vocabulary
from feeds.regions.company import Waiting
from feeds.regions.facts import Facts
from feeds.regions.field import Text
from feeds.regions.leaders import leaders
from feeds.regions.lexicon import CAPITAL, Lexicon, Sense
from feeds.regions.reading import Custom, Evidence, Field, Reading

_THING = "the name of a street, a house, a dish or a ship"
_TOWNS = frozenset({"city", "name", "namesake"})
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


def _resolve(
    fields: list[Text], words: Lexicon, home: str | None, when: datetime | None, custom: Custom
) -> list[Evidence]:
    """Decide every candidate: those that stand by themselves first, then those that need company."""
    evidence: list[Evidence] = []
    waiting: list[Waiting] = []
    people: list[Waiting] = []
    sharing: list[tuple[int, Sense, Sequence[Sense]]] = []
    hints: list[tuple[str, str]] = []
    for text in fields:
        written, name = text.written, text.name
        if custom.names:
            evidence.extend(_own(text, custom))
        for place, candidate in enumerate(text.found):
            start, end, tail, known, near = candidate
            if known.boilerplate:
                if name == "text":
                    break
                continue
            if known.asks and not (known.asks == CAPITAL and written[start].isupper()):
                if not (fit := field.as_written(known, text, start, end)):
                    continue
                if len(fit) < len(known.senses):
                    known = _learned(fit)
            if known.hints:
                hints.extend(known.hints)
                continue
            shown, beside = written[start:end], field.NOTHING_BESIDE
            if custom.vetoes and shown.casefold() in custom.vetoes:
                evidence.append(Evidence(shown, name, start, "block", "", False, "vetoed by the editor"))
                continue
            if known.passed is not None:
                evidence.append(Evidence(shown, name, start, *known.passed))
                continue
            if known.ordinary:
                if near:
                    beside = field.beside(written, start, end)
                    if beside[1] in words.named_after or beside[0] in words.named_before:
                        evidence.append(Evidence(shown, name, start, "block", known.senses[0].key, False, _THING))
                        continue
                if written.startswith(", ", end) and (division := _division_after(text, place, known)) is not None:
                    why = f"in {division.written}, as the text says"
                    row = "city", division.key, True, why, division.place
                    evidence.append(Evidence(shown, name, start, *row))
                    continue
                if near and known.town and field.someone(beside, text, words):
                    people.append(Waiting(text, start, end, tail, known.senses, beside))
                    continue
            if known.waits or (not start and field.common_word(known, text, start, end, fields)):
                beside = beside if near and known.ordinary else field.beside(written, start, end)
                waiting.append(Waiting(text, start, end, tail, known.senses, beside))
                continue
            if known.shared:
                sharing.append((len(evidence), known.stands[0], known.shared))
            if known.rows is not None:
                evidence += [Evidence(shown, name, start, *row) for row in known.rows]
            else:
                evidence.extend(_stand(known, shown, name, start, when=when, home=home, before=evidence))
    local = namesakes.speaks_from(hints, evidence, frozenset(place for place, _, _ in sharing)) if hints else None
    if sharing:
        namesakes.settle(evidence, sharing, local)
    if people:
        company.forget(evidence, {one.text.written[one.start : one.end].casefold() for one in people})
    if people or waiting:
        backing = {one.key for one in evidence if one.counted} | {one for one in (home, local) if one}
        company.decide(people + waiting, words, backing, local, evidence)
    return evidence


@lru_cache(maxsize=4096)
def _learned(fit: tuple[Sense, ...]) -> Facts:
    return facts.learn(fit)


def _division_after(text: Text, place: int, known: Facts) -> Sense | None:
    """Return the subdivision of another country that stands after a town and a comma: "Paris, Texas"."""
    if place + 1 >= len(text.found) or text.found[place + 1].start != text.found[place].end + len(", "):
        return None
    senses = text.found[place + 1].facts.senses
    division = senses[0]
    if division.kind != "place" or division.place is None or any(sense.kind == "city" for sense in senses):
        return None
    towns = [sense for sense in known.senses if sense.kind != "namesake"]
    return None if any(sense.key == division.key or sense.kind not in _TOWNS for sense in towns) else division


def _stand(
    known: Facts,
    shown: str,
    name: Field,
    start: int,
    *,
    when: datetime | None,
    home: str | None,
    before: Sequence[Evidence],
) -> Iterator[Evidence]:
    """Yield what senses say of which the day or the other countries named decide."""
    fit = known.stands
    towns = [sense for sense in fit if sense.kind == "city"]
    if len(towns) > 1:  # one town: of a country already named, else the biggest
        named = {one.key for one in before if one.counted} | {home}
        chosen = next((town for town in towns if town.key in named), towns[0])
        fit = tuple(sense for sense in fit if sense.kind != "city" or sense is chosen)
    seen = set()
    for sense in fit:
        kind, key, counted, why, place, point = facts.row(sense)
        if kind == "leader":
            leader = leaders().get(key)
            if leader is None:
                continue
            key, why = leader.country, f"{leader.office} of {leader.country}"
            if when is not None and not leader.stands(when.date()):
                counted, why = False, f"not in office: {leader.since} to {leader.until or 'now'}"
        if key not in seen:
            seen.add(key)
            yield Evidence(shown, name, start, kind, key, counted, why, place, point)


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
