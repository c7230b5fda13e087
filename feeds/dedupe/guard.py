"""What keeps alike texts apart: where they differ.

A number, a name, a weekday or a place that stands in one where the other has another is a new entry
(tomorrow's rates, the next match); one that is only left out or added is an edit.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from feeds.dedupe import amounts, comparing, dates, facts, numerals, words
from feeds.dedupe.sketching import Sketch, bigrams, same_site
from feeds.dedupe.vocabulary import settings
from feeds.dedupe.words import KIND_MASK, NAME, NUMBER, TELLING, respelled

MAX_BLOCK = 5  # words: a longer replacement is rewriting or another tail, and says nothing of one name


def conflict(first: Sketch, second: Sketch) -> str | None:
    """Return what keeps two alike texts apart, or None if nothing does.

    "name", "date or place", and "number" where only numbers do; "headline" where one site has one text under
    headlines that have nothing in common: the text is what it puts below every entry, unless it tells both.
    """
    first, second = sorted((first, second), key=_size)  # blocks of words are found otherwise from the other end
    if same_site(first, second) and _unlike(first.title, second.title) and not _told_by(first, second):
        return "headline"
    number = None
    for found in (
        _conflict(first.text, second.text),
        _title_conflict(_said(first.title, second), _said(second.title, first)),
        _head_conflict(first, second),
        _place_conflict(first, second),
        "date or place" if facts.are_of_other_days(first.text, second.text) else None,
    ):
        if found == "number":
            number = found
        elif found is not None:
            return found
    return number


def _size(sketch: Sketch) -> tuple[int, bytes, bytes]:
    return len(sketch.text), sketch.text.tobytes(), sketch.title.tobytes()


def _unlike(first: Sequence[int], second: Sequence[int]) -> bool:
    ours, theirs = {w >> 2 for w in first}, {w >> 2 for w in second}
    enough: float = settings()["match"]["headline"]
    return bool(ours and theirs) and len(ours & theirs) < enough * min(len(ours), len(theirs))


def _told_by(first: Sketch, second: Sketch) -> bool:
    """Say whether two texts with one lead tell what either of their headlines says.

    A desk that wrote another headline has put it above the same opening, and both headlines are made of its words;
    a caption or a rubric knows nothing of them, and how to subscribe stands below another opening.
    """
    at: dict[str, float] = settings()["match"]
    ours, theirs = first.text[comparing.begin(first) :], second.text[comparing.begin(second) :]
    if min(len(ours), len(theirs)) < at["short_words"]:
        return False
    lead = int(at["lead_words"])
    for most, least in ((lead, at["lead_jaccard"]), (len(first.text), at["retold_jaccard"])):
        like = comparing.likeness(*(frozenset(bigrams(words[:most]).tolist()) for words in (ours, theirs)))
        if like.jaccard < least:
            return False
    facts, others = ({w for w in words if w & KIND_MASK} for words in (ours, theirs))
    if len({w >> 2 for w in facts} & {w >> 2 for w in others}) < at["reworded_facts"]:
        return False
    shared = {w >> 2 for w in ours} & {w >> 2 for w in theirs}
    headlines = [{w >> 2 for w in sketch.title} for sketch in (first, second)]
    return all(len(words & shared) >= at["headline_told"] * len(words) for words in headlines)


def _title_conflict(first: Sequence[int], second: Sequence[int]) -> str | None:
    """Titles are compared only when one is the other reworded: a new headline proves nothing."""
    plain, other = {w >> 2 for w in first}, {w >> 2 for w in second}
    if len(plain & other) * 3 < min(len(plain), len(other)) * 2:
        return None
    return _conflict(_without_capital(first), _without_capital(second))


def _said(title: Sequence[int], other: Sketch) -> list[int]:
    """Return a title without the names and places that the other's text says: it is about them, too."""
    body = _body(other)
    return [word & ~KIND_MASK if word & KIND_MASK >= NAME and word >> 2 in body else word for word in title]


def _without_capital(title: Sequence[int]) -> list[int]:
    """Return a title whose first word is no name: it has a capital whatever it is."""
    return [word & ~KIND_MASK if not n and word & KIND_MASK == NAME else word for n, word in enumerate(title)]


