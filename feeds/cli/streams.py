"""parse, tag, group: one stage over a document or JSON lines, for people and for measuring."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

import click

from feeds import errors
from feeds.cli import context

EXIT_NOT_A_FEED = 1


@click.command()
@click.argument("where", metavar="FILE|URL")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of the entries.")
@context.pass_context
def parse(ctx: context.Context, where: str, *, as_json: bool) -> None:
    """Show how one document is understood, cleaned as it would be published.

    Not a feed: an empty list and exit 1.
    """
    from feeds import normalize, tools

    try:
        feed = asyncio.run(tools.parsed(where, config=ctx.config_or_none(), now=context.now()))
    except (errors.ParseError, errors.FetchError) as exc:
        if as_json:
            click.echo("[]")
        click.echo(f"feeds: {exc}", err=True)
        raise click.exceptions.Exit(EXIT_NOT_A_FEED) from exc
    if as_json:
        click.echo(json.dumps(normalize.listing(feed), ensure_ascii=False, indent=1))
        return
    out = context.console()
    out.print(f"[bold]{feed.title or 'A feed without a title'}[/]  {feed.link or ''}", markup=True)
    for entry in feed.entries:
        when = entry.published or entry.updated
        out.print(f"  {when:%Y-%m-%d %H:%M}  " if when else "  no date           ", end="")
        out.print(entry.title, markup=False)
    for reason in feed.dropped:
        out.print(f"  [yellow]left out[/]: {reason}")


@click.command()
@context.pass_context
def tag(ctx: context.Context) -> None:
    """Read JSON lines {id, title, text, lang?, home?}; print countries, regions, themes and topics of each."""
    from feeds import tools

    _each_line(tools.tagger(ctx.config_or_none(), now=context.now()))


@click.command()
def group() -> None:
    """Read JSON lines {id, title, text, url, ts} in time order; print the cluster and story of each.

    `ts` is in seconds since 1970.
    """
    from feeds import group as grouping

    for found in grouping.group(_lines()):
        sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")


def _each_line(answer: Callable[[Mapping[str, object]], Mapping[str, object]]) -> None:
    for record in _lines():
        sys.stdout.write(json.dumps(answer(record), ensure_ascii=False) + "\n")


def _lines() -> Iterator[dict[str, object]]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as exc:
            raise click.UsageError(f"line {number} of standard input is not JSON: {exc}") from exc
        if not isinstance(record, dict) or "id" not in record:
            raise click.UsageError(f"line {number} of standard input is not an object with an id")
        yield record


COMMANDS = {"parse": parse, "tag": tag, "group": group}
