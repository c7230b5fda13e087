"""How long a source waits, to the second, and what is remembered of each kind of answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds import cadence
from feeds.model import Document, Failure, Gone, Hints, NotModified, Polling, Source, Validators

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
SOURCE = Source(id="s", url="https://example.org/feed")
EDITOR = cadence.Settings()
TAGGED = Validators(etag='"1"')
NEW = cadence.start(SOURCE)


def after(polling, answer, seen=None, *, source=SOURCE, editor=EDITOR, random=0.0, now=NOW):
    return cadence.after(polling, answer, seen, source=source, settings=editor, now=now, random=random)


def document(**keys):
    return Document(**{"url": SOURCE.url, "body": b"", "validators": TAGGED, "digest": "d", **keys})


def known(**keys):
    """A source polled often enough for what was learned to count."""
    keys = {"polls": 30, "learning_since": NOW - 5 * DAY, "last_success_at": NOW - HOUR, "rate": 42.0, **keys}
    return replace(NEW, **keys)


def wait(polling):
    return polling.next_poll_at - NOW


# What is remembered


def test_all_that_a_first_document_leaves_behind():
    seen = cadence.Seen(entries=3, new=3, title="News", link="https://example.org/", hints=Hints(ttl=MINUTE))
    polling = after(NEW, document(url="https://example.org/there", moved_to="https://example.org/there"), seen)

    assert polling == Polling(
        source="s",
        configured_url=SOURCE.url,
        validators=TAGGED,
        validators_url="https://example.org/there",
        digest="d",
        candidate="https://example.org/there",
        candidate_count=1,
        candidate_since=NOW,
        next_poll_at=NOW + 30 * MINUTE,
        last_polled_at=NOW,
        last_success_at=NOW,
        last_new_at=NOW,
        changed_at=NOW,
        because="interval",
        answer="200, 3 entries, 3 new",
        kind="feed",
        status=200,
        title="News",
        link="https://example.org/",
        hints=Hints(ttl=MINUTE),
        polls=1,
        entries=3,
        usual_entries=3.0,
        learning_since=NOW,
    )


def test_all_that_the_same_document_again_changes():
    before = known(digest="d", changed_at=NOW - DAY, title="News", entries=5, failures=3, feed_link="https://x/")
    polling = after(before, document(fresh_for=2 * HOUR))

    assert replace(polling, rate=before.rate) == replace(
        before,
        validators=TAGGED,
        validators_url=SOURCE.url,
        last_polled_at=NOW,
        last_success_at=NOW,
        next_poll_at=NOW + 2 * HOUR,
        because="Cache-Control or Expires",
        answer="200, 5 entries, 0 new",
        kind="feed",
        status=200,
        failures=0,
        feed_link=None,
        polls=31,
    )


def test_all_that_a_304_changes():
    before = known(validators=Validators(etag='"1"', last_modified="then"), retry_until=NOW - DAY, failures=2, rate=1.0)
    polling = after(before, NotModified(validators=Validators(etag='"2"')), source=replace(SOURCE, interval=HOUR))

    assert replace(polling, rate=1.0) == replace(
        before,
        validators=Validators(etag='"2"', last_modified="then"),
        last_polled_at=NOW,
        last_success_at=NOW,
        next_poll_at=NOW + HOUR,
        because="interval",
        retry_until=None,
        answer="304, nothing new",
        kind="not-modified",
        status=304,
        failures=0,
        polls=31,
    )
    assert polling.rate < 1.0


def test_all_that_a_410_changes():
    before = known(validators=TAGGED, failures=1, next_poll_at=NOW)

    assert after(before, Gone()) == replace(
        before,
        gone=True,
        last_polled_at=NOW,
        next_poll_at=None,
        because="410: not asked again",
        answer="410 Gone: the publisher asks us to stop",
        kind="gone",
        status=410,
        failures=2,
    )


def test_all_that_a_failure_changes():
    before = known(
        url="https://moved/", validators=TAGGED, candidate="https://x/", candidate_count=1, candidate_since=NOW
    )
    answer = Failure(reason="404 Not Found", status=404, kind="status", feed_link="https://example.org/f")

    assert after(before, answer, source=replace(SOURCE, interval=HOUR)) == replace(
        before,
        candidate=None,
        candidate_count=0,
        candidate_since=None,
        last_polled_at=NOW,
        next_poll_at=NOW + HOUR,
        because="1 failure in a row",
        answer="404 Not Found",
        kind="status",
        status=404,
        failures=1,
        feed_link="https://example.org/f",
    )


def test_a_move_that_is_not_seen_again_is_forgotten_and_the_place_we_ask_is_kept():
    polling = known(url="https://moved/", candidate="https://new/", candidate_count=1, candidate_since=NOW - DAY)
    for _ in range(2):
        polling = after(polling, NotModified())

    assert ("https://moved/", None, 0) == (polling.url, polling.candidate, polling.candidate_count)
    assert None is polling.candidate_since


def test_all_that_an_edited_url_forgets():
    before = known(
        url="https://moved/",
        validators=TAGGED,
        validators_url="https://moved/",
        digest="d",
        candidate="https://x/",
        candidate_count=1,
        candidate_since=NOW,
        next_poll_at=NOW,
        retry_until=NOW,
        gone=True,
        failures=4,
        feed_link="https://example.org/f",
        title="News",
        newest=NOW,
    )
    edited = replace(SOURCE, url="https://example.org/new")

    assert cadence.current(before, SOURCE) is before
    assert cadence.current(before, edited) == replace(known(title="News", newest=NOW), configured_url=edited.url)


# Failures


@pytest.mark.parametrize(
    ("failures", "status", "minutes", "because"),
    [
        (0, 404, 30, "1 failure in a row"),
        (1, 404, 60, "2 failures in a row"),
        (2, 404, 120, "3 failures in a row"),
        (5, 404, 960, "6 failures in a row"),
        (6, 404, 1440, "7 failures in a row"),
        (900, 404, 1440, "901 failures in a row"),
        (0, 429, 60, "1 failure in a row"),
        (0, 503, 30, "1 failure in a row"),
        (1, 503, 60, "2 failures in a row"),
        (0, None, 30, "1 failure in a row"),
    ],
)
def test_failures_wait_twice_as_long_each_time_and_a_day_at_most(failures, status, minutes, because):
    polling = after(replace(NEW, failures=failures), Failure(reason="no", status=status))

    assert (minutes * MINUTE, because) == (wait(polling), polling.because)


def test_failures_come_back_apart_by_up_to_a_quarter():
    assert 30 * MINUTE * 1.125 == wait(after(NEW, Failure(reason="no"), random=0.5))


def test_the_backoff_has_an_end_where_the_editor_allows_weeks():
    weeks = cadence.Settings(interval=SECOND, min=SECOND, max=99 * DAY)

    assert 4096 * SECOND == wait(after(replace(NEW, failures=50), Failure(reason="no"), editor=weeks))


@pytest.mark.parametrize(
    ("asked", "waited", "because"),
    [
        (2 * HOUR, 2 * HOUR, "Retry-After"),
        (MINUTE, HOUR, "1 failure in a row"),
        (30 * DAY, 7 * DAY, "Retry-After"),
    ],
)
def test_retry_after_counts_when_it_is_longer_and_a_week_at_most(asked, waited, because):
    polling = after(NEW, Failure(reason="no", status=429, retry_after=asked))

    assert (waited, because) == (wait(polling), polling.because)
    assert NOW + min(asked, 7 * DAY) == polling.retry_until


@pytest.mark.parametrize(
    ("ttl", "ignored", "waited", "because"),
    [
        (2 * HOUR, False, 2 * HOUR, "its ttl"),
        (2 * HOUR, True, 30 * MINUTE, "1 failure in a row"),
        (20 * MINUTE, False, 30 * MINUTE, "1 failure in a row"),
        (30 * DAY, False, 7 * DAY, "its ttl"),
    ],
)
def test_a_ttl_outlasts_failures_unless_the_editor_overrules(ttl, ignored, waited, because):
    before = replace(NEW, hints=Hints(ttl=ttl))
    polling = after(before, Failure(reason="no"), source=replace(SOURCE, ignore_hints=ignored))

    assert (waited, because) == (wait(polling), polling.because)


@pytest.mark.parametrize(("ignored", "waited"), [(False, 2 * HOUR), (True, 30 * MINUTE)])
def test_failures_keep_the_skipped_hours_unless_the_editor_overrules(ignored, waited):
    before = replace(NEW, hints=Hints(skip_hours=frozenset({12, 13})))

    assert waited == wait(after(before, Failure(reason="no"), source=replace(SOURCE, ignore_hints=ignored)))


@pytest.mark.parametrize(("failures", "url"), [(0, "https://moved/"), (1, "https://moved/"), (2, None)])
def test_the_third_failure_gives_a_remembered_place_up(failures, url):
    assert url == after(replace(NEW, url="https://moved/", failures=failures), Failure(reason="no")).url


# Answers


@pytest.mark.parametrize(
    ("rate", "waited"),
    # 0.8 (rate/39)^2 + 0.2 (rate/39)^0.5 times as often as half-hourly
    [
        (39.0, 30 * MINUTE),
        (78.0, 30 * MINUTE / (0.8 * 2**2 + 0.2 * 2**0.5)),
        (420.0, 5 * MINUTE),
        (9.75, 30 * MINUTE / (0.8 / 16 + 0.2 / 2)),
    ],
)
def test_the_rate_rules_the_wait(rate, waited):
    polling = after(known(rate=rate, last_success_at=NOW), NotModified())

    assert "learned rate" == polling.because
    assert abs(waited - wait(polling)) < SECOND


@pytest.mark.parametrize(
    ("rate", "typical", "times"),
    [
        (39.0, 120.0, 0.8 / 4 + 0.2 / 2**0.5),
        (39.0, 30.0, 0.8 * 2**2 + 0.2 * 2**0.5),
        (39.0, 60.0, 1.0),
        (3.9, 1.0, 1.0),  # an entry in four hours is the least that is typical
        (260.0, 9000.0, 1.0),  # and 400 a day the most
    ],
)
def test_a_source_is_asked_by_how_lively_it_is_among_the_others(rate, typical, times):
    polling = after(known(rate=rate, last_success_at=NOW), NotModified(), editor=cadence.Settings(typical=typical))

    assert "learned rate" == polling.because
    assert abs(30 * MINUTE / times - wait(polling)) < SECOND


@pytest.mark.parametrize("hours", [1, 2, 4])
def test_the_liveliest_are_asked_twelve_times_as_often_as_configured_and_no_more(hours):
    editor = cadence.Settings(interval=hours * HOUR, min=MINUTE)

    assert hours * HOUR / 12 == wait(after(known(rate=4200.0, last_success_at=NOW), NotModified(), editor=editor))


def test_before_two_dozen_polls_no_wait_is_longer_than_configured():
    young, old = (after(known(rate=1.0, polls=polls), NotModified()) for polls in (22, 23))

    assert 30 * MINUTE == wait(young) < wait(old)


def test_a_source_nobody_watched_yet_keeps_its_interval():
    assert 30 * MINUTE == wait(after(known(rate=500.0, polls=4), NotModified()))


@pytest.mark.parametrize(
    ("editor", "own", "waited", "because"),
    [
        (cadence.Settings(interval=2 * HOUR), None, 30 * MINUTE, "not known yet"),
        (cadence.Settings(interval=10 * MINUTE), None, 10 * MINUTE, "interval"),
        (cadence.Settings(interval=2 * HOUR, min=HOUR), None, HOUR, "not known yet"),
        (cadence.Settings(interval=2 * HOUR), 3 * HOUR, 3 * HOUR, "interval"),  # the editor said it of this source
    ],
)
def test_until_a_source_is_known_it_waits_half_an_hour_at_most_within_the_editors_bounds(editor, own, waited, because):
    polling = after(known(polls=4), NotModified(), editor=editor, source=replace(SOURCE, interval=own))

    assert (waited, because) == (wait(polling), polling.because)


@pytest.mark.parametrize(("at_noon", "pace"), [(0.0, 1.0), (44.0, 6.53)])
def test_half_of_the_document_is_not_left_to_ten_times_the_pace_of_the_hour_or_the_usual_one(at_noon, pace):
    rhythm = (*[2.0] * 11, at_noon / 2, at_noon, at_noon / 2, *[2.0] * 10, *[0.8] * 24)
    keys = {"rate": 42.0, "usual_entries": 20.0, "rhythm": rhythm, "learning_since": NOW - 70 * DAY}
    polling = after(
        known(last_success_at=NOW, **keys), NotModified(), editor=cadence.Settings(interval=DAY, min=MINUTE)
    )

    assert "half of its window" == polling.because
    assert abs(DAY / 42 / pace - wait(polling)) < 10 * SECOND


def test_a_source_that_never_writes_waits_as_long_as_the_editor_allows():
    assert DAY == wait(after(known(rate=0.0), NotModified()))


@pytest.mark.parametrize(
    ("keys", "waited", "because"),
    [
        ({"window": HOUR, "rate": 39.0}, 30 * MINUTE, "learned rate"),
        ({"window": 40 * MINUTE}, 20 * MINUTE, "half of its window"),
        ({"window": 2 * MINUTE}, 5 * MINUTE, "half of its window"),
        ({"half_since": NOW - 30 * MINUTE}, 21 * MINUTE, "half of its window"),
        ({"half_since": NOW}, 5 * MINUTE, "half of its window"),
        ({"usual_entries": 10.0}, DAY / 84, "half of its window"),
        ({"usual_entries": 2.0, "polls": 3}, 30 * MINUTE, "interval"),
    ],
)
def test_a_shallow_source_waits_no_longer_than_half_its_window(keys, waited, because):
    polling = after(known(last_success_at=NOW, **keys), NotModified())

    assert abs(waited - wait(polling)) < SECOND
    assert because == polling.because


@pytest.mark.parametrize(
    ("from_11_to_13", "minute", "waited"),
    [
        ((5.0, 5.0, 5.0), 0, 4 * MINUTE),  # hours like any other
        ((50.0, 50.0, 50.0), 0, 4 * MINUTE),  # lively ones: the window is that of the busiest time already
        ((0.0, 0.0, 0.0), 0, 24 * MINUTE),  # silent ones: six times as long at most
        ((0.0, 0.0, 9.0), 45, 4 * MINUTE),  # a silence that ends soon
    ],
)
def test_a_window_lasts_longer_at_quiet_hours(from_11_to_13, minute, waited):
    now = NOW + minute * MINUTE
    weekdays = (*[5.0] * 11, *from_11_to_13, *[5.0] * 10)
    hours = {"rhythm": (*weekdays, *(0.4 * count for count in weekdays)), "learning_since": NOW - 70 * DAY}
    polling = known(window=8 * MINUTE, rate=10.0, last_success_at=now, **hours)

    assert now + waited == after(polling, NotModified(), now=now, editor=cadence.Settings(min=MINUTE)).next_poll_at


@pytest.mark.parametrize(
    ("hours", "rate", "because"),
    [(11.9, 1.0, "more came than expected"), (12.1, 1.0, "learned rate"), (1.0, 480.0, "learned rate")],
)
def test_after_a_surprise_nothing_waits_longer_than_configured_for_half_a_day(hours, rate, because):
    polling = after(known(rate=rate, surprised_at=NOW - hours * HOUR), NotModified())

    assert because == polling.because
    assert (wait(polling) > 30 * MINUTE) == (hours > 12)


def test_a_surprise_is_no_reason_where_it_changes_nothing():
    assert "interval" == after(known(learning_since=NOW, surprised_at=NOW - HOUR), NotModified()).because


def test_after_a_gap_half_the_interval_is_waited():
    seen = cadence.Seen(entries=20, new=20)
    polling = after(known(entries=20, last_success_at=NOW - 3 * HOUR, rate=200.0), document(digest="e"), seen)

    assert (1, NOW, 5) == (polling.gaps, polling.gap_at, polling.gap_lost)
    assert wait(polling) <= 15 * MINUTE
    told = after(known(entries=5, rate=1.0), document(digest="e"), cadence.Seen(entries=5, new=5))
    assert (15 * MINUTE, "entries were missed", 0) == (wait(told), told.because, told.gap_lost)


def test_no_gap_without_entries_before_or_now_or_with_one_that_was_known():
    for before, seen in (
        (known(entries=0), cadence.Seen(entries=5, new=5)),
        (known(entries=None), cadence.Seen(entries=5, new=5)),
        (known(entries=5), cadence.Seen(entries=0, new=0)),
        (known(entries=5), cadence.Seen(entries=5, new=4)),
        (known(entries=5, polls=0), cadence.Seen(entries=5, new=5)),
    ):
        polling = after(before, document(digest="e"), seen)
        assert (0, None) == (polling.gaps, polling.gap_at)


@pytest.mark.parametrize(
    ("window", "waited", "because"),
    [
        (None, HOUR, "no validators: asked gently"),
        (90 * MINUTE, 45 * MINUTE, "no validators: asked gently"),
        (50 * MINUTE, 25 * MINUTE, "half of its window"),
    ],
)
def test_a_server_without_validators_is_asked_hourly_at_most_or_twice_a_window(window, waited, because):
    polling = after(known(window=window, last_success_at=NOW, digest="d"), document(validators=Validators()))

    assert abs(waited - wait(polling)) < SECOND
    assert because == polling.because


def test_without_validators_long_waits_are_twice_as_long():
    hourly = replace(SOURCE, interval=HOUR)

    assert 2 * HOUR == wait(after(known(digest="d"), document(validators=Validators()), source=hourly))


@pytest.mark.parametrize(
    ("fresh", "ttl", "ignored", "waited", "because"),
    [
        (HOUR, None, False, HOUR, "Cache-Control or Expires"),
        (HOUR, 2 * HOUR, False, 2 * HOUR, "its ttl"),
        (3 * HOUR, 2 * HOUR, False, 3 * HOUR, "Cache-Control or Expires"),
        (30 * DAY, 40 * DAY, False, 7 * DAY, "its ttl"),
        (HOUR, 2 * HOUR, True, 30 * MINUTE, "interval"),
        (timedelta(), 10 * MINUTE, False, 30 * MINUTE, "interval"),
    ],
)
def test_the_longest_of_what_is_asked_for_is_waited(fresh, ttl, ignored, waited, because):
    seen = cadence.Seen(entries=3, new=3, hints=Hints(ttl=ttl))
    polling = after(NEW, document(fresh_for=fresh), seen, source=replace(SOURCE, ignore_hints=ignored))

    assert (waited, because) == (wait(polling), polling.because)


def test_an_interval_of_the_editor_may_be_longer_than_a_week():
    monthly = replace(SOURCE, interval=30 * DAY)

    assert 30 * DAY == wait(after(NEW, NotModified(fresh_for=60 * DAY), source=monthly))


@pytest.mark.parametrize(
    ("minutes", "random", "seconds"), [(30, 0.5, 9), (30, 0.999, 17.982), (600, 0.5, 10), (10, 0.5, 3)]
)
def test_a_wait_is_stretched_by_a_hundredth_and_twenty_seconds_at_most(minutes, random, seconds):
    source = replace(SOURCE, interval=minutes * MINUTE)

    assert minutes * MINUTE + seconds * SECOND == wait(after(NEW, NotModified(), source=source, random=random))


@pytest.mark.parametrize(
    ("hours", "days", "waited", "because"),
    [
        ({12}, set(), HOUR, "interval, then its skipHours or skipDays"),
        ({12, 13, 14}, set(), 3 * HOUR, "interval, then its skipHours or skipDays"),
        ({13}, set(), 30 * MINUTE, "interval"),
        (set(), {2}, 12 * HOUR, "interval, then its skipHours or skipDays"),
        (set(), {2, 3}, 36 * HOUR, "interval, then its skipHours or skipDays"),
        ({0}, {2}, 13 * HOUR, "interval, then its skipHours or skipDays"),
        (set(range(24)), set(), 30 * MINUTE, "interval"),
        (set(), set(range(7)), 30 * MINUTE, "interval"),
        (set(range(24)) - {11}, set(), 23 * HOUR, "interval, then its skipHours or skipDays"),
    ],
)
def test_skipped_hours_and_days_put_a_poll_off_to_the_first_that_is_open(hours, days, waited, because):
    hints = Hints(skip_hours=frozenset(hours), skip_days=frozenset(days))
    polling = after(NEW, document(), cadence.Seen(entries=3, new=3, hints=hints))

    assert (waited, because) == (wait(polling), polling.because)
    ignoring = replace(SOURCE, ignore_hints=True)
    assert 30 * MINUTE == wait(after(NEW, document(), cadence.Seen(entries=3, new=3, hints=hints), source=ignoring))


def test_what_hints_cost_is_counted_in_entries_a_day():
    shallow = known(rate=100.0, usual_entries=20.0, last_success_at=NOW)
    daily = after(shallow, NotModified(fresh_for=DAY))
    soon = after(shallow, NotModified(fresh_for=HOUR))

    assert (80.0, None) == (daily.expected_loss, soon.expected_loss)
    assert None is after(replace(shallow, rate=0.0), NotModified(fresh_for=DAY)).expected_loss
    assert None is after(replace(shallow, usual_entries=None), NotModified(fresh_for=DAY)).expected_loss


# Due


@pytest.mark.parametrize(
    ("keys", "due", "with_all"),
    [
        ({}, True, True),
        ({"next_poll_at": NOW}, True, True),
        ({"next_poll_at": NOW + SECOND}, False, True),
        ({"last_polled_at": NOW - 60 * SECOND}, True, True),
        ({"last_polled_at": NOW - 59 * SECOND}, False, True),
        ({"last_polled_at": NOW + 60 * SECOND}, False, True),
        ({"last_polled_at": NOW + 61 * SECOND, "next_poll_at": NOW + DAY}, True, True),
        ({"retry_until": NOW + SECOND}, False, False),
        ({"retry_until": NOW}, True, True),
        ({"gone": True}, False, False),
        ({"gone": True, "configured_url": "https://example.org/old"}, True, True),
        ({"hints": Hints(skip_hours=frozenset({12}))}, False, True),
        ({"hints": Hints(skip_days=frozenset({2}))}, False, True),
        ({"hints": Hints(skip_hours=frozenset({11, 13}), skip_days=frozenset({1, 3}))}, True, True),
        ({"hints": Hints(skip_hours=frozenset(range(24)))}, True, True),
        ({"hints": Hints(skip_days=frozenset(range(7)))}, True, True),
    ],
)
def test_when_a_source_may_be_asked(keys, due, with_all):
    polling = replace(NEW, **keys)

    assert due == cadence.due(polling, NOW, source=SOURCE)
    assert with_all == cadence.due(polling, NOW, source=SOURCE, whatever_the_schedule=True)


def test_the_editor_may_overrule_skipped_hours():
    polling = replace(NEW, hints=Hints(skip_hours=frozenset({12})))

    assert cadence.due(polling, NOW, source=replace(SOURCE, ignore_hints=True))


# Moves


def test_a_move_is_proven_by_a_feed_that_is_this_one():
    seen = cadence.Seen(entries=5, new=5, title="Other")
    moved = document(digest="e", moved_to="https://there/")
    before = known(entries=5, title="News", candidate="https://there/", candidate_count=1, candidate_since=NOW - DAY)

    other = after(before, moved, seen)
    assert (None, "https://there/", 0, None) == (
        other.url,
        other.candidate,
        other.candidate_count,
        other.candidate_since,
    )
    for one in (replace(seen, title="News"), replace(seen, new=4)):
        proven = after(before, moved, one)
        assert ("https://there/", None, 0, None) == (
            proven.url,
            proven.candidate,
            proven.candidate_count,
            proven.candidate_since,
        )
    untitled = after(replace(before, title=None), moved, replace(seen, title=None))
    assert None is untitled.url
    first = after(replace(before, candidate=None, candidate_count=0), moved, replace(seen, new=4))
    assert ("https://there/", 1, NOW) == (first.candidate, first.candidate_count, first.candidate_since)
