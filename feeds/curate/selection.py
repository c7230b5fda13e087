"""From all entries to those of a topic: the query, the editor's hand, limits and fairness, rights."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.curate import judging, placing, showing
from feeds.curate.decisions import Hand
from feeds.curate.judging import Candidate, Judge, Verdict
from feeds.curate.placing import Spread
from feeds.model import Feed, Held, Source, Topic


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
    spread: Mapping[str, Spread] | None = None,
) -> tuple[Selection, ...]:
    """Return a selection for each topic, by whose slugs `published` and `spread` go; queries are answered together."""
    hand, published, spread = hand or Hand(), published or {}, spread or {}
    if hand.decisions:
        helds = [hand.corrected(held) for held in helds]
    judges = judging.judges(wanted, hand=hand, sources=sources or {}, hidden=judging.hidden_stories(helds, hand))
    by_id = {held.entry.id: held for held in helds}
    return tuple(
        _selection(
            judge,
            said,
            by_id,
            now=now,
            published=frozenset(published.get(judge.topic.slug, ())),
            spread=spread.get(judge.topic.slug),
        )
        for judge, said in zip(judges, judging.judged(judges, helds), strict=True)
    )


def _selection(
    judge: Judge,
    said: Sequence[Candidate | Verdict],
    by_id: Mapping[str, Held],
    *,
    now: datetime,
    published: frozenset[str],
    spread: Spread | None,
) -> Selection:
    candidates = [one for one in said if isinstance(one, Candidate)]
    placed = placing.place(judge.topic, candidates, now=now, published=published, spread=spread)
    entries = [
        showing.shown(judge, by_id[one.candidate.id], [by_id[other] for other in one.folded]) for one in placed.shown
    ]
    return Selection(
        topic=judge.topic,
        feed=Feed(
            entries=(*entries, *(showing.shown(judge, by_id[one.id]) for one in placed.notices)),
            title=judge.topic.title,
            subtitle=judge.topic.description,
            language=judge.topic.language,
            updated=max((entry.updated for entry in entries if entry.updated), default=None),
        ),
        verdicts=(*(one for one in said if isinstance(one, Verdict)), *placed.verdicts),
    )
