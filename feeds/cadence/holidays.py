"""The long holidays of a country, which are no silence of a publisher: data/holidays.toml."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

DAY = timedelta(days=1)


def within(country: str | None, since: datetime, until: datetime) -> timedelta:
    """Return how much of a time the holidays of a country take, in days of UTC; nothing where none is known."""
    if country is None:
        return timedelta()
    days = {day for year in range(since.year - 1, until.year + 1) for day in _days(country, year)}
    starts = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days)
    return sum((max(min(until, start + DAY) - max(since, start), timedelta()) for start in starts), timedelta())


@cache
def _days(country: str, year: int) -> frozenset[date]:
    """Return the days of the holidays that begin in a year."""
    return frozenset(
        date.fromisoformat(begin if len(begin) > len("12-31") else f"{year}-{begin}") + n * DAY
        for holiday in _table()
        if country in holiday["countries"]
        for begin in holiday["begins"]
        if len(begin) == len("12-31") or begin.startswith(f"{year}-")
        for n in range(holiday["days"])
    )


@cache
def _table() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(
        resources.files("feeds").joinpath("data/holidays.toml").read_text("utf-8")
    )["holiday"]
    return found
