"""What a pass did, for a person and as JSON."""

from collections import Counter
from collections.abc import Mapping

from rich.table import Table

from feeds.cli import context
from feeds.model import Polling
from feeds.pipeline import PollReport, PublishReport

# What a person calls each kind of answer, the good ones first.
ANSWERS = {
    "feed": ("green", "answered with a feed"),
    "not-modified": ("green", "had nothing new"),
    "gone": ("red", "are gone for good (410)"),
    "not-a-feed": ("yellow", "answered with something that is no feed"),
    "unreadable": ("yellow", "answered with what cannot be read"),
    "empty": ("yellow", "answered with nothing"),
    "wall": ("yellow", "turned us away as a bot"),
    "status": ("red", "answered with an error"),
    "dns": ("red", "could not be found"),
    "network": ("red", "could not be reached"),
    "tls": ("red", "could not be trusted"),
    "timeout": ("red", "took too long"),
    "limit": ("red", "sent too much"),
    "redirect": ("red", "sent us in circles"),
    "refused": ("red", "are at addresses we do not ask"),
    "store": ("red", "could not be saved"),
}


def polled(report: PollReport) -> None:
    """Print how the sources answered and what they brought."""
    out = context.console()
    if not report.outcomes:
        out.print("No source is due; `feeds status` says when the next one is, `--all` asks them all.")
        return
    counts = Counter(outcome.kind for outcome in report.outcomes)
    out.print(f"[bold]{len(report.outcomes)} sources[/] asked in {report.seconds:.1f} s")
    for kind, (colour, words) in ANSWERS.items():
        if counts[kind]:
            out.print(f"  [{colour}]{counts[kind]:>6}[/] {words}")
    new, changed = sum(o.new for o in report.outcomes), sum(o.changed for o in report.outcomes)
    folded = sum(o.folded for o in report.outcomes)
    out.print(f"[bold]{sum(o.seen for o in report.outcomes)} entries[/] read")
    out.print(f"  [green]{new:>6}[/] new")
    out.print(f"  {folded:>6} folded into an entry we had: the same, from another source")
    out.print(f"  {changed:>6} changed by their publisher")
    failed = [o for o in report.outcomes if o.kind not in {"feed", "not-modified"}]
    for outcome in failed[:20]:
        out.print(f"  [red]![/] {outcome.source}: {outcome.line}", markup=True)
    if len(failed) > 20:
        out.print(f"  and {len(failed) - 20} more: `feeds status`")
    for warning in report.warnings:
        out.print(f"[yellow]warning[/]: {warning}")


def not_due(pollings: Mapping[str, Polling]) -> None:
    """Print of sources asked for by name why they were not polled."""
    out = context.console()
    for name, polling in pollings.items():
        if polling.gone:
            out.print(f"{name} answered 410 Gone: it is not asked again until its URL is edited")
        elif polling.retry_until is not None and polling.retry_until > context.now():
            out.print(f"{name} asked us to wait until {polling.retry_until:%Y-%m-%d %H:%M} UTC (Retry-After)")
        else:
            out.print(f"{name} is not due before {polling.next_poll_at:%Y-%m-%d %H:%M} UTC; --all asks it now")


def published(report: PublishReport) -> None:
    """Print the topics and what was written."""
    out = context.console()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_column(style="dim")
    for topic in report.topics:
        table.add_row(
            str(topic.entries), topic.title, f"{topic.slug}.atom" + (" (unchanged)" if not topic.changed else "")
        )
    if report.topics:
        out.print("[bold]Topics[/]")
        out.print(table)
    for warning in report.warnings:
        out.print(f"[yellow]warning[/]: {warning}")
    out.print(
        f"{len(report.written)} files written, {report.unchanged} unchanged, {len(report.removed)} removed, "
        f"in {report.folder}"
    )


def polled_json(report: PollReport) -> dict[str, object]:
    """Return the pass as JSON values."""
    return {
        "seconds": round(report.seconds, 3),
        "sources": [
            {
                "source": o.source,
                "kind": o.kind,
                "answer": o.line,
                "seen": o.seen,
                "new": o.new,
                "changed": o.changed,
                "folded": o.folded,
            }
            for o in report.outcomes
        ],
        "warnings": list(report.warnings),
    }


def published_json(report: PublishReport) -> dict[str, object]:
    """Return the pass as JSON values."""
    return {
        "folder": str(report.folder),
        "written": list(report.written),
        "removed": list(report.removed),
        "unchanged": report.unchanged,
        "topics": [{"slug": t.slug, "title": t.title, "entries": t.entries} for t in report.topics],
        "warnings": list(report.warnings),
    }
