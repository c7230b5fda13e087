"""Finds what a text may be naming: every place where a pattern stands as a word.

What a piece of text holds is worked out when it is first seen: most pieces of most texts are known to hold nothing,
so that a text costs a look at a table for each.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate, compress
from typing import NamedTuple

import ahocorasick_rs

from feeds.regions import facts, folding
from feeds.regions.facts import Facts
from feeds.regions.lexicon import Lexicon
from feeds.text import Memo, pieces

_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_JOINS, _QUOTES, _SIGNS = frozenset(" -\u200c\u00a0"), frozenset("\"'’»”"), "\"'’»”«“.,:;!?()"
_AFTER_SIGN = frozenset({". ", '" ', "” ", "» "})  # between a word and a name; a comma parts them
_NEAR_LENGTH = 24  # characters looked at for a word before or after
_NO_MORE = ("", "")  # after the last piece of a text
_HEAD_LETTERS = 3
_ABBREVIATION_LETTERS = 3  # "N. Korea", "Rep. of Congo": a longer word before a full stop ends a sentence
_SMALL_LETTERS = 2  # and so does a longer one without a capital letter: "It is new. Zealand"


class Candidate(NamedTuple):
    """A stretch of a text, from the first letter of a word to the end of one, and what it may mean."""

    start: int
    end: int
    tail: str
    facts: Facts
    # The words beside it in lower case, where they may change what it means; empty: none, or a sign between.
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands at the beginning of a word, or of several: the longest pattern whose ending fits."""

    length: int
    facts: Facts | None  # `None`: no pattern
    opens: frozenset[str]  # the first letters of what may follow, as written in lower case


_NONE = frozenset[str]()
_NOTHING = _Said(0, None, _NONE)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a piece of text, by its place in the piece."""

    start: int
    end: int
    folded: str
    near: bool = True  # one character parts it from the word before; of the first: it begins the piece
    last: bool = True  # it ends the piece
    said: _Said | None = None


class _Name(NamedTuple):
    """What some words of a piece name, by their place in the piece."""

    start: int
    end: int
    tail: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text that may name something, or that a text writes as no pattern is expected to be written."""

    words: tuple[_Word, ...]
    head: str  # its first word
    whole: bool = False  # it is one word
    names: tuple[_Name, ...] = ()  # by itself
    # Before a piece that begins with one of these letters it may name something else.
    opens: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()
    stops: bool = False  # it may be an abbreviation: the full stop after it parts nothing


def spaced(lexicon: Lexicon, text: str) -> list[Candidate]:
    """Return the longest possible readings of a text, from left to right."""
    known = _known(lexicon)
    cut = pieces(text)
    seen: list[_Piece | None] = [*map(known.pieces.__getitem__, cut)]
    spots = [*compress(range(len(cut)), seen)]
    if not spots:
        return []
    found: list[Candidate] = []
    cut = (*cut, *_NO_MORE)
    seen += (None, None)
    ends = [*accumulate(map(len, cut), initial=0)]  # without what is between the pieces
    passed = 0
    for n in spots:
        piece: _Piece = seen[n]  # type: ignore[assignment]
        ahead = cut[n + 1] if (beyond := seen[n + 1]) is None else beyond.head
        if piece.stops and not ahead:
            ahead = _ahead(text, ends[n] + n, ends[n + 1] + n, cut[n + 2], seen[n + 2])
        if ahead[:1] in piece.initials and (ahead[:_HEAD_LETTERS] in piece.opens or ahead[:1] in piece.opens):
            for one in _followed(known, cut, n, piece.words, text=text, ends=ends, passed=passed):
                passed = one.end
                found.append(_with_beside(one, text) if one.facts.looks else one)
            continue
        for first, last, tail, meant in piece.names:
            start = ends[n] + n + first
            if start < passed:
                continue
            passed = start + last - first
            if not meant.looks:
                found.append(Candidate(start, passed, tail, meant))
            elif not piece.whole:
                found.append(_with_beside(Candidate(start, passed, tail, meant), text))
            else:
                before = cut[n - 1] if text[start - 1 : start] in _JOINS else ""
                if not before and text[start - 2 : start] in _AFTER_SIGN:
                    before = cut[n - 2]
                sign = text[passed : passed + 1]
                if sign in _QUOTES:
                    sign = text[passed + 1 : passed + 2]
                after = (cut[n + 1] or cut[n + 2]) if sign in _JOINS else ""
                if after and not after.isalnum() and (parts := _cut(after, known.joined)):
                    after = parts[0].folded  # of "caddesi'nde"
                found.append(Candidate(start, passed, tail, meant, before, after))
    return found


