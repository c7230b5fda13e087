"""Which of a topic's candidates it shows, and in which order: age, holds, stories, fairness, the limit."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.curate.judging import Candidate, Fate, Verdict
from feeds.model import Topic

# Given the candidates in the topic's order, returns those that have to wait their turn, in the order of the queue.
Spread = Callable[[Sequence[Candidate]], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A candidate in its place, and those of its story that it stands for."""

    candidate: Candidate
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What a topic shows, in its order; `waiting` are those that wait their turn in a burst."""

    shown: tuple[Shown, ...]
    notices: tuple[Candidate, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The entries in their order, notices last."""
        return (*(one.candidate.id for one in self.shown), *(one.id for one in self.notices))


def place(
    topic: Topic,
    candidates: Iterable[Candidate],
    *,
    now: datetime,
    published: Collection[str] = (),
    spread: Spread | None = None,
) -> Placed:
    """Pass candidates, in the order they came, through the rules; `published` are the ids shown already."""
    candidates, published, weak = tuple(candidates), frozenset(published), frozenset[str]()
    while True:
        placing = _Placing(topic, now=now, published=published, spread=spread, weak=weak)
        placed = placing.place(candidates)
        in_the_way = placing.in_the_way()
        if not placing.beyond & published and not in_the_way:
            return placed
        # What the limit puts out is as unpublished as the next pass finds it: else that would show another choice.
        published -= placing.beyond
        weak |= in_the_way


