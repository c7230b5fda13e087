"""When to ask again: what a poll's answer makes of what is remembered (pure; the store keeps it)."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feeds.cadence import learn
from feeds.cadence.settings import Seen, Settings, numbers
from feeds.model import Answer, Document, Failure, Gone, Hints, NotModified, Polling, Source, Validators

HOUR = timedelta(hours=1)
DAYS = 7


def start(source: Source) -> Polling:
    """Return what is remembered about a source before it was ever asked: it is due at once."""
    return Polling(source=source.id, configured_url=source.url)


def current(polling: Polling, source: Source) -> Polling:
    """Return `polling`, or a fresh start that keeps what was learned when the editor changed the URL."""
    if polling.configured_url == source.url:
        return polling
    return replace(
        polling,
        configured_url=source.url,
        url=None,
        validators=Validators(),
        validators_url=None,
        digest=None,
        candidate=None,
        candidate_count=0,
        candidate_since=None,
        next_poll_at=None,
        retry_until=None,
        gone=False,
        failures=0,
        feed_link=None,
    )


def due(polling: Polling, now: datetime, *, source: Source, whatever_the_schedule: bool = False) -> bool:
    """Return whether a source may be asked now.

    `whatever_the_schedule` (`--all`) overrules schedule and freshness, never 410 or Retry-After.
    """
    if polling.configured_url != source.url:
        return True
    if polling.gone:
        return False
    if polling.retry_until is not None and now < polling.retry_until:
        return False
    if whatever_the_schedule:
        return True
    if polling.last_polled_at is not None:
        since = now - polling.last_polled_at
        if since < timedelta(seconds=-numbers("schedule")["clock_back"]):
            return True  # our clock was set back: a schedule from the future holds nothing up
        if since < timedelta(seconds=numbers("schedule")["pause"]):
            return False
    if polling.next_poll_at is not None and now < polling.next_poll_at:
        return False
    return source.ignore_hints or not _skipped(polling.hints, now)


def after(
    polling: Polling,
    answer: Answer,
    seen: Seen | None,
    *,
    source: Source,
    settings: Settings,
    now: datetime,
    random: float,
) -> Polling:
    """Return what is remembered after one answer, next_poll_at included.

    `seen` is what a Document held, None when its bytes were those of the last one; `random` is
    in [0, 1). A Document that parse could not read comes here as the Failure it is.
    """
    asked = replace(current(polling, source), last_polled_at=now, retry_until=None)
    match answer:
        case Document():
            if seen is None and answer.digest != asked.digest:
                raise ValueError("a document with other bytes needs `seen`")
            asked = _document(asked, answer, seen, source=source, now=now)
            return _succeeded(asked, answer, source=source, settings=settings, now=now, random=random)
        case NotModified():
            asked = _not_modified(asked, answer, source=source, now=now)
            return _succeeded(asked, answer, source=source, settings=settings, now=now, random=random)
        case Gone():
            return replace(
                asked,
                gone=True,
                next_poll_at=None,
                because="410: not asked again",
                answer="410 Gone: the publisher asks us to stop",
                kind="gone",
                status=410,
                failures=asked.failures + 1,
            )
        case Failure():
            return _failed(asked, answer, source=source, settings=settings, now=now, random=random)


def interval(polling: Polling, *, source: Source, settings: Settings, now: datetime) -> tuple[timedelta, str]:
    """Return how long to wait by what was learned, within the editor's bounds, and why."""
    base = source.interval or settings.interval
    least, most = min(settings.min, base), max(settings.max, base)
    if source.interval is not None:
        return base, "interval"
    wait, why = base, "interval"
    if polling.rate is not None and learn.watched(polling, now=now):
        limit = most if polling.polls >= numbers("learning")["slow_polls"] else base
        paced = _paced(polling, base, typical=settings.typical, most=most, now=now)
        wait, why = min(paced, limit), "learned rate"
    safe = max(_safe(polling, most=wait, now=now), least)
    if safe < wait:
        wait, why = safe, "half of its window"
    if _still_surprised(polling, now=now) and base < wait:
        wait, why = base, "more came than expected"
    if _missed(polling):
        wait, why = min(wait, max(base / 2, least)), "entries were missed"
    return min(max(wait, least), most), why


