"""What a number says with the words beside it: 1.2 million is 1,200,000, 25.08 is 25 August, 2019 is '19."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise

from feeds.dedupe import words
from feeds.dedupe.vocabulary import settings
from feeds.dedupe.words import KIND_BITS, KIND_MASK, NUMBER

CENTURY, LEAP_YEAR = 100, 2024
YEARS = range(1900, 2100)
MAX_FORM_WORDS = 4
MILLION = 6  # as a power of ten


def otherwise(first: Sequence[int], second: Sequence[int]) -> set[int]:
    """Return the numbers of the first text, kinds left out, that the second states in another form."""
    theirs = {word >> KIND_BITS for word in second if word & KIND_MASK == NUMBER}
    missing = {word >> KIND_BITS for word in first if word & KIND_MASK == NUMBER} - theirs
    found = {word for word in missing if not theirs.isdisjoint(_years_of().get(word, ()))}
    if not _figures(missing).isdisjoint(_figures(theirs)):
        amounts = {amount for _, amount in _amounts(second)}
        found.update(word for word, amount in _amounts(first) if amount in amounts)
    dates = _dates()
    if not missing.isdisjoint(dates):
        days = {day for _, day in _told_days(second)}
        found.update(word for word in missing if not days.isdisjoint(dates.get(word, ())))
    if not theirs.isdisjoint(dates):  # the day of "25 August", where the other has 25.08
        days = {day for word in theirs for day in dates.get(word, ())}
        found.update(word for word, day in _told_days(first) if day in days)
    return missing & found


def has_number(news: Iterable[int]) -> bool:
    """Say whether one of these words is a number."""
    return any(word & KIND_MASK == NUMBER for word in news)


def unstated(news: set[int], ours: Sequence[int], theirs: Sequence[int]) -> set[int]:
    """Return what one text alone has, without the numbers that the other states in another form."""
    stated = otherwise(ours, theirs)
    return {word for word in news if word & KIND_MASK != NUMBER or word >> KIND_BITS not in stated}


def differ(first: Sequence[int], second: Sequence[int], news: set[int]) -> bool:
    """Say whether between two words there is one number here and another there, either of them news.

    "Six were hurt, two of them badly" and "two were hurt" have two in common, but not of what; in texts with most of
    their words in common it is by chance. Nor is 1.2 billion 1.2 million.
    """
    if has_number(news) and _are_reworded(first, second):
        ours, theirs = _counts(first), _counts(second)
        counts = [(ours[between], theirs[between]) for between in ours.keys() & theirs]
        if any(mine.isdisjoint(other) and not news.isdisjoint(mine | other) for mine, other in counts):
            return True
    millions = _millions().isdisjoint
    if millions(word >> KIND_BITS for word in first) or millions(word >> KIND_BITS for word in second):
        return False
    powers, others = _of_millions(first), _of_millions(second)
    return any(powers[number].isdisjoint(others[number]) for number in powers.keys() & others)


def _are_reworded(first: Sequence[int], second: Sequence[int]) -> bool:
    ours, theirs = ({word >> KIND_BITS for word in text} for text in (first, second))
    limit: float = settings()["match"]["other_words"]
    return len(ours & theirs) < limit * len(ours | theirs)


def _counts(text: Sequence[int]) -> dict[tuple[int, int], set[int]]:
    """Return the numbers of a text by the words before and after them."""
    found: dict[tuple[int, int], set[int]] = {}
    for at, word in enumerate(text[1:-1], 1):
        if word & KIND_MASK == NUMBER and NUMBER not in (text[at - 1] & KIND_MASK, text[at + 1] & KIND_MASK):
            found.setdefault((text[at - 1] >> KIND_BITS, text[at + 1] >> KIND_BITS), set()).add(word)
    return found


def _figures(numbers: Iterable[int]) -> set[int]:
    return {words.figures_of(number << KIND_BITS)[0] for number in numbers}


def _amounts(text: Sequence[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the numbers of a text, each with its figures and the power of ten that it and the words after it say."""
    scales = powers_of_ten()
    for at, word in enumerate(text):
        if word & KIND_MASK == NUMBER:
            figures, tens = words.figures_of(word)
            for after in text[at + 1 : at + MAX_FORM_WORDS]:
                power = scales.get(after >> KIND_BITS)
                if power is None:
                    break
                tens += power
            yield word >> KIND_BITS, (figures, tens)


def _told_days(text: Sequence[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the numbers beside a month, each with the number of the month."""
    months = _months()
    for at, word in enumerate(text):
        month = months.get(word >> KIND_BITS)
        if month is not None:
            for beside in (*text[max(at - 1, 0) : at], *text[at + 1 : at + 2]):
                if beside & KIND_MASK == NUMBER:
                    yield beside >> KIND_BITS, (beside >> KIND_BITS, month)


@cache
def powers_of_ten() -> dict[int, int]:
    """Return by word, kinds left out, the power of ten that it says after a number."""
    return {_plain(form): int(power) for power, forms in settings()["scales"].items() for form in forms.split()}


@cache
def _millions() -> frozenset[int]:
    """Return the words that say a million or more after a number, kinds left out."""
    return frozenset(word for word, power in powers_of_ten().items() if power >= MILLION)


def _of_millions(text: Sequence[int]) -> dict[int, set[int]]:
    """Return by number the powers of ten after it, of those that have a million or more."""
    found: dict[int, set[int]] = {}
    for word, after in pairwise(text):
        if word & KIND_MASK == NUMBER and after >> KIND_BITS in _millions():
            found.setdefault(word, set()).add(powers_of_ten()[after >> KIND_BITS])
    return found


@cache
def years() -> frozenset[int]:
    """Return the numbers that may be years, kinds left out."""
    return frozenset(_of_digits(year) for year in YEARS)


@cache
def weekdays() -> frozenset[int]:
    """Return the names of weekdays as words, kinds left out."""
    return frozenset(map(_plain, settings()["telling"]["weekdays"]))


@cache
def months() -> frozenset[int]:
    """Return the names of months as words, kinds left out."""
    return frozenset(map(_plain, settings()["telling"]["months"])) | _months().keys()


@cache
def _months() -> dict[int, int]:
    """Return by name, short ones too, which month of the Gregorian year it is."""
    lines = resources.files("feeds").joinpath("data/months.txt").read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if line[:1].isdigit())
    return {_plain(name): int(number) for number, *names in rows if int(number) <= 12 for name in names}


@cache
def _dates() -> dict[int, frozenset[tuple[int, int]]]:
    """Return by number the days that it may say, each a number and a month: 25.08."""
    found: dict[int, set[tuple[int, int]]] = {}
    for month in range(1, 13):
        for day in range(1, monthrange(LEAP_YEAR, month)[1] + 1):
            found.setdefault(_of_digits(f"{day}.{month:02}"), set()).add((_of_digits(day), month))
    return {number: frozenset(days) for number, days in found.items()}


@cache
def _years_of() -> dict[int, frozenset[int]]:
    """Return by year its last two figures, and by these the years: COVID-19 is a disease of 2019."""
    found: dict[int, frozenset[int]] = {}
    for year in YEARS:
        long, short = _of_digits(year), _of_digits(year % CENTURY)
        found[long] = frozenset({short})
        found[short] = found.get(short, frozenset()) | {long}
    return found


def _of_digits(digits: float | str) -> int:
    return words.tagged(str(digits), NUMBER) >> KIND_BITS


def _plain(form: str) -> int:
    return words.of_text(form, MAX_FORM_WORDS)[0] >> KIND_BITS
