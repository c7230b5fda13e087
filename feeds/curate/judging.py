"""What the entry and the hand alone decide about an entry in a topic: whatever else is there, and whenever."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from feeds import query
from feeds.curate import rights
from feeds.curate.decisions import Hand, Ruling
from feeds.model import Held, Source, Topic

# Where only doubtful entries wait, a match weaker than this is one. One half is the threshold of a theme.
DOUBTFUL_BELOW = 0.6

Fate = Literal["in", "folded", "waiting", "withdrawn", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of an entry in a topic, and why."""

    id: str
    fate: Fate
    reasons: tuple[str, ...] = ()
    score: float = 0.0


class Candidate(NamedTuple):
    """An entry that a topic may show: all that limits, fairness and order ask of it.

    A tuple, since hundreds of thousands of them are remembered between two passes.
    """

    id: str
    when: datetime  # published, or first seen where that was earlier
    first_seen: datetime
    source: str  # of the copy that leads
    story: str
    score: float
    pinned: datetime | None = None
    waits: str | None = None  # what for, unless it has been published already
    withdrawn: datetime | None = None
    wanted: bool = True  # by the query; a withdrawn entry leaves its notice where it was published, wanted or not


class Judge:
    """One topic's judgement of entries, each by itself."""

    def __init__(
        self,
        topic: Topic,
        asked: query.Query,
        *,
        hand: Hand,
        sources: Mapping[str, Source],
        hidden: frozenset[tuple[str | None, str]] = frozenset(),
    ) -> None:
        self.topic, self.query, self.hand, self.sources, self.hidden = topic, asked, hand, sources, hidden
        self._holding = hand.holding(topic=topic.slug)

    def judge(self, held: Held, *, matched: bool) -> Candidate | Verdict | None:
        """Return the entry as a candidate, or what keeps it out; None where nobody wanted it."""
        ruling = self.hand.ruling(held, self.topic.slug)
        if ruling.retagged is not None and ruling.retagged.topic is not None:
            # Corrected for this topic alone: the query was asked of what it is everywhere.
            held = self.hand.corrected(held, self.topic.slug)
            matched = query.matches(self.query, held)
        if ruling.withdrawn is not None:
            return self._candidate(held, ruling, score=0.0, wanted=matched)
        if not matched and ruling.pinned is None:
            return None
        led = rights.leading(held, self.sources)
        if led is None:
            return _out(held, "its source may be read but not published (rights: never)")
        score = query.strength(self.query, led)
        if ruling.hidden is not None:
            return _out(held, f"hidden by the editor on {ruling.hidden.at:%Y-%m-%d}", score)
        story = led.story or led.entry.id
        if ruling.pinned is None and self.hidden & {(None, story), (self.topic.slug, story)}:
            return _out(held, "its story was hidden by the editor", score)
        return self._candidate(led, ruling, score=score)

    def _candidate(self, held: Held, ruling: Ruling, *, score: float, wanted: bool = True) -> Candidate:
        withdrawn, pinned = ruling.withdrawn, ruling.pinned
        # A notice is as old as the demand, however old the entry: readers have to meet it.
        seen = held.first_seen if withdrawn is None else withdrawn.at
        return Candidate(
            id=held.entry.id,
            when=min(held.entry.published or seen, seen) if withdrawn is None else seen,
            first_seen=seen,
            source=held.source,
            story=held.story or held.entry.id,
            score=score,
            pinned=None if pinned is None else pinned.at,
            waits=None if pinned is not None or withdrawn is not None else self._waits(held, ruling, score),
            withdrawn=None if withdrawn is None else withdrawn.at,
            wanted=wanted,
        )

    def _waits(self, held: Held, ruling: Ruling, score: float) -> str | None:
        """Say what an entry waits for."""
        if ruling.released is not None:
            return None
        if (own := _last(self.hand, held, self.topic.slug)) is not None:
            return f"held by the editor on {own:%Y-%m-%d}"
        source = self.sources.get(held.source)
        if self.topic.hold or (source is not None and source.hold):
            return "held until released: " + ("topic" if self.topic.hold else f"source {held.source}")
        slug = self.topic.slug
        for standing in (
            self._holding,
            self.hand.holding(source=held.source),
            self.hand.holding(topic=slug, source=held.source),
        ):
            if standing is not None and (not standing.doubtful or score < DOUBTFUL_BELOW):
                return f"held since {standing.at:%Y-%m-%d}" + (", doubtful" if standing.doubtful else "")
        return None


def judges(
    topics: Sequence[Topic], *, hand: Hand, sources: Mapping[str, Source], hidden: frozenset[tuple[str | None, str]]
) -> tuple[Judge, ...]:
    """Return the judge of each topic."""
    return tuple(Judge(topic, query.parse(topic.match), hand=hand, sources=sources, hidden=hidden) for topic in topics)


def judged(judges: Sequence[Judge], helds: Sequence[Held]) -> tuple[tuple[Candidate | Verdict, ...], ...]:
    """Return for each judge what it makes of the entries, in their order; all queries are answered together.

    The entries come as the hand corrects them.
    """
    if not helds:
        return tuple(() for _ in judges)
    hand = judges[0].hand if judges else Hand()
    decided = [at for at, held in enumerate(helds) if hand.about(held)]
    return tuple(
        tuple(_each(judge, helds, frozenset(places), sorted({*places, *decided})))
        for judge, places in zip(judges, query.select([judge.query for judge in judges], helds), strict=True)
    )


def _each(
    judge: Judge, helds: Sequence[Held], matched: frozenset[int], asked: Iterable[int]
) -> Iterable[Candidate | Verdict]:
    for at in asked:
        if (found := judge.judge(helds[at], matched=at in matched)) is not None:
            yield found


def hidden_stories(helds: Iterable[Held], hand: Hand) -> frozenset[tuple[str | None, str]]:
    """Return (topic, story) of what was hidden: it stays so with everything told of it later."""
    return frozenset(
        (decision.topic, held.story or held.entry.id)
        for held in helds
        for decision in hand.about(held)
        if decision.act == "hide" and hand.ruling(held, decision.topic).hidden is not None
    )


def _out(held: Held, reason: str, score: float = 0.0) -> Verdict:
    return Verdict(id=held.entry.id, fate="out", reasons=(reason,), score=score)


def _last(hand: Hand, held: Held, slug: str) -> datetime | None:
    """Return when the entry itself was put on hold, unless released since."""
    standing = None
    for decision in hand.about(held):
        if decision.topic in {None, slug} and decision.act in {"hold", "release"}:
            standing = decision.at if decision.act == "hold" else None
    return standing
