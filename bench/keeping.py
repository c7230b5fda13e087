"""Settling and saving what was read, as a poll does, for those that measure it."""

from feeds import settle
from feeds.model import Polling
from feeds.store import Poll


def settled(state, live, batch, *, now):
    """What the entries of (source, reading) pairs are to what the state holds, by the source's id."""
    fresh = [one for _, reading in batch for one in reading.fresh]
    facts = settle.Facts(
        sightings={},
        by_link=state.by_links({one.link for one in fresh if one.link}),
        by_id=state.by_ids({one.entry.id for one in fresh}),
    )
    found = settle.targets(fresh, facts=facts, live=live, now=now)
    old = [target.entry for target in found if target.reason != "new"]
    return settle.fold(
        found,
        held={held.entry.id: held for held in state.held(ids=old, content=True)},
        versions=state.versions(old),
        sources={source.id: source for source, _ in batch},
        now=now,
    )


def polls(batch, settled):
    """What to save of them."""
    return [
        Poll(
            polling=Polling(source=source.id),
            kept=settled[source.id].kept,
            versions=settled[source.id].versions,
            shown=reading.shown,
        )
        for source, reading in batch
    ]
