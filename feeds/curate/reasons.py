"""What a rule would change before it is saved, and why an entry is or is not in each topic."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds import query
from feeds.curate.decisions import Decision, Hand
from feeds.curate.judging import Verdict
from feeds.curate.selection import Selection, topic
from feeds.model import Held, Source, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a preview: where it stands, and why."""

    id: str
    title: str
    link: str | None
    source: str
    published: datetime | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a rule selects, beside what is published now."""

    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    unchanged: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A topic's verdict on an entry: clause by clause, what became of it, and what the editor decided."""

    topic: str
    matches: bool
    clauses: query.Reason
    verdict: Verdict | None
    decisions: tuple[Decision, ...] = ()


def preview(
    wanted: Topic,
    helds: Sequence[Held],
    *,
    now: datetime,
    published: Collection[str] = (),
    hand: Hand | None = None,
    sources: Mapping[str, Source] | None = None,
) -> Preview:
    """Return what a topic, new or changed, would select, against the ids published now; nothing is written."""
    hand = hand or Hand()
    selection = topic(wanted, helds, now=now, hand=hand, sources=sources, published=published)
    asked = query.parse(wanted.match)
    by_id = {held.entry.id: held for held in helds}
    inside = [by_id[id_] for id_ in selection.ids if id_ in by_id]
    before, after = frozenset(published), frozenset(selection.ids)
    gone = [by_id[id_] for id_ in published if id_ not in after and id_ in by_id]
    return Preview(
        added=tuple(
            _line(held, _why_in(asked, hand.corrected(held, wanted.slug)))
            for held in inside
            if held.entry.id not in before
        ),
        removed=tuple(_line(held, _why_out(asked, hand.corrected(held, wanted.slug), selection)) for held in gone),
        unchanged=tuple(
            _line(held, _why_in(asked, hand.corrected(held, wanted.slug))) for held in inside if held.entry.id in before
        ),
    )


def explain(
    held: Held,
    topics: Sequence[Topic],
    *,
    now: datetime,
    hand: Hand | None = None,
    sources: Mapping[str, Source] | None = None,
    selections: Mapping[str, Selection] | None = None,
) -> tuple[Explanation, ...]:
    """Return each topic's verdict on an entry.

    With the topics' `selections` the verdict counts the other entries too (limits, stories, fairness);
    without, it is that of the entry alone.
    """
    hand, selections = hand or Hand(), selections or {}
    return tuple(
        _explained(held, hand, selections.get(one.slug) or topic(one, (held,), now=now, hand=hand, sources=sources))
        for one in topics
    )


def _explained(held: Held, hand: Hand, selection: Selection) -> Explanation:
    wanted = selection.topic
    clauses = query.explain(query.parse(wanted.match), hand.corrected(held, wanted.slug))
    return Explanation(
        topic=wanted.slug,
        matches=clauses.held,
        clauses=clauses,
        verdict=next((one for one in selection.verdicts if one.id == held.entry.id), None),
        decisions=tuple(one for one in hand.about(held) if one.topic in {None, wanted.slug}),
    )


def _line(held: Held, reasons: tuple[str, ...]) -> Line:
    return Line(
        id=held.entry.id,
        title=held.entry.title,
        link=held.entry.link,
        source=held.source,
        published=held.entry.published,
        reasons=reasons,
    )


def _why_in(asked: query.Query, held: Held) -> tuple[str, ...]:
    found = query.explain(asked, held)
    # What is asked only of what an entry lacks matches by no word of it.
    return found.matched or ((found.clause,) if found.held else ("pinned by the editor",))


def _why_out(asked: query.Query, held: Held, selection: Selection) -> tuple[str, ...]:
    for verdict in selection.verdicts:
        if verdict.id == held.entry.id:
            return verdict.reasons
    return tuple(f"fails {clause}" for clause in _failed(query.explain(asked, held)))


def _failed(reason: query.Reason) -> tuple[str, ...]:
    if reason.held:
        return ()
    if reason.clause.startswith("-") or not reason.parts or not any(part.held for part in reason.parts):
        return (reason.clause,)
    return tuple(clause for part in reason.parts for clause in _failed(part))
