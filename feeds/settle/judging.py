"""What each entry just read is: new, a version of one we hold, or the same as another source's.

The order in which sources answered decides nothing: a batch is judged by the publishers' dates, then by id.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import compress

from feeds import dedupe, normalize, stories
from feeds.model import Read
from feeds.store import Sighting, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the store knows of a batch, asked in one question a kind."""

    sightings: Mapping[tuple[str, str], Sighting]  # (Source.id, key)
    by_link: Mapping[str, str]  # canonical link -> published id
    by_id: Mapping[str, str]  # id -> the id that stands


@dataclass(slots=True, kw_only=True)
class Live:
    """The window that new entries are compared with."""

    copies: dedupe.Index
    stories: stories.Index


def live(window: Window) -> Live:
    """Return the live window of what the store holds."""
    copies, told = dedupe.Index(), stories.Index()
    copies.load(window.sketched, window.sketches, window.sketched_at)
    told.load(
        ids=window.told,
        stories=window.stories,
        terms=window.terms,
        times=window.told_at,
        squares=window.squares,
        names=window.names,
    )
    return Live(copies=copies, stories=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an entry just read turned out to be: a version of `entry`, or that entry itself when `new`."""

    read: Read
    entry: str  # the published id
    reason: str  # "new", "known", "id", "link", or dedupe's own word
    story: str | None = None
    placed: stories.Placed | None = None  # where a new one was, before others of its batch were
    alias: str | None = None  # a younger id, published apart, that is the same entry after all
    wording: datetime | None = None  # when its text was published or seen, if copies are known by it from now on


def targets(reads: Iterable[Read], *, facts: Facts, live: Live, now: datetime) -> tuple[Target, ...]:
    """Return what every entry is, in the order that decides, and take the new ones into the window."""
    links = dict(facts.by_link)
    # Of what was sighted, too: it may turn out to be another entry before its own version comes.
    ids = {sighting.entry: sighting.entry for sighting in facts.sightings.values()} | dict(facts.by_id)
    found: list[Target] = []
    kept_apart: list[tuple[str, ...]] = []
    reads = _by_what_stays(reads, facts)
    for read in sorted(reads, key=lambda read: (read.entry.published or now, read.entry.id, read.source)):
        target, apart = _target(read, facts, links, ids, live=live, now=now)
        found.append(target)
        kept_apart.append(apart)
        if target.alias is not None:
            live.copies.rename(target.alias, target.entry)
            for known in (links, ids):
                known.update({key: target.entry for key, entry in known.items() if entry == target.alias})
        ids.setdefault(read.entry.id, target.entry)
        if read.link is not None:
            links.setdefault(read.link, target.entry)
    return _placed(found, kept_apart, live=live, now=now)


def _placed(
    found: Sequence[Target], kept_apart: Sequence[tuple[str, ...]], *, live: Live, now: datetime
) -> tuple[Target, ...]:
    """Return the targets, the new ones with their stories: none of those of the entries they were kept apart from."""
    new = [target.reason == "new" for target in found]
    placed = live.stories.place(
        [
            stories.New(
                id=target.read.entry.id,
                features=stories.unpack(target.read.features),
                when=target.read.entry.published or now,
                apart=apart,
            )
            for target, apart in compress(zip(found, kept_apart, strict=True), new)
        ]
    )
    told = iter(placed)
    return tuple(
        replace(target, placed=next(told), story=live.stories.story(target.read.entry.id)) if is_new else target
        for target, is_new in zip(found, new, strict=True)
    )


def _by_what_stays(reads: Iterable[Read], facts: Facts) -> Sequence[Read]:
    """Return the reads; those of a source that passes its guids from entry to entry by their ids, made of links."""
    reads = tuple(reads)
    own = {(source, sighting.entry) for (source, _), sighting in facts.sightings.items()}
    passing = {read.source for read in reads if _passed_on(read, own, facts)}
    return [replace(read, key=read.entry.id) if read.source in passing else read for read in reads]


def _passed_on(read: Read, own: AbstractSet[tuple[str, str]], facts: Facts) -> bool:
    """Say whether the link is another entry's than the guid was, and that entry is this source's (`own`), too."""
    seen = facts.sightings.get((read.source, read.key))
    if seen is None or read.key == read.entry.id or read.link is None:
        return False
    other = facts.by_link.get(read.link, seen.entry)
    return other != seen.entry and (read.source, other) in own


def _target(
    read: Read, facts: Facts, links: Mapping[str, str], ids: Mapping[str, str], *, live: Live, now: datetime
) -> tuple[Target, tuple[str, ...]]:
    """Return what an entry is, and the entries that look alike and tell of another event."""
    sketch, when = dedupe.unpack(read.sketch), read.entry.published or now
    seen = facts.sightings.get((read.source, read.key)) or facts.sightings.get((read.source, read.entry.id))
    if seen is not None:
        # Two entries published apart may turn out to be one when a link is corrected.
        own = ids[seen.entry]
        other = links.get(read.link, own) if read.link else own
        target = _one_of(read, own, other, reason="known", live=live)
        return _remembered(target, sketch, when, live=live), ()
    if read.entry.id in ids:
        if not _is_namesake(read, ids[read.entry.id], sketch, when, live=live):
            return Target(read=read, entry=ids[read.entry.id], reason="id"), ()
        read = replace(read, entry=replace(read.entry, id=normalize.apart(read.entry)))
    if read.link is not None and read.link in links:
        # ... or when one entry has the link of the first and the text of the second.
        entry, match = links[read.link], live.copies.find(sketch, when)
        others = {match.id, *match.also} - {entry} if match is not None else set()
        return _one_of(read, entry, min(others, default=entry), reason="link", live=live), ()
    match, refused = live.copies.judge(sketch, when)
    if match is not None:
        target = Target(read=read, entry=match.id, reason=match.reason)
        return _remembered(target, sketch, when, live=live), ()  # so that a copy of a copy joins the same entry
    live.copies.add(read.entry.id, sketch, when)
    apart = tuple(one.id for one in refused if one.another_event)
    return Target(read=read, entry=read.entry.id, reason="new", wording=when), apart


def _is_namesake(read: Read, entry: str, sketch: dedupe.Sketch, when: datetime, *, live: Live) -> bool:
    """Say whether another source on this host has only called an entry by the same guid: "1", "news-1"."""
    if read.link is not None or read.key == read.entry.id:
        return False
    match = live.copies.find(sketch, when)
    return match is None or match.id != entry


def _remembered(target: Target, sketch: dedupe.Sketch, when: datetime, *, live: Live) -> Target:
    """Return the target, its words known as one more wording of the entry unless they or too many are."""
    return replace(target, wording=when) if live.copies.add_wording(target.entry, sketch, when) else target


def _one_of(read: Read, entry: str, other: str, *, reason: str, live: Live) -> Target:
    """Return the target of a read that shows two published ids to be one entry, if they differ: the older stays."""
    if entry == other:
        return Target(read=read, entry=entry, reason=reason)
    older, younger = live.copies.in_order(entry, other)
    return Target(read=read, entry=older, reason=reason, alias=younger)
