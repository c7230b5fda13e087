"""From all entries to those of a topic: the query, the editor's hand, limits and fairness, rights."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from feeds import query
from feeds.curate import rights
from feeds.curate.decisions import Hand, Ruling
from feeds.model import Copy, Entry, Feed, Held, Source, Topic

WITHDRAWN_TITLE = "Withdrawn"
WITHDRAWN_TEXT = "This entry has been withdrawn."
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A topic's feed, and the verdict on every entry that its query, or the editor, wanted."""

    topic: Topic
    feed: Feed
    verdicts: tuple[Verdict, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The entries of the feed in its order, notices included."""
        return tuple(entry.id for entry in self.feed.entries)


@dataclass(slots=True, kw_only=True)
class _Candidate:
    held: Held
    ruling: Ruling
    score: float
    folded: list[Held]

    @property
    def when(self) -> datetime:
        return min(self.held.entry.published or self.held.first_seen, self.held.first_seen)


def topic(
    wanted: Topic,
    helds: Sequence[Held],
    *,
    now: datetime,
    hand: Hand | None = None,
    sources: Mapping[str, Source] | None = None,
    published: Collection[str] = (),
) -> Selection:
    """Return what a topic shows of the entries held; `published` are the ids it has shown already."""
    chosen = topics((wanted,), helds, now=now, hand=hand, sources=sources, published={wanted.slug: published})
    return chosen[0]


def topics(
    wanted: Sequence[Topic],
    helds: Sequence[Held],
    *,
    now: datetime,
    hand: Hand | None = None,
    sources: Mapping[str, Source] | None = None,
    published: Mapping[str, Collection[str]] | None = None,
) -> tuple[Selection, ...]:
    """Return a selection for each topic; their queries are answered together."""
    hand, sources, published = hand or Hand(), sources or {}, published or {}
    if hand.decisions:
        helds = [hand.corrected(held) for held in helds]
    queries = [query.parse(one.match) for one in wanted]
    found = query.select(queries, helds)
    decided = [at for at, held in enumerate(helds) if hand.about(held)]
    hidden = _hidden_stories([helds[at] for at in decided], hand)
    return tuple(
        _Selecting(
            one,
            asked,
            now=now,
            hand=hand,
            sources=sources,
            published=frozenset(published.get(one.slug, ())),
            hidden=hidden,
        ).select([helds[at] for at in sorted({*places, *decided})], frozenset(helds[at].entry.id for at in places))
        for one, asked, places in zip(wanted, queries, found, strict=True)
    )


def _hidden_stories(decided: Sequence[Held], hand: Hand) -> frozenset[tuple[str | None, str]]:
    """Return (topic, story) of what was hidden: it stays so with everything told of it later."""
    return frozenset(
        (decision.topic, held.story or held.entry.id)
        for held in decided
        for decision in hand.about(held)
        if decision.act == "hide" and hand.ruling(held, decision.topic).hidden is not None
    )


class _Selecting:
    """One topic's passage through the rules, each of which may say why an entry stays out."""

    def __init__(
        self,
        wanted: Topic,
        asked: query.Query,
        *,
        now: datetime,
        hand: Hand,
        sources: Mapping[str, Source],
        published: frozenset[str],
        hidden: frozenset[tuple[str | None, str]],
    ) -> None:
        self.topic, self.query, self.now = wanted, asked, now
        self.hand, self.sources, self.published, self.hidden = hand, sources, published, hidden
        self.holding = hand.holding(topic=wanted.slug)
        self.verdicts: list[Verdict] = []

    def select(self, helds: Sequence[Held], matched: frozenset[str]) -> Selection:
        """Pass the entries through the rules in the order an editor would: hand, rights, age, fairness, place."""
        notices: list[Entry] = []
        candidates: list[_Candidate] = []
        for held in helds:
            ruling = self.hand.ruling(held, self.topic.slug)
            wanted = held.entry.id in matched
            if ruling.withdrawn is not None:
                if wanted or held.entry.id in self.published:
                    notices.append(notice(held.entry, at=ruling.withdrawn.at))
                    self._say(held, "withdrawn", f"withdrawn on {ruling.withdrawn.at:%Y-%m-%d}")
                continue
            if not wanted and ruling.pinned is None:
                continue
            led = rights.leading(held, self.sources)
            if led is None:
                self._say(held, "out", "its source may be read but not published (rights: never)")
            elif candidate := self._admitted(led, ruling):
                candidates.append(candidate)
        chosen = self._in_place(self._fairly(self._one_per_story(candidates)))
        entries = (*(self._shown(candidate) for candidate in chosen), *notices)
        feed = Feed(
            entries=entries,
            title=self.topic.title,
            subtitle=self.topic.description,
            language=self.topic.language,
            updated=max((self._updated(candidate) for candidate in chosen), default=None),
        )
        return Selection(topic=self.topic, feed=feed, verdicts=tuple(self.verdicts))

    def _admitted(self, held: Held, ruling: Ruling) -> _Candidate | None:
        """Return the entry when the hand, its age and its strength let it in; else say why not."""
        candidate = _Candidate(held=held, ruling=ruling, score=query.strength(self.query, held), folded=[])
        if (barred := self._barred(candidate)) is not None:
            self._refuse(candidate, barred)
        elif ruling.pinned is None and (waits := self._waits(candidate)) is not None:
            self._say(held, "waiting", waits, score=candidate.score)
        else:
            return candidate
        return None

    def _barred(self, candidate: _Candidate) -> str | None:
        """Say what keeps an entry out for good."""
        hidden, story = candidate.ruling.hidden, candidate.held.story or candidate.held.entry.id
        if hidden is not None:
            return f"hidden by the editor on {hidden.at:%Y-%m-%d}"
        if candidate.ruling.pinned is not None:
            return None
        if self.hidden & {(None, story), (self.topic.slug, story)}:
            return "its story was hidden by the editor"
        if self.now - candidate.when > self.topic.max_age:
            return f"older than {self.topic.max_age.days} days"
        if self.topic.min_score is not None and candidate.score < self.topic.min_score:
            return f"score {candidate.score:.2f} is below {self.topic.min_score:.2f}"
        return None

    def _waits(self, candidate: _Candidate) -> str | None:
        """Say what an entry waits for; one that was published before it was held does not."""
        if candidate.ruling.released is not None or candidate.held.entry.id in self.published:
            return None
        if (own := _last(self.hand, candidate.held, self.topic.slug)) is not None:
            return f"held by the editor on {own:%Y-%m-%d}"
        source = self.sources.get(candidate.held.source)
        if self.topic.hold or (source is not None and source.hold):
            return "held until released: " + ("topic" if self.topic.hold else f"source {candidate.held.source}")
        for standing in (self.holding, self.hand.holding(source=candidate.held.source)):
            if standing is not None and (not standing.doubtful or candidate.score < DOUBTFUL_BELOW):
                return f"held since {standing.at:%Y-%m-%d}" + (", doubtful" if standing.doubtful else "")
        return None

    def _one_per_story(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Fold the entries of a story into its first: which one that is never changes."""
        if not self.topic.one_per_story:
            return candidates
        leaders: dict[str, _Candidate] = {}
        for candidate in sorted(candidates, key=_first_seen):
            story = candidate.held.story or candidate.held.entry.id
            if candidate.ruling.pinned is not None or story not in leaders:
                leaders[candidate.held.entry.id if story in leaders else story] = candidate
                continue
            leader = leaders[story]
            leader.folded.append(candidate.held)
            self._say(candidate.held, "folded", f"the same story as {leader.held.entry.id}", score=candidate.score)
        return list(leaders.values())

    def _fairly(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Let each source in only so often a day: first come stays, whatever comes later."""
        if self.topic.per_source_a_day is None:
            return candidates
        counts: Counter[tuple[str, str]] = Counter()
        kept = []
        for candidate in sorted(candidates, key=_first_seen):
            day = candidate.held.source, f"{candidate.held.first_seen:%Y-%m-%d}"
            if candidate.ruling.pinned is None and counts[day] >= self.topic.per_source_a_day:
                self._refuse(candidate, f"{self.topic.per_source_a_day} of {day[0]} on {day[1]} are in already")
                continue
            counts[day] += 1
            kept.append(candidate)
        return kept

    def _in_place(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Order by what never changes, pinned ones first, and cut at the limit."""
        ordered = sorted(candidates, key=lambda one: one.held.entry.id)
        ordered.sort(key=lambda one: one.when, reverse=True)
        if self.topic.order == "score":
            ordered.sort(key=lambda one: one.score, reverse=True)
        ordered.sort(key=lambda one: one.ruling.pinned is None)
        for candidate in ordered[: self.topic.limit]:
            pinned = candidate.ruling.pinned
            why = "matches" if pinned is None else f"pinned by the editor on {pinned.at:%Y-%m-%d}"
            self._say(candidate.held, "in", why, score=candidate.score)
        for candidate in ordered[self.topic.limit :]:
            self._refuse(candidate, f"beyond the limit of {self.topic.limit}")
        return ordered[: self.topic.limit]

    def _shown(self, candidate: _Candidate) -> Entry:
        held, ruling = candidate.held, candidate.ruling
        entry = rights.allowed(held.entry, self.sources.get(held.source), held.source)
        folded = tuple(
            copy
            for other in candidate.folded
            for copy in (Copy.of(other.entry, other.source, self.sources.get(other.source)), *other.copies)
        )
        return replace(
            entry,
            language=held.tags.language or entry.language,
            copies=held.copies + folded,
            note=None if ruling.note is None else ruling.note.text,
            corrected=None if ruling.retagged is None else ruling.retagged.at,
            updated=self._updated(candidate),
            why=query.explain(self.query, held).matched,
            point=held.entry.point or held.tags.point,
            story=held.story,
        )

    def _updated(self, candidate: _Candidate) -> datetime:
        """When a reader would last see a change: the publisher's, or the editor's."""
        # A note taken away is a change as well: readers must overwrite what they have.
        decided = [
            one.at
            for one in self.hand.about(candidate.held)
            if one.act in {"note", "retag"} and one.topic in {None, self.topic.slug}
        ]
        own = candidate.held.entry.updated or candidate.held.entry.published or candidate.held.first_seen
        return max([min(own, self.now), *decided])

    def _refuse(self, candidate: _Candidate, reason: str) -> None:
        self._say(candidate.held, "out", reason, score=candidate.score)

    def _say(self, held: Held, fate: Fate, reason: str, *, score: float = 0.0) -> None:
        self.verdicts.append(Verdict(id=held.entry.id, fate=fate, reasons=(reason,), score=score))


def _first_seen(candidate: _Candidate) -> tuple[datetime, str]:
    return candidate.held.first_seen, candidate.held.entry.id


def _last(hand: Hand, held: Held, slug: str) -> datetime | None:
    """Return when the entry itself was put on hold, unless released since."""
    standing = None
    for decision in hand.about(held):
        if decision.topic in {None, slug} and decision.act in {"hold", "release"}:
            standing = decision.at if decision.act == "hold" else None
    return standing


def notice(entry: Entry, *, at: datetime) -> Entry:
    """Return what stands in an entry's place after a legal demand: the same id, and nothing of what it said."""
    return Entry(
        id=entry.id,
        title=WITHDRAWN_TITLE,
        summary=WITHDRAWN_TEXT,
        published=entry.published,
        updated=at,
        language="en",
    )
