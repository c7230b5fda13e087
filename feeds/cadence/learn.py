"""What polls teach about a source: how fast it writes, when, how long its window is, whether its clock is right."""

import math
import statistics
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from feeds.cadence.settings import Seen, numbers
from feeds.model import Polling

DAY_S = 86400.0
HOURS = 24


def learned(polling: Polling, seen: Seen | None, *, now: datetime) -> Polling:
    """Return `polling` with what a successful poll taught; `seen` is None when nothing had changed."""
    since = polling.last_success_at
    elapsed = now - since if since is not None and now > since else None
    new, new_dates = (seen.new, seen.new_dates) if seen else (0, ())
    first = polling.polls == 0
    taught = replace(
        polling,
        polls=polling.polls + 1,
        learning_since=polling.learning_since or now,
        rate=_rate(polling, seen, new, elapsed, now=now),
    )
    if seen is None:
        return taught
    past = sorted(min(date, now) for date in seen.dates)
    skew, skew_count = _skew(polling, () if first else new_dates, elapsed, now=now)
    return replace(
        taught,
        entries=seen.entries,
        usual_entries=_smooth(polling.usual_entries, float(seen.entries), 0.1)
        if seen.entries
        else polling.usual_entries,
        last_new_at=now if seen.new else polling.last_new_at,
        newest=max(filter(None, (polling.newest, past[-1] if past else None)), default=None),
        oldest=past[0] if past else polling.oldest,
        longest_silence=_silence(polling, past),
        window=_window(polling, seen, past, now=now),
        rhythm=_rhythm(polling, tuple(past) if first else new_dates, elapsed, now=now),
        skew=skew,
        skew_count=skew_count,
    )


def rate_at(polling: Polling, moment: datetime) -> float:
    """Return the entries a day expected at a moment, with the hours' rhythm where one is known."""
    rate = polling.rate or 0.0
    total = sum(polling.rhythm)
    if total < numbers("learning")["rhythm_entries"]:
        return rate
    share = numbers("learning")["rhythm_prior"]
    weekend = moment.weekday() >= 5
    half = polling.rhythm[HOURS:] if weekend else polling.rhythm[:HOURS]
    days = 2 if weekend else 5
    # Neighbouring hours are mixed in: an hour's count is small, and publishers do not keep the minute.
    hour = moment.hour
    near = half[hour - 1] / 4 + half[hour] / 2 + half[(hour + 1) % HOURS] / 4
    usual = total / (7 * HOURS)
    return rate * (share + (1 - share) * near / days / usual)


def _rate(polling: Polling, seen: Seen | None, new: int, elapsed: timedelta | None, *, now: datetime) -> float | None:
    if polling.polls == 0 or elapsed is None:
        return _rate_of_dates(seen.dates, now=now) if seen else polling.rate
    days = elapsed.total_seconds() / DAY_S
    measured = new / days
    if polling.rate is None:
        return measured
    weight = 1 - math.pow(0.5, elapsed.total_seconds() / numbers("learning")["half_life"])
    return polling.rate + weight * (measured - polling.rate)


def _rate_of_dates(dates: tuple[datetime, ...], *, now: datetime) -> float | None:
    past = sorted(min(date, now) for date in dates)
    if len(past) < 2:
        return None
    middle = past[len(past) // 2]  # the newer half: a pinned old entry says nothing about today
    days = max((now - middle).total_seconds() / DAY_S, 1 / HOURS)
    return (len(past) - len(past) // 2) / days


def _silence(polling: Polling, past: list[datetime]) -> timedelta | None:
    gaps = [after - before for before, after in pairwise(past)]
    if past and polling.newest is not None and past[-1] > polling.newest:
        gaps.append(min(date for date in past if date > polling.newest) - polling.newest)
    # The three longest of a document may be pinned entries: the fourth speaks for its rhythm.
    typical = sorted(gaps, reverse=True)[min(3, len(gaps) // 4)] if gaps else None
    return max(filter(None, (polling.longest_silence, typical)), default=None)


def _window(polling: Polling, seen: Seen, past: list[datetime], *, now: datetime) -> timedelta | None:
    """The shortest time in which a document's worth of entries may pass.

    Twice the shortest span that half of the dated entries share: a pinned old entry does not
    lengthen it, the busiest hours shorten it. Never below what one poll was seen to survive.
    """
    known = polling.window
    config = numbers("learning")
    observed: timedelta | None = None
    if len(past) >= config["window_entries"]:
        half = len(past) // 2
        spans = [after - before for before, after in zip(past, past[half:], strict=False)]
        positive = [span for span in spans if span > timedelta()]
        observed = 2 * min(positive) if positive else None
        if observed is not None and now - past[-1] > config["window_live"] * observed:
            observed = None  # an old burst in a feed that has gone calm
    if polling.polls > 0 and seen.entries and seen.new == seen.entries and polling.last_success_at is not None:
        passed = now - polling.last_success_at  # a gap: the window was shorter than this
        observed = passed / 2 if observed is None else min(observed, passed / 2)
    if observed is None:
        return known
    if known is None or observed < known:
        return observed
    return known + config["window_recovery"] * (observed - known)


def _rhythm(
    polling: Polling, dates: tuple[datetime, ...], elapsed: timedelta | None, *, now: datetime
) -> tuple[float, ...]:
    if not dates and not polling.rhythm:
        return ()
    span_s = elapsed.total_seconds() if elapsed else 0.0
    fading = math.pow(0.5, span_s / numbers("learning")["rhythm_half_life"])
    counts = [count * fading for count in polling.rhythm] or [0.0] * (2 * HOURS)
    for date in dates:
        moment = min(date, now).astimezone(UTC)
        counts[moment.hour + (HOURS if moment.weekday() >= 5 else 0)] += 1.0
    return tuple(round(count, 3) for count in counts)


def _skew(
    polling: Polling, new_dates: tuple[datetime, ...], elapsed: timedelta | None, *, now: datetime
) -> tuple[timedelta | None, int]:
    """How far the dates of new entries lie ahead of us, or behind by more than the time since the last poll."""
    if not new_dates:
        return polling.skew, polling.skew_count
    threshold = timedelta(seconds=numbers("state")["skew_min"])
    ahead = statistics.median(date.timestamp() for date in new_dates) - now.timestamp()
    newest_lag = now - max(new_dates)
    if ahead > threshold.total_seconds():
        off = timedelta(seconds=ahead)
    elif elapsed is not None and newest_lag > elapsed + threshold:
        off = -(newest_lag - elapsed / 2)
    else:
        return None, 0
    if polling.skew is None or (polling.skew > timedelta()) != (off > timedelta()):
        return off, 1
    return polling.skew + (off - polling.skew) / 4, polling.skew_count + 1


def _smooth(known: float | None, value: float, weight: float) -> float:
    return value if known is None else known + weight * (value - known)
