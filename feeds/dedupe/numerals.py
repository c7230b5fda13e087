"""Numbers, in digits and in words, as the values they name: "twenty five", "он екі", "3 thousand", "1.655,8"."""

import re
from collections.abc import Sequence

from feeds.dedupe import vocabulary

_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
TENS = frozenset(range(20, 100, 10))


def spelled(value: float) -> str:
    """Return the one spelling of a value."""
    return repr(float(value))


def of_digits(digits: str) -> float:
    """Return the value of a number in digits: 1,655.8 and 1655,8 are 1655.8; 5,2 is 5.2."""
    if _GROUPED.fullmatch(digits) and not digits.startswith("0"):
        return float(re.sub("[.,]", "", digits))
    whole, mark, rest = digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")
    return float(f"{re.sub('[.,]', '', whole)}.{rest}" if mark else digits)


def may_be(folded: str) -> bool:
    """Say whether a word begins as one that says a number or multiplies one."""
    return folded[:2] in vocabulary.known().numeral_starts


def of_word(folded: str) -> int | None:
    """Return the number that a folded word says."""
    return _looked_up(folded, vocabulary.known().numerals)


def multiplier(folded: str) -> int | None:
    """Return by how much a folded word multiplies the number before it."""
    return _looked_up(folded, vocabulary.known().multipliers)


def _looked_up(folded: str, values: dict[str, int]) -> int | None:
    if not may_be(folded):
        return None
    value = values.get(folded)
    return value if value is not None else values.get(vocabulary.known().stem(folded))


def _value(folded: str) -> float | None:
    return of_digits(folded) if folded[0].isdecimal() else of_word(folded)


def _unit(folded: str) -> float | None:
    """Return what a word says that may stand after twenty: one to nine."""
    value = None if folded[0].isdecimal() else of_word(folded)
    if value is None:
        return 1 if folded in vocabulary.known().one_after_tens else None
    return value if value < 10 else None


def _added(value: float, folded: str) -> float | None:
    """Return what a number in words is with the next one, if that goes on with it: twenty five, two hundred."""
    if folded[0].isdecimal():
        return None
    if value % 100 in TENS:
        unit = _unit(folded)
        return None if unit is None else value + unit
    more = of_word(folded)
    if more is None:
        return None
    if value < 10 and more == 100:
        return value * more
    return value + more if value % 100 == 0 and 0 < more < 100 <= value < 1000 else None


def joined(folded: Sequence[str]) -> tuple[float, int]:
    """Return the value of the number of several words with which words of one sentence begin, and of how many.

    Of none when they begin with no such number.
    """
    known = vocabulary.known()
    value, end = _value(folded[0]), 1
    unit = _unit(folded[1]) if len(folded) > 1 else None
    if unit is not None and unit > 1 and folded[0] in known.tens_before_units:
        value, end = 10 + unit, 2
    elif value is not None and not folded[0][0].isdecimal():
        while end < len(folded):
            after = end + (folded[end] in known.number_joins)
            more = _added(value, folded[after]) if after < len(folded) else None
            if more is None:
                break
            value, end = more, after + 1
    more = multiplier(folded[end]) if value is not None and end < len(folded) else None
    if value is not None and more is not None:
        value, end = value * more, end + 1
    return (0.0, 0) if value is None or end == 1 else (value, end)