def _safe(polling: Polling, *, most: timedelta, now: datetime) -> timedelta:
    """How long the document can be left alone before half of it may have turned over.

    As it did when it was busiest, longer at hours that are usually quiet; as its newer half did just
    now; and as it would at many times the pace expected, which nothing announces. With every poll that
    finds nothing new, "just now" grows longer ago, so the caution after a burst passes by itself.
    """
    config = numbers("pace")
    limits = [most]
    if polling.window is not None:
        limits.append(polling.window * config["aim"] * _calm(polling, now=now))
    if polling.half_since is not None:
        limits.append((now - polling.half_since) * config["turnover"])
    if polling.rate and polling.usual_entries and learn.watched(polling, now=now):
        enough = config["aim"] * polling.usual_entries / config["burst"]
        limits.append(_filling(polling, enough, most=min(limits), now=now))
    return min(limits)


def _filling(polling: Polling, entries: float, *, most: timedelta, now: datetime) -> timedelta:
    """Return in what time so many entries come, hour by hour at its pace or at the usual one if that is faster."""
    moment, end, left = now, now + most, entries
    while moment < end:
        hour_ends = moment.replace(minute=0, second=0, microsecond=0) + HOUR
        pace = max(learn.rate_at(polling, moment), polling.rate or 0.0) / learn.DAY_S
        if pace * (hour_ends - moment).total_seconds() >= left:
            return moment + timedelta(seconds=left / pace) - now
        left -= pace * (hour_ends - moment).total_seconds()
        moment = hour_ends
    return most


def _calm(polling: Polling, *, now: datetime) -> float:
    """How many times as long as when it is busy a document lasts at this hour: 1 to `calm`."""
    if not polling.rate or not learn.watched(polling, now=now):
        return 1.0
    lively = max(learn.rate_at(polling, now), learn.rate_at(polling, now + HOUR / 2)) / polling.rate
    most = numbers("pace")["calm"]
    return min(max(1 / lively, 1.0), most) if lively else most


def _missed(polling: Polling) -> bool:
    """Return whether the last poll shared no entry with what we held."""
    return polling.gap_at is not None and polling.gap_at == polling.last_polled_at


def _still_surprised(polling: Polling, *, now: datetime) -> bool:
    since = polling.surprised_at
    return since is not None and (now - since).total_seconds() < numbers("pace")["surprised_for"]


def _document(polling: Polling, answer: Document, seen: Seen | None, *, source: Source, now: datetime) -> Polling:
    moved = _moved(polling, answer.moved_to, is_this_feed=_is_this_feed(polling, seen), source=source, now=now)
    same_bytes = answer.digest == polling.digest
    taught = learn.learned(moved, seen, now=now)
    if seen is not None:
        taught = _noticed_gap(taught, moved, seen, now=now)
        taught = replace(taught, hints=seen.hints, title=seen.title or moved.title, link=seen.link or moved.link)
    count = taught.entries or 0
    left = f"; {seen.left}" if seen and seen.left else ""
    line = f"200, {count} entries, {seen.new if seen else 0} new{left}"
    told = replace(taught, changed_at=polling.changed_at if same_bytes else now, answer=line, kind="feed", status=200)
    if seen is not None and seen.cut:
        return replace(told, answer=f"{line}; cut off before its end")
    return replace(told, validators=answer.validators, validators_url=answer.url, digest=answer.digest)


def _is_this_feed(polling: Polling, seen: Seen | None) -> bool | None:
    """Return whether a document is the feed we know, None where it has no entry to be known by."""
    if not (polling.entries if seen is None else seen.entries):
        return None
    if seen is None or polling.polls == 0:
        return True
    return seen.new < seen.entries or (seen.title is not None and seen.title == polling.title)


