"""Finds what a text may be naming: every place where a pattern stands as a word.

What a piece of text holds is worked out when it is first seen: most pieces of most texts are known to hold nothing,
so that a text costs a look at a table for each.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

import ahocorasick_rs

from feeds.regions import folding
from feeds.regions.lexicon import Lexicon, Sense
from feeds.text import Memo

_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_HEAD_LETTERS = 3
_ABBREVIATION_LETTERS = 2  # "St. Kitts", "N. Korea", "EE. UU.": a longer word before a full stop ends a sentence


class Candidate(NamedTuple):
    """A stretch of folded text, from its first letter to the end of its last word, and what it may mean."""

    start: int
    end: int
    tail: str
    senses: tuple[Sense, ...]


class _Said(NamedTuple):
    """What stands at the beginning of a word, or of several: the longest pattern whose ending fits."""

    length: int
    senses: tuple[Sense, ...]  # none: no pattern
    opens: frozenset[str]  # the first letters of what may follow, as written in lower case


_NOTHING = _Said(0, (), frozenset())


class _Word(NamedTuple):
    """A word of a piece of text, by its place in the piece."""

    start: int
    end: int
    folded: str
    said: _Said | None = None


class _Piece(NamedTuple):
    """A piece of text that may name something."""

    words: tuple[_Word, ...]
    # Before other pieces than those that begin with one of these, it names nothing. `None`: it does before any.
    before: frozenset[str] | None


def spaced(lexicon: Lexicon, text: str, cut: Sequence[str]) -> Iterator[Candidate]:
    """Yield the longest possible readings of a text and its `text.pieces` from left to right.

    The text is steady: it keeps its places when it is folded.
    """
    known = _known(lexicon)
    pairs = zip(map(known.pieces.__getitem__, cut), [*cut[1:], ""], strict=True)
    found = [
        (n, piece.words)
        for n, (piece, after) in enumerate(pairs)
        if piece is not None
        and (piece.before is None or after[:_HEAD_LETTERS] in piece.before or after[:1] in piece.before)
    ]
    if not found:
        return
    ends = [0, *accumulate(map(len, cut))]  # without what is between the pieces
    passed = 0
    for n, words in found:
        for k, word in enumerate(words):
            start = ends[n] + n + 1 + word.start  # in the folded text, with its space before
            if word.said is None or start < passed:
                continue
            said, shown, end = word.said, word.folded, start + len(word.folded)
            if said.opens:
                said, shown, end = _longest(known, cut, n, words[k:], text=text, start=start)
            if said.senses:
                passed = end
                yield Candidate(start, end, shown[said.length :], said.senses)


def _longest(
    known: "_Known", cut: Sequence[str], n: int, words: Sequence[_Word], *, text: str, start: int
) -> tuple[_Said, str, int]:
    """Return the longest reading from the first of some words of piece `n` on, as it is shown, and where it ends.

    Between two words is one gap; after an abbreviation, a full stop and a space.
    """
    shown, said, k, stops = words[0].folded, words[0].said, 0, 0
    best = said or _NOTHING, shown, start + len(shown)
    while said is not None and said.opens:
        end = words[k].end
        if k + 1 < len(words):
            k += 1
            if words[k].start != end + 1:
                break
        else:
            if end != len(cut[n]) or n + 1 == len(cut):
                break
            if not cut[n + 1] and 0 < len(cut[n]) <= _ABBREVIATION_LETTERS and words[k].start == 0:
                # `start` counts the space before the folded text
                if not text.startswith(". ", start - 1 + len(shown) + stops):
                    break
                n, stops = n + 1, stops + 1
            n, k, words = n + 1, 0, _cut(cut[n + 1], known.joined)
            if not words or words[0].start:
                break
        shown = f"{shown} {words[k].folded}"
        said = known.phrases[shown]
        if said is not None and said.senses:
            best = said, shown, start + len(shown) + stops
    return best


class _Known:
    """What pieces of text and runs of words hold, in one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.joined = lexicon.words.joined
        self._patterns = lexicon.patterns
        self.pieces = Memo(self._read)  # `None`: nothing that a pattern begins with
        self.phrases = Memo(self._say)

    def _read(self, piece: str) -> _Piece | None:
        if folding.folded(piece):
            said = self._say(piece)
            return None if said is None else _piece(_Word(0, len(piece), piece, said))
        words = tuple(word._replace(said=self._say(word.folded)) for word in _cut(piece, self.joined))
        return _piece(*words) if any(word.said is not None for word in words) else None

    def _say(self, shown: str) -> _Said | None:
        patterns, written = self._patterns, shown.encode("utf-8", "surrogatepass")
        last = patterns.last(written)
        opens = frozenset[str]().union(*map(_heads, patterns.follows(written + b" ", last)))
        before = shown.rfind(" ")  # what ends there was found without the last word
        for place in patterns.beginnings(written, last):
            length = len(patterns[place])
            if length <= before:
                break
            tail = shown[length:]
            senses = tuple(
                sense
                for sense in patterns.value(place)
                if (sense.tail.allows(tail) if sense.tail is not None else not tail)
            )
            if senses:
                return _Said(length, senses, opens)
        return _Said(0, (), opens) if opens else None


def _heads(following: str) -> frozenset[str]:
    """Return the first letters of the word that a pattern goes on with, as a text may write them."""
    word, more, _ = following.partition(" ")
    # Of a short stem the first letter has to do: any ending may follow.
    return folding.unfolded(word[: _HEAD_LETTERS if more or len(word) >= _HEAD_LETTERS else 1])


def _piece(*words: _Word) -> _Piece:
    """Return a piece of words; of one alone that names nothing the following piece decides."""
    alone = words[0].said if len(words) == 1 else None
    if alone is None or alone.senses:
        return _Piece(words, None)
    stop = {""} if len(words[0].folded) <= _ABBREVIATION_LETTERS else set[str]()  # between a full stop and a space
    return _Piece(words, alone.opens | stop)


@cache
def _known(lexicon: Lexicon) -> _Known:
    return _Known(lexicon)


@lru_cache(maxsize=16_384)
def _cut(piece: str, joined: str) -> tuple[_Word, ...]:
    """Return the words of a piece; what they say is not looked up."""
    words, start = [], 0
    for folded in folding.fold(piece, joined=joined)[0][1:-1].split(" "):
        end = start + len(folded)
        if folded:
            words.append(_Word(start, end, folded))
        start = end + 1
    return tuple(words)


@cache
def _automaton(lexicon: Lexicon) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(
        [lexicon.patterns[place] for place in range(len(lexicon.patterns))],
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        store_patterns=False,
    )


def unspaced(lexicon: Lexicon, low: str) -> Iterator[Candidate]:
    """Yield the longest readings of a folded text, between its two spaces, in a script without spaces."""
    for index, start, end in _automaton(lexicon).find_matches_as_indexes(low):
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
        yield Candidate(start, end, "", lexicon.patterns.value(index))
