"""Names in full and by their initials: МИД is "министерство иностранных дел", EAEU "Eurasian Economic Union"."""

from collections.abc import Iterator, Sequence
from functools import cache

from feeds.dedupe import words
from feeds.dedupe.vocabulary import settings
from feeds.dedupe.words import KIND_BITS

MAX_NAME_WORDS = 10


def otherwise(first: Sequence[int], second: Sequence[int]) -> set[int]:
    """Return the words of the first text, kinds left out, that the second has by initials, or by its full name."""
    ours, theirs = ([word >> KIND_BITS for word in text] for text in (first, second))
    found = {short for short, name in _known(ours) if _has(theirs, name)}
    for _, name in _known(theirs):
        if _has(ours, name):
            found.update(name)
    return found


def _known(plain: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    names = _names()
    return ((short, name) for short in names.keys() & plain for name in names[short])


def _has(plain: Sequence[int], name: tuple[int, ...]) -> bool:
    return any(tuple(plain[at : at + len(name)]) == name for at, word in enumerate(plain) if word == name[0])


@cache
def _names() -> dict[int, tuple[tuple[int, ...], ...]]:
    """Return by abbreviation, as a word, the names in full as words, kinds left out."""
    found: dict[int, tuple[tuple[int, ...], ...]] = {}
    for short, names in settings()["abbreviations"].items():  # АҚШ and AQSH are one word
        word = _plain(short)[0]
        found[word] = (*found.get(word, ()), *map(_plain, names.split(" | ")))
    return found


def _plain(said: str) -> tuple[int, ...]:
    return tuple(word >> KIND_BITS for word in words.of_text(said, MAX_NAME_WORDS))
