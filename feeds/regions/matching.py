"""Finds what a folded text may be naming: every place where a pattern stands as a word."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from feeds.regions.lexicon import Lexicon, Sense

_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_SEEN_LENGTH = 50_000  # remembered readings of a language at most
_RESCAN_LENGTH = 40  # longer than what a name hidden in a failed longer one can be


class Candidate(NamedTuple):
    """A stretch of folded text, from its first letter to the end of its last word, and what it may mean."""

    start: int
    end: int
    tail: str
    senses: tuple[Sense, ...]


def candidates(lexicon: Lexicon, low: str) -> Iterator[Candidate]:
    """Yield the longest possible readings from left to right."""
    if lexicon.words.spaces:
        return _spaced(lexicon, low)
    return _unspaced(lexicon, low)


def _spaced(lexicon: Lexicon, low: str) -> Iterator[Candidate]:
    lengths, gapped, seen = lexicon.lengths, lexicon.gapped, lexicon.seen
    passed = 0
    for index, start, end in lexicon.automaton.find_matches_as_indexes(low):
        if start < passed:
            continue
        rest = "" if low[end] == " " else low[end : low.find(" ", end)]
        known = seen.get((index, rest))
        if known is None:
            known = _fitting(lexicon, index, low[start:end] + rest)
            if len(seen) < _SEEN_LENGTH:
                seen[index, rest] = known
        length, found = known
        if found:
            stem = start + length
            stop = low.find(" ", stem)
            passed = stop
            yield Candidate(start + 1, stop, low[stem:stop], found)
        if not gapped[index]:
            continue
        # a name may begin inside what failed, or after the shorter reading
        whole = start + lengths[index]
        if (gap := low.find(" ", max(passed, start + 1))) != -1 and gap < whole:
            for inner in _spaced(lexicon, low[gap : _word_end(low, whole + _RESCAN_LENGTH)]):
                if inner.start + gap < whole:
                    passed = inner.end + gap
                    yield inner._replace(start=inner.start + gap, end=passed)


def _fitting(lexicon: Lexicon, index: int, shown: str) -> tuple[int, tuple[Sense, ...]]:
    """Return the length of the longest pattern whose tail fits, and the senses that it fits."""
    shown += " "
    while index >= 0:
        length = lexicon.lengths[index]
        tail = shown[length : shown.find(" ", length)]
        found = tuple(
            sense
            for sense in lexicon.senses[index]
            if (sense.tail.allows(tail) if sense.tail is not None else not tail)
        )
        if found:
            return length, found
        index = lexicon.shorter[index]
    return 0, ()


def _word_end(low: str, place: int) -> int:
    stop = low.find(" ", min(place, len(low) - 1))
    return stop + 1 if stop != -1 else len(low)


def _unspaced(lexicon: Lexicon, low: str) -> Iterator[Candidate]:
    for index, start, end in lexicon.automaton.find_matches_as_indexes(low):
        # タイ is Thailand, タイトル is a title: a run of katakana is one word
        if _KATAKANA.match(low[end]) and _KATAKANA.match(low[end - 1]):
            continue
        if _KATAKANA.match(low[start - 1]) and _KATAKANA.match(low[start]):
            continue
        # Latin letters and digits stand as words here too
        if low[start].isascii() and (low[start - 1].isascii() and low[start - 1].isalnum()):
            continue
        if low[end - 1].isascii() and (low[end].isascii() and low[end].isalnum()):
            continue
        yield Candidate(start, end, "", lexicon.senses[index])
