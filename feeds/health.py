"""How every source is, from what the store remembers: for `feeds status` and the status pages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from feeds import cadence, urls
from feeds.config import Config
from feeds.model import Polling, Source
from feeds.store import Day, Store

if TYPE_CHECKING:
    from feeds.render import status

DAYS = 14
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source at a glance."""

    id: str
    title: str
    url: str
    language: str | None
    country: str | None
    state: str  # one word
    notes: tuple[str, ...]  # why, worst first
    answer: str  # the last one
    last_polled: datetime | None
    next_poll: datetime | None
    because: str  # why then
    entries_a_day: float
    days: tuple[int, ...]  # new entries of the last 14 days, oldest first
    gaps: int
    gap_at: datetime | None
    failures: int  # in a row
    feed_link: str | None  # the feed that a page in its place names


def sources(config: Config, state: Store, *, now: datetime) -> tuple[SourceHealth, ...]:
    """Return every source of the configuration, those that want a look first, then in its order."""
    today = now.astimezone(UTC).date()
    days = state.days(now - timedelta(days=DAYS))
    found = []
    for source, polling, told in _states(config.sources, state.pollings(), now):
        counts = _counts(days.get(source.id, ()), today)
        found.append(
            SourceHealth(
                id=source.id,
                title=source.title or polling.title or source.id,
                url=urls.shown(polling.url or source.url),
                language=source.language,
                country=source.country,
                state=told.word,
                notes=told.notes,
                answer=polling.answer or "not asked yet",
                last_polled=polling.last_polled_at,
                next_poll=None if polling.gone else polling.next_poll_at or now,
                because=polling.because,
                entries_a_day=_entries_a_day(polling.rate, counts, polling.polls),
                days=counts,
                gaps=polling.gaps,
                gap_at=polling.gap_at,
                failures=polling.failures,
                feed_link=polling.feed_link,
            )
        )
    return tuple(sorted(found, key=lambda health: health.state in {"ok", "new"}))


def report(sources: Iterable[Source], pollings: Mapping[str, Polling], *, now: datetime) -> "status.Health":
    """Return how these sources are, for the status pages."""
    from feeds.render import status  # noqa: PLC0415 templates, which `feeds status` does not need

    return status.Health(
        at=now,
        sources=tuple(
            status.SourceHealth(
                source=replace(source, url=urls.shown(source.url)), polling=polling, state=told.word, notes=told.notes
            )
            for source, polling, told in _states(sources, pollings, now)
        ),
    )


def _states(
    sources: Iterable[Source], pollings: Mapping[str, Polling], now: datetime
) -> Iterator[tuple[Source, Polling, cadence.State]]:
    """Yield every source with what is remembered of it, and what that comes to."""
    for source in sources:
        polling = cadence.current(pollings.get(source.id) or cadence.start(source), source)
        yield source, polling, cadence.state(polling, now, country=source.country)


def as_json(health: SourceHealth) -> Mapping[str, object]:
    """Return one source as JSON values; times are RFC 3339 UTC."""
    values = ((field.name, getattr(health, field.name)) for field in fields(health))
    return {
        name: value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for name, value in values
    }


def bars(days: tuple[int, ...]) -> str:
    """Return a sparkline of the days, in characters."""
    most = max(days, default=0)
    return "".join(_BARS[min(n * len(_BARS) // (most + 1), len(_BARS) - 1)] if n else " " for n in days)


def _counts(days: tuple[Day, ...], today: date) -> tuple[int, ...]:
    new = {day.day: day.new for day in days}
    return tuple(new.get(today - timedelta(days=n), 0) for n in range(DAYS - 1, -1, -1))


def _entries_a_day(learned: float | None, counts: tuple[int, ...], polls: int) -> float:
    if learned is not None:
        return learned
    active = [count for count in counts if count]
    return sum(active) / len(active) if active and polls > 1 else 0.0
