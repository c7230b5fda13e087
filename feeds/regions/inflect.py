"""Turns a citation form into stems and the endings each may take."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

from feeds.regions import folding
from feeds.regions.vocabulary import Endings, Words

_FINITE = 4000  # more combinations of endings than this are matched by expression, not listed
_MOST_HEADS = 400
_INNER_FORMS = 60  # of a word that is not the last


class Tail:
    """What may follow a stem up to the end of its word."""

    __slots__ = ("_expression", "_known", "endings")

    def __init__(self, slots: tuple[tuple[str, ...], ...]) -> None:
        self.endings = slots
        alternatives = ("|".join(sorted(map(re.escape, slot), key=len, reverse=True)) for slot in slots)
        self._expression = re.compile("".join(f"(?:{alternative})" for alternative in alternatives))
        self._known: dict[str, bool] = {}

    def allows(self, tail: str) -> bool:
        """Tell whether the tail is one of the endings."""
        known = self._known.get(tail)
        if known is None:
            known = self._expression.fullmatch(tail) is not None
            if len(self._known) < _FINITE:
                self._known[tail] = known
        return known

    def some(self) -> Iterator[str]:
        """Yield the endings, the shortest slots first, at most a few thousand."""
        return islice(dict.fromkeys(map("".join, product(*self.endings))), _FINITE)


@cache
def tail(slots: tuple[tuple[str, ...], ...]) -> Tail:
    """Return the tail of some slots, one for all words of a class."""
    return Tail(tuple(tuple(folding.fold(ending)[0].replace(" ", "") for ending in slot) for slot in slots))


def stems(word: str, words: Words) -> Iterator[tuple[str, Tail | None]]:
    """Yield the stem of one word, as written, with its tail; `None`: the word stands alone."""
    plain, _, name = word.partition("/")
    chosen = _class(plain, name, words.classes)
    if name == "0" or chosen is None:
        yield plain, None
        return
    citation, endings = chosen
    yield (plain if endings.added or not citation else plain[: -len(citation)]), tail(endings.slots)


def patterns(form: str, words: Words) -> Iterator[tuple[str, Tail | None]]:
    """Yield the folded patterns of a form of one or more words, and the tail of its last word."""
    *inner, last = form.split()
    heads = [""]
    for word in inner:
        forms = _inner(word, words)
        if len(heads) * len(forms) > _MOST_HEADS:
            forms = forms[:1]  # six words in every case would be a million patterns
        heads = [head + one for head in heads for one in forms]
    for stem, endings in stems(last, words):
        for head in heads:
            yield head + folding.key(stem, joined=words.joined), endings


def _inner(word: str, words: Words) -> list[str]:
    plain, _, name = word.partition("/")
    if not words.every and not name:
        return [folding.key(plain, joined=words.joined)]
    found = [folding.key(plain, joined=words.joined)]
    for stem, endings in stems(word, words):
        if endings is not None:
            found += [
                folding.key(stem + ending, joined=words.joined) for ending in islice(endings.some(), _INNER_FORMS)
            ]
    return list(dict.fromkeys(found))


def _class(word: str, name: str, classes: tuple[Endings, ...]) -> tuple[str, Endings] | None:
    low = word.lower()
    best: tuple[str, Endings] | None = None
    for endings in classes:
        if name and endings.name != name:
            continue
        for citation in endings.citations:
            fits = "" if citation == "*" else citation
            if low.endswith(fits) and (best is None or len(fits) > len(best[0])):
                best = fits, endings
        if name and best is None:
            best = "", endings
    return best