def _head_conflict(first: Sketch, second: Sketch) -> str | None:
    """Return "name" for titles that differ only in what they begin with, of which the other's text says no word.

    "Malatya'da deprem" and "Balıkesir'de deprem" above one text, or each above a text that says it as well: a
    capital at the start proves no name, but where the text leaves open which it is, or says another too, the title
    tells them apart. What a desk rewords there stands in both texts.
    """
    ours, theirs = first.title, second.title
    if not ours or not theirs or ours[0] & theirs[0] & KIND_MASK != NAME:
        return None
    match [code for code in _codes(ours, theirs) if code[0] != "equal"]:
        case [("replace", 0, high, 0, other_high)]:
            pass
        case _:
            return None
    if max(high, other_high) > MAX_BLOCK or 2 * high > len(ours) or 2 * other_high > len(theirs):
        return None
    if high != other_high and min(high, other_high) < 3:  # one word for two is rewriting; Han names differ in length
        return None
    if respelled(ours[0], theirs[0]) or _stay(first, second, high, other_high):
        return None
    return "name"


def _stay(first: Sketch, second: Sketch, count: int, other_count: int) -> bool:
    """Say whether half of the first words of either title stand in its text, and the other text does not part there."""
    ours, theirs = _body(first), _body(second)
    heads = [w >> 2 for w in first.title[:count]], [w >> 2 for w in second.title[:other_count]]
    said = [2 * len(body.intersection(head)) >= len(head) for body, head in zip((ours, theirs), heads, strict=True)]
    if all(said):
        return 2 * len(theirs.intersection(heads[0])) >= count or 2 * len(ours.intersection(heads[1])) >= other_count
    return any(said)


def _body(sketch: Sketch) -> set[int]:
    """Return the words of the text, the title before it not counted."""
    title, text = ([w >> 2 for w in words] for words in (sketch.title, sketch.text))
    return set(text[len(title) :] if text[: len(title)] == title else text)


def _conflict(first: Sequence[int], second: Sequence[int]) -> str | None:
    here, there = {w >> 2 for w in first}, {w >> 2 for w in second}
    if not here.isdisjoint(_han("han_places")) and _other_county(first, second):
        return "name"
    gone, come = _telling(first, there), _telling(second, here)
    if gone and come:
        gone, come = facts.unstated(gone, first, second), facts.unstated(come, second, first)
    number = "number" if facts.differ(first, second, gone | come) else None
    if gone or come:  # "one" may be an article, but not where the other has two
        gone, come = gone | _one(first, there), come | _one(second, here)
    if not gone or not come:  # nothing stands in the place of something else
        return number
    for _, low, high, other_low, other_high in _replaced(first, second):
        ours, theirs = first[low:high], second[other_low:other_high]
        kinds = _kinds(gone.intersection(ours)), _kinds(come.intersection(theirs))
        short = max(high - low, other_high - other_low) <= MAX_BLOCK
        if NUMBER in kinds[0] and NUMBER in kinds[1] and (short or (_is_table(ours) and _is_table(theirs))):
            number = "number"
        if short and TELLING in kinds[0] and TELLING in kinds[1] and not _are_day_and_date(gone, come):
            return "date or place"
        if short and _other_name(gone.intersection(ours), come.intersection(theirs)):
            return "name"
    if number is None and not _beside(first, gone).isdisjoint(_beside(second, come)):
        return "number"
    return number


def _beside(sequence: Sequence[int], strange: set[int]) -> set[tuple[int, int]]:
    """Return what stands before and after the numbers the other text lacks: where sentences moved, it tells of what."""
    places = [at for at, word in enumerate(sequence) if word in strange and word & KIND_MASK == NUMBER]
    return {(side, sequence[at + side] >> 2) for at in places for side in (-1, 1) if 0 <= at + side < len(sequence)}


def _are_day_and_date(gone: set[int], come: set[int]) -> bool:
    """Say whether one text names weekdays where the other names months: "on Tuesday", "on 12 May"; or one month."""
    days, others = ({w >> 2 for w in words if w & KIND_MASK == TELLING} for words in (gone, come))
    if all(any(dates.are_one_month(day, other) for other in others) for day in days):
        return True
    weekdays, months = dates.weekdays(), dates.months()
    return (days <= weekdays and others <= months) or (days <= months and others <= weekdays)


