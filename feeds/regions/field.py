"""One field of an entry with what it may name, and the words beside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from feeds.regions.facts import Facts
from feeds.regions.lexicon import CAPITAL, EXACT, Lexicon, Sense
from feeds.regions.matching import Candidate
from feeds.regions.reading import Field

_CASED = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_MOST_THROUGH = 2  # words between a street and its name
_NEAR_LENGTH = 24  # characters looked at for a word before
_PARTS, _QUOTES, _OPENING = frozenset(" \u200c-"), frozenset("’'»”\""), frozenset('«“"')


@dataclass(slots=True, kw_only=True)
class Text:
    """One field of the entry as written."""

    name: Field
    written: str
    found: Sequence[Candidate]
    _lower_case: bool | None = field(default=None, init=False)

    @property
    def lower_case(self) -> bool:
        """Whether it is all in small letters."""
        if self._lower_case is None:
            self._lower_case = self.written.islower()
        return self._lower_case


def someone(before: str, after: str, text: Text, words: Lexicon) -> bool:
    """Tell whether a name that is also a person's stands beside a given name or a title: "Kathy Ireland"."""
    return (before in words.person_before or after in words.person_after) and not text.lower_case


def named_before(text: Text, words: Lexicon, start: int, before: str) -> bool:
    """Tell whether a name stands after a word for a street, a house or a ship: "hotel X", "rue de X", "rue de la X"."""
    for _ in range(_MOST_THROUGH):
        if before not in words.named_through:
            break
        start -= len(before) + 1
        before = text.written[max(0, start - _NEAR_LENGTH) : max(0, start - 1)].rpartition(" ")[2].lower()
    return before in words.named_before


def common_word(facts: Facts, text: Text, start: int, end: int, fields: Sequence[Text]) -> bool:
    """Tell whether a capital letter is there only because a sentence begins: "Turkey prices", and then "a turkey"."""
    if not facts.capital or text.lower_case:
        return False
    word = re.compile(rf"\b{re.escape(text.written[start:end].lower())}\b")
    return any(word.search(one.written) for one in fields)


def as_written(facts: Facts, text: Text, start: int, end: int) -> tuple[Sense, ...]:
    """Return the senses that fit how the text writes them: with a capital letter, or exactly so."""
    if facts.asks == CAPITAL:
        return facts.senses if text.written[start].isupper() or text.lower_case else ()
    shown, fit = text.written[start:end], []
    for sense in facts.senses:
        if sense.flags & EXACT:
            if shown == sense.written or text.written.startswith(sense.written, start):
                fit.append(sense)
        elif not sense.flags & CAPITAL or shown[0].isupper() or text.lower_case:
            fit.append(sense)
    return tuple(fit)


def part_of_a_name(text: Text, words: Lexicon, start: int, end: int, before: str) -> bool:
    """Tell whether a capitalised word stands right beside: "Michael Jordan", "Paris Hilton".

    `before` is the word right before, if any.
    """
    if words.script not in _CASED or text.name != "text" or text.lower_case or text.written.isupper():
        return False
    written, before = text.written, before.rpartition("-")[2]
    if before.isalnum() and written[start - 1] in _PARTS:  # not in "Bangladesh's Chittagong"
        last = start - 3 if written[start - 2] == "." else start - 2
        first = last + 1 - len(before)
        if first > 0 and written[first].isupper() and written[last].isalnum():
            return True
    return goes_on(text, words, end)


def goes_on(text: Text, words: Lexicon, end: int) -> bool:
    """Tell whether a capitalised word follows right after a name: "Martin Sheen", "Georgetown University"."""
    if words.script not in _CASED or text.name != "text" or text.lower_case or text.written.isupper():
        return False
    written = text.written
    if written[end : end + 1] in _QUOTES:
        end += 1
    if written[end : end + 1] in _PARTS:
        end += 2 if written[end + 1 : end + 2] in _OPENING else 1
        return written[end : end + 1].isupper()
    return False
