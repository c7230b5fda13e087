"""What an editor is told about a source: one word, and why, from what polls remembered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from feeds.cadence import holidays
from feeds.cadence.settings import numbers
from feeds.model import Polling

Word = Literal["new", "ok", "failing", "gone", "wall", "html", "shrunk", "frozen", "quiet", "gap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a source is: `word` for a table, `notes` for a person, worst first."""

    word: Word
    notes: tuple[str, ...] = ()


def state(polling: Polling, now: datetime, *, country: str | None = None) -> State:
    """Return how a source is at `now`, judged against its own rhythm and the holidays of its country."""
    found = [*_answered(polling), *_content(polling, now, country), *_schedule(polling, now)]
    word: Word = found[0][0] if found else ("ok" if polling.polls else "new")
    return State(word=word, notes=tuple(note for _, note in found))


def _answered(polling: Polling) -> list[tuple[Word, str]]:
    if polling.gone:
        return [("gone", "410 Gone: not asked again until its URL is edited")]
    if not polling.failures:
        return []
    times = f"{polling.failures} time{'s' if polling.failures > 1 else ''} in a row"
    if polling.kind == "wall":
        return [("wall", f"{polling.answer} ({times})")]
    if polling.kind in {"not-a-feed", "empty"}:
        return [("html" if polling.kind == "not-a-feed" else "shrunk", f"{polling.answer} ({times})")]
    return [("failing", f"{polling.answer} ({times})")]


def _content(polling: Polling, now: datetime, country: str | None) -> list[tuple[Word, str]]:
    config = numbers("state")
    found: list[tuple[Word, str]] = []
    usual = polling.usual_entries
    if polling.entries is not None and usual and polling.entries < config["shrunk_share"] * usual:
        found.append(("shrunk", f"{polling.entries} entries where there are usually {round(usual)}"))
    since = polling.newest or polling.last_new_at
    if since is None or polling.last_success_at is None:
        return found
    patience_s = min(
        max((polling.longest_silence or timedelta()).total_seconds() * config["quiet_factor"], config["quiet_min"]),
        config["quiet_max"],
    )
    silent = now - since
    if (silent - holidays.within(country, since, now)).total_seconds() <= patience_s:
        return found
    changed_at = polling.changed_at or now
    unchanged = now - changed_at
    working = unchanged - holidays.within(country, changed_at, now)
    if working.total_seconds() > patience_s * config["frozen_factor"]:
        found.append(("frozen", f"not a byte has changed for {unchanged.days} days"))
    else:
        found.append(("quiet", f"no new entry for {silent.days} days, which is not its rhythm"))
    return found


def _schedule(polling: Polling, now: datetime) -> list[tuple[Word, str]]:
    config = numbers("state")
    found: list[tuple[Word, str]] = []
    if polling.gap_at is not None and now - polling.gap_at < timedelta(seconds=config["gap_told"]):
        last = polling.gap_at == polling.last_success_at
        which = "the last poll" if last else f"the poll of {polling.gap_at:%H:%M} UTC"
        lost = f", about {polling.gap_lost} entries" if polling.gap_lost else ""
        found.append(("gap", f"{which} shared no entry with what we held: some were probably lost{lost}"))
    if polling.expected_loss:
        found.append(
            (
                "ok",
                f"its hints outlast its window: about {polling.expected_loss:g} entries a day are lost (ignore_hints)",
            )
        )
    if polling.skew is not None and polling.skew_count >= config["skew_polls"]:
        hours = abs(polling.skew.total_seconds()) / 3600
        side = "ahead" if polling.skew > timedelta() else "behind"
        found.append(("ok", f"its clock is about {hours:.1f} h {side}: set `timezone`"))
    return found