def _not_modified(polling: Polling, answer: NotModified, *, source: Source, now: datetime) -> Polling:
    moved = _moved(polling, answer.moved_to, is_this_feed=True, source=source, now=now)
    refreshed = Validators(
        etag=answer.validators.etag or polling.validators.etag,
        last_modified=answer.validators.last_modified or polling.validators.last_modified,
    )
    taught = learn.learned(moved, None, now=now)
    return replace(taught, validators=refreshed, answer="304, nothing new", kind="not-modified", status=304)


def _succeeded(
    polling: Polling,
    answer: Document | NotModified,
    *,
    source: Source,
    settings: Settings,
    now: datetime,
    random: float,
) -> Polling:
    wait, why = interval(polling, source=source, settings=settings, now=now)
    config = numbers("schedule")
    learning = max(timedelta(seconds=numbers("learning")["interval"]), settings.min)
    if source.interval is None and learning < wait and not learn.watched(polling, now=now):
        wait, why = learning, "not known yet"
    if isinstance(answer, Document) and polling.validators == Validators() and not _missed(polling):
        gentler = max(wait * config["unconditional_factor"], timedelta(seconds=config["unconditional_min"]))
        if polling.window is not None:
            gentler = min(gentler, max(polling.window * numbers("pace")["aim"], wait))
        if gentler > wait:
            wait, why = gentler, "no validators: asked gently"
    unhurried = wait
    fresh = answer.fresh_for or timedelta()
    if not source.ignore_hints:
        for hint, name in ((fresh, "Cache-Control or Expires"), (polling.hints.ttl or timedelta(), "its ttl")):
            if hint > wait:
                wait, why = hint, name
    cap = timedelta(seconds=config["cap"])
    wait = min(wait, max(cap, source.interval or cap))
    jitter = random * min(config["jitter"] * wait.total_seconds(), config["jitter_max"])
    next_poll_at = now + wait + timedelta(seconds=jitter)
    if not source.ignore_hints:
        allowed = _allowed_from(polling.hints, next_poll_at)
        if allowed > next_poll_at:
            next_poll_at, why = allowed, f"{why}, then its skipHours or skipDays"
    return replace(
        polling,
        next_poll_at=next_poll_at,
        because=why,
        last_success_at=now,
        failures=0,
        feed_link=None,
        expected_loss=_expected_loss(polling, next_poll_at - now, unhurried),
    )


def _failed(
    polling: Polling, answer: Failure, *, source: Source, settings: Settings, now: datetime, random: float
) -> Polling:
    config = numbers("backoff")
    failures = polling.failures + 1
    base, _ = interval(polling, source=source, settings=settings, now=now)
    # Only a 429 is about us. A 503 passes, and twice half a window would lose what one more try saves.
    doublings = failures if answer.status == 429 else failures - 1
    most = max(settings.max, base, timedelta(seconds=config["most"]))
    wait = min(base * config["factor"] ** min(doublings, config["max_doublings"]), most)
    wait += wait * config["jitter"] * random
    why = f"{failures} failure{'s' if failures > 1 else ''} in a row"
    cap = timedelta(seconds=numbers("schedule")["cap"])
    asked = min(answer.retry_after, cap) if answer.retry_after is not None else None
    if asked is not None and asked > wait:
        wait, why = asked, "Retry-After"
    if not source.ignore_hints and polling.hints.ttl and min(polling.hints.ttl, cap) > wait:
        wait, why = min(polling.hints.ttl, cap), "its ttl"
    forget = polling.url is not None and failures >= numbers("redirect")["give_up"]
    return replace(
        polling,
        url=None if forget else polling.url,
        candidate=None if polling.candidate_count else polling.candidate,
        candidate_count=0,
        candidate_since=None,
        next_poll_at=_allowed_from(Hints() if source.ignore_hints else polling.hints, now + min(wait, cap)),
        because=why,
        retry_until=now + asked if asked is not None else None,
        failures=failures,
        answer=answer.reason,
        kind=answer.kind,
        status=answer.status,
        feed_link=answer.feed_link,
    )


