"""What polls teach about a source: how fast it writes, when, how long its window is, whether its clock is right."""

import bisect
import itertools
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from feeds.cadence.settings import Seen, numbers
from feeds.model import Polling

DAY_S = 86400.0
HOURS = 24
LONGEST_WINDOW = timedelta(days=365)


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
    half_since = _half_since(polling, seen, past)
    skew, skew_count = _skew(polling, () if first else new_dates, elapsed, now=now)
    return replace(
        taught,
        entries=seen.entries,
        usual_entries=_smooth(polling.usual_entries, float(seen.entries), 0.1)
        if seen.entries
        else polling.usual_entries,
        last_new_at=now if seen.new else polling.last_new_at,
        newest=max(filter(None, (polling.newest, past[-1] if past else None)), default=None),
        longest_silence=_silence(polling, past),
        half_since=half_since,
        window=_window(polling, half_since, elapsed, now=now),
        surprised_at=now if _surprising(polling, seen, past, elapsed, now=now) else polling.surprised_at,
        rhythm=_rhythm(polling, tuple(past) if first else new_dates, elapsed, now=now),
        skew=skew,
        skew_count=skew_count,
    )


def watched(polling: Polling, *, now: datetime) -> bool:
    """Return whether a source was watched long enough for what was learned to count."""
    config = numbers("learning")
    if polling.learning_since is None or polling.polls < config["polls"]:
        return False
    return (now - polling.learning_since).total_seconds() >= config["span"]


def typical(pollings: Iterable[Polling]) -> float | None:
    """Return how many entries a day the source writes that a typical entry comes from; None when none is known.

    Half of what comes in, comes from sources at least so lively: those of the others are asked for less often.
    """
    rates = sorted(polling.rate for polling in pollings if polling.rate and not polling.gone and not polling.failures)
    total = list(itertools.accumulate(rates))
    return rates[bisect.bisect_left(total, total[-1] / 2)] if total else None


def rate_at(polling: Polling, moment: datetime) -> float:
    """Return the entries a day expected at a moment, with the hours' rhythm where one is known."""
    rate = polling.rate or 0.0
    if sum(polling.rhythm) < numbers("learning")["rhythm_entries"]:
        return rate
    share = numbers("learning")["rhythm_prior"]
    halves = (polling.rhythm[:HOURS], polling.rhythm[HOURS:])
    days = days_watched(polling, moment)
    # A little of the neighbouring hours: publishers do not keep the minute.
    beside, hour = numbers("learning")["rhythm_beside"], moment.hour
    near = [
        half[hour - 1] * beside + half[hour] * (1 - 2 * beside) + half[(hour + 1) % HOURS] * beside for half in halves
    ]
    now = _like_the_others(near, days)[moment.weekday() >= 5]
    week = _like_the_others([sum(half) for half in halves], days)
    usual = (5 * week[0] + 2 * week[1]) / (7 * HOURS)
    return rate * (share + (1 - share) * now / usual)


def _like_the_others(counts: Sequence[float], days: Sequence[float]) -> tuple[float, float]:
    """Return what comes a day, of working days and of weekends: those hardly seen yet are thought like the others."""
    few = numbers("learning")["rhythm_few"]
    (work, rest), (work_days, rest_days) = counts, days
    # What is lent is what was seen oneself: a weekend nobody saw says nothing of the days after it.
    lent, borrowed = min(rest_days, few), min(work_days, few)
    return (
        (work + lent * rest / max(rest_days, 1.0)) / max(work_days + lent, 1.0),
        (rest + borrowed * work / max(work_days, 1.0)) / max(rest_days + borrowed, 1.0),
    )


def days_watched(polling: Polling, moment: datetime) -> tuple[float, float]:
    """Return how many working days and days of weekends what the hours tell comes from, as far as it is remembered."""
    since = polling.learning_since or moment
    watched = max((moment - since).total_seconds() / DAY_S, 1e-6)
    weeks, left = divmod(watched, 7)
    # Of what is left of a week that began on this day, what lies within a Saturday and Sunday.
    began = since.weekday() + (since.hour + since.minute / 60) / HOURS
    rest = 2 * weeks + sum(max(min(began + left, end) - max(began, end - 2), 0.0) for end in (7.0, 14.0))
    half_life = numbers("learning")["rhythm_half_life"] / DAY_S
    remembered = half_life / math.log(2) * (1 - math.pow(0.5, watched / half_life)) / watched
    return (watched - rest) * remembered, rest * remembered


