"""Tells a small town from the great place whose name it carries: Paris in Texas, Athens in Georgia.

A text speaks from a country if it is full of that country's local life: its towns and counties, and words
such as "sheriff" or "Crown Court" that name no place (`[hints]`). In such a text a name that a town of the
country shares with a bigger place elsewhere is the town, unless something else speaks for the bigger place.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from feeds.regions.lexicon import Sense
from feeds.regions.reading import Evidence, Field

_LOCAL_KINDS = frozenset({"city", "place"})
_LOCAL = 2  # signs of local life that make a text speak from a country
_SPOKEN, _SPOKEN_BESIDE = 2, 4  # different signs that name it where nothing does, and where another country is named


class Hint(NamedTuple):
    """A word of a country's local life, and where it stands."""

    country: str
    field: Field
    offset: int
    text: str
    word: str  # as the vocabulary has it


def speaks_from(hints: Iterable[Hint], evidence: Sequence[Evidence], shared: frozenset[int]) -> str | None:
    """Return the country whose local life fills a text; `None` for none.

    `hints` are the words that speak for countries; `shared` tells which evidence carries a name
    that several countries have, and so is no sign.
    """
    signs: dict[str, int] = {}
    for country, *_ in hints:
        signs[country] = signs.get(country, 0) + 1
    local = {
        (one.key, one.text.casefold())
        for place, one in enumerate(evidence)
        if one.key in signs and one.place and one.counted and one.kind in _LOCAL_KINDS and place not in shared
    }
    for country, _ in local:
        signs[country] += 1
    country = max(signs, key=signs.__getitem__)
    most = signs.pop(country)
    return country if most >= _LOCAL and most > max(signs.values(), default=0) else None


def settle(
    evidence: list[Evidence], sharing: Sequence[tuple[int, Sense, Sequence[Sense]]], country: str | None
) -> None:
    """Give a shared name to the town of `country`, or of a state the text names, where nothing speaks for the other.

    `sharing` are the places in `evidence` with the sense that stood there and its namesakes.
    """
    taken = {place: stood for place, stood, _ in sharing}
    states = {one.place for where, one in enumerate(evidence) if one.counted and one.place and where not in taken}
    for place, stood, others in sharing:
        one = evidence[place]
        own = next((sense for sense in others if sense.key == country or sense.place in states), None)
        if own is None or one.key == own.key or not one.counted or _spoken_for(evidence, one.key, stood, taken):
            continue
        evidence[place] = one._replace(
            key=own.key,
            kind="city",
            why=f"a namesake, in a text that speaks from {own.place or own.key}",
            place=own.place,
            point=own.point,
        )


def spoken(country: str, hints: Sequence[Hint], evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the hints as evidence for the country that a text speaks from, where no name is.

    "Deputies", "school district" and "felony" are of the United States, whatever county the text names.
    """
    named = {one.key for one in evidence if one.counted}
    words = {hint.word: hint for hint in reversed(hints) if hint.country == country}
    # "High school students" is one sign, not a high school beside.
    signs = [word for word in words if not any(word.lower() in other.lower() for other in words if other != word)]
    if country in named or len(signs) < (_SPOKEN_BESIDE if named else _SPOKEN):
        return []
    why = "a word of the country's local life, beside others"
    return [Evidence(hint.text, hint.field, hint.offset, "hint", country, True, why) for hint in words.values()]


def _spoken_for(evidence: Sequence[Evidence], country: str, stood: Sense, taken: Mapping[int, Sense]) -> bool:
    """Tell whether anything else than this name speaks for the country of the great place."""
    return any(
        other.counted and other.key == country and (where not in taken or taken[where].written != stood.written)
        for where, other in enumerate(evidence)
    )
