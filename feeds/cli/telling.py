"""What explain and preview found, for a person and as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING

from rich.markup import escape

from feeds import curate, finding, query
from feeds.cli import context

if TYPE_CHECKING:  # all that compares texts, which a preview does not
    from feeds import explaining

MAX_LINES = 100
MAX_CLAUSE_CHARS = 100
MAX_DIFFERENCES = 5


def as_json(found: "explaining.Told | curate.Preview | Sequence[finding.Hit]") -> str:
    """Return what was found as JSON; times are RFC 3339."""
    plain = [asdict(one) for one in found] if isinstance(found, Sequence) else asdict(found)
    return json.dumps(plain, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else sorted(value) if isinstance(value, frozenset) else str(value)


def explained(told: "explaining.Told") -> None:
    """Print why an entry is where it is."""
    out, held = context.console(), told.held
    out.print(f"[bold]{escape(held.entry.title)}[/]")
    out.print(f"  {held.entry.id}")
    out.print(f"  {held.source} ({told.state}; last answer: {escape(told.answer)}), {held.entry.link or 'no link'}")
    out.print(f"  first seen {held.first_seen:%Y-%m-%d %H:%M}, language {told.readings.language or 'unknown'}")
    out.print("[bold]Regions[/]")
    for mention in told.readings.regions.mentions:
        out.print(f"  {mention.country} {mention.score:.2f} {'about it' if mention.primary else 'mentioned'}")
        for found in mention.evidence:
            out.print(f"      {escape(repr(found.text))} in {found.field}: {escape(found.why)}")
    for found in told.readings.regions.passed:
        out.print(f"  [dim]not counted: {escape(repr(found.text))} in {found.field}: {escape(found.why)}[/]")
    out.print("[bold]Themes[/]")
    scores = dict(told.readings.themes.scores)
    for slug in (*told.readings.themes.themes, *told.readings.themes.kinds):
        words = ", ".join(f"{e.matched} {e.adds:+g}" for e in told.readings.themes.evidence if e.slug.endswith(slug))
        out.print(f"  {slug} {scores.get(slug, scores.get(f'kind:{slug}', 0)):.2f}: {escape(words)}")
    _by_hand(told)
    _beside("Copies", told.copies)
    if told.look_alikes:
        _beside("Look alike, and are other entries", told.look_alikes)
    out.print("[bold]Topics[/]")
    for topic in told.topics:
        mark = "[green]in[/]" if topic.topic in told.published else "[dim]out[/]"
        reasons = "; ".join(topic.verdict.reasons) if topic.verdict else ""
        out.print(f"  {mark} [bold]{topic.topic}[/] {escape(reasons)}")
        for line in _clauses(topic.clauses, 3):
            out.print(line)


def _by_hand(told: "explaining.Told") -> None:
    """Print what the editor decided, and beside the machine's reading the editor's."""
    out = context.console()
    if told.decisions:
        out.print("[bold]The editor[/]")
    for one in told.decisions:
        who = f" by {one.by}" if one.by else ""
        where = f" in {one.topic}" if one.topic else ""
        said = one.text or ", ".join((*(one.regions or ()), *(one.themes or ())))
        why = f" ({one.why})" if one.why else ""
        out.print(escape(f"  {one.at:%Y-%m-%d %H:%M} {one.act}{where}{who}{f': {said}' if said else ''}{why}"))
    if told.corrected is not None:
        machine, editor = told.readings.tags, told.corrected
        for name, before, after in (
            ("about", machine.primary, editor.primary),
            ("themes", machine.themes, editor.themes),
        ):
            if before != after:
                words = f"{', '.join(after) or 'nothing'}, where the machine reads {', '.join(before) or 'nothing'}"
                out.print(f"  [green]corrected[/] {name}: {escape(words)}")


def _beside(heading: str, others: "Sequence[explaining.Compared]") -> None:
    """Print what an entry was compared with, what they share and where they differ."""
    out = context.console()
    out.print(f"[bold]{heading}[/]" if others else f"[bold]{heading}[/]  none")
    for other in others:
        out.print(f"  {other.source}: {escape(other.title)} {other.link or ''}")
        out.print(f"      {other.evidence}{f'; another {other.conflict}' if other.conflict else ''}")
        for difference in other.differences[:MAX_DIFFERENCES]:
            for mark, words in (("-", difference.first), ("+", difference.second)):
                if words:
                    out.print(f"      {mark} {escape(words)}")


def _clauses(reason: query.Reason, depth: int) -> Iterable[str]:
    mark = "[green]✓[/]" if reason.held else "[red]✗[/]"
    found = f"  ({', '.join(reason.matched)})" if reason.matched else ""
    # Of a long clause with parts the beginning is enough: the parts follow.
    clause = shorten(reason.clause, MAX_CLAUSE_CHARS, placeholder=" …") if reason.parts else reason.clause
    yield f"{'  ' * depth}{mark} {escape(clause)}{escape(found)}"
    for part in reason.parts:
        yield from _clauses(part, depth + 1)


def previewed(found: curate.Preview) -> None:
    """Print what a rule would change."""
    out = context.console()
    for title, colour, mark, lines in (
        ("added", "green", "+", found.added),
        ("removed", "red", "-", found.removed),
        ("unchanged", "dim", " ", found.unchanged),
    ):
        out.print(f"[bold]{len(lines)} {title}[/]")
        for line in lines[:MAX_LINES]:
            when = f"{line.published:%Y-%m-%d}" if line.published else "undated"
            out.print(f"[{colour}]{mark}[/] {when} {line.source}: {escape(line.title)}")
            out.print(f"    [dim]{escape('; '.join(line.reasons))}  {escape(line.link or line.id)}[/]")
        if len(lines) > MAX_LINES:
            out.print(f"  and {len(lines) - MAX_LINES} more: --json")


def searched(found: finding.Found) -> None:
    """Print what a search found, newest first."""
    out, count, hits = context.console(), found.count, found.hits
    for hit in hits:
        where = f"  [green]in {escape(', '.join(hit.topics))}[/]" if hit.topics else ""
        out.print(f"{hit.published:%Y-%m-%d} {hit.source}: {escape(hit.title)}{where}")
        out.print(f"    [dim]{escape('; '.join(hit.matched))}  {escape(hit.link or hit.id)}[/]")
    out.print(f"{count} found" if count == len(hits) else f"{count} found, the newest {len(hits)} shown: --limit")
