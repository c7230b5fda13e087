"""status, explain, preview, search, serve, discover: looking without changing anything."""

import asyncio
import json
from datetime import datetime, timedelta

import click

from feeds.cli import context

EXIT_NOT_ALIVE = 1
ALIVE_WITHIN = timedelta(minutes=3)

STATE_COLOURS = {"ok": "green", "new": "cyan", "quiet": "yellow", "frozen": "yellow", "gap": "yellow"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.option("--alive", is_flag=True, help="Only say, by the exit code, whether `feeds run` is at work.")
@context.pass_context
def status(ctx: context.Context, *, as_json: bool, alive: bool) -> None:
    """Show every source: state, last answer, next poll, entries a day, gaps."""
    from feeds import health

    config, now = ctx.config(), context.now()
    with context.state(config) as state:
        if alive:
            beat = state.marks("service").get("beat")
            if beat is None or now - datetime.fromisoformat(beat) > ALIVE_WITHIN + config.poll.deadline:
                raise click.exceptions.Exit(EXIT_NOT_ALIVE)
            return
        sources = health.sources(config, state, now=now)
    if as_json:
        # A line a source: `grep` finds one, and Python's encoder indents ten times slower than it writes.
        lines = (json.dumps(health.as_json(source), ensure_ascii=False) for source in sources)
        click.echo("[" + ",\n ".join(lines) + "]")
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name, justify in (
        ("source", "left"),
        ("state", "left"),
        ("a day", "right"),
        ("last 14 days", "left"),
        ("gaps", "right"),
        ("next poll", "left"),
        ("last answer", "left"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for source in sources:
        colour = STATE_COLOURS.get(source.state, "red")
        table.add_row(
            source.id,
            f"[{colour}]{source.state}[/]",
            f"{source.entries_a_day:.1f}",
            health.bars(source.days),
            str(source.gaps or ""),
            _when(source.next_poll, now),
            source.notes[0] if source.notes else source.answer,
        )
    out = context.console()
    out.print(table)
    hurt = sum(source.state not in {"ok", "new"} for source in sources)
    out.print(f"{len(sources)} sources, {hurt} that want a look" if hurt else f"{len(sources)} sources, all well")


@click.command()
@click.argument("name", metavar="URL|ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@context.pass_context
def explain(ctx: context.Context, name: str, *, as_json: bool) -> None:
    """Say why an entry is, or is not, in each topic: every clause, match and duplicate decision."""
    from feeds import explaining
    from feeds.cli import telling

    config = ctx.config()
    with context.state(config) as state:
        told = explaining.explain(config, state, name, now=context.now())
    if as_json:
        click.echo(telling.as_json(told))
    else:
        telling.explained(told)


@click.command()
@click.argument("topic", metavar="[TOPIC]", required=False)
@click.option("--match", "rule", metavar="Q", help="A query instead of a topic of the configuration.")
@click.option("--since", default="30d", show_default=True, help="How far back to look.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@context.pass_context
def preview(ctx: context.Context, topic: str | None, *, rule: str | None, since: str, as_json: bool) -> None:
    """Show what a rule would select, and the change against what is published; nothing is written.

    With a topic and --match: what the topic would be if that were its rule.
    """
    from feeds import desk
    from feeds.cli import telling

    if topic is None and rule is None:
        raise click.UsageError("give a topic or --match")
    config, span = ctx.config(), _span(since)
    with context.state(config) as state:
        found = desk.preview(config, state, topic, rule=rule, since=span, now=context.now())
    if as_json:
        click.echo(telling.as_json(found))
    else:
        telling.previewed(found)


@click.command()
@click.argument("words", metavar="QUERY", nargs=-1, required=True)
@click.option("--since", default="30d", show_default=True, help="How far back to look.")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 10_000), help="Most entries shown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@context.pass_context
def search(ctx: context.Context, words: tuple[str, ...], *, since: str, limit: int, as_json: bool) -> None:
    """Find stored entries by a query, newest first, whatever the topics' limits.

    The language is that of a topic's `match:` (docs/topics.md). A query with a leading minus is
    written after two hyphens: feeds search -- -theme:sport region:kz
    """
    from feeds import finding
    from feeds.cli import telling

    config, span = ctx.config(), _span(since)
    with context.state(config) as state:
        found = finding.search(config, state, " ".join(words), since=span, limit=limit, now=context.now())
    if as_json:
        click.echo(telling.as_json(found.hits))
    else:
        telling.searched(found)


def _span(since: str) -> timedelta:
    from feeds.config import schema

    try:
        return schema.duration(since)
    except ValueError as exc:
        raise click.UsageError(f"--since: {exc}") from exc


@click.command()
@click.option("--port", default=8000, show_default=True, help="0 takes any that is free.")
@context.pass_context
def serve(ctx: context.Context, *, port: int) -> None:
    """Serve the published files, the status pages and a search over the stored entries, on loopback."""
    from feeds.cli import answering, serving

    config = ctx.config()
    searching = answering.Searching(config, clock=context.now)
    serving.forever(config.output.folder, port=port, private=config.private / "status", searching=searching)


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@context.pass_context
def discover(ctx: context.Context, url: str, *, as_json: bool) -> None:
    """Find the feeds that a page names."""
    from feeds import tools

    links = asyncio.run(tools.discovered(url, config=ctx.config_or_none(), now=context.now()))
    if as_json:
        click.echo(json.dumps([{"url": link.url, "title": link.title} for link in links], ensure_ascii=False))
    elif not links:
        click.echo(f"{url} names no feed")
    else:
        for link in links:
            click.echo(f"{link.url}  {link.title or ''}".rstrip())


def _when(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    minutes = round((moment - now).total_seconds() / 60)
    if minutes <= 0:
        return "now"
    return f"in {minutes} min" if minutes < 120 else f"in {minutes // 60} h" if minutes < 2880 else f"{moment:%d %b}"


COMMANDS = {
    "status": status,
    "explain": explain,
    "preview": preview,
    "search": search,
    "serve": serve,
    "discover": discover,
}
