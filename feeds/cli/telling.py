"""What explain and preview found, for a person and as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from rich.markup import escape

from feeds import curate, finding, query, text
from feeds.cli import context

if TYPE_CHECKING:  # all that compares texts, which a preview does not
    from feeds import explaining, themes

MAX_LINES = 100
PLAINLY = "named"  # how regions say that a word is the place's name, and nothing more
NEARLY = 0.2  # a theme's strength that is told though it does not suffice
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
        words = "; ".join(
            f"{found.text!r} in {found.field}{'' if found.why == PLAINLY else f': {found.why}'}"
            for found in mention.evidence
        )
        about = "about it" if mention.primary else "mentioned"
        out.print(f"  {mention.country} {mention.score:.2f} {about}: {escape(words)}")
    for found in told.readings.regions.passed:
        out.print(f"  [dim]not counted: {escape(repr(found.text))} in {found.field}: {escape(found.why)}[/]")
    out.print("[bold]Themes[/]")
    for line in _themes(told.readings.themes):
        out.print(line)
    _by_hand(told)
    _beside("Copies", told.copies)
    if told.look_alikes:
        _beside("Look alike, and are other entries", told.look_alikes)
    out.print("[bold]Topics[/]")
    for topic in sorted(told.topics, key=lambda one: one.topic not in told.published):
        mark = "[green]in [/]" if topic.topic in told.published else "[dim]out[/]"
        reasons = "; ".join(topic.verdict.reasons) if topic.verdict else ""
        out.print(f"  {mark} [bold]{topic.topic}[/] {escape(reasons)}".rstrip())
        for line in _clauses(topic.clauses, 3):
            out.print(line)


def _themes(reading: "themes.Reading") -> Iterable[str]:
    """Yield each theme and kind with the words that speak for it, and what was nearly one."""
    scores, given = dict(reading.scores), {*reading.themes, *(f"kind:{kind}" for kind in reading.kinds)}
    for slug in sorted(scores, key=lambda slug: (slug not in given, -scores[slug])):
        if slug in given or scores[slug] >= NEARLY:
            said = ", ".join(
                f"{text.joined(one.matched) or one.term} {one.adds:+g}" for one in reading.evidence if one.slug == slug
            )
            told = f"  {slug.removeprefix('kind:')} {scores[slug]:.2f}: {escape(said)}"
            yield told if slug in given else f"  [dim]not enough: {told.strip()}[/]"


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
    """Yield a query clause by clause: what holds of an AND on one line, the choices of an OR on one line."""
    pad, choices = "  " * depth, " OR ".join(part.clause for part in reason.parts) == reason.clause
    if not reason.parts or reason.clause.startswith("-"):
        yield f"{pad}{_mark(held=reason.held)} {_said(reason)}"
    elif choices:
        leaves = [part for part in reason.parts if not part.parts]
        found, others = [part for part in leaves if part.held], [part.clause for part in leaves if not part.held]
        if found:
            others = [f"or {', '.join(others)}"] if others else []
            yield f"{pad}{_mark(held=True)} {', '.join(map(_said, found))}{_dim(others)}"
        elif others:
            yield f"{pad}{_mark(held=reason.held)} {'none of ' * (not reason.held)}{escape(', '.join(others))}"
        for part in reason.parts:
            if part.parts:
                yield from _clauses(part, depth + 1)
    else:
        # What failed comes first: it is what is asked for.
        for held in (False, True):
            if leaves := [part for part in reason.parts if part.held is held and not part.parts]:
                yield f"{pad}{_mark(held=held)} {', '.join(map(_said, leaves))}"
            for part in reason.parts:
                if part.parts and part.held is held:
                    yield from _clauses(part, depth)


def _mark(*, held: bool) -> str:
    return "[green]✓[/]" if held else "[red]✗[/]"


def _said(reason: query.Reason) -> str:
    """Return a clause, and what it was found in where that says more than the clause."""
    told = ", ".join(word for word in reason.matched if word not in reason.clause.partition(":")[2].split(","))
    return escape(reason.clause + (f" ({told})" if told else ""))


def _dim(words: Sequence[str]) -> str:
    return "".join(f"  [dim]{escape(word)}[/]" for word in words)


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
