"""Two sketches: how much they have in common, and whether that is enough for one entry.

Alike is counted in word bigrams; texts that have fewer in common are one when they state the same facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.dedupe import facts
from feeds.dedupe.sketching import Sketch, bigrams
from feeds.dedupe.vocabulary import settings
from feeds.dedupe.words import KIND_MASK, NAME, NUMBER, TELLING


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


def alike(like: Likeness, first: Sketch, second: Sketch) -> bool:
    """Say whether so much in common is enough for two texts of this length."""
    at: dict[str, float] = settings()["match"]
    shorter = min(first.text, second.text, key=len)
    words = len(shorter)
    if words < at["brief_words"] and _says_little(shorter):
        return False
    if first.brief or second.brief:
        return like.jaccard >= at["brief_jaccard"] and words >= 4
    if like.shared < at["shared"]:
        return False
    if words < at["brief_words"]:
        return like.jaccard >= at["brief_jaccard"]
    if words < at["short_words"]:
        return like.jaccard >= at["short_jaccard"] or like.containment >= at["short_containment"]
    return like.jaccard >= at["jaccard"] or like.containment >= at["containment"]


def _says_little(sequence: Sequence[int]) -> bool:
    """Say whether two sources may write so without knowing of each other: few words, none of them a name."""
    kinds = [word & KIND_MASK for word in sequence]
    few: int = settings()["match"]["few_words"]
    return len(kinds) - kinds.count(NUMBER) < few and NAME not in kinds and TELLING not in kinds


def reworded(like: Likeness, first: Sketch, second: Sketch) -> bool:
    """Say whether two longer texts that have less in common state the same facts: numbers, names, places, days."""
    at: dict[str, float] = settings()["match"]
    length = min(len(first.text), len(second.text))
    if length < at["brief_words"]:
        return False
    kind = "reworded" if length >= at["short_words"] else "short_reworded"
    if like.jaccard < at[f"{kind}_jaccard"] and (
        kind == "short_reworded" or like.containment < at["reworded_containment"]
    ):
        return False
    if all(
        facts.lacks_number(*texts) or facts.lacks_weekday(*texts)  # wherever they stand: sentences move
        for texts in ((first.text, second.text), (second.text, first.text))
    ):
        return False
    ours, theirs = facts.kept(first.text, second.text), facts.kept(second.text, first.text)
    shared = min(ours.told, theirs.told)
    return shared >= at[f"{kind}_facts"] and shared >= at["reworded_share"] * min(ours.all, theirs.all)


def retold(like: Likeness, first: Sketch, second: Sketch) -> bool:
    """Say whether two texts tell nearly all the same facts and no other number, with many of the same words.

    The more facts, the fewer words: two desks that know nothing of each other choose other facts.
    """
    at: dict[str, float] = settings()["match"]
    if min(len(first.text), len(second.text)) < at["retold_length"] or like.jaccard < at["retold_least"]:
        return False
    texts, turned = (first.text, second.text), (second.text, first.text)
    words, others = ({word >> 2 for word in text} for text in texts)
    common, shorter = len(words & others), min(len(words), len(others))
    if common < at["retold_plain_words"] * shorter:
        return False
    ours, theirs = facts.kept(*texts), facts.kept(*turned)
    fewest = min(ours.told, theirs.told)
    enough = at["retold_words"] + at["retold_fact"] * max(0, at["retold_many"] - fewest)
    least, most = sorted((ours.share, theirs.share))
    return (
        fewest >= at["retold_facts"]
        and min(ours.numbers, theirs.numbers) >= at["retold_numbers"]
        and common + min(ours.otherwise, theirs.otherwise) >= enough * shorter
        and least >= at["retold_share"]
        and most >= at["retold_share_of_one"]
        and not (facts.lacks_number(*texts) or facts.lacks_number(*turned))
        and not (facts.lacks_weekday(*texts) and facts.lacks_weekday(*turned))
    )


def begin_alike(like: Likeness, first: Sketch, second: Sketch) -> bool:
    """Say whether texts with no more than that in common begin with one thing, and do not only end in one background.

    Of the first words of either so many stand in the other: the next day's entry has the news before the same story.
    """
    at: dict[str, float] = settings()["match"]
    if like.jaccard >= at["plain_jaccard"] or like.containment >= at["plain_containment"]:
        return True
    ours, theirs = ([w >> 2 for w in sketch.text[begin(sketch) :]] for sketch in (first, second))
    leads = (ours[: int(at["lead_words"])], set(theirs)), (theirs[: int(at["lead_words"])], set(ours))
    return all(sum(word in others for word in lead) >= at["lead_told"] * len(lead) for lead, others in leads)


def patterned(like: Likeness) -> bool:
    """Say whether two texts may be written to one pattern: too much in common for words of their own."""
    at: dict[str, float] = settings()["match"]
    return like.shared >= at["shared"] - 1 and (
        like.jaccard >= at["pattern_jaccard"] or like.containment >= at["pattern_containment"]
    )


def begin(sketch: Sketch) -> int:
    """Return where the text begins after the title that stands before it, if it does."""
    length = len(sketch.title)
    return length if [w >> 2 for w in sketch.text[:length]] == [w >> 2 for w in sketch.title] else 0
