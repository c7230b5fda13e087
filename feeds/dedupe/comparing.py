"""Two sketches: the same entry, or only alike.

Alike is counted in word bigrams. What keeps alike texts apart is where they differ: a number, a
name, a weekday or a place that stands in one where the other has another is a new entry
(tomorrow's rates, the next match); one that is only left out or added is an edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from feeds.dedupe.sketching import KIND_MASK, NAME, NUMBER, TELLING, Sketch, bigrams, respelled, same_site, settings

MAX_BLOCK = 5  # words: a longer replacement is rewriting or another tail, and says nothing of one name


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two texts are, 0 to 1, in word bigrams."""

    jaccard: float
    containment: float  # of the shorter in the longer
    shared: int


def grams(sketch: Sketch) -> frozenset[int]:
    """Return the bigrams of the text."""
    return frozenset(bigrams(sketch.text).tolist())


def likeness(first: frozenset[int], second: frozenset[int]) -> Likeness:
    """Return how much two sets of bigrams have in common."""
    shared = len(first & second)
    union, shorter = len(first) + len(second) - shared, min(len(first), len(second))
    return Likeness(
        jaccard=shared / union if union else 0.0, containment=shared / shorter if shorter else 0.0, shared=shared
    )


def alike(like: Likeness, *, words: int, brief: bool) -> bool:
    """Say whether so much in common is enough for texts of which the shorter has `words` words."""
    at: dict[str, float] = settings()["match"]
    if brief:
        return like.jaccard >= at["brief_jaccard"] and words >= 4
    if like.shared < at["shared"]:
        return False
    if words < at["brief_words"]:
        return like.jaccard >= at["brief_jaccard"]
    if words < at["short_words"]:
        return like.jaccard >= at["short_jaccard"] or like.containment >= at["short_containment"]
    return like.jaccard >= at["jaccard"] or like.containment >= at["containment"]


def conflict(first: Sketch, second: Sketch) -> str | None:
    """Return what keeps two alike texts apart, or None if nothing does.

    "number", "name", "date or place"; "headline" where one site has one text under headlines
    that have nothing in common: the text is what it puts below every entry.
    """
    if same_site(first, second) and _unlike(first.title, second.title):
        return "headline"
    return _conflict(first.text, second.text) or _title_conflict(first.title, second.title)


def _unlike(first: Sequence[int], second: Sequence[int]) -> bool:
    ours, theirs = {w >> 2 for w in first}, {w >> 2 for w in second}
    enough: float = settings()["match"]["headline"]
    return bool(ours and theirs) and len(ours & theirs) < enough * min(len(ours), len(theirs))


def _title_conflict(first: Sequence[int], second: Sequence[int]) -> str | None:
    """Titles are compared only when one is the other reworded: a new headline proves nothing."""
    plain, other = {w >> 2 for w in first}, {w >> 2 for w in second}
    if len(plain & other) * 3 < min(len(plain), len(other)) * 2:
        return None
    return _conflict(first, second)


def _conflict(first: Sequence[int], second: Sequence[int]) -> str | None:
    here, there = {w >> 2 for w in first}, {w >> 2 for w in second}
    gone, come = _telling(first, there), _telling(second, here)
    if not gone or not come:  # nothing stands in the place of something else
        return None
    for _, low, high, other_low, other_high in _replaced(first, second):
        ours, theirs = first[low:high], second[other_low:other_high]
        kinds = {w & KIND_MASK for w in gone.intersection(ours)}, {w & KIND_MASK for w in come.intersection(theirs)}
        short = max(high - low, other_high - other_low) <= MAX_BLOCK
        if NUMBER in kinds[0] and NUMBER in kinds[1] and (short or (_is_table(ours) and _is_table(theirs))):
            return "number"
        if short and TELLING in kinds[0] and TELLING in kinds[1]:
            return "date or place"
        if short and _other_name(gone.intersection(ours), come.intersection(theirs)):
            return "name"
    return None


def _other_name(gone: set[int], come: set[int]) -> bool:
    """Say whether a name went and another came, neither of them one of the others respelled."""
    names, others = ([w for w in words if w & KIND_MASK == NAME] for words in (gone, come))
    strange = [one for one in names if not any(respelled(one, other) for other in others)]
    return bool(strange) and any(not any(respelled(one, other) for one in names) for other in others)


def _is_table(block: Sequence[int]) -> bool:
    return 3 * sum(w & KIND_MASK == NUMBER for w in block) >= len(block)


def _telling(sequence: Sequence[int], elsewhere: set[int]) -> set[int]:
    """Return the numbers, names, days and places that the other text does not have."""
    return {w for w in sequence if w & KIND_MASK and w >> 2 not in elsewhere}


def _replaced(first: Sequence[int], second: Sequence[int]) -> list[tuple[str, int, int, int, int]]:
    """Return the blocks where one text has words in the place of others, neighbours joined."""
    matcher = SequenceMatcher(None, [w >> 2 for w in first], [w >> 2 for w in second], autojunk=False)
    return [code for code in matcher.get_opcodes() if code[0] == "replace"]
