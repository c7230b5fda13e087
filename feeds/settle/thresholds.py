"""The thresholds of data/settle.toml."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Numbers of judgement, told where they are used."""

    late: timedelta
    newest_entries: int


@cache
def read() -> Thresholds:
    """Return what data/settle.toml says."""
    told = tomllib.loads(resources.files("feeds").joinpath("data/settle.toml").read_text("utf-8"))
    return Thresholds(
        late=timedelta(minutes=told["correction"]["late_minutes"]),
        newest_entries=told["first_poll"]["newest_entries"],
    )
