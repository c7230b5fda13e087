"""What the store is to hold once it is known what each entry is: whose words lead, which copies stand beside them.

The published id is that of the first entry held and stays, whichever copy leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds import dedupe, normalize, stories, text
from feeds.model import Copy, Entry, Held, Read, Source, Tags
from feeds.settle import thresholds
from feeds.settle.judging import Target
from feeds.store import Kept, Telling, Version, Wording

NEVER_FIRST = -(10**9)


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
    entry = bodies[leading]
    if entry.id != first.entry:  # 5 µs that most need not
        entry = replace(entry, id=first.entry)
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
    return now if another and now - before.first_seen >= thresholds.read().late else before.entry.corrected


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
