"""opml, backup, restore: what goes in and out of a deployment."""

from pathlib import Path

import click

from feeds.cli import context


@click.group()
def opml() -> None:
    """Import or export the list of sources as OPML."""


@opml.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@context.pass_context
def opml_export(ctx: context.Context, path: Path) -> None:
    """Write the sources as OPML 2.0, for a reader."""
    from feeds.render import opml as writing

    config = ctx.config()
    path.write_bytes(writing.sources(config.site.title, list(config.sources)))
    click.echo(f"{len(config.sources)} sources in {path}")


@opml.command("import")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE")
@context.pass_context
def opml_import(ctx: context.Context, path: Path) -> None:
    """Print the sources of an OPML file that are not in the configuration yet, as YAML to paste."""
    from feeds import tools

    click.echo(tools.opml_as_yaml(path.read_bytes(), ctx.config_or_none()), nl=False)


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@context.pass_context
def backup(ctx: context.Context, path: Path) -> None:
    """Write the whole state to one file; it restores into SQLite and PostgreSQL alike."""
    with context.state(ctx.config()) as state:
        state.backup(path)
    click.echo(f"the state is in {path} ({path.stat().st_size:,} bytes)")


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE")
@click.option("--yes", is_flag=True, help="Do not ask.")
@context.pass_context
def restore(ctx: context.Context, path: Path, *, yes: bool) -> None:
    """Replace the whole state by a backup."""
    config = ctx.config()
    if not yes:
        click.confirm("Everything in the state now is replaced. Go on?", abort=True)
    with context.state(config, alone="restore") as state:
        state.restore(path)
    click.echo("restored")


COMMANDS = {"opml": opml, "backup": backup, "restore": restore}