def _moved(
    polling: Polling, moved_to: str | None, *, is_this_feed: bool | None, source: Source, now: datetime
) -> Polling:
    """Count one more proof of a permanent redirect; the last one makes it the URL that is asked.

    One that leads back to the configured URL, once proven, has that asked again. Where another feed
    was found, its later answers look familiar and prove nothing, until the redirect is gone.
    """
    if moved_to is None or moved_to == (polling.url or source.url):
        return replace(polling, candidate=None, candidate_count=0, candidate_since=None)
    if is_this_feed is None:
        return polling
    again = polling.candidate == moved_to
    if not is_this_feed or (again and polling.candidate_count == 0):
        return replace(polling, candidate=moved_to, candidate_count=0, candidate_since=None)
    count = polling.candidate_count + 1 if again else 1
    if count >= numbers("redirect")["proofs"]:
        url = None if moved_to == source.url else moved_to
        return replace(polling, url=url, candidate=None, candidate_count=0, candidate_since=None)
    since = polling.candidate_since if again else now
    return replace(polling, candidate=moved_to, candidate_count=count, candidate_since=since)


def _noticed_gap(taught: Polling, before: Polling, seen: Seen, *, now: datetime) -> Polling:
    """Record a poll that shared no entry with what we held: what lay between is probably lost."""
    if before.polls == 0 or not before.entries or not seen.entries or seen.new < seen.entries:
        return taught
    days = (now - (before.last_success_at or now)).total_seconds() / learn.DAY_S
    lost = max(round((before.rate or 0.0) * days) - seen.entries, 0)
    return replace(taught, gaps=before.gaps + 1, gap_at=now, gap_lost=lost)


def _paced(polling: Polling, base: timedelta, *, typical: float | None, most: timedelta, now: datetime) -> timedelta:
    """The wait in which the source's expected activity adds up to one interval's worth.

    At most `most`, hour by hour: a lively hour is asked more often than a quiet night.
    """
    budget_s = base.total_seconds()
    moment, end = now, now + most
    while moment < end:
        hour_ends = moment.replace(minute=0, second=0, microsecond=0) + HOUR
        pressure = _pressure(learn.rate_at(polling, moment), typical)
        if pressure * (hour_ends - moment).total_seconds() >= budget_s:
            return min(moment + timedelta(seconds=budget_s / pressure), end) - now
        budget_s -= pressure * (hour_ends - moment).total_seconds()
        moment = hour_ends
    return most


def _pressure(rate: float, typical: float | None) -> float:
    """How many times as often as configured a source is asked that writes `rate` entries a day just now.

    The median delay is least when all polls go to the source-hours half of the entries come from, and to
    these alike; the mean when they go with the square root of the rate: a mixture, so that most entries
    come soon and none is forgotten.
    """
    config = numbers("pace")
    usual = min(max(typical or config["typical"], config["typical_min"]), config["typical_max"])
    lively = max(rate, 1e-3) / (config["reference"] * usual)
    pressure = (1 - config["even"]) * math.pow(lively, config["exponent"]) + config["even"] * math.sqrt(lively)
    return min(pressure, config["most"])


def _expected_loss(polling: Polling, wait: timedelta, unhurried: timedelta) -> float | None:
    """Entries a day lost because the publisher's hints outlast the time its entries stay."""
    if not polling.rate or not polling.usual_entries or wait <= unhurried:
        return None
    lost = polling.rate - polling.usual_entries / (wait.total_seconds() / learn.DAY_S)
    return round(lost, 2) if lost >= 0.01 else None


def _skipped(hints: Hints, moment: datetime) -> bool:
    utc = moment.astimezone(UTC)
    hours = hints.skip_hours if len(hints.skip_hours) < learn.HOURS else frozenset()
    days = hints.skip_days if len(hints.skip_days) < DAYS else frozenset()
    return utc.hour in hours or utc.weekday() in days


def _allowed_from(hints: Hints, moment: datetime) -> datetime:
    """The first moment from `moment` on that skipHours and skipDays leave open."""
    open_at = moment
    for _ in range(DAYS * learn.HOURS):
        if not _skipped(hints, open_at):
            return open_at
        open_at = open_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + HOUR
    return moment
