"""What says a day: "25 August", 25.08, "22 اردیبهشت" of the Solar Hijri year, and a year or its last two figures."""

import contextlib
from calendar import monthrange
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

from feeds import dates
from feeds.dedupe import words
from feeds.dedupe.vocabulary import settings
from feeds.dedupe.words import KIND_BITS, KIND_MASK, NUMBER

CENTURY, LEAP_YEAR = 100, 2024
YEARS = range(1900, 2100)
SOLAR_HIJRI = 12  # its months are numbered from 13 in data/months.txt
_SOLAR_YEARS = (1403, 1404)  # begun on 20 and on 21 March: one or the other, by the year

Day = tuple[int, int]  # the number of the day as a word, and of the month


def otherwise(first: Sequence[int], second: Sequence[int], missing: set[int]) -> set[int]:
    """Return those of some numbers of the first text, kinds left out, whose day or year the second writes otherwise."""
    theirs = {word >> KIND_BITS for word in second if word & KIND_MASK == NUMBER}
    found = {word for word in missing if not theirs.isdisjoint(_years_of().get(word, ()))}
    stated = {day for _, days in _told(second) for day in days}
    stated |= {day for word in theirs for day in _dates().get(word, ())}
    found |= {word for word in missing if not stated.isdisjoint(_dates().get(word, ()))}
    return found | {word for word, days in _told(first) if word in missing and not stated.isdisjoint(days)}


def _told(text: Sequence[int]) -> Iterator[tuple[int, frozenset[Day]]]:
    """Yield the numbers beside a month, each with the days it says with the month."""
    months = month_numbers()
    for at, word in enumerate(text):
        month = months.get(word >> KIND_BITS)
        if month is not None:
            for beside in (*text[max(at - 1, 0) : at], *text[at + 1 : at + 2]):
                if beside & KIND_MASK == NUMBER:
                    number = beside >> KIND_BITS
                    yield number, _solar().get((number, month), frozenset({(number, month)}))


def are_one_month(first: int, second: int) -> bool:
    """Say whether two words, kinds left out, name one month, or two that have days in common."""
    months = month_numbers()
    ours, theirs = (months.get(word, 0) for word in (first, second))
    return bool(ours and theirs) and not _gregorian(ours).isdisjoint(_gregorian(theirs))


@cache
def _gregorian(month: int) -> frozenset[int]:
    days = (day for (_, solar), days in _solar().items() if solar == month for day in days)
    return frozenset({month} if month <= SOLAR_HIJRI else (month for _, month in days))


@cache
def years() -> frozenset[int]:
    """Return the numbers that may be years, kinds left out."""
    return frozenset(words.of_number(year) for year in YEARS)


@cache
def weekdays() -> frozenset[int]:
    """Return the names of weekdays as words, kinds left out."""
    return frozenset(map(_plain, settings()["telling"]["weekdays"]))


@cache
def months() -> frozenset[int]:
    """Return the names of months as words, kinds left out."""
    return frozenset(map(_plain, settings()["telling"]["months"])) | month_numbers().keys()


@cache
def month_numbers() -> dict[int, int]:
    """Return by name, short ones too, which month it is: from 13 of the Solar Hijri year."""
    return {_plain(name): number for name, number in reversed(list(dates.month_names()))}


@cache
def _dates() -> dict[int, frozenset[Day]]:
    """Return by number the days that it may say, each a number and a month: 25.08."""
    found: dict[int, set[Day]] = {}
    for month in range(1, 13):
        for day in range(1, monthrange(LEAP_YEAR, month)[1] + 1):
            found.setdefault(words.of_number(f"{day}.{month:02}"), set()).add((words.of_number(day), month))
    return {number: frozenset(days) for number, days in found.items()}


@cache
def _solar() -> dict[Day, frozenset[Day]]:
    """Return the days of the Solar Hijri year with those of ours that they may be."""
    found: dict[Day, frozenset[Day]] = {}
    for month, day in product(range(1, 13), range(1, 32)):
        with contextlib.suppress(ValueError):  # a day that not both years have
            ours = [dates.gregorian(year, month, day) for year in _SOLAR_YEARS]
            found[words.of_number(day), SOLAR_HIJRI + month] = frozenset(
                (words.of_number(our_day), our_month) for _, our_month, our_day in ours
            )
    return found


@cache
def _years_of() -> dict[int, frozenset[int]]:
    """Return by year its last two figures, and by these the years: COVID-19 is a disease of 2019."""
    found: dict[int, frozenset[int]] = {}
    for year in YEARS:
        long, short = words.of_number(year), words.of_number(year % CENTURY)
        found[long] = frozenset({short})
        found[short] = found.get(short, frozenset()) | {long}
    return found


def _plain(form: str) -> int:
    return words.of_text(form, 1)[0] >> KIND_BITS