def _rate(polling: Polling, seen: Seen | None, new: int, elapsed: timedelta | None, *, now: datetime) -> float | None:
    if polling.polls == 0 or elapsed is None:
        return _rate_of_dates(seen.dates, now=now) if seen else polling.rate
    days = elapsed.total_seconds() / DAY_S
    measured = new / days
    if seen is not None and seen.entries == new > 1 and seen.dates:
        # A gap: more came than was seen, and the dates of what was tell how much.
        hours = max((now - min(*seen.dates, now)).total_seconds() / DAY_S * HOURS, 1.0)
        measured = max(measured, new / hours * HOURS)
    if polling.rate is None:
        return measured
    config = numbers("learning")
    forgetting = 1 - math.pow(0.5, elapsed.total_seconds() / config["half_life"])
    watched_s = (now - (polling.learning_since or now)).total_seconds()
    # At first every poll counts alike, and the dates of the first document as so much watching.
    weight = max(forgetting, elapsed.total_seconds() / (watched_s + config["dates_weight"]))
    return polling.rate + weight * (measured - polling.rate)


def _rate_of_dates(dates: tuple[datetime, ...], *, now: datetime) -> float | None:
    past = sorted(min(date, now) for date in dates)
    if len(past) < 2:
        return None
    middle = past[len(past) // 2]  # the newer half: a pinned old entry says nothing about today
    days = max((now - middle).total_seconds() / DAY_S, 1.0)  # a batch is not a day's pace
    return (len(past) - len(past) // 2) / days


def _silence(polling: Polling, past: list[datetime]) -> timedelta | None:
    gaps = [after - before for before, after in pairwise(past)]
    if past and polling.newest is not None and past[-1] > polling.newest:
        gaps.append(min(date for date in past if date > polling.newest) - polling.newest)
    # The three longest of a document may be pinned entries: the fourth speaks for its rhythm.
    typical = sorted(gaps, reverse=True)[min(3, len(gaps) // 4)] if gaps else None
    return max(filter(None, (polling.longest_silence, typical)), default=None)


def _half_since(polling: Polling, seen: Seen, past: list[datetime]) -> datetime | None:
    """Return since when the newer half of a document came, by its dates where our own polls bear them out.

    The median, not the oldest: pinned entries stay for ever. A document less than half of which is
    new was half full at the poll before, whatever its dates say.
    """
    if not seen.entries:
        return polling.half_since
    by_dates = past[len(past) - max(len(past) // 2, 1)] if 2 * len(past) >= seen.entries else None
    last = polling.last_success_at
    if polling.polls == 0 or last is None:
        return by_dates
    if 2 * seen.new >= seen.entries:
        return max(by_dates or last, last)
    if by_dates is not None and by_dates <= last:
        return by_dates
    return min(polling.half_since or last, last)


def _window(
    polling: Polling, half_since: datetime | None, elapsed: timedelta | None, *, now: datetime
) -> timedelta | None:
    """How long an entry stays in the document when the source is at its busiest.

    The shortest is believed at once and forgotten slowly: what came once comes again. It has a
    floor, for a batch that replaces the whole document leaves no overlap however soon we come.
    """
    if half_since is None:
        return polling.window
    config, known = numbers("learning"), polling.window
    stays = max(2 * (now - half_since), timedelta(seconds=config["window_floor"]))
    if known is None or stays <= known:
        return min(stays, LONGEST_WINDOW)
    forgetting = 1 - math.pow(0.5, (elapsed or timedelta()).total_seconds() / config["window_half_life"])
    return min(known + forgetting * (stays - known), LONGEST_WINDOW)


def _surprising(
    polling: Polling, seen: Seen, past: list[datetime], elapsed: timedelta | None, *, now: datetime
) -> bool:
    """Return whether so many more entries came lately than expected that what was learned may be over."""
    if polling.polls == 0 or elapsed is None or not seen.new:
        return False
    config = numbers("learning")
    lately = max(elapsed, timedelta(seconds=config["surprise_span"]))
    came = max(seen.new, len(past) - bisect.bisect_right(past, now - lately))
    moments = [now - lately * share for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
    expected = statistics.fmean(rate_at(polling, moment) for moment in moments) * lately.total_seconds() / DAY_S
    return came >= max(config["surprise_entries"], config["surprise"] * expected)


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
    # The upper quartile: of what came in half a day, a clock five hours ahead dates no more than that beyond now.
    ahead = (sorted(new_dates)[(len(new_dates) - 1) * 3 // 4] - now).total_seconds()
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
