"""Decides the names that need company: a word that makes them a place, or other evidence for their country."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from feeds.regions import field
from feeds.regions.field import Text
from feeds.regions.lexicon import BACKED, Lexicon, Sense
from feeds.regions.reading import Evidence


class Waiting(NamedTuple):
    """A name that does not stand by itself: where it is, what it may mean, and the words beside."""

    text: Text
    start: int
    end: int
    tail: str
    senses: Sequence[Sense]
    before: str
    after: str


_COMMAS = (", ", "، ")
_COLONS = (":", " :", "\u00a0:", "：")
_Cued = tuple[Waiting, Sequence[Sense], bool]  # what it may mean here, and whether a word beside makes it a place


def decide(
    waiting: Iterable[Waiting], words: Lexicon, backing: set[str], local: str | None, evidence: list[Evidence]
) -> None:
    """Add to `evidence` what waited; `backing` are the countries that other evidence speaks for.

    `local` is the country that the text speaks from.
    """
    cued: list[_Cued] = []
    for one in waiting:
        text, start, end, tail, fit, before, after = one
        if any(sense.kind == "namesake" for sense in fit):
            fit = [sense for sense in fit if sense.kind != "namesake" or sense.key == local]
            if not fit:
                continue
        given = text.written[start:end].lower() in words.person_before and field.goes_on(text, words, end)
        if given or before in words.person_before or after in words.person_after:
            evidence.append(_refused(one, fit[0], "a person's name"))
            continue
        cue = (
            before in words.cues
            or after in words.cues_after
            or (after in words.state_after and fit[0].kind == "name")
            or (tail != "" and tail in words.words.cue_endings)
            or (fit[0].kind == "name" and (_heads(one) or _joined(one, words, evidence)))
        )
        if not cue and field.part_of_a_name(text, words, start, end, before):
            evidence.append(_refused(one, fit[0], "part of a longer name"))
            continue
        cued.append((one, fit, cue))
    own = backing | _in_company(cued) if len(cued) > 1 else set(backing)
    for _, fit, cue in cued:
        if cue and not any(sense.key in backing for sense in fit):
            own.update(sense.key for sense in fit[:1] if not sense.flags & BACKED)
    evidence.extend(_decided(one, own, backing, local) for one in cued)


def _heads(one: Waiting) -> bool:
    """Tell whether a title says with a colon where it happens: "Mali: convoy attacked"."""
    return one.text.name == "title" and one.start == 0 and one.text.written.startswith(_COLONS, one.end)


def _joined(one: Waiting, words: Lexicon, evidence: Iterable[Evidence]) -> bool:
    """Tell whether "and", or a comma after it, joins a name to one that counts: "Jordan, Egypt and Chad"."""
    text, start, end, _, _, before, after = one
    gap = 1
    if not words.words.spaces:
        before, after, gap = text.written[max(0, start - 1) : start], text.written[end : end + 1], 0
    last = start - len(before) - 2 * gap if before in words.joins else -1
    first = end + len(after) + 2 * gap if after in words.joins else -1
    if first < 0 and text.written.startswith(_COMMAS, end):
        first = end + 2
    if last < 0 and first < 0:
        return False
    return any(
        other.counted and other.field == text.name and (other.offset == first or other.offset + len(other.text) == last)
        for other in evidence
    )


def _refused(one: Waiting, sense: Sense, why: str) -> Evidence:
    return Evidence(one.text.written[one.start : one.end], one.text.name, one.start, sense.kind, sense.key, False, why)


def _decided(cued: _Cued, own: set[str], backing: set[str], local: str | None) -> Evidence:
    (text, start, end, _, _, _, _), fit, cue = cued
    backed = [sense for sense in fit if sense.key in own]
    if local and len(backed) > 1:
        backed.sort(key=lambda sense: sense.key != local)
    free = [sense for sense in fit if not sense.flags & BACKED] if cue else []
    if backed and (backed[0].key in backing or backed[0] not in free):
        sense, why = backed[0], "backed by other evidence for the country"
    elif free:
        sense, why = (backed or free)[0], "with a word that makes it a place"
    else:
        sense, why = fit[0], "ambiguous, and nothing else speaks for it"
    counted = bool(backed or free)
    return Evidence(
        text.written[start:end], text.name, start, sense.kind, sense.key, counted, why, sense.place, sense.point
    )


def _in_company(waiting: Iterable[_Cued]) -> set[str]:
    """Return the countries that wait under their own name and under another: Niger and Niamey are sure together."""
    names, others = set[str](), set[str]()
    for _, fit, _ in waiting:
        for sense in fit:
            (names if sense.kind == "name" else others if sense.kind != "namesake" else set()).add(sense.key)
    return names & others


def forget(evidence: list[Evidence], people: Iterable[str]) -> None:
    """Take back the places that are only ever a person's name here: the Iran of "a girl named Iran"."""
    named = tuple(people)
    for key in {one.key for one in evidence if one.counted and one.text.casefold().startswith(named)}:
        if all(one.text.casefold().startswith(named) for one in evidence if one.counted and one.key == key):
            for place, one in enumerate(evidence):
                if one.key == key and one.counted:
                    evidence[place] = one._replace(counted=False, why="a person's name")
