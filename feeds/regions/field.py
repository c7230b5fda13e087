"""One field of an entry with what it may name, and the words beside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from feeds.regions.facts import Facts
from feeds.regions.lexicon import CAPITAL, EXACT, Lexicon, Sense
from feeds.regions.matching import Candidate
from feeds.regions.reading import Field

_JOINS, _QUOTES, _SIGNS = frozenset(" -\u200c\u00a0"), frozenset("\"'’»”"), "\"'’»”«“.,:;!?()"
_NEAR_LENGTH = 24  # characters looked at for a word before or after
_CASED = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_WORD_BEFORE = re.compile(r"(\w+)\.?[ \u200c-]$")
_WORD_AFTER = re.compile(r"[’'»”\"]?[ \u200c-][«“\"]?(\w+)")

Beside = tuple[str, str]
NOTHING_BESIDE: Beside = ("", "")


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


def beside(written: str, start: int, end: int) -> Beside:
    """Return the words right before and after a stretch of a text, in lower case; empty: none, or a sign between."""
    before, after = list[str](), list[str]()
    if start and written[start - 1] in _JOINS:
        before = written[max(0, start - _NEAR_LENGTH) : start - 1].rsplit(None, 1)[-1:]
    if written[end : end + 1] in _QUOTES:
        end += 1
    if written[end : end + 1] in _JOINS:
        after = written[end + 1 : end + _NEAR_LENGTH].split(None, 1)[:1]
    return (before[0].strip(_SIGNS).lower() if before else ""), (after[0].strip(_SIGNS).lower() if after else "")


def someone(beside: Beside, text: Text, words: Lexicon) -> bool:
    """Tell whether a name that is also a person's stands beside a given name or a title: "Kathy Ireland"."""
    return (beside[0] in words.person_before or beside[1] in words.person_after) and not text.lower_case


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


def part_of_a_name(text: Text, words: Lexicon, start: int, end: int) -> bool:
    """Tell whether a capitalised word stands right beside: "Michael Jordan", "Paris Hilton"."""
    if words.script not in _CASED or text.name != "text" or text.lower_case or text.written.isupper():
        return False
    nearest = max(0, start - _NEAR_LENGTH)
    if not text.written[nearest:start].islower():  # else there is no capital letter
        before = _WORD_BEFORE.search(text.written, nearest, start)
        if before and before[1][:1].isupper() and before.start(1) > 0:
            return True
    after = _WORD_AFTER.match(text.written, end)
    return bool(after and after[1][:1].isupper())
