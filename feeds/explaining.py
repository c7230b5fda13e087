"""Why one entry is where it is: what the machine read, the editor decided, and each topic made of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from feeds import cadence, candidates, curate, dedupe, desk, hand, query, settle, tagging
from feeds.config import Config
from feeds.model import Entry, Held, Tags
from feeds.press import filing, turns
from feeds.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is known of why an entry is where it is."""

    held: Held
    readings: tagging.Readings  # the machine's
    decisions: tuple[curate.Decision, ...]  # the editor's on it, oldest first
    corrected: Tags | None  # what it is about by the editor's word; None: the machine stands
    topics: tuple[curate.Explanation, ...]
    published: tuple[str, ...]  # topics it is in now
    copies: tuple["Compared", ...]  # other sources' versions of it
    look_alikes: tuple["Compared", ...]  # entries whose text is alike, and what keeps them apart
    answer: str  # the source's last
    state: str  # and how it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Another entry beside the one that is explained."""

    source: str
    title: str
    link: str | None
    evidence: str  # what they have in common
    conflict: str | None  # what keeps them apart: "number", "name" ...; None: they are the same
    differences: tuple[dedupe.Difference, ...]


def explain(config: Config, state: Store, name: str, *, now: datetime) -> Told:
    """Return why an entry is, or is not, in each topic."""
    held = desk.find(state, name)
    decisions = hand.load(config.hand, custom=config.regions)
    sources = {source.id: source for source in config.sources}
    published = state.topics_of(held.entry.id)
    source = sources.get(held.source)
    polling = state.pollings().get(held.source)
    versions = state.versions([held.entry.id]).get(held.entry.id, ())
    return Told(
        held=held,
        readings=tagging.readings(
            held.entry,
            body=tagging.plain(held.entry),
            source=source,
            wordlist=tagging.Wordlist(regions=config.regions, themes=config.themes),
            now=now,
        ),
        decisions=decisions.about(held),
        corrected=None if (own := decisions.corrected(held)) is held else own.tags,
        topics=curate.explain(
            held,
            config.topics,
            now=now,
            hand=decisions,
            sources=sources,
            selections=_selections(config, state, decisions, now=now),
        ),
        published=published,
        copies=tuple(
            _compared(held.entry, version.body, source=version.source)
            for version in versions
            if version.body is not None
        ),
        look_alikes=_look_alikes(state, held),
        answer=polling.answer if polling is not None else "not asked yet",
        state=cadence.state(polling, now, country=source.country if source else None).word if polling else "new",
    )


def _compared(entry: Entry, other: Entry, *, source: str, conflict: str | None = None) -> Compared:
    return Compared(
        source=source,
        title=other.title,
        link=other.link,
        evidence=dedupe.evidence(dedupe.sketch(entry), dedupe.sketch(other)),
        conflict=conflict,
        differences=dedupe.difference(entry, other),
    )


def _look_alikes(state: Store, held: Held) -> tuple[Compared, ...]:
    """Return the entries that were taken for others though their texts are alike."""
    window = settle.live(state.window(held.first_seen - dedupe.WINDOW))
    refused = window.copies.refused(dedupe.sketch(held.entry), held.first_seen)
    conflicts = {one.id: one.conflict for one in refused if one.id != held.entry.id}
    return tuple(
        _compared(held.entry, other.entry, source=other.source, conflict=conflicts[other.entry.id])
        for other in state.held(ids=tuple(conflicts), content=True)
    )


def _selections(config: Config, state: Store, decisions: curate.Hand, *, now: datetime) -> dict[str, curate.Selection]:
    longest = max((topic.max_age for topic in config.topics), default=timedelta())
    published = {topic.slug: desk.published_in(state, topic.slug) for topic in config.topics}
    helds = candidates.of(
        state,
        since=now - longest,
        queries=[query.parse(topic.match) for topic in config.topics],
        decisions=decisions,
        published=chain.from_iterable(published.values()),
    )
    queues = {
        topic.slug: turns.of(config, topic, filing.past(state, topic.slug, now=now), now=now) for topic in config.topics
    }
    chosen = curate.topics(
        config.topics,
        [held for held in helds if not held.backlog],
        now=now,
        hand=decisions,
        sources={source.id: source for source in config.sources},
        published=published,
        spread={slug: queue.waiting for slug, queue in queues.items() if queue is not None},
    )
    return {selection.topic.slug: selection for selection in chosen}
