"""Settling and saving what was read, as a poll does, for those that measure it."""

from feeds import settle
from feeds.model import Polling
from feeds.store import Poll


def settled(state, live, batch, *, now):
    """What the entries of (source, reading) pairs are to what the state holds, and what to save by the source's id."""
    fresh = [one for _, reading in batch for one in reading.fresh]
    facts = settle.Facts(
        sightings={
            (source.id, key): sighting
            for source, reading in batch
            for key, sighting in state.sightings(source.id, [one.key for one in reading.fresh]).items()
        },
        by_link=state.by_links({one.link for one in fresh if one.link}),
        by_id=state.by_ids({one.entry.id for one in fresh}),
    )
    found = settle.targets(fresh, facts=facts, live=live, now=now)
    old = [target.entry for target in found if target.reason != "new"]
    changes = settle.fold(
        found,
        held={held.entry.id: held for held in state.held(ids=old, content=True)},
        versions=state.versions(old),
        sources={source.id: source for source, _ in batch},
        now=now,
    )
    return found, changes


def polls(batch, changes):
    """What to save of them."""
    return [
        Poll(
            polling=Polling(source=source.id),
            kept=changes[source.id].kept,
            versions=changes[source.id].versions,
            aliases=changes[source.id].aliases,
            wordings=changes[source.id].wordings,
            tellings=changes[source.id].tellings,
            joined=changes[source.id].joined,
            shown=reading.shown,
        )
        for source, reading in batch
    ]
