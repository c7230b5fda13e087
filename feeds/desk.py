"""What the editor asks of one entry or one rule: find, explain, preview, decide."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds import cadence, curate, dedupe, hand, query, regions, settle, tagging, urls
from feeds.config import Config, known
from feeds.errors import ConfigError, FeedsError
from feeds.model import Entry, Held, Tags, Topic
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


def find(state: Store, name: str) -> Held:
    """Return the entry of a published id or a link; raises FeedsError with a hint when there is none."""
    if (held := held_as(state, name)) is None:
        raise FeedsError(f"{name}: no such entry is held; give its id or its link, or poll its source first")
    return held


def held_as(state: Store, name: str) -> Held | None:
    """Return the entry of a published id or a link, or None when it is not held."""
    ids = state.by_ids([name]) or state.by_links([urls.canonical(name)])
    return next(state.held(ids=tuple(ids.values()), content=True), None) if ids else None


def explain(config: Config, state: Store, name: str, *, now: datetime) -> Told:
    """Return why an entry is, or is not, in each topic."""
    held = find(state, name)
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
        state=cadence.state(polling, now).word if polling is not None else "new",
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
    helds = _helds(state, since=now - longest, queries=[query.parse(topic.match) for topic in config.topics])
    queues = {
        topic.slug: turns.of(config, topic, filing.past(state, topic.slug, now=now), now=now) for topic in config.topics
    }
    chosen = curate.topics(
        config.topics,
        helds,
        now=now,
        hand=decisions,
        sources={source.id: source for source in config.sources},
        published={topic.slug: _published(state, topic.slug) for topic in config.topics},
        spread={slug: queue.waiting for slug, queue in queues.items() if queue is not None},
    )
    return {selection.topic.slug: selection for selection in chosen}


def preview(
    config: Config, state: Store, slug: str | None, *, rule: str | None, since: timedelta, now: datetime
) -> curate.Preview:
    """Return what a topic, with `rule` instead of its own if given, would select; nothing is written.

    Raises QueryError for a rule that cannot be read, FeedsError for a topic that is not there.
    """
    topic = next((topic for topic in config.topics if topic.slug == slug), None)
    if slug is not None and topic is None:
        check_names(config, {"topic": slug})
    topic = topic or Topic(slug="preview", title="Preview", match="", max_age=since, limit=1000)
    topic = replace(topic, match=rule) if rule is not None else topic
    asked = query.parse(topic.match, known=known(config))
    helds = _helds(state, since=now - since, queries=[asked])
    return curate.preview(
        topic,
        helds,
        now=now,
        published=_published(state, topic.slug),
        hand=hand.load(config.hand, custom=config.regions),
        sources={source.id: source for source in config.sources},
    )


def _helds(state: Store, *, since: datetime, queries: Sequence[query.Query]) -> list[Held]:
    """Return what a publishing pass would choose from; whole texts only where a query reads them."""
    content = any(query.reads_texts(one) for one in queries)
    return [held for held in state.held(since=since, content=content) if not held.backlog]


def decide(config: Config, decision: curate.Decision) -> None:
    """Write a decision at the end of the hand's file."""
    hand.record(config.hand, decision, custom=config.regions)


def _published(state: Store, slug: str) -> Sequence[str]:
    return [one.entry for one in state.publications(slug) if one.until is None]


def check_hand(config: Config) -> None:
    """Refuse decisions that cannot be read, or name what does not exist. Raises ConfigError with all of them."""
    mistakes = []
    for decision in hand.load(config.hand, custom=config.regions).decisions:
        names = {key: getattr(decision, key) for key in ("topic", "source", "regions", "themes")}
        try:
            check_names(config, names)
        except FeedsError as exc:
            mistakes.append(f"line {decision.line}: {exc}")
    if mistakes:
        raise ConfigError(str(config.hand), tuple(mistakes))


def check_names(config: Config, names: Mapping[str, object]) -> None:
    """Refuse topics, sources, regions and themes that do not exist; raises FeedsError with all of them."""
    there = known(config)
    topics = frozenset(topic.slug for topic in config.topics)
    wrong = []
    for key, all_names in (
        ("topic", topics),
        ("source", there.sources),
        ("regions", there.regions),
        ("themes", there.themes),
    ):
        given = names.get(key)
        for name in (given,) if isinstance(given, str) else given if isinstance(given, tuple) else ():
            if all_names is not None and name not in all_names:
                near = regions.nearest(name, config.regions) if key == "regions" else ()
                near = near or tuple(difflib.get_close_matches(str(name), all_names, n=1))
                wrong.append(f"{key}: there is no {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    if wrong:
        raise FeedsError("; ".join(wrong))
