"""How the sources are, for the editor: a page, JSON and OPML. Published only where the editor says so."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feeds.model import Polling, Source
from feeds.render import opml, site
from feeds.render.extension import stamp

# What needs a hand first; of each but the last two a phrase says what to do.
_URGENCY = ("failing", "wall", "html", "gone", "shrunk", "gap", "frozen", "quiet", "new", "ok")
_WELL = frozenset(("new", "ok"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source: what the editor wrote, what is remembered, and what `cadence.state` makes of it."""

    source: Source
    polling: Polling
    state: str  # cadence's word: "ok", "failing", "quiet" ...
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """All sources at one time."""

    at: datetime
    sources: tuple[SourceHealth, ...]


def files(health: Health, desk: site.Desk) -> tuple[tuple[str, Callable[[], bytes]], ...]:
    """Return (path, bytes to be) of status.json, sources.opml and status.html."""
    return (
        ("status.json", lambda: as_json(health)),
        ("sources.opml", lambda: opml.sources(desk.site.title, [one.source for one in health.sources])),
        ("status.html", lambda: page(health, desk)),
    )


def as_json(health: Health) -> bytes:
    """Return the health of the sources for scripts; request headers and passwords are left out."""
    whole = {"at": stamp(health.at), "sources": [_plain(one) for one in health.sources]}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def page(health: Health, desk: site.Desk) -> bytes:
    """Return status.html: what needs a hand comes first."""
    ranked = sorted(health.sources, key=lambda one: one.source.title or one.source.id)
    groups = {word: [one for one in ranked if one.state == word] for word in _URGENCY}
    return site.status(
        desk,
        health=health,
        groups=[(word, word not in _WELL, found) for word, found in groups.items() if found],
        waiting=sum(len(found) for word, found in groups.items() if word not in _WELL),
        polls=sum(one.polling.polls for one in health.sources),
        requests=round(sum(_requests_a_day(one.polling) for one in health.sources)),
        rate=round(sum(one.polling.rate or 0 for one in health.sources)),
        rhythm=_rhythm,
    )


def _requests_a_day(polling: Polling) -> float:
    """Return how many requests a day come to the time between the last poll and the next."""
    last, following = polling.last_polled_at, polling.next_poll_at
    if polling.gone or last is None or following is None or following <= last:
        return 0.0
    return timedelta(days=1) / (following - last)


def _rhythm(polling: Polling) -> str:
    """Return a bar an hour of the day from those of weekdays and weekends, as an SVG path 24 high."""
    if len(polling.rhythm) != 2 * 24:
        return ""
    hours = [sum(polling.rhythm[hour::24]) for hour in range(24)]
    most = max(hours) or 1
    return "".join(f"M{hour * 4} 24v-{max(1, round(24 * share / most))}h3V24z" for hour, share in enumerate(hours))


def _plain(one: SourceHealth) -> dict[str, Any]:
    polling = one.polling
    return {
        "id": one.source.id,
        "title": one.source.title or one.source.id,
        "url": one.source.url,
        "state": one.state,
        "notes": list(one.notes),
        "answer": polling.answer,
        "status": polling.status,
        "last_polled": _moment(polling.last_polled_at),
        "last_success": _moment(polling.last_success_at),
        "next_poll": _moment(polling.next_poll_at),
        "newest": _moment(polling.newest),
        "entries_a_day": polling.rate,
        "gaps": polling.gaps,
        "failures": polling.failures,
    }


def _moment(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None
