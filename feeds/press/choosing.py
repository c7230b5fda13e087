"""What each topic shows now: judged are the entries that changed since the last pass, placed are those remembered.

    state ── changed ──► judged by every topic ──► candidates of each ── place ──► ids ──► parts, months

A topic is looked at when an entry changed that it wants or showed, or when time alone changes it. Everything is
judged anew when the configuration, the hand or the program is another.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from feeds import curate
from feeds.config import Config
from feeds.curate import Candidate, Judge, Verdict
from feeds.model import Entry, Source, Topic
from feeds.press import dressing, filing, turns
from feeds.press.filing import Filing, Places
from feeds.press.memory import About, Documents, Filed, Memory, Pass
from feeds.press.stock import Stock
from feeds.render import river
from feeds.render.place import Kind
from feeds.store import Publication, Store

MOMENT = timedelta(microseconds=1)  # an entry is out when it is older than its limit, not when it is as old


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A feed the site publishes: a topic of the editor's, or a region."""

    topic: Topic
    kind: Kind = "topic"
    began: datetime | None = None  # when a region's feed was first published

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
    places: Places
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
        self.config, self.memory, self.now = config, memory, now
        longest = max((topic.max_age for topic in config.topics), default=timedelta())
        self.since = now - longest
        self.stock = Stock(state, hand, last, since=self.since)
        self.filing = Filing(self.stock, now=now)
        self.judges: dict[str, Judge] = {}
        self.entries: dict[tuple[str, str], Entry] = {}  # shown anew in this pass, by feed and id

    def chosen(self, feeds: Sequence[Wanted], sources: Mapping[str, Source]) -> tuple[Chosen, ...]:
        """Return every feed as it stands; `sources` are by id, as subscribers are told of them."""
        stock, goes_on = self.stock, self.stock.last is not None
        abouts = self.memory.abouts() if goes_on else {}
        remembered = self.memory.candidates() if goes_on else {}
        # A feed that nothing is remembered of in a pass that goes on is a region's that was not known before:
        # whatever is about it is new.
        pasts = {} if goes_on else {one.name: self._past(one) for one in feeds}
        judges = curate.judges([one.topic for one in feeds], hand=stock.hand, sources=sources, hidden=stock.hidden)
        found: list[dict[str, Candidate]] = [{} for _ in feeds]
        for group in stock.groups([judge.query for judge in judges]):
            _add(found, curate.judged(judges, group))
        if lost := {filed.id for past in pasts.values() for filed in past.filed}.difference(*found):
            _add(found, curate.judged(judges, stock.read(lost)))
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
        moved = self.stock.fresh | self.stock.gone
        return (
            bool(found)
            or (about.until is not None and about.until <= self.now)
            or (bool(moved) and any(one.id in moved for one in before))
        )

    def _past(self, wanted: Wanted) -> Documents:
        """Return what the state knows of a feed that nothing else is remembered of."""
        if wanted.kind == "region":
            return Documents()
        return filing.past(self.stock.state, wanted.topic.slug, now=self.now)

    def _draft(
        self, wanted: Wanted, before: Iterable[Candidate], found: Mapping[str, Candidate], past: Documents
    ) -> _Draft:
        """Return who is in a feed now, in which order, and what its archives hold."""
        topic, stock = wanted.topic, self.stock
        moved = stock.fresh | stock.gone
        candidates = [*(one for one in before if one.id not in moved), *found.values()]
        live = [one for one in candidates if one.first_seen >= self.since]
        filed = {one.id: one for one in past.filed if one.id not in stock.gone}
        standing = frozenset(one.id for one in filed.values() if one.standing)
        queue = self._queue(wanted, filed.values(), live, past)
        spread = None if queue is None else queue.waiting
        placed = curate.place(topic, live, now=self.now, published=standing, spread=spread)
        waiting = queue.next() if queue is not None and placed.waiting else None
        if wanted.kind == "topic":
            places = self.filing.places(topic.slug, filed, placed.ids, past.last_place)
            shown = _in_order(topic, placed, {id_: one.place for id_, one in places.filed.items()})
            older = self.filing.archived(topic, candidates, places.filed, shown)
            months = self.filing.months(topic.limit, places.filed.values(), older.ids, shown)
        else:
            places, older, months = Places(filed={}, last=0), curate.Placed(shown=()), ()
            shown = _in_order(topic, placed, {one.id: turns.arrival(one) for one in live})
        kept = [one for one in candidates if one.id in places.filed or self._lasts(topic, one)]
        return _Draft(
            wanted=wanted,
            candidates=tuple(kept),
            past=past,
            shown=shown,
            months=months,
            folded={one.candidate.id: one.folded for one in (*placed.shown, *older.shown) if one.folded},
            places=places,
            until=self._until(topic, live, waiting),
            waiting=waiting,
        )

    def _until(self, topic: Topic, live: Iterable[Candidate], waiting: datetime | None) -> datetime | None:
        """Return when time alone changes a feed; None: never."""
        ages = [one.when + topic.max_age + MOMENT for one in live if one.pinned is None]
        leaves = [one.first_seen + (self.now - self.since) + MOMENT for one in live]
        return min((one for one in (*ages, *leaves, waiting) if one is not None and one > self.now), default=None)

    def _lasts(self, topic: Topic, one: Candidate) -> bool:
        """Return whether a candidate may be shown later on, as things stand."""
        return one.first_seen >= self.since and (one.pinned is not None or self.now - one.when <= topic.max_age)

    def _queue(
        self, wanted: Wanted, filed: Collection[Filed], live: Sequence[Candidate], past: Documents
    ) -> turns.Queue | None:
        """Return who may enter now; None: everybody, as into a feed that nobody has read yet."""
        if wanted.began is None:
            return turns.of(self.config, wanted.topic, replace(past, filed=tuple(filed)), now=self.now)
        burst, every = turns.size(self.config, wanted.topic), self.config.publish.burst_every
        if not burst:
            return None
        return turns.Stream(candidates=live, began=wanted.began, burst=burst, every=every, now=self.now)

    def _read_missing(self, drafts: Iterable[_Draft]) -> None:
        """Read the entries that have to be shown anew and did not change themselves."""
        self.stock.need(
            {one for draft in drafts for id_ in self._stale(draft) for one in (id_, *draft.folded.get(id_, ()))}
        )

    def _stale(self, draft: _Draft) -> Iterator[str]:
        """Yield the entries of which a subscriber may see something else than before."""
        for id_ in draft.ids:
            folded = draft.folded.get(id_, ())
            known = id_ in draft.past.parts and draft.past.folded.get(id_, ()) == folded
            if not known or not self.stock.fresh.isdisjoint((id_, *folded)):
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
                filed=self.filing.kept(draft.places),
                last_place=draft.places.last,
            ),
            publications=draft.places.publications,
            waiting=draft.waiting,
        )

    def entry(self, wanted: Wanted, id_: str, folded: Sequence[str]) -> Entry:
        """Return an entry as the feed's subscribers see it."""
        held = self.stock.held[id_]
        shown = curate.shown(self.judges[wanted.name], held, [self.stock.held[one] for one in folded])
        return dressing.dressed(shown, held.tags, wanted.topic, self.config)

    def read(self, wanted: Wanted, documents: Documents, ids: Sequence[str]) -> list[Entry]:
        """Return entries of a feed's documents whole, reading from the state what this pass has not read."""
        asked = [id_ for id_ in ids if (wanted.name, id_) not in self.entries]
        self.stock.need({one for id_ in asked for one in (id_, *documents.folded.get(id_, ()))})
        return [
            self.entries.get((wanted.name, id_)) or self.entry(wanted, id_, documents.folded.get(id_, ()))
            for id_ in ids
        ]


def _add(found: Sequence[dict[str, Candidate]], said: Iterable[Iterable[Candidate | Verdict]]) -> None:
    for mine, verdicts in zip(found, said, strict=True):
        mine |= {each.id: each for each in verdicts if isinstance(each, Candidate)}


def _in_order(topic: Topic, placed: curate.Placed, entered: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids as documents list them: what `entered` the feed last first, where time decides.

    A bot that reads from the top until it knows an entry misses none that a slow source brought late.
    """
    ids = placed.ids
    if topic.order == "score":
        return ids
    pinned = frozenset(one.candidate.id for one in placed.shown if one.candidate.pinned is not None)
    return tuple(sorted(ids, key=lambda id_: (id_ in pinned, entered[id_]), reverse=True))
