"""check, poll, publish, once, run: the pipeline from the command line."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from feeds.cli import context

if TYPE_CHECKING:
    from feeds.config import Config
    from feeds.pipeline import PollReport
    from feeds.store import Store

all_option = click.option(
    "--all", "everything", is_flag=True, help="Ask every source now, whatever the schedule says (not after 410)."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@json_option
@context.pass_context
def check(ctx: context.Context, *, as_json: bool) -> None:
    """Find every mistake in the configuration, with its line; exit 2 when there is one.

    Also warns of what is legal but old or doubtful, such as a table of office-holders nobody
    has reviewed for long.
    """
    from feeds import config as configuration
    from feeds import desk, pipeline

    config = configuration.load(ctx.path)
    desk.check_hand(config)
    warnings = pipeline.warnings(config, context.now())
    if as_json:
        _print_json({"config": str(ctx.path), "warnings": warnings})
        return
    out = context.console()
    for warning in warnings:
        out.print(f"[yellow]warning[/]: {warning}")
    out.print(f"{ctx.path}: {len(config.sources)} sources, {len(config.topics)} topics, no mistakes")


@click.command()
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@all_option
@json_option
@context.pass_context
def poll(ctx: context.Context, *, sources: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Ask the sources that are due, once."""
    from feeds.cli import summary

    config = ctx.config()
    _known(config.source, sources)
    with context.state(config, alone="poll") as state:
        report = poll_with_bar(config, state, sources=sources or None, everything=everything)
        asked = {outcome.source for outcome in report.outcomes}
        waiting = {name: state.pollings()[name] for name in sources if name not in asked}
    if as_json:
        _print_json(summary.polled_json(report))
        return
    if asked or not sources:
        summary.polled(report)
    summary.not_due(waiting)


@click.command()
@json_option
@context.pass_context
def publish(ctx: context.Context, *, as_json: bool) -> None:
    """Write the files that changed; nothing changed means nothing is written."""
    from feeds import pipeline
    from feeds.cli import summary

    config = ctx.config()
    with context.state(config, alone="publish") as state:
        report = pipeline.publish(config, state, now=context.now())
    _print_json(summary.published_json(report)) if as_json else summary.published(report)


@click.command()
@all_option
@json_option
@context.pass_context
def once(ctx: context.Context, *, everything: bool, as_json: bool) -> None:
    """Poll the sources that are due, then write the files that changed."""
    from feeds import pipeline
    from feeds.cli import summary

    config = ctx.config()
    with context.state(config, alone="once") as state:
        polled = poll_with_bar(config, state, sources=None, everything=everything)
        published = pipeline.publish(config, state, now=context.now())
        pipeline.upkeep(config, state, now=context.now())
    if as_json:
        _print_json({"polled": summary.polled_json(polled), "published": summary.published_json(published)})
    else:
        summary.polled(polled)
        summary.published(published)


@click.command()
@context.pass_context
def run(ctx: context.Context) -> None:
    """Poll and publish until SIGTERM or Ctrl-C; reload a changed configuration when it is right.

    SIGHUP, or saving the file, reloads: a configuration with mistakes is refused, with all of
    them in the log, and the service runs on with the one it has.
    """
    from feeds import service

    asyncio.run(service.run(ctx.path, clock=context.now))


def poll_with_bar(
    config: "Config", state: "Store", *, sources: tuple[str, ...] | None, everything: bool
) -> "PollReport":
    """Run one polling pass, under a progress bar where somebody may watch."""
    from feeds import pipeline

    console = context.console(stderr=True)
    poll = partial(pipeline.poll, config, state, sources=sources, everything=everything, clock=context.now)
    if not console.is_terminal:
        return asyncio.run(poll())
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("polling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, source: str) -> None:
            bar.update(task, completed=done, total=total, description=source)

        return asyncio.run(poll(tell=tell))


def _known(find: Callable[[str], object], sources: tuple[str, ...]) -> None:
    for source in sources:
        if find(source) is None:
            raise click.UsageError(f"no source {source!r} in the configuration")


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


COMMANDS = {"check": check, "poll": poll, "publish": publish, "once": once, "run": run}