def _with_beside(found: Candidate, text: str) -> Candidate:
    """Return a candidate with the words right before and after it, without the signs around them."""
    start, end, tail, meant, _, _ = found
    before, after = list[str](), list[str]()
    if text[start - 1 : start] in _JOINS:
        before = text[max(0, start - _NEAR_LENGTH) : start - 1].rsplit(None, 1)[-1:]
    if text[end : end + 1] in _QUOTES:
        end += 1
    if text[end : end + 1] in _JOINS:
        after = text[end + 1 : end + _NEAR_LENGTH].split(None, 1)[:1]
    return Candidate(
        start,
        found.end,
        tail,
        meant,
        before[0].strip(_SIGNS).lower() if before else "",
        after[0].strip(_SIGNS).lower() if after else "",
    )


def _ahead(text: str, start: int, end: int, cut: str, piece: _Piece | None) -> str:
    """Return the piece after an abbreviation from `start` to `end`: after a full stop and a space."""
    if not _shortened(text, start, end):
        return ""
    return cut if piece is None else piece.head


def _shortened(text: str, start: int, end: int) -> bool:
    """Tell whether a short word with a full stop may be an abbreviation, not the end of a sentence."""
    return text.startswith(". ", end) and (end - start <= _SMALL_LETTERS or text[start].isupper())


def _followed(
    known: "_Known",
    cut: Sequence[str],
    n: int,
    words: Sequence[_Word],
    *,
    text: str,
    ends: Sequence[int],
    passed: int,
) -> Iterator[Candidate]:
    """Yield the longest readings of the words of piece `n`, beyond the piece if need be."""
    at = ends[n] + n
    for k, word in enumerate(words):
        if word.said is not None and at + word.start >= passed:
            said, shown, end = _longest(known, cut, n, words[k:], text=text, ends=ends)
            if said.facts is not None:
                passed = end
                yield Candidate(at + word.start, end, shown[said.length :], said.facts)


def _longest(
    known: "_Known", cut: Sequence[str], n: int, words: Sequence[_Word], *, text: str, ends: Sequence[int]
) -> tuple[_Said, str, int]:
    """Return the longest reading from the first of some words of piece `n` on, as it is shown, and where it ends.

    Between two words is one gap; after an abbreviation, a full stop and a space.
    """
    shown, said, k = words[0].folded, words[0].said, 0
    best = said or _NOTHING, shown, ends[n] + n + words[0].end
    while said is not None and said.opens:
        if k + 1 < len(words):
            k += 1
        else:
            if not words[k].last:
                break
            n += 1
            if not cut[n] and 0 < len(cut[n - 1]) <= _ABBREVIATION_LETTERS and words[k].start == 0:
                if not _shortened(text, ends[n - 1] + n - 1, ends[n] + n - 1):
                    break
                n += 1
            words, k = _cut(cut[n], known.joined), 0
            if not words:
                break
        if not words[k].near:
            break
        shown = f"{shown} {words[k].folded}"
        said = known.phrases[shown]
        if said is not None and said.facts is not None:
            best = said, shown, ends[n] + n + words[k].end
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
            return None if said is None else self._piece(piece, _Word(0, len(piece), piece, said=said))
        words = tuple(replace(word, said=self._say(word.folded)) for word in _cut(piece, self.joined))
        if any(word.said is not None for word in words):
            return self._piece(piece, *words)
        odd = bool(words) and piece[:_HEAD_LETTERS] not in folding.unfolded(words[0].folded[:_HEAD_LETTERS])
        return _Piece(words, words[0].folded) if odd else None

    def _piece(self, written: str, *words: _Word) -> _Piece:
        """Return a piece with what its words name, and what the last ones may begin."""
        names, opens = self._of_one(words[0]) if len(words) == 1 else self._of_several(written, words)
        if not words[-1].last:
            opens = _NONE
        return _Piece(
            words=words,
            head=words[0].folded,
            whole=len(words) == 1 and words[0].start == 0 and words[0].end == len(written),
            names=names,
            opens=opens,
            initials=frozenset([head[:1] for head in opens]) if opens else _NONE,
            stops=bool(opens) and len(written) <= _ABBREVIATION_LETTERS,
        )

    def _of_one(self, word: _Word) -> tuple[tuple[_Name, ...], frozenset[str]]:
        said = word.said or _NOTHING
        if said.facts is None:
            return (), said.opens
        return (_Name(word.start, word.end, word.folded[said.length :], said.facts),), said.opens

    def _of_several(self, written: str, words: Sequence[_Word]) -> tuple[tuple[_Name, ...], frozenset[str]]:
        found = _followed(self, (written, *_NO_MORE), 0, words, text=written, ends=(0, len(written)), passed=0)
        opens, run = _NONE, ""
        for word in reversed(words):
            run = f"{word.folded} {run}".rstrip()
            if said := word.said and self.phrases[run]:
                opens |= said.opens
            if not word.near:
                break
        return tuple(_Name(one.start, one.end, one.tail, one.facts) for one in found), opens

    def _say(self, shown: str) -> _Said | None:
        patterns, written = self._patterns, shown.encode("utf-8", "surrogatepass")
        last = patterns.last(written)
        opens = _NONE
        if patterns.goes_on(written + b" ", last):
            opens = _NONE.union(*map(_heads, patterns.follows(written + b" ", last)))
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
                return _Said(length, facts.learn(senses), opens)
        return _Said(0, None, opens) if opens else None


