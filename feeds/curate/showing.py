"""An entry as a topic's subscribers see it: as much as its rights allow, attributed, with what the editor adds."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import resources

from feeds import query
from feeds.curate import rights
from feeds.curate.decisions import Hand
from feeds.curate.judging import Judge
from feeds.model import Copy, Entry, Held, Source


def shown(judge: Judge, held: Held, folded: Sequence[Held] = ()) -> Entry:
    """Return an entry that the judge let in; `folded` are those of its story that it stands for."""
    hand, sources, slug = judge.hand, judge.sources, judge.topic.slug
    ruling, held = hand.ruling(held, slug), hand.corrected(held, slug)
    if ruling.withdrawn is not None:
        return notice(held.entry, at=ruling.withdrawn.at, language=judge.topic.language)
    led = rights.leading(held, sources) or held
    entry = rights.allowed(led.entry, sources.get(led.source), led.source)
    return replace(
        entry,
        language=led.tags.language or entry.language,
        copies=led.copies + tuple(copy for other in folded for copy in _copies(other, sources)),
        note=None if ruling.note is None else ruling.note.text,
        corrected=led.entry.corrected if ruling.retagged is None else ruling.retagged.at,
        updated=_updated(led, hand, slug),
        why=query.explain(judge.query, led).matched,
        point=led.entry.point or led.tags.point,
        story=led.story,
    )


def open_to_all(held: Held, *, hand: Hand, sources: Mapping[str, Source]) -> Held | None:
    """Return an entry as anybody may find it outside of topics, or None: withdrawn, hidden or never to be published."""
    ruling = hand.ruling(held, None)
    return None if ruling.withdrawn or ruling.hidden else rights.leading(held, sources)


def _copies(other: Held, sources: Mapping[str, Source]) -> tuple[Copy, ...]:
    led = rights.leading(other, sources)
    return () if led is None else (Copy.of(led.entry, led.source, sources.get(led.source)), *led.copies)


def _updated(held: Held, hand: Hand, slug: str) -> datetime:
    """Return when a reader would last see a change: the publisher's, or the editor's."""
    # A note taken away is a change as well: readers must overwrite what they have.
    decided = [one.at for one in hand.about(held) if one.act in {"note", "retag"} and one.topic in {None, slug}]
    own = held.entry.updated or held.entry.published or held.first_seen
    return max([own, *decided])


def notice(entry: Entry, *, at: datetime, language: str | None = None) -> Entry:
    """Return what stands in an entry's place after a legal demand: the same id, and nothing of what it said.

    It speaks the language asked for, or English where data/notices.toml does not know that one.
    """
    known = _notices()
    asked = language or "en"
    spoken = next((tag for tag in (asked, asked.split("-")[0]) if tag in known), "en")
    return Entry(
        id=entry.id,
        title=known[spoken]["title"],
        summary=known[spoken]["text"],
        published=entry.published,
        updated=at,
        language=spoken,
    )


@cache
def _notices() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.files("feeds").joinpath("data/notices.toml").read_text("utf-8"))
