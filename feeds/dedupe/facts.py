"""What two texts state: numbers, names, places, days; in whatever form a desk writes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.dedupe import abbreviations, amounts, dates
from feeds.dedupe.vocabulary import settings
from feeds.dedupe.words import KIND_BITS, KIND_MASK, NAME, NUMBER, TELLING, respelled


def otherwise(first: Sequence[int], second: Sequence[int]) -> set[int]:
    """Return the numbers and names of the first text, kinds left out, that the second states in another form."""
    return _numbers_otherwise(first, second) | abbreviations.otherwise(first, second)


def _numbers_otherwise(first: Sequence[int], second: Sequence[int]) -> set[int]:
    missing = _numbers(first) - _numbers(second)
    if not missing:
        return set()
    found = dates.otherwise(first, second, missing)
    return found | amounts.otherwise(first, second, missing - found)


def _numbers(text: Iterable[int]) -> set[int]:
    return {word >> KIND_BITS for word in text if word & KIND_MASK == NUMBER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many facts a text states, and how many of them another states as well."""

    all: int
    told: int
    numbers: int  # of those told
    otherwise: int  # of those told, in another form

    @property
    def share(self) -> float:
        """Return what share of the facts is told."""
        return self.told / self.all if self.all else 0.0


def kept(first: Sequence[int], second: Sequence[int]) -> Kept:
    """Return what facts of the first text the second states as well."""
    facts = {word >> KIND_BITS: word for word in first if word & KIND_MASK}
    missing = facts.keys() - {word >> KIND_BITS for word in second}
    stated = otherwise(first, second)
    lost = {word for word in missing - stated if not _is_told(facts[word], second)}
    return Kept(
        all=len(facts),
        told=len(facts) - len(lost),
        numbers=sum(facts[word] & KIND_MASK == NUMBER for word in facts.keys() - lost),
        otherwise=len(missing) - len(lost),
    )


def _is_told(word: int, text: Sequence[int]) -> bool:
    """Say whether a text has a name in another spelling, a month by another name."""
    if word & KIND_MASK == NAME:
        return any(other & KIND_MASK == NAME and respelled(word, other) for other in text)
    return word & KIND_MASK == TELLING and any(
        dates.are_one_month(word >> KIND_BITS, other >> KIND_BITS) for other in text
    )


def lacks_number(first: Sequence[int], second: Sequence[int]) -> bool:
    """Say whether the second text lacks a number of the first in whatever form.

    Years do not count, which one desk writes and the other leaves to "this year".
    """
    lost = _numbers(first) - {word >> KIND_BITS for word in second} - dates.years()
    return bool(lost) and bool(lost - otherwise(first, second))


def lacks_weekday(first: Sequence[int], second: Sequence[int]) -> bool:
    """Say whether the second text lacks a weekday of the first."""
    return bool(_weekdays(first) - _weekdays(second))


def are_of_other_days(first: Sequence[int], second: Sequence[int]) -> bool:
    """Say whether both texts name weekdays and none in common: what happened next, above the same background."""
    ours, theirs = _weekdays(first), _weekdays(second)
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _weekdays(text: Sequence[int]) -> set[int]:
    return {word >> KIND_BITS for word in text} & dates.weekdays()


def has_number(news: Iterable[int]) -> bool:
    """Say whether one of these words is a number."""
    return any(word & KIND_MASK == NUMBER for word in news)


def unstated(news: set[int], ours: Sequence[int], theirs: Sequence[int]) -> set[int]:
    """Return what one text alone has, without what the other states in another form."""
    stated = otherwise(ours, theirs)
    return {word for word in news if word >> KIND_BITS not in stated}


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
    millions, others = amounts.of_millions(first), amounts.of_millions(second)
    return any(millions[number].isdisjoint(others[number]) for number in millions.keys() & others)


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
