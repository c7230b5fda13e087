"""What polls teach, in numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds import cadence
from feeds.cadence import learn
from feeds.model import Polling

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)  # a Friday
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NEW = Polling(source="s")


def known(**keys):
    """A source polled ten times over two days, the last time an hour ago."""
    keys = {"polls": 10, "learning_since": NOW - 2 * DAY, "last_success_at": NOW - HOUR, "rate": 24.0, **keys}
    return Polling(source="s", **keys)


def seen(entries=20, new=0, dates=(), new_dates=None, **keys):
    return cadence.Seen(
        entries=entries, new=new, dates=tuple(dates), new_dates=tuple(dates if new_dates is None else new_dates), **keys
    )


def hourly(count, *, until=NOW):
    return [until - HOUR * n for n in range(count)]


def test_a_first_document_teaches_what_its_dates_say():
    polling = learn.learned(NEW, seen(new=20, dates=hourly(20)), now=NOW)

    # the newer half, eleven hours and less: a batch is not a day's pace
    assert (1, NOW, 10.0) == (polling.polls, polling.learning_since, polling.rate)
    assert (20, 20.0, NOW) == (polling.entries, polling.usual_entries, polling.last_new_at)
    assert NOW == polling.newest
    assert (NOW - 9 * HOUR, 18 * HOUR, HOUR) == (polling.half_since, polling.window, polling.longest_silence)
    assert (None, 0, None) == (polling.skew, polling.skew_count, polling.surprised_at)


def test_the_rate_of_old_entries_is_that_of_the_newer_half():
    dates = [NOW - 4 * DAY * n for n in range(10)]

    assert pytest.approx(5 / 16) == learn.learned(NEW, seen(new=10, dates=dates), now=NOW).rate


@pytest.mark.parametrize("dates", [(), (NOW,)])
def test_fewer_than_two_dates_are_no_rate(dates):
    assert None is learn.learned(NEW, seen(new=20, dates=dates), now=NOW).rate


def test_dates_in_the_future_count_as_now():
    polling = learn.learned(NEW, seen(new=3, dates=[NOW + DAY, NOW - HOUR, NOW - 2 * HOUR]), now=NOW)

    assert NOW == polling.newest


def test_a_poll_moves_the_rate_by_how_long_it_watched():
    # 2 in an hour are 48 a day; the hour is 1/60 of the 48 watched and the 12 the first dates are worth,
    # and forgets 1 - 2^(-1/24) of what was
    forgetting = 1 - 0.5 ** (1 / 24)
    polling = learn.learned(known(), seen(new=2), now=NOW)

    assert pytest.approx(24 + max(1 / 60, forgetting) * 24) == polling.rate


def test_a_poll_that_found_nothing_lowers_the_rate():
    forgetting = 1 - 0.5 ** (1 / 24)

    assert pytest.approx(24 * (1 - forgetting)) == learn.learned(known(), None, now=NOW).rate


def test_the_first_answers_weigh_like_the_time_they_watched():
    early = known(learning_since=NOW - HOUR)

    assert pytest.approx(24 + (1 / 13) * (48 - 24)) == learn.learned(early, seen(new=2), now=NOW).rate


def test_a_rate_unknown_is_the_first_one_measured():
    assert 48.0 == learn.learned(known(rate=None), seen(new=2), now=NOW).rate


def test_after_a_gap_the_dates_tell_how_much_came():
    missed = [NOW - MINUTE * 3 * n for n in range(20)]  # twenty within the hour, of who knows how many
    long_ago = known(last_success_at=NOW - DAY)
    weight = 1 - 0.5**1.0

    assert pytest.approx(24 + weight * (480 - 24)) == learn.learned(long_ago, seen(new=20, dates=missed), now=NOW).rate


def test_one_entry_that_is_all_there_is_is_no_gap():
    polling = learn.learned(known(last_success_at=NOW - DAY), seen(entries=1, new=1, dates=[NOW]), now=NOW)

    assert pytest.approx(24 + 0.5 * (1 - 24)) == polling.rate


def test_nothing_new_teaches_nothing_but_the_rate():
    before = known(entries=20, usual_entries=19.0, newest=NOW - DAY, window=DAY, rhythm=(1.0,) * 48)
    polling = learn.learned(before, None, now=NOW)

    assert (11, before.entries, before.usual_entries, before.newest, before.window, before.rhythm) == (
        polling.polls,
        polling.entries,
        polling.usual_entries,
        polling.newest,
        polling.window,
        polling.rhythm,
    )


def test_the_usual_number_of_entries_follows_slowly_and_not_at_all_to_nothing():
    usual = known(usual_entries=20.0)

    assert pytest.approx(21.0) == learn.learned(usual, seen(entries=30), now=NOW).usual_entries
    assert 20.0 == learn.learned(usual, seen(entries=0), now=NOW).usual_entries
    assert 0 == learn.learned(usual, seen(entries=0), now=NOW).entries


def test_what_is_newest_never_grows_older_and_nothing_new_keeps_its_time():
    before = known(newest=NOW - MINUTE, last_new_at=NOW - HOUR)
    polling = learn.learned(before, seen(dates=[NOW - HOUR]), now=NOW)

    assert (NOW - MINUTE, NOW - HOUR) == (polling.newest, polling.last_new_at)


def test_the_longest_silence_is_not_that_of_pinned_entries():
    pinned = [*hourly(20), NOW - 300 * DAY, NOW - 500 * DAY, NOW - 900 * DAY]

    assert HOUR == learn.learned(NEW, seen(new=23, dates=pinned), now=NOW).longest_silence


def test_of_a_few_gaps_the_longest_counts():
    assert (
        5 * DAY
        == learn.learned(
            NEW, seen(new=4, dates=[NOW, NOW - HOUR, NOW - 2 * HOUR, NOW - 5 * DAY - 2 * HOUR]), now=NOW
        ).longest_silence
    )


def test_a_silence_that_ended_is_remembered():
    before = known(newest=NOW - 5 * DAY, longest_silence=DAY)

    assert 5 * DAY == learn.learned(before, seen(new=1, dates=[NOW]), now=NOW).longest_silence
    assert DAY == learn.learned(before, seen(), now=NOW).longest_silence


# The window


def test_half_a_document_of_news_came_since_the_poll_before():
    before = known(half_since=NOW - DAY, window=10 * DAY)

    assert NOW - HOUR == learn.learned(before, seen(new=10), now=NOW).half_since
    assert NOW - DAY == learn.learned(before, seen(new=9, entries=20, dates=()), now=NOW).half_since
    dated = seen(new=12, dates=[*hourly(10, until=NOW - DAY), *[NOW - MINUTE * n for n in range(10)]])
    assert NOW - 9 * MINUTE == learn.learned(before, dated, now=NOW).half_since


def test_dates_as_old_as_the_poll_before_are_borne_out_by_it():
    dated = seen(new=0, dates=[NOW - HOUR] * 20)

    assert NOW - HOUR == learn.learned(known(half_since=NOW - DAY), dated, now=NOW).half_since
    younger = seen(new=0, dates=[NOW - HOUR + MINUTE] * 20)
    assert NOW - DAY == learn.learned(known(half_since=NOW - DAY), younger, now=NOW).half_since


def test_an_empty_document_says_nothing_of_the_window():
    before = known(half_since=NOW - DAY, window=10 * DAY)

    assert (NOW - DAY) == learn.learned(before, seen(entries=0), now=NOW).half_since


def test_dates_of_a_few_entries_only_are_not_those_of_the_document():
    assert None is learn.learned(NEW, seen(entries=20, new=20, dates=hourly(9)), now=NOW).half_since
    assert NOW - 4 * HOUR == learn.learned(NEW, seen(entries=20, new=20, dates=hourly(10)), now=NOW).half_since


def test_a_shorter_window_is_believed_at_once_and_forgotten_in_weeks():
    before = known(half_since=NOW - DAY, window=10 * HOUR, last_success_at=NOW - 14 * DAY)
    shorter = learn.learned(known(window=DAY), seen(new=0, dates=[NOW - 4 * HOUR] * 20), now=NOW)
    longer = learn.learned(before, seen(new=0, dates=[NOW - 20 * DAY] * 20), now=NOW)

    assert 8 * HOUR == shorter.window
    assert 10 * HOUR + (40 * DAY - 10 * HOUR) / 2 == longer.window


def test_a_window_has_a_floor_and_a_year_is_the_longest():
    at_once = known(window=DAY, last_success_at=NOW - MINUTE)

    assert timedelta(minutes=90) == learn.learned(at_once, seen(new=20, dates=[NOW] * 20), now=NOW).window
    assert timedelta(days=365) == learn.learned(NEW, seen(new=20, dates=[NOW - 400 * DAY] * 20), now=NOW).window


# Surprise


@pytest.mark.parametrize(
    ("rate", "new", "surprised"),
    [(1.0, 10, True), (1.0, 9, False), (12.0, 12, True), (12.0, 11, False), (0.0, 10, True)],
)
def test_ten_entries_and_four_times_what_was_expected_are_a_surprise(rate, new, surprised):
    polling = learn.learned(known(rate=rate), seen(new=new, entries=50), now=NOW)

    assert (NOW if surprised else None) == polling.surprised_at


def test_a_surprise_may_come_in_several_polls():
    dates = [NOW - 30 * MINUTE * n for n in range(11)]
    before = known(rate=1.0)

    assert NOW == learn.learned(before, seen(new=2, entries=50, dates=dates), now=NOW).surprised_at
    assert None is learn.learned(before, seen(new=0, entries=50, dates=dates), now=NOW).surprised_at
    assert None is learn.learned(before, seen(new=2, entries=50, dates=dates[:9]), now=NOW).surprised_at


@pytest.mark.parametrize(("new", "surprised"), [(24, False), (27, True)])
def test_what_is_expected_lately_goes_by_the_hours_since_then(new, surprised):
    # All it writes, ten entries a day, comes within the six hours before NOW: 6.7 of them are expected there.
    hours = [6 <= hour <= 12 for hour in range(24)]
    busy = known(rate=10.0, rhythm=(*(10.0 * hour for hour in hours), *(4.0 * hour for hour in hours)))

    assert (NOW if surprised else None) == learn.learned(busy, seen(new=new, entries=50), now=NOW).surprised_at


def test_what_came_long_ago_is_no_surprise():
    dates = [NOW - DAY - HOUR * n for n in range(40)]

    assert None is learn.learned(known(rate=1.0), seen(new=2, entries=50, dates=dates), now=NOW).surprised_at


def test_a_first_document_is_no_surprise_and_an_old_surprise_is_kept():
    assert None is learn.learned(NEW, seen(new=50, entries=50), now=NOW).surprised_at
    assert NOW - DAY == learn.learned(known(surprised_at=NOW - DAY), seen(), now=NOW).surprised_at


# The hours


def test_entries_are_counted_by_their_hour_on_weekdays_and_on_weekends():
    friday, sunday = NOW.replace(hour=7, minute=30), datetime(2026, 3, 15, 23, 10, tzinfo=UTC)
    rhythm = learn.learned(NEW, seen(entries=3, new=3, dates=[friday, friday, sunday]), now=NOW).rhythm

    assert (48, 2.0, 1.0, 3.0) == (len(rhythm), rhythm[7], rhythm[24 + 23], sum(rhythm))


def test_the_hours_are_those_of_utc():
    tehran = datetime.fromisoformat("2026-03-20T10:00:00+03:30")
    rhythm = learn.learned(NEW, seen(entries=1, new=1, dates=[tehran]), now=NOW).rhythm

    assert 1.0 == rhythm[6]


def test_what_was_counted_is_half_forgotten_after_a_fortnight_and_only_the_new_is_counted():
    before = known(rhythm=(2.0,) * 48, last_success_at=NOW - 14 * DAY)
    rhythm = learn.learned(before, seen(new=1, dates=hourly(20), new_dates=[NOW]), now=NOW).rhythm

    assert (2.0, 1.0) == (rhythm[12], rhythm[13])


def test_hours_nobody_counted_stay_empty():
    assert () == learn.learned(NEW, seen(new=20), now=NOW).rhythm


LONG_AGO = NOW - 70 * DAY  # ten weeks: of 70 days 19.57 are remembered, 13.98 of work and 5.59 of weekends


def at_noon(entries):
    return tuple(float(entries) if hour == 12 else 0.0 for hour in range(24))


def test_few_entries_tell_no_hours_and_many_do():
    assert 24.0 == learn.rate_at(known(rhythm=(39.0 / 48,) * 48, learning_since=LONG_AGO), NOW)

    noon = known(rhythm=at_noon(40) + (0.0,) * 24, learning_since=LONG_AGO)
    # 40 in 14 days of work and two of weekends are 2.50 a day, .75 at weekends; seven tenths are the hour's own
    usual = (5 * 2.503 + 2 * 0.754) / 168
    assert pytest.approx(24 * (0.15 + 0.85 * 0.7 * 2.503 / usual), rel=1e-3) == learn.rate_at(noon, NOW)
    beside = pytest.approx(24 * (0.15 + 0.85 * 0.15 * 2.503 / usual), rel=1e-3)
    assert beside == learn.rate_at(noon, NOW - HOUR)
    assert beside == learn.rate_at(noon, NOW + HOUR)
    assert pytest.approx(24 * 0.15) == learn.rate_at(noon, NOW + 2 * HOUR)
    assert pytest.approx(24 * (0.15 + 0.85 * 0.7 * 0.754 / usual), rel=1e-2) == learn.rate_at(noon, NOW + DAY)


def test_the_day_ends_where_it_begins():
    late = known(rhythm=(*[0.0] * 23, 40.0, *[0.0] * 24), learning_since=LONG_AGO)

    assert pytest.approx(learn.rate_at(late, NOW.replace(hour=22)), rel=0.05) == learn.rate_at(
        late, NOW.replace(hour=0)
    )


def test_a_weekend_nobody_has_seen_yet_is_thought_like_the_days_of_work():
    monday = NOW - 4 * DAY
    noon = known(rhythm=at_noon(40) + (0.0,) * 24, learning_since=monday)
    weeks = replace(noon, learning_since=LONG_AGO)

    assert pytest.approx(learn.rate_at(noon, NOW), rel=0.25) == learn.rate_at(noon, NOW + 0.5 * DAY + 12 * HOUR)
    assert learn.rate_at(weeks, NOW + DAY) < learn.rate_at(weeks, NOW) / 3


def test_days_of_work_nobody_has_seen_yet_are_thought_like_the_weekend():
    saturday = datetime(2026, 3, 14, 0, tzinfo=UTC)
    weekend = known(rhythm=(0.0,) * 24 + at_noon(40), learning_since=saturday)

    assert pytest.approx(learn.rate_at(weekend, saturday + 36 * HOUR), rel=0.25) == learn.rate_at(
        weekend, saturday + 60 * HOUR
    )


@pytest.mark.parametrize(
    ("since", "days", "rest"),
    [
        ("2026-03-16T00:00", 5, 0.0),  # Monday to Friday
        ("2026-03-16T00:00", 6.5, 1.5),
        ("2026-03-14T12:00", 2, 1.5),  # from noon of a Saturday
        ("2026-03-20T12:00", 8, 2.5),
        ("2026-03-15T18:00", 7, 2.0),
        ("2026-03-15T18:00", 6.75, 1.75),
    ],
)
def test_the_days_of_weekends_among_those_watched_are_counted(since, days, rest):
    began = datetime.fromisoformat(since).replace(tzinfo=UTC)
    work, weekend = learn.days_watched(known(learning_since=began), began + days * DAY)

    assert pytest.approx(rest / days) == weekend / (work + weekend)


def test_six_polls_and_a_day_are_watching():
    assert learn.watched(known(polls=6, learning_since=NOW - DAY), now=NOW)
    assert not learn.watched(known(polls=5, learning_since=NOW - DAY), now=NOW)
    assert not learn.watched(known(polls=6, learning_since=NOW - DAY + MINUTE), now=NOW)
    assert not learn.watched(NEW, now=NOW)


# Clocks


def test_dates_ahead_of_us_are_a_clock_that_is_fast():
    first = learn.learned(known(), seen(new=1, dates=[NOW + 3 * HOUR]), now=NOW)
    again = learn.learned(known(skew=2 * HOUR, skew_count=4), seen(new=1, dates=[NOW + 3 * HOUR]), now=NOW)

    assert (3 * HOUR, 1) == (first.skew, first.skew_count)
    assert (2 * HOUR + HOUR / 4, 5) == (again.skew, again.skew_count)


def test_new_dates_older_than_the_poll_before_are_a_clock_that_is_slow():
    polling = learn.learned(known(), seen(new=1, dates=[NOW - 5 * HOUR]), now=NOW)

    assert (-4.5 * HOUR, 1) == (polling.skew, polling.skew_count)


@pytest.mark.parametrize("minutes", [45, -105, 0])
def test_a_difference_of_three_quarters_of_an_hour_is_none(minutes):
    polling = learn.learned(known(skew=HOUR, skew_count=2), seen(new=1, dates=[NOW + minutes * MINUTE]), now=NOW)

    assert (None, 0) == (polling.skew, polling.skew_count)


@pytest.mark.parametrize("minutes", [46, -106])
def test_a_little_more_is_one(minutes):
    polling = learn.learned(known(), seen(new=1, dates=[NOW + minutes * MINUTE]), now=NOW)

    assert 1 == polling.skew_count


def test_a_clock_that_changes_sides_is_judged_anew_and_nothing_new_judges_nothing():
    fast = known(skew=5 * HOUR, skew_count=4)
    slow = learn.learned(fast, seen(new=1, dates=[NOW - 5 * HOUR]), now=NOW)

    assert (-4.5 * HOUR, 1) == (slow.skew, slow.skew_count)
    undated = learn.learned(fast, seen(new=1), now=NOW)
    assert (5 * HOUR, 4) == (undated.skew, undated.skew_count)


def test_one_date_ahead_of_us_among_others_is_no_clock_that_is_fast():
    dates = [NOW + 3 * HOUR, NOW - 10 * MINUTE, NOW - 20 * MINUTE]

    assert None is learn.learned(known(), seen(new=3, dates=dates), now=NOW).skew


def test_a_clock_that_is_fast_is_noticed_where_half_a_day_came_at_once():
    dates = [NOW + 5 * HOUR - n * HOUR for n in range(12)]

    assert learn.learned(known(), seen(new=12, dates=dates), now=NOW).skew == 2 * HOUR


@pytest.mark.parametrize(
    ("rates", "typical"),
    [
        ([], None),
        ([None, 0.0], None),
        ([3.0], 3.0),
        ([1.0, 1.0, 1.0, 2.0, 5.0], 2.0),  # half of ten entries: one, one, one and two
        ([1.0, 1.0, 1.0, 2.0, 6.0, None], 6.0),
        ([100.0] + [1.0] * 99, 100.0),
        ([100.0] + [1.0] * 101, 1.0),
    ],
)
def test_half_of_all_entries_come_from_sources_as_lively_as_the_typical_one(rates, typical):
    assert typical == cadence.typical(Polling(source="s", rate=rate) for rate in rates)


@pytest.mark.parametrize("keys", [{"gone": True}, {"failures": 1}])
def test_sources_that_do_not_answer_are_not_typical(keys):
    assert 4.0 == cadence.typical([Polling(source="a", rate=4.0), Polling(source="b", rate=900.0, **keys)])
