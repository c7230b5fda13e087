"""What each topic shows now: judged are the entries that changed since the last pass, placed are those remembered.

    state ── changed ──► judged by every topic ──► candidates of each ── place ──► ids ──► parts, months

A topic is looked at when an entry changed that it wants or showed, or when time alone changes it. Everything is
judged anew when the configuration, the hand or the program is another.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from feeds import curate, urls
from feeds.config import Config
from feeds.curate import Candidate, Judge, Verdict
from feeds.model import Entry, Held, Topic
from feeds.press import dressing
from feeds.press.memory import About, Documents, Filed, Memory, Pass
from feeds.press.turns import Turns
from feeds.render import river
from feeds.render.place import Kind
from feeds.store import Publication, Store

# The archive of a month is open while it runs, and is made a last time after it.
OPEN = timedelta(days=31)
PLACES = "places"  # where the store keeps the last place that each topic gave
# Entries in memory while all of them are judged: 100,000 with their texts are half a gigabyte.
JUDGED_AT_ONCE = 2_000
FOREVER = timedelta(days=36_500)
MOMENT = timedelta(microseconds=1)  # an entry is out when it is older than its limit, not when it is as old


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A feed the site publishes: a topic of the editor's, or a region."""

    topic: Topic
    kind: Kind = "topic"

    @property
    def name(self) -> str:
        """What it is remembered by."""
        return f"{self.kind}/{self.topic.slug}"


@dataclass(slots=True, kw_only=True)
class Chosen:
    """One feed as it stands. `documents` is None where nothing changed: what is remembered of it holds."""

    wanted: Wanted
    about: About
    candidates: tuple[Candidate, ...] = ()
    documents: Documents | None = None
    publications: tuple[Publication, ...] = ()  # those that are new, have ended or come back
    waiting: datetime | None = None  # when the next of a burst may enter


@dataclass(slots=True, kw_only=True)
class _Draft:
    """One feed on its way to its documents."""

    wanted: Wanted
    candidates: tuple[Candidate, ...]
    past: Documents
    shown: tuple[str, ...]
    months: tuple[tuple[str, tuple[str, ...]], ...]
    folded: Mapping[str, tuple[str, ...]]
    filed: tuple[Filed, ...]
    last_place: int
    publications: tuple[Publication, ...]
    until: datetime | None
    waiting: datetime | None

    @property
    def ids(self) -> dict[str, None]:
        """Every entry that a document shows."""
        return dict.fromkeys((*self.shown, *(id_ for _, ids in self.months for id_ in ids)))


