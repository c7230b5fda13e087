"""What the schedule is told: the editor's bounds, what a poll saw, and the numbers of data/cadence.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

from feeds.model import Hints

NO_HINTS = Hints()
Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The editor's bounds: config.yaml's `poll.interval`, `poll.min` and `poll.max`; and what `typical` says."""

    interval: timedelta = timedelta(minutes=30)
    min: timedelta = timedelta(minutes=5)
    max: timedelta = timedelta(days=1)
    typical: float | None = None  # entries a day of the source a typical entry comes from; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a poll saw in a document that is a feed.

    `new` counts the entries we did not hold, of `entries` in all; `dates` are the publisher's
    dates of all, `new_dates` of the new ones.
    """

    entries: int
    new: int
    dates: tuple[datetime, ...] = ()
    new_dates: tuple[datetime, ...] = ()
    hints: Hints = NO_HINTS
    title: str | None = None
    link: str | None = None
    left: str | None = None  # what was not read, and why
    cut: bool = False  # it ended before it was over: read, and no 200 that is kept by its validators


@cache
def numbers(section: str) -> Numbers:
    """Return one section of data/cadence.toml."""
    text = resources.files("feeds").joinpath("data/cadence.toml").read_text("utf-8")
    return {key: float(value) for key, value in tomllib.loads(text)[section].items()}