def _place_conflict(first: Sketch, second: Sketch) -> str | None:
    """Return "date or place" where, in titles and texts alike, a place stands for what no vocabulary knows.

    Telegrams to the presidents of Malawi and of "the Moons", as Arabic calls the Comoros.
    """
    titles = _lone_places(first.title, second.title)
    return "date or place" if titles and titles & _lone_places(first.text, second.text) else None


def _lone_places(first: Sequence[int], second: Sequence[int]) -> set[int]:
    """Return the places that stand in one sequence in the place of other words, and nowhere in the other."""
    gone, come = (
        {w for w in words if w & KIND_MASK == TELLING} - {w | TELLING for w in others}
        for words, others in ((first, second), (second, first))
    )
    if not gone and not come:
        return set()
    places = {
        w >> 2
        for _, low, high, other_low, other_high in _replaced(first, second)
        if max(high - low, other_high - other_low) <= MAX_BLOCK
        for w in (*gone.intersection(first[low:high]), *come.intersection(second[other_low:other_high]))
    }
    return places - dates.weekdays() - dates.months()


def _other_county(first: Sequence[int], second: Sequence[int]) -> bool:
    """Say whether a name in Han before "county" or "city" stands where another does: no gazetteer has them all."""
    places, pointing = _han("han_places"), _han("han_pointing")
    for _, low, high, other_low, other_high in _replaced(first, second):
        ours, theirs = (
            [w >> 2 for w in words] for words in (first[low : high + 1], second[other_low : other_high + 1])
        )
        if max(len(ours), len(theirs)) > MAX_BLOCK + 1 or places.isdisjoint(ours) or places.isdisjoint(theirs):
            continue
        if pointing.isdisjoint(ours) and pointing.isdisjoint(theirs):
            return True
    return False


@cache
def _han(name: str) -> frozenset[int]:
    """Return the characters of data/dedupe.toml as words, kinds left out."""
    return frozenset(w >> 2 for w in words.of_text(settings()["telling"][name], 2**8))


def _other_name(gone: set[int], come: set[int]) -> bool:
    """Say whether a name went and another came, neither of them one of the others respelled."""
    names, others = ([w for w in words if w & KIND_MASK == NAME] for words in (gone, come))
    strange = [one for one in names if not any(respelled(one, other) for other in others)]
    return bool(strange) and any(not any(respelled(one, other) for one in names) for other in others)


def _is_table(block: Sequence[int]) -> bool:
    return 3 * sum(w & KIND_MASK == NUMBER for w in block) >= len(block)


def _telling(sequence: Sequence[int], elsewhere: set[int]) -> set[int]:
    """Return the numbers, names, days and places that the other text does not have."""
    quantities = amounts.words_of_amounts()
    return {w for w in sequence if w & KIND_MASK and w >> 2 not in elsewhere and w >> 2 not in quantities}


def _one(sequence: Sequence[int], elsewhere: set[int]) -> set[int]:
    """Return the words for one that the other text does not have, nor a 1."""
    if words.tagged(numerals.spelled(1), NUMBER) >> 2 in elsewhere:
        return set()
    return {w for w in sequence if w >> 2 in _ones() and w >> 2 not in elsewhere}


def _kinds(block: set[int]) -> set[int]:
    return {NUMBER if w >> 2 in _ones() else w & KIND_MASK for w in block}


@cache
def _ones() -> frozenset[int]:
    return frozenset(w >> 2 for w in words.of_text(settings()["telling"]["one_after_tens"], 2**8))


def _replaced(first: Sequence[int], second: Sequence[int]) -> list[tuple[str, int, int, int, int]]:
    """Return the blocks where one text has words in the place of others, neighbours joined."""
    return [code for code in _codes(first, second) if code[0] == "replace"]


def _codes(first: Sequence[int], second: Sequence[int]) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, [w >> 2 for w in first], [w >> 2 for w in second], autojunk=False)
    return list(matcher.get_opcodes())
