"""Each entry just read is new, changed, the same as another source's, or nothing: what the store then holds.

The order in which sources answered decides nothing: a batch is settled by the publishers' dates, then
by id. The published id is that of the first entry held and stays, whichever copy leads.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import compress

from feeds import dedupe, normalize, stories, text
from feeds.model import Copy, Entry, Held, Read, Source, Tags
from feeds.store import Kept, Sighting, Telling, Version, Window, Wording

NEVER_FIRST = -(10**9)
# Desks try several headlines on an entry in its first hour; after that another one is news to who has read it.
LATE = timedelta(hours=1)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What one source's poll changes."""

    kept: tuple[Kept, ...] = ()
    versions: tuple[Version, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    wordings: tuple[Wording, ...] = ()
    tellings: tuple[Telling, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()
    new: int = 0
    changed: int = 0
    folded: int = 0
    renamed: frozenset[str] = frozenset()  # keys not seen before, of entries this source had shown under another


@dataclass(slots=True, kw_only=True)
class _Tally:
    kept: dict[str, Kept] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    joined: list[tuple[str, str]] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    folded: int = 0
    renamed: set[str] = field(default_factory=set)


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


def fold(
    found: Sequence[Target],
    *,
    held: Mapping[str, Held],
    versions: Mapping[str, Sequence[Version]],
    sources: Mapping[str, Source],
    now: datetime,
    backlog: frozenset[tuple[str, str]] = frozenset(),
) -> dict[str, Settled]:
    """Return by Source.id what to save. `held` and `versions` are of every target that is held already.

    `backlog` names (Source.id, key) of entries too old for a first poll: known, never published.
    """
    tallies: dict[str, _Tally] = {}
    by_entry: dict[str, list[Target]] = {}
    for target in found:
        by_entry.setdefault(target.entry, []).append(target)
    for entry_id, group in by_entry.items():
        _fold(
            entry_id,
            group,
            held.get(entry_id),
            versions.get(entry_id, ()),
            tallies,
            sources=sources,
            now=now,
            backlog=backlog,
        )
    return {
        source: Settled(
            kept=tuple(t.kept.values()),
            versions=tuple(t.versions),
            aliases=tuple(t.aliases),
            wordings=tuple(t.wordings),
            tellings=tuple(t.tellings),
            joined=tuple(t.joined),
            new=t.new,
            changed=t.changed,
            folded=t.folded,
            renamed=frozenset(t.renamed),
        )
        for source, t in tallies.items()
    }


def _fold(
    entry_id: str,
    group: Sequence[Target],
    before: Held | None,
    versions: Sequence[Version],
    tallies: dict[str, _Tally],
    *,
    sources: Mapping[str, Source],
    now: datetime,
    backlog: frozenset[tuple[str, str]],
) -> None:
    bodies: dict[tuple[str, str], Entry] = {}
    leading: tuple[str, str] | None = None
    latest = {(target.read.source, target.read.key): target.read for target in group}
    renewed = {source for source, _ in latest}
    for version in versions:
        if version.source in renewed and (version.source, version.key) not in latest:
            continue  # what a source says under another name now, it no longer says under this
        if version.body is not None:
            bodies[version.source, version.key] = version.body
        elif before is not None:
            leading = (version.source, version.key)
            bodies[leading] = before.entry
    bodies |= {where: read.entry for where, read in latest.items()}
    now_leading = _lead(bodies, sources)
    first = group[0]
    after = _held(now_leading, bodies, latest, before, first, sources=sources, now=now)
    if before is None and all(where in backlog for where in latest):
        after = replace(after, backlog=True)
    owner = tallies.setdefault(first.read.source, _Tally())
    if after != before:
        said = latest.get(now_leading)
        owner.kept[entry_id] = Kept(
            held=after,
            # Of a version that changed nothing a reader sees, the words that stand are the old ones.
            beginnings=None if said is None or (before and after.entry is before.entry) else said.beginnings,
        )
    _count(group, before, after, tallies)
    shown_by = {version.source for version in versions}
    for target in group:
        read, tally = target.read, tallies[target.read.source]
        if target.reason != "known" and read.source in shown_by:
            tally.renamed.add(read.key)
        if target.wording is not None:
            at, place = target.wording, (target.wording, read.entry.id, read.source)
            tally.wordings.append(Wording(entry=entry_id, place=place, at=at, seen=now, sketch=read.sketch))
        if target.placed is not None:
            _tell(target, target.placed, tally, now=now)
    for (source, key), read in latest.items():
        tally = tallies.setdefault(source, _Tally())
        body = None if (source, key) == now_leading else read.entry
        tally.versions.append(
            Version(source=source, key=key, entry=entry_id, digest=read.digest, link=read.link, body=body)
        )
    if leading is not None and leading != now_leading and leading not in latest and before is not None:
        # The copy that led steps back: its words move from the held entry to its own version.
        old = next(version for version in versions if (version.source, version.key) == leading)
        owner.versions.append(replace(old, body=before.entry))


def _tell(target: Target, placed: stories.Placed, tally: _Tally, *, now: datetime) -> None:
    entry, story = target.read.entry, target.story or placed.story
    at = entry.published or now
    tally.tellings.append(
        Telling(
            entry=target.entry,
            place=(at, entry.id, target.read.source),
            story=story,
            at=at,
            seen=now,
            terms=placed.terms,
            squares=placed.squares,
            names=placed.names,
        )
    )
    tally.joined += [(younger, story) for younger in placed.joined]


def _lead(bodies: Mapping[tuple[str, str], Entry], sources: Mapping[str, Source]) -> tuple[str, str]:
    """Return whose words are published. A source that may not be republished, or is no longer read, leads last."""
    if len(bodies) == 1:
        return next(iter(bodies))
    places = sorted(bodies)
    said = [sources.get(source) for source, _ in places]
    place = dedupe.lead(
        [bodies[place] for place in places],
        preference=[NEVER_FIRST if one is None or one.rights == "never" else one.preference for one in said],
        paywalled=[one is not None and one.paywalled for one in said],
    )
    return places[place]


def _held(
    leading: tuple[str, str],
    bodies: Mapping[tuple[str, str], Entry],
    latest: Mapping[tuple[str, str], Read],
    before: Held | None,
    first: Target,
    *,
    sources: Mapping[str, Source],
    now: datetime,
) -> Held:
    source, _ = leading
    entry = replace(bodies[leading], id=first.entry)
    tags = latest[leading].tags if leading in latest else before.tags if before is not None else Tags()
    copies = _copies(leading, bodies, sources)
    if before is None:
        return Held(
            entry=entry, source=source, first_seen=now, changed=now, tags=tags, copies=copies, story=first.story
        )
    visible = normalize.digest(entry) != normalize.digest(before.entry)
    return replace(
        before,
        entry=replace(entry, corrected=_corrected(entry, source, before, now)) if visible else before.entry,
        source=source,
        tags=tags if visible else before.tags,
        copies=copies,
        changed=now if visible else before.changed,
    )


def _corrected(entry: Entry, source: str, before: Held, now: datetime) -> datetime | None:
    """Return when a publisher last changed a headline that subscribers have long had; None: never."""
    another = source == before.source and text.fold(entry.title) != text.fold(before.entry.title)
    return now if another and now - before.first_seen >= LATE else before.entry.corrected


def _copies(
    leading: tuple[str, str], bodies: Mapping[tuple[str, str], Entry], sources: Mapping[str, Source]
) -> tuple[Copy, ...]:
    """Return the other sources' versions, one a source, the earliest first."""
    told: dict[str, Copy] = {}
    for (source, key), entry in sorted(bodies.items(), key=lambda pair: pair[0]):
        if source == leading[0] or (source, key) == leading or source not in sources:
            continue
        told[source] = Copy.of(entry, source, sources[source])
    return tuple(told.values())


def _count(group: Sequence[Target], before: Held | None, after: Held, tallies: dict[str, _Tally]) -> None:
    for n, target in enumerate(group):
        tally = tallies.setdefault(target.read.source, _Tally())
        if before is None and n == 0:
            tally.new += 1
        elif target.reason == "known":
            tally.changed += before is not None and after.entry != before.entry
        else:
            tally.folded += 1
        if target.alias is not None:
            tally.aliases.append((target.alias, target.entry))
