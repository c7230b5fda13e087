"""The command `feeds`: each command is a few lines over the modules below it.

Heavy imports happen inside the commands, so that `feeds --help` answers at once.
"""

import atexit
import gc
import os
import sys
from pathlib import Path

import click

from feeds import __version__, errors
from feeds.cli import context

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

# The command, the module that has it, in the order of a day's work.
COMMANDS = {
    "demo": "trying",
    "check": "running",
    "poll": "running",
    "publish": "running",
    "once": "running",
    "run": "running",
    "status": "looking",
    "explain": "looking",
    "preview": "looking",
    "search": "looking",
    "serve": "looking",
    "discover": "looking",
    "parse": "streams",
    "tag": "streams",
    "group": "streams",
    "pin": "editing",
    "unpin": "editing",
    "hide": "editing",
    "unhide": "editing",
    "note": "editing",
    "retag": "editing",
    "hold": "editing",
    "release": "editing",
    "withdraw": "editing",
    "opml": "moving",
    "backup": "moving",
    "restore": "moving",
}


class _Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        module = COMMANDS.get(name)
        if module is None:
            return None
        commands = __import__(f"feeds.cli.{module}", fromlist=["COMMANDS"]).COMMANDS
        found = commands[name]
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # click would import every module for its one line; these lines are tested to agree.
        with formatter.section("Commands"):
            formatter.write_dl([(name, context.SUMMARIES[name]) for name in self.list_commands(ctx)])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="feeds")
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The configuration.  [default: config.yaml]",
)
@click.pass_context
def feeds(ctx: click.Context, config_path: Path | None) -> None:
    """Turn hundreds of news feeds into a few curated ones, as static files.

    Sources and topics stand in config.yaml. `feeds once` polls and publishes; `feeds run` keeps
    doing it; `feeds demo` shows it all on bundled samples.
    """
    ctx.obj = context.Context(config_path=config_path)


def main() -> None:
    """Run the command line; every refusal is one line on standard error, never a traceback."""
    # Our values have no cycles: looking for some after every 700 objects is a tenth of settling a thousand feeds.
    gc.set_threshold(50_000, 20, 50)
    # Python looks for cycles among all there is as it ends: a tenth of a poll that brings nothing.
    atexit.register(gc.freeze)
    try:
        # click returns the code of an Exit here, and None of a command that went well.
        sys.exit(feeds.main(standalone_mode=False))
    except click.Abort:
        sys.exit(EXIT_INTERRUPTED)
    except click.ClickException as exc:
        exc.show()
        sys.exit(EXIT_USAGE)
    except errors.ConfigError as exc:
        _say(str(exc))
        for mistake in exc.mistakes:
            _say(f"  {mistake}".replace("\n", "\n    "))
        sys.exit(EXIT_USAGE)
    except errors.QueryError as exc:
        _say("the query is not right:")
        for line in exc.pointed().split("\n"):
            _say(f"  {line}")
        sys.exit(EXIT_USAGE)
    except errors.FeedsError as exc:
        _say(str(exc))
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        # The reader of our output has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)


def _say(line: str) -> None:
    click.echo(f"feeds: {line}" if not line.startswith(" ") else line, err=True)