class Choosing:
    """One pass over all feeds. `last` is the pass to go on from; None: everything is judged anew."""

    def __init__(
        self, config: Config, state: Store, hand: curate.Hand, memory: Memory, last: Pass | None, *, now: datetime
    ) -> None:
        self.config, self.state, self.hand, self.memory, self.now = config, state, hand, memory, now
        self.sources = {source.id: source for source in config.sources}
        longest = max((topic.max_age for topic in config.topics), default=timedelta())
        self.since, self.recent = now - longest, f"{now.astimezone(UTC) - OPEN:%Y-%m}"
        self.last = last
        self.gone: frozenset[str] = frozenset()
        self.judges: dict[str, Judge] = {}
        self.entries: dict[tuple[str, str], Entry] = {}  # shown anew in this pass, by feed and id
        self.held = self._changed() if last is not None else {}  # what was read, as the hand corrects it
        self.fresh = frozenset(self.held)
        self.demanded = self._withdrawn()
        self.withdrawn = self._every_name(self.demanded)
        self.hidden = self._hidden() if self.last is None else frozenset(self.last.hidden)

    def _changed(self) -> dict[str, Held]:
        assert self.last is not None
        changed = list(self.state.held(changed_after=self.last.revision, content=True))
        if any(self.hand.about(held) for held in changed):
            self.last = None  # what is hidden goes by story, and the story may be another now
            return {}
        self.gone = self.state.merged(held.entry.id for held in changed)
        return self._corrected(changed)

    def _withdrawn(self) -> frozenset[str]:
        """Return the entries that were withdrawn, however old, by the ids that stand."""
        names = self.hand.withdrawn
        if not names:
            return frozenset()
        return frozenset(self.state.by_ids(names).values()) | frozenset(self.state.by_links(names).values())

    def _every_name(self, withdrawn: frozenset[str]) -> frozenset[str]:
        """Return every id and link under which a closed archive may show what was withdrawn."""
        if not self.hand.withdrawn:
            return frozenset()
        links = {
            urls.canonical(version.link)
            for versions in self.state.versions(withdrawn).values()
            for version in versions
            if version.link is not None
        }
        return self.hand.withdrawn | withdrawn | self.state.merged(withdrawn) | links

    def _corrected(self, helds: Iterable[Held]) -> dict[str, Held]:
        return {held.entry.id: held for held in self._each(helds)}

    def _each(self, helds: Iterable[Held]) -> Iterator[Held]:
        return (self.hand.corrected(held) for held in helds if not held.backlog)

    def _hidden(self) -> frozenset[tuple[str | None, str]]:
        if all(decision.act != "hide" for decision in self.hand.decisions):
            return frozenset()
        return curate.hidden_stories(self.every(), self.hand)

    def every(self) -> Iterator[Held]:
        """Yield the entries that this pass judges, without their content."""
        return iter(self.held.values()) if self.last is not None else self._each(self.state.held(since=self.since))

    def _groups(self) -> Iterator[list[Held]]:
        """Yield the entries to judge; where that is all of them, so few at a time that they take little memory."""
        if self.last is not None:
            yield list(self.held.values())
            return
        every = self._each(self.state.held(since=self.since, content=True))
        while group := list(islice(every, JUDGED_AT_ONCE)):
            yield group
        if self.demanded:
            yield list(self._each(self.state.held(ids=sorted(self.demanded))))

    def chosen(self, feeds: Sequence[Wanted]) -> tuple[Chosen, ...]:
        """Return every feed as it stands."""
        abouts = self.memory.abouts() if self.last is not None else {}
        remembered = self.memory.candidates() if self.last is not None else {}
        # A feed that nothing is remembered of in a pass that goes on is a region's that was not known before:
        # whatever is about it is new.
        pasts = {one.name: self._past(one) for one in feeds} if self.last is None else {}
        judges = curate.judges([one.topic for one in feeds], hand=self.hand, sources=self.sources, hidden=self.hidden)
        found: list[dict[str, Candidate]] = [{} for _ in feeds]
        for group in self._groups():
            _add(found, curate.judged(judges, group))
        lost = {filed.id for past in pasts.values() for filed in past.filed}.difference(*found)
        if lost:
            _add(found, curate.judged(judges, list(self._each(self.state.held(ids=sorted(lost), content=True)))))
        drafts: list[_Draft] = []
        for one, judge, mine in zip(feeds, judges, found, strict=True):
            self.judges[one.name] = judge
            before = remembered.get(one.name, ())
            if one.name not in abouts or self._touched(abouts[one.name], before, mine):
                past = pasts.get(one.name) or (self.memory.documents(one.name) if one.name in abouts else Documents())
                drafts.append(self._draft(one, before, mine, past))
        self._read_missing(drafts)
        done = {draft.wanted.name: self._done(draft) for draft in drafts}
        return tuple(done.get(one.name) or Chosen(wanted=one, about=abouts[one.name]) for one in feeds)

    def _touched(self, about: About, before: Iterable[Candidate], found: Mapping[str, Candidate]) -> bool:
        moved = self.fresh | self.gone
        return (
            bool(found)
            or (about.until is not None and about.until <= self.now)
            or (bool(moved) and any(one.id in moved for one in before))
        )

    def _past(self, wanted: Wanted) -> Documents:
        """Return what the state knows of a feed that nothing else is remembered of."""
        if wanted.kind == "region":
            return Documents()
        slug = wanted.topic.slug
        published = self.state.publications(slug)
        return Documents(
            filed=tuple(
                Filed(one.entry, one.place, one.month, one.since, standing=one.until is None)
                for one in published
                if one.until is None or one.month >= self.recent
            ),
            # The last place may have been given to what was merged or has left the store since.
            last_place=max(int(self.state.marks(PLACES).get(slug, 0)), *(one.place for one in published), 0),
        )

    def _draft(
        self, wanted: Wanted, before: Iterable[Candidate], found: Mapping[str, Candidate], past: Documents
    ) -> _Draft:
        """Return who is in a feed now, in which order, and what its archives hold."""
        topic = wanted.topic
        moved = self.fresh | self.gone
        filed = {one.id: one for one in past.filed if one.id not in self.gone}
        candidates = [*(one for one in before if one.id not in moved), *found.values()]
        live = [one for one in candidates if one.first_seen >= self.since]
        standing = frozenset(one.id for one in filed.values() if one.standing)
        turns = self._turns(wanted, filed.values(), past)
        placed = curate.place(
            topic, live, now=self.now, published=standing, spread=turns.waiting if turns is not None else None
        )
        after, publications = self._filed(wanted, filed, placed.ids, past.last_place)
        shown = _in_order(topic, placed, after)
        folded = {one.candidate.id: one.folded for one in placed.shown if one.folded}
        older = self._archived(topic, candidates, after, shown)
        folded |= {one.candidate.id: one.folded for one in older.shown if one.folded}
        ages = [one.when + topic.max_age + MOMENT for one in live if one.pinned is None]
        leaves = [one.first_seen + (self.now - self.since) + MOMENT for one in live]
        waiting = turns.next(sum(one.since == self.now for one in after.values())) if turns and placed.waiting else None
        kept = [one for one in candidates if one.id in after or self._lasts(topic, one)]
        return _Draft(
            wanted=wanted,
            candidates=tuple(kept),
            past=past,
            shown=shown,
            months=self._months(wanted, after.values(), frozenset((*shown, *older.ids)), frozenset(shown)),
            folded=folded,
            filed=tuple(one for one in after.values() if one.standing or one.month >= self.recent),
            last_place=max(past.last_place, *(one.place for one in after.values()), 0),
            publications=publications,
            until=min((one for one in (*ages, *leaves, waiting) if one is not None and one > self.now), default=None),
            waiting=waiting,
        )

    def _lasts(self, topic: Topic, one: Candidate) -> bool:
        """Return whether a candidate may be shown later on, as things stand."""
        return one.first_seen >= self.since and (one.pinned is not None or self.now - one.when <= topic.max_age)

    def _turns(self, wanted: Wanted, filed: Collection[Filed], past: Documents) -> Turns | None:
        """Return who may enter now; None: everybody, as into a feed that nobody has read yet."""
        publish = self.config.publish
        if wanted.kind != "topic" or not publish.burst or not past.last_place:
            return None
        return Turns(
            filed=tuple(filed), limit=wanted.topic.limit, burst=publish.burst, every=publish.burst_every, now=self.now
        )

    def _filed(
        self, wanted: Wanted, filed: Mapping[str, Filed], ids: Sequence[str], last_place: int
    ) -> tuple[dict[str, Filed], tuple[Publication, ...]]:
        """Return who has which place, and what that changes; a place is given once and never again."""
        if wanted.kind != "topic":
            return {}, ()
        here = frozenset(ids)
        new = [id_ for id_ in reversed(ids) if id_ not in filed]
        back = self._back(wanted.topic.slug, new)
        month = f"{self.now.astimezone(UTC):%Y-%m}"
        after = dict(filed)
        for id_ in new:
            if id_ in back:
                after[id_] = Filed(id_, back[id_].place, back[id_].month, back[id_].since, standing=True)
            else:
                last_place += 1
                after[id_] = Filed(id_, last_place, month, self.now, standing=True)
        after |= {id_: one._replace(standing=id_ in here) for id_, one in filed.items()}
        changed = [one for id_, one in after.items() if id_ not in filed or filed[id_] != one]
        return after, tuple(
            Publication(
                entry=one.id,
                since=one.since,
                place=one.place,
                month=one.month,
                until=None if one.standing else self.now,
            )
            for one in changed
        )

    def _back(self, slug: str, ids: Sequence[str]) -> dict[str, Publication]:
        """Return those that were in the topic before, and whose archive was closed since."""
        last = self.last
        # What came after the last pass cannot have been published by one.
        old = [id_ for id_ in ids if last is None or id_ not in self.held or self.held[id_].first_seen <= last.at]
        return {one.entry: one for one in self.state.publications(slug, entries=old)} if old else {}

    def _archived(
        self, topic: Topic, candidates: Iterable[Candidate], filed: Mapping[str, Filed], shown: Collection[str]
    ) -> curate.Placed:
        """Return what the feed's limits have dropped and archives that may be open still hold."""
        here = frozenset(shown)
        dropped = [
            one for one in candidates if one.id in filed and filed[one.id].month >= self.recent and one.id not in here
        ]
        if not dropped:
            return curate.Placed(shown=())
        wide = replace(topic, limit=len(dropped), max_age=FOREVER, per_source_a_day=None, min_score=None)
        return curate.place(wide, dropped, now=self.now, published={one.id for one in dropped})

    def _months(
        self, wanted: Wanted, filed: Iterable[Filed], at_hand: frozenset[str], shown: frozenset[str]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the archives that can still be made, newest first within each.

        The document of the running month takes what the subscription document still shows in blocks of half of
        that one's length: nobody misses it there, and a month is not written again for every new entry.
        """
        running, block = f"{self.now.astimezone(UTC):%Y-%m}", max(1, wanted.topic.limit // 2)
        last = max((one.place for one in filed), default=0) // block
        months: dict[str, list[str]] = {}
        for one in sorted(filed, key=lambda one: -one.place):
            months.setdefault(one.month, [])
            if one.id in at_hand and (one.month < running or one.id not in shown or one.place // block < last):
                months[one.month].append(one.id)
        return tuple((month, tuple(ids)) for month, ids in sorted(months.items()) if ids)

    def _read_missing(self, drafts: Iterable[_Draft]) -> None:
        """Read the entries that have to be shown anew and did not change themselves."""
        wanted = {
            one for draft in drafts for id_ in self._stale(draft) for one in (id_, *draft.folded.get(id_, ()))
        } - self.held.keys()
        if wanted:
            self.held |= self._corrected(self.state.held(ids=sorted(wanted), content=True))

    def _stale(self, draft: _Draft) -> Iterator[str]:
        """Yield the entries of which a subscriber may see something else than before."""
        for id_ in draft.ids:
            folded = draft.folded.get(id_, ())
            known = id_ in draft.past.parts and draft.past.folded.get(id_, ()) == folded
            if not known or not self.fresh.isdisjoint((id_, *folded)):
                yield id_

    def _done(self, draft: _Draft) -> Chosen:
        name = draft.wanted.name
        parts = {id_: draft.past.parts[id_] for id_ in draft.ids if id_ in draft.past.parts}
        for id_ in self._stale(draft):
            entry = self.entry(draft.wanted, id_, draft.folded.get(id_, ()))
            self.entries[name, id_] = entry
            parts[id_] = river.part(entry)
        months = tuple((month, river.fingerprint(parts[id_] for id_ in ids)) for month, ids in draft.months)
        return Chosen(
            wanted=draft.wanted,
            about=About(
                entries=len(draft.shown),
                fingerprint=river.fingerprint(parts[id_] for id_ in draft.shown),
                months=months,
                until=draft.until,
            ),
            candidates=draft.candidates,
            documents=Documents(
                shown=draft.shown,
                months=draft.months,
                parts=parts,
                folded=draft.folded,
                filed=draft.filed,
                last_place=draft.last_place,
            ),
            publications=draft.publications,
            waiting=draft.waiting,
        )

    def entry(self, wanted: Wanted, id_: str, folded: Sequence[str]) -> Entry:
        """Return an entry as the feed's subscribers see it."""
        held = self.held[id_]
        shown = curate.shown(self.judges[wanted.name], held, [self.held[one] for one in folded])
        return dressing.dressed(shown, held.tags, wanted.topic, self.config)

    def read(self, wanted: Wanted, documents: Documents, ids: Sequence[str]) -> list[Entry]:
        """Return entries of a feed's documents whole, reading from the state what this pass has not read."""
        asked = [id_ for id_ in ids if (wanted.name, id_) not in self.entries]
        missing = {one for id_ in asked for one in (id_, *documents.folded.get(id_, ()))} - self.held.keys()
        if missing:
            self.held |= self._corrected(self.state.held(ids=sorted(missing), content=True))
        return [
            self.entries.get((wanted.name, id_)) or self.entry(wanted, id_, documents.folded.get(id_, ()))
            for id_ in ids
        ]


def _add(found: Sequence[dict[str, Candidate]], said: Iterable[Iterable[Candidate | Verdict]]) -> None:
    for mine, verdicts in zip(found, said, strict=True):
        mine |= {each.id: each for each in verdicts if isinstance(each, Candidate)}


def _in_order(topic: Topic, placed: curate.Placed, filed: Mapping[str, Filed]) -> tuple[str, ...]:
    """Return the ids as documents list them: what came last into the topic first, where time decides.

    A bot that reads from the top until it knows an entry misses none that a slow source brought late.
    """
    ids = placed.ids
    if topic.order == "score" or not filed:
        return ids
    pinned = frozenset(one.candidate.id for one in placed.shown if one.candidate.pinned is not None)
    return tuple(sorted(ids, key=lambda id_: (id_ not in pinned, -filed[id_].place)))
