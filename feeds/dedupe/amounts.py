"""What a number says with the words beside it: 1.2 million is 1,200,000, 2 tons and 100 kg are 2,100 kg."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from feeds.dedupe import words
from feeds.dedupe.vocabulary import known, settings
from feeds.dedupe.words import KIND_BITS, KIND_MASK, NUMBER

MAX_FORM_WORDS = 8
KNOWN_FIGURES = 10**5  # of a number a checksum of its figures is kept: with more of them its value is not known
DIGITS = 9  # of a value that count
MILLION = 6  # as a power of ten
STEP = 1000.0  # 3000 and 500 may be one number, 30 and 5 are two


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is counted, in how many of the first unit of its kind, and from where."""

    kind: str
    factor: float
    zero: float
    rounds: bool  # desks round what they reckon from it


Form = tuple[tuple[int, ...], tuple[float | Unit, ...]]  # words, kinds left out, and what they may mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One of the things that an amount may say: the m of "5m" is metres, or millions."""

    number: float
    scale: float
    unit: Unit | None
    step: float  # of the number: what is less may be added to it

    def said(self) -> tuple[float, str | None]:
        """Return the value in the first unit of its kind, and the kind."""
        value, unit = self.number * self.scale, self.unit
        if unit is not None:
            value = (value - unit.zero) * unit.factor
        return float(f"{value:.{DIGITS}g}"), unit.kind if unit else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Words of a text that say how much."""

    begin: int
    end: int
    numbers: frozenset[int]  # kinds left out
    readings: tuple[Reading, ...]

    def is_also(self, other: "Amount") -> bool:
        """Say whether two amounts may be one."""
        return any(_are_one(ours, theirs) for ours in self.readings for theirs in other.readings)


def _are_one(first: Reading, second: Reading) -> bool:
    (value, kind), (other, other_kind) = first.said(), second.said()
    if value == other:
        return kind is None or other_kind is None or kind == other_kind
    if first.unit is None or second.unit is None or kind != other_kind or first.unit == second.unit:
        return False
    rounded: float = settings()["amounts"]["rounded"]
    return (first.unit.rounds or second.unit.rounds) and abs(value - other) <= rounded * max(value, other)


def of_text(text: Sequence[int]) -> list[Amount]:
    """Return the amounts of a text: those of one number, and those of several."""
    plain = [word >> KIND_BITS for word in text]
    terms: list[Amount] = []
    at = 0
    while at < len(text):
        term = _term(text, plain, at)
        if term is not None:
            terms.append(term)
        at = at + 1 if term is None else term.end
    return [*terms, *_sums(terms, plain)]


def _term(text: Sequence[int], plain: Sequence[int], at: int) -> Amount | None:
    """Return what begins with a number or with "million", which then is one, if anything does."""
    if text[at] & KIND_MASK == NUMBER:
        figures, tens = words.figures_of(text[at])
        number, step, after = _value(figures) * 10.0**tens, 10.0**tens, at + 1
    elif plain[at] in _millions():
        number, step, after = 1.0, 1.0, at
    else:
        return None
    counted = _counted(plain, after)
    if STEP <= number < STEP**2 and step < STEP and not _millions().keys().isdisjoint(plain[after : after + 1]):
        counted += [(scale / STEP, unit, ended) for scale, unit, ended in counted]  # 1,304 million may be 1.304
    end = max(ended for _, _, ended in counted)
    return Amount(
        begin=at,
        end=end,
        numbers=frozenset(word >> KIND_BITS for word in text[at:end] if word & KIND_MASK == NUMBER),
        readings=tuple(Reading(number=number, scale=scale, unit=unit, step=step) for scale, unit, _ in counted),
    )


def _counted(plain: Sequence[int], at: int) -> list[tuple[float, Unit | None, int]]:
    """Return what the words from here on may say of the number before them: times how much, of what, and to where."""
    forms = _forms().get(plain[at], ()) if at < len(plain) else ()
    form, meanings = next((one for one in forms if tuple(plain[at : at + len(one[0])]) == one[0]), ((), ()))
    end = at + len(form)
    found: list[tuple[float, Unit | None, int]] = []
    for meaning in meanings:
        if isinstance(meaning, Unit):
            found.append((1.0, meaning, end))
        else:
            found += [(meaning * scale, unit, ended) for scale, unit, ended in _counted(plain, end)]
    return found or [(1.0, None, at)]


def _sums(terms: Sequence[Amount], plain: Sequence[int]) -> Iterator[Amount]:
    """Yield what neighbouring amounts say together: 1 million 304 thousand, 2 tons and 100 kg."""
    for number, first in enumerate(terms):
        whole = first
        for term in terms[number + 1 :]:
            between = plain[whole.end : term.begin]
            if len(between) > 1 or not _joins().issuperset(between):
                break
            readings = tuple(_added(whole.readings, term.readings))
            if not readings:
                break
            whole = Amount(begin=whole.begin, end=term.end, numbers=whole.numbers | term.numbers, readings=readings)
            yield whole


def _added(first: Iterable[Reading], second: Sequence[Reading]) -> Iterator[Reading]:
    for one in first:
        for other in second:
            scale, more = one.scale, other.number * other.scale
            if one.unit is None and more < one.step * scale >= STEP:
                yield Reading(number=one.number * scale + more, scale=1.0, unit=other.unit, step=other.step)
            elif one.unit is None and scale == 1.0 and other.number < one.step >= STEP:  # 3 thousand and 500 billion
                yield Reading(number=one.number + other.number, scale=other.scale, unit=other.unit, step=other.step)
            elif one.unit and other.unit and one.unit.kind == other.unit.kind and one.unit.factor > other.unit.factor:
                ratio = one.unit.factor / other.unit.factor
                yield Reading(
                    number=one.number * scale * ratio + more, scale=1.0, unit=other.unit, step=other.step * other.scale
                )


def otherwise(first: Sequence[int], second: Sequence[int], missing: set[int]) -> set[int]:
    """Return those of some numbers of the first text, kinds left out, that the second states in other words."""
    stated = of_text(second)
    return {
        number
        for amount in of_text(first)
        if not missing.isdisjoint(amount.numbers) and any(map(amount.is_also, stated))
        for number in amount.numbers & missing
    }


def of_millions(text: Sequence[int]) -> dict[int, set[float]]:
    """Return by number what the word after it multiplies it by, if by a million or more."""
    found: dict[int, set[float]] = {}
    for word, after in pairwise(text):
        if word & KIND_MASK == NUMBER and after >> KIND_BITS in _millions():
            found.setdefault(word, set()).add(_millions()[after >> KIND_BITS])
    return found


def _value(figures: int) -> float:
    """Return the figures of a checksum; one that no figures have for those of too many to know."""
    checksums, values = _known_figures()
    at = bisect_left(checksums, figures)
    is_known = at < len(checksums) and checksums[at] == figures
    return float(values[at] if is_known else figures + KNOWN_FIGURES)


@cache
def _known_figures() -> tuple[Sequence[int], Sequence[int]]:
    """Return checksums of figures, ascending, and the figures: of two with one checksum the shorter, as likelier."""
    values = np.fromiter((n for n in range(KNOWN_FIGURES) if n % 10 or not n), np.uint32)
    checksums = np.fromiter((words.checksum(str(n) if n else "") for n in values.tolist()), np.uint32)
    checksums, first = np.unique(checksums, return_index=True)
    return array("I", checksums.tobytes()), array("I", values[first].tobytes())


@cache
def words_of_amounts() -> frozenset[int]:
    """Return the words that may say how much after a number, kinds left out."""
    return frozenset(form[0] for forms in _forms().values() for form, _ in forms if len(form) == 1)


@cache
def _forms() -> dict[int, tuple[Form, ...]]:
    """Return by its first word what may stand after a number, the longest first, with what it may mean."""
    meanings: dict[tuple[int, ...], list[float | Unit]] = {}
    for power, said in known().magnitudes.items():
        for form in said:
            meanings.setdefault(_plain(form), []).append(10.0**power)
    for kind, units in settings()["units"].items():
        for said, forms in units.items():
            factor, _, zero = said.partition(" from ")
            unit = Unit(
                kind=kind,
                factor=float(factor),
                zero=float(zero or 0),
                rounds=len(factor.replace(".", "").strip("0")) > 1,
            )
            for form in forms.split(", "):
                meanings.setdefault(_plain(form), []).append(unit)
    by_first: dict[int, list[Form]] = {}
    for words_said in sorted(meanings, key=len, reverse=True):
        by_first.setdefault(words_said[0], []).append((words_said, tuple(dict.fromkeys(meanings[words_said]))))
    return {first: tuple(forms) for first, forms in by_first.items()}


@cache
def _millions() -> dict[int, float]:
    """Return the words that say a million or more and nothing else, kinds left out."""
    return {
        first: scale
        for first, forms in _forms().items()
        for form, meanings in forms
        if len(form) == len(meanings) == 1 and not isinstance(scale := meanings[0], Unit) and scale >= 10**MILLION
    }


@cache
def _joins() -> frozenset[int]:
    """Return the words that may stand between the parts of an amount, kinds left out."""
    return frozenset(_plain(form)[0] for form in settings()["amounts"]["joins"].split())


def _plain(form: str) -> tuple[int, ...]:
    return tuple(word >> KIND_BITS for word in words.of_text(form, MAX_FORM_WORDS))