def _heads(following: str) -> frozenset[str]:
    """Return the first letters of the word that a pattern goes on with, as a text may write them."""
    word, more, _ = following.partition(" ")
    # Of a short stem the first letter has to do: any ending may follow.
    return folding.unfolded(word[: _HEAD_LETTERS if more or len(word) >= _HEAD_LETTERS else 1])


@cache
def _known(lexicon: Lexicon) -> _Known:
    return _Known(lexicon)


@lru_cache(maxsize=16_384)
def _cut(piece: str, joined: str) -> tuple[_Word, ...]:
    """Return the words of a piece; what they say is not looked up."""
    low, places = folding.fold(piece, joined=joined)
    words, start, gap = list[_Word](), 0, 0
    for folded in low[1:-1].split(" "):
        end = start + len(folded)
        if folded:
            first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
            words.append(_Word(first, last, folded, gap == bool(words), end + 2 == len(low)))
            gap = 0
        start = end + 1
        gap += 1
    return tuple(words)


@cache
def _automaton(lexicon: Lexicon) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(
        [lexicon.patterns[place] for place in range(len(lexicon.patterns))],
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        store_patterns=False,
    )


@cache
def _meant(lexicon: Lexicon, place: int) -> Facts:
    return facts.learn(lexicon.patterns.value(place))


def unspaced(lexicon: Lexicon, text: str) -> list[Candidate]:
    """Return the longest readings of a text in a script without spaces, from left to right."""
    low, places = folding.fold(text)  # between two spaces
    found: list[Candidate] = []
    for index, start, end in _automaton(lexicon).find_matches_as_indexes(low):
        # タイ is Thailand, タイトル is a title: a run of katakana is one word
        if _KATAKANA.match(low[start]) and _KATAKANA.match(low[start - 1]):
            continue
        if _KATAKANA.match(low[end - 1]) and _KATAKANA.match(low[end]):
            continue
        # Latin letters and digits stand as words here too
        if low[start].isascii() and low[start - 1].isascii() and low[start - 1].isalnum():
            continue
        if low[end - 1].isascii() and low[end].isascii() and low[end].isalnum():
            continue
        first, last = (start - 1, end - 1) if places is None else (places[start - 1], places[end - 2] + 1)
        one = Candidate(first, last, "", _meant(lexicon, index))
        apart = not (text[first - 1 : first] + text[last : last + 1]).isalnum()  # else no word is told from the next
        found.append(_with_beside(one, text) if apart and one.facts.looks else one)
    return found
