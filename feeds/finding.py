"""Stored entries that a query finds, whatever the topics' limits: the newest first, and in the time somebody waits."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from feeds import candidates, curate, hand, query, store
from feeds.config import Config, known
from feeds.model import Held
from feeds.store import Store

# Who waits is shown what the last day holds, then what this many times as long does, while there is time.
WIDER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One entry of a search: what matched, and the topics it is published in."""

    id: str
    title: str
    link: str | None
    source: str
    published: datetime
    matched: tuple[str, ...]
    topics: tuple[str, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many entries a query finds among those first seen since a time, and the newest of them."""

    count: int
    hits: tuple[Hit, ...]
    since: datetime


def search(
    config: Config,
    state: Store,
    text: str,
    *,
    since: timedelta,
    limit: int,
    now: datetime,
    patience: timedelta | None = None,
    public: bool = False,
) -> Found:
    """Return what a query finds among the entries held; those that the editor corrected are what the editor says.

    With `patience` it looks back as far as it comes in that time, and `Found.since` says how far that is.
    What is `public` finds only what subscribers may read: nothing withdrawn, hidden, or of a source that is never
    published. Raises QueryError.
    """
    asked = query.parse(text, known=known(config))
    decisions = hand.load(config.hand, custom=config.regions)
    sources = {source.id: source for source in config.sources}
    end = None if patience is None else time.monotonic() + patience.total_seconds()
    reached, found = now, list[Held]()
    for span in [since] if end is None else _wider(since):
        every = candidates.of(state, since=now - span, queries=[asked], decisions=decisions)
        wanted = (decisions.corrected(held) for held in every if held.first_seen >= now - span)
        if public:
            seen = (curate.open_to_all(held, hand=decisions, sources=sources) for held in wanted)
            wanted = (held for held in seen if held is not None)
        within = _matching(asked, wanted, end=end)
        if within is None:
            break
        reached, found = now - span, within
    found.sort(key=_published, reverse=True)
    return Found(
        count=len(found),
        since=reached,
        hits=tuple(
            Hit(
                id=held.entry.id,
                title=held.entry.title,
                link=held.entry.link,
                source=held.source,
                published=_published(held),
                matched=query.explain(asked, held).matched,
                topics=state.topics_of(held.entry.id),
                language=held.tags.language or held.entry.language,
            )
            for held in found[:limit]
        ),
    )


def _wider(since: timedelta) -> Iterator[timedelta]:
    span = timedelta(days=1)
    while span < since:
        yield span
        span *= WIDER
    yield since


def _matching(asked: query.Query, helds: Iterable[Held], *, end: float | None) -> list[Held] | None:
    """Return the entries that a query finds; None where the time was up before all were looked at."""
    found = list[Held]()
    for group in store.groups(helds):
        found += [group[at] for at in query.select((asked,), group)[0]]
        if end is not None and time.monotonic() > end:
            return None
    return found


def _published(held: Held) -> datetime:
    return held.entry.published or held.first_seen
