"""demo: everything at once, on sources we bring along."""

from pathlib import Path

import click

from feeds.cli import context


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site afterwards, until Ctrl-C.")
@click.option("--port", default=8000, show_default=True, help="Where to serve it; 0 takes any that is free.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/demo"),
    show_default=True,
    help="Where the demo keeps its state and output.",
)
def demo(*, serve: bool, port: int, folder: Path) -> None:
    """Poll bundled sample sources on loopback, publish, and serve the site.

    The sources answer twice: the second time one of them has corrected a headline, so that an
    update can be seen passing through.
    """
    from feeds import config as configuration
    from feeds import demo as samples
    from feeds import pipeline
    from feeds.cli import answering, running, serving, summary

    out = context.console()
    folder.mkdir(parents=True, exist_ok=True)
    now = context.now()
    for old in folder.glob("feeds.db*"):
        old.unlink()  # a demo begins anew each time
    with samples.serve(now=now) as press:
        path = folder / "config.yaml"
        path.write_text(samples.config_text(press.base_url, folder.absolute()), encoding="utf-8")
        config = configuration.load(path, {})
        with context.state(config, alone="demo") as state:
            first = running.poll_with_bar(config, state, sources=None, everything=True)
            summary.polled(first)
            pipeline.publish(config, state, now=now)
            press.advance()
            out.print("\n[bold]A little later[/]: one source has corrected a headline")
            summary.polled(running.poll_with_bar(config, state, sources=None, everything=True))
            report = pipeline.publish(config, state, now=now)
            out.print()
            summary.published(report)
    if serve:
        searching = answering.Searching(config, clock=context.now)
        serving.forever(config.output.folder, port=port, private=config.private / "status", searching=searching)


COMMANDS = {"demo": demo}
