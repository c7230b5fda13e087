"""What every command shares: the configuration, the clock, the state, and how to talk to a person."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from feeds.config import Config
    from feeds.store import Store

DEFAULT_CONFIG = Path("config.yaml")

# A line a command, as `feeds --help` shows them.
SUMMARIES = {
    "demo": "Show everything on bundled sample sources.",
    "check": "Find every mistake in the configuration.",
    "poll": "Ask the sources that are due.",
    "publish": "Write the files that changed.",
    "once": "Poll, then publish.",
    "run": "Poll and publish until stopped.",
    "status": "How every source is.",
    "explain": "Why an entry is, or is not, in each topic.",
    "preview": "What a topic or a query would select.",
    "search": "Find stored entries by a query.",
    "serve": "Serve the published files on loopback.",
    "discover": "Find the feeds of a page.",
    "parse": "How one document is understood.",
    "tag": "Regions, themes and topics of JSON lines.",
    "group": "Duplicates and stories of JSON lines.",
    "pin": "Keep an entry at the top of a topic.",
    "unpin": "Undo pin.",
    "hide": "Take an entry out, with its copies and updates.",
    "unhide": "Undo hide.",
    "note": "Publish a note with an entry.",
    "retag": "Correct the regions or themes of an entry.",
    "hold": "Make the entries of a topic or source wait.",
    "release": "Let a held entry, topic or source go.",
    "withdraw": "Remove an entry everywhere, for good.",
    "opml": "Import or export the list of sources.",
    "backup": "Write the whole state to one file.",
    "restore": "Replace the state by a backup.",
}


@dataclass(slots=True, kw_only=True)
class Context:
    """What the command line said before the command."""

    config_path: Path | None = None

    @property
    def path(self) -> Path:
        """Where the configuration is."""
        return self.config_path or Path(os.environ.get("FEEDS_CONFIG", DEFAULT_CONFIG))

    def config(self) -> "Config":
        """Return the configuration, or raise ConfigError with all mistakes."""
        from feeds import config

        return config.recall(self.path)

    def config_or_none(self) -> "Config | None":
        """Return the configuration for commands that work without one."""
        return self.config() if self.config_path or self.path.exists() else None


pass_context = click.make_pass_decorator(Context)


def clock(text: str | None) -> Callable[[], datetime]:
    """Return a clock that stands at an RFC 3339 time, or the real one for None."""
    if text is None:
        return lambda: datetime.now(UTC)
    try:
        fixed = datetime.fromisoformat(text)
    except ValueError as exc:
        raise click.UsageError(f"FEEDS_NOW is {text!r}, not a time like 2026-11-23T12:00:00Z") from exc
    fixed = fixed.replace(tzinfo=UTC) if fixed.tzinfo is None else fixed.astimezone(UTC)
    return lambda: fixed


def now() -> datetime:
    """Return the time: FEEDS_NOW when it is set, for replays; else the clock's."""
    return clock(os.environ.get("FEEDS_NOW"))()


@contextmanager
def state(config: "Config", *, alone: str | None = None) -> Iterator["Store"]:
    """Open the store; `alone` names the command that must not run beside another."""
    from feeds import store

    with store.open(config.store.url) as opened:
        if alone is None:
            yield opened
        else:
            with opened.alone(alone):
                yield opened


def console(*, stderr: bool = False) -> "Console":
    """Return rich's console: colour on a terminal only, plain lines anywhere else."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, soft_wrap=not stream.isatty())