class _Placing:
    """One topic's passage through the rules, each of which may say why an entry stays out."""

    def __init__(
        self, topic: Topic, *, now: datetime, published: Collection[str], spread: Spread | None, weak: Collection[str]
    ) -> None:
        self.topic, self.now, self.published, self.spread, self.weak = topic, now, published, spread, weak
        self.verdicts: list[Verdict] = []
        self.folded: dict[str, list[Candidate]] = {}
        self.denied: list[Candidate] = []  # by their source's share
        self.shown: list[Candidate] = []
        self.waiting: tuple[str, ...] = ()
        self.out: list[Candidate] = []  # by the limit

    def place(self, candidates: Iterable[Candidate]) -> Placed:
        notices, admitted = [], []
        for one in candidates:
            if one.withdrawn is not None:
                if one.wanted or one.id in self.published:
                    notices.append(one)
                    self._say(one, "withdrawn", f"withdrawn on {one.withdrawn:%Y-%m-%d}")
            elif self._admits(one):
                admitted.append(one)
        chosen = self._in_place(self._once_and_fairly(admitted))
        return Placed(
            shown=tuple(Shown(candidate=one, folded=self._folded(one)) for one in chosen),
            notices=tuple(sorted(notices, key=_first_seen)),
            verdicts=tuple(self.verdicts),
            waiting=self.waiting,
        )

    @property
    def beyond(self) -> frozenset[str]:
        """Those that the limit puts out."""
        return frozenset(one.id for one in self.out)

    def in_the_way(self) -> frozenset[str]:
        """Return those beyond the limit that took a source's share, or a story, from one that would stand before it.

        Only where the strongest stand first. Where the newest do, what stands beyond has had its time, and another
        in its stead would come late.
        """
        if self.topic.order != "score" or not self.out or not self.shown:
            return frozenset()
        last = _rank(self.shown[-1])
        days = {_day(one) for one in self.denied if _rank(one) < last}
        stories = {leader for leader, told in self.folded.items() if any(_rank(one) < last for one in told)}
        return frozenset(one.id for one in self.out if _day(one) in days or one.id in stories)

    def _admits(self, one: Candidate) -> bool:
        """Return whether age, strength and the holds let an entry in; else say why not."""
        if one.pinned is not None:
            return True
        if self.now - one.when > self.topic.max_age:
            self._say(one, "out", f"older than {self.topic.max_age.days} days")
        elif self.topic.min_score is not None and one.score < self.topic.min_score:
            self._say(one, "out", f"score {one.score:.2f} is below {self.topic.min_score:.2f}")
        elif one.waits is not None and one.id not in self.published:
            self._say(one, "waiting", one.waits)
        else:
            return True
        return False

    def _once_and_fairly(self, candidates: list[Candidate]) -> list[Candidate]:
        """Fold the entries of a story into its first shown, and let each source in only so often a day.

        First shown stays, whatever comes or is released later. A story is led by the first that its source's
        share lets in, so that a chatty source does not take it away.
        """
        once, share = self.topic.one_per_story, self.topic.per_source_a_day
        leaders: dict[str, Candidate] = {}
        counts: Counter[tuple[str, str]] = Counter()
        kept, left = [], []
        for one in sorted(candidates, key=self._first_shown):
            told, day = once and one.story in leaders, _day(one)
            if one.pinned is None and (told or one.id in self.weak or (share is not None and counts[day] >= share)):
                left.append(one)
                continue
            leaders.setdefault(one.story, one)
            counts[day] += 1
            kept.append(one)
        for one in left:
            if once and one.story in leaders:
                leader = leaders[one.story]
                self.folded.setdefault(leader.id, []).append(one)
                self._say(one, "folded", f"the same story as {leader.id}")
            elif one.id in self.weak:
                self._say(one, "out", f"beyond the limit of {self.topic.limit}")
            else:
                self.denied.append(one)
                self._say(one, "out", "{} of {} on {} are in already".format(share, *_day(one)))
        return kept

    def _folded(self, leader: Candidate) -> tuple[str, ...]:
        """Return those that a candidate stands for, the first seen first, whichever of them was shown itself once."""
        return tuple(one.id for one in sorted(self.folded.get(leader.id, ()), key=_first_seen))

    def _in_place(self, candidates: list[Candidate]) -> list[Candidate]:
        """Order by what never changes, pinned ones first, and cut at the limit."""
        ordered = self._in_turn(self._ordered(candidates))
        self.shown, self.out = ordered[: self.topic.limit], ordered[self.topic.limit :]
        for one in self.shown:
            self._say(one, "in", "matches" if one.pinned is None else f"pinned by the editor on {one.pinned:%Y-%m-%d}")
        for one in self.out:
            self._say(one, "out", f"beyond the limit of {self.topic.limit}")
        return self.shown

    def _ordered(self, candidates: list[Candidate]) -> list[Candidate]:
        if self.topic.order == "score":
            return sorted(candidates, key=_rank)
        ordered = sorted(candidates, key=lambda one: one.id)
        ordered.sort(key=lambda one: one.when, reverse=True)
        ordered.sort(key=lambda one: one.pinned is None)
        return ordered

    def _in_turn(self, ordered: list[Candidate]) -> list[Candidate]:
        """Leave out what has to wait its turn: those that would enter now and are too many at once."""
        if self.spread is None:
            return ordered
        self.waiting = tuple(self.spread(ordered))
        places = {id_: place for place, id_ in enumerate(self.waiting, 1)}
        for one in ordered:
            if one.id in places:
                turn = f"number {places[one.id]} of {len(places)}"
                self._say(one, "waiting", f"many came at once: it waits its turn, {turn}")
        return [one for one in ordered if one.id not in places]

    def _first_shown(self, one: Candidate) -> tuple[bool, datetime, str]:
        return one.id not in self.published, *_first_seen(one)

    def _say(self, one: Candidate, fate: Fate, reason: str) -> None:
        self.verdicts.append(Verdict(id=one.id, fate=fate, reasons=(reason,), score=one.score))


def _rank(one: Candidate) -> tuple[bool, float, float, str]:
    """Return what orders a topic of the strongest: pinned, strong, new."""
    return one.pinned is None, -one.score, -one.when.timestamp(), one.id


def _first_seen(one: Candidate) -> tuple[datetime, str]:
    return one.first_seen, one.id


def _day(one: Candidate) -> tuple[str, str]:
    """Return what a source's share counts by."""
    return one.source, f"{one.first_seen:%Y-%m-%d}"
