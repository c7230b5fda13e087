"""When a source is asked again: laws that hold whatever it answers, and what is learned from it."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import cadence
from feeds.model import Document, Failure, Gone, Hints, NotModified, Polling, Source, Validators

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SOURCE = Source(id="s", url="https://example.org/feed")
EDITOR = cadence.Settings()
HOUR = timedelta(hours=1)


def document(number=0, **keys):
    keys = {"validators": Validators(etag=str(number)), "digest": str(number), **keys}
    return Document(url=SOURCE.url, body=b"", **keys)


def after(polling, answer, seen=None, *, now, source=SOURCE, editor=EDITOR, random=0.0):
    return cadence.after(polling, answer, seen, source=source, settings=editor, now=now, random=random)


def live(*, rate, depth, days, editor=EDITOR, source=SOURCE, hints=None):
    """Poll a source that writes evenly, `rate` entries a day, for so many days; return what is remembered."""
    polling, now, shown = cadence.start(source), START, 0
    hints = hints or Hints()
    while now < START + timedelta(days=days):
        total = depth + int((now - START).total_seconds() / 86400 * rate)
        if shown and total == shown:
            polling = after(polling, NotModified(), now=now, source=source, editor=editor)
        else:
            dates = tuple(START + timedelta(days=(n - depth + 1) / rate) for n in range(total - depth, total))
            new = min(total - shown, depth) if shown else depth
            seen = cadence.Seen(entries=depth, new=new, dates=dates, new_dates=dates[depth - new :], hints=hints)
            polling = after(polling, document(total), seen, now=now, source=source, editor=editor)
        shown, now = total, max(polling.next_poll_at, now + timedelta(minutes=1))
    return polling


def wait(polling):
    return polling.next_poll_at - polling.last_polled_at


# Laws


durations = st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds))
maybe = st.none() | durations
hints_ = st.builds(
    Hints,
    ttl=maybe,
    skip_hours=st.frozensets(st.integers(0, 23), max_size=24),
    skip_days=st.frozensets(st.integers(0, 6), max_size=7),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
seen_ = st.builds(
    lambda entries, share, dates, hints: cadence.Seen(
        entries=entries, new=int(entries * share), dates=tuple(dates), new_dates=tuple(dates[:3]), hints=hints
    ),
    st.integers(0, 200),
    st.floats(0, 1),
    st.lists(moments, max_size=12),
    hints_,
)
answers = st.one_of(
    st.tuples(
        st.builds(document, st.integers(0, 99), fresh_for=maybe, moved_to=st.sampled_from([None, "https://x/"])), seen_
    ),
    st.tuples(st.builds(NotModified, fresh_for=maybe), st.none()),
    st.tuples(
        st.builds(Failure, reason=st.just("no"), status=st.sampled_from([None, 404, 429, 503]), retry_after=maybe),
        st.none(),
    ),
)
histories = st.lists(st.tuples(answers, durations, st.floats(0, 0.999)), min_size=1, max_size=12)


@given(histories)
@settings(max_examples=60, deadline=None)
def test_whatever_is_answered_the_next_poll_is_more_than_a_minute_and_at_most_a_fortnight_away(history):
    polling, now = cadence.start(SOURCE), START
    for (answer, seen), passed, random in history:
        polling = after(polling, answer, seen, now=now, random=random)

        assert not cadence.due(polling, now + timedelta(seconds=59), source=SOURCE)
        # A week of waiting, then at most a week of hours and days that the publisher closed.
        assert EDITOR.min <= wait(polling) <= timedelta(days=14, seconds=20)

        now += passed + timedelta(seconds=1)


@given(histories)
@settings(max_examples=60, deadline=None)
def test_whatever_is_answered_what_the_publisher_asked_for_is_kept(history):
    polling, now = cadence.start(SOURCE), START
    week = timedelta(days=7)
    for (answer, seen), passed, random in history:
        polling = after(polling, answer, seen, now=now, random=random)
        asked = [getattr(answer, "fresh_for", None), getattr(answer, "retry_after", None), polling.hints.ttl]

        assert all(wait(polling) >= min(span, week) for span in asked if span is not None)

        now += passed + timedelta(seconds=1)


@given(histories)
@settings(max_examples=40, deadline=None)
def test_one_success_ends_every_backoff(history):
    polling, now = cadence.start(SOURCE), START
    for (answer, seen), passed, random in history:
        polling = after(polling, answer, seen, now=now, random=random)
        now += passed + timedelta(seconds=1)
    polling = after(polling, document("ok"), cadence.Seen(entries=3, new=0), now=now)

    assert (0, None, "feed") == (polling.failures, polling.retry_until, polling.kind)


@given(histories)
@settings(max_examples=40, deadline=None)
def test_a_source_that_is_gone_stays_gone_whatever_the_time(history):
    polling, now = cadence.start(SOURCE), START
    for (answer, seen), passed, random in history:
        polling = after(polling, answer, seen, now=now, random=random)
        now += passed + timedelta(seconds=1)
    polling = after(polling, Gone(), now=now)

    assert not cadence.due(polling, now + timedelta(days=3650), source=SOURCE, whatever_the_schedule=True)


# The schedule


@pytest.mark.parametrize(
    ("answer", "hints", "hours"),
    [
        (document(), Hints(), 0.5),
        (document(fresh_for=HOUR), Hints(ttl=3 * HOUR), 3),
        (document(fresh_for=4 * HOUR), Hints(ttl=3 * HOUR), 4),
        (document(fresh_for=timedelta(minutes=5)), Hints(), 0.5),
        (document(fresh_for=timedelta(days=400)), Hints(), 168),
        (document(validators=Validators()), Hints(), 1),
        (document(), Hints(skip_hours=frozenset({6, 7})), 2),
        (document(), Hints(skip_days=frozenset({0})), 18),
        (document(), Hints(skip_hours=frozenset(range(24)), skip_days=frozenset(range(7))), 0.5),
    ],
)
def test_the_next_poll_is_the_largest_of_what_is_asked_for(answer, hints, hours):
    polling = after(cadence.start(SOURCE), answer, cadence.Seen(entries=3, new=3, hints=hints), now=START)

    assert timedelta(hours=hours) == wait(polling)


def test_sources_that_began_together_drift_apart_by_seconds_and_not_by_minutes():
    waits = [
        wait(after(cadence.start(SOURCE), document(), cadence.Seen(entries=3, new=3), now=START, random=random))
        for random in (0.0, 0.5, 0.999)
    ]

    assert sorted(set(waits)) == waits
    assert timedelta(minutes=30, seconds=20) >= waits[-1]


def test_an_interval_of_the_source_overrules_what_was_learned():
    source = replace(SOURCE, interval=timedelta(hours=2))

    assert 2 * HOUR == wait(live(rate=200, depth=50, days=5, source=source))


def test_a_lively_source_is_asked_more_often_and_a_sleepy_one_less():
    lively, sleepy = live(rate=200, depth=50, days=6), live(rate=0.5, depth=50, days=12)

    assert wait(lively) < EDITOR.interval / 2
    assert wait(sleepy) > EDITOR.interval * 4


@pytest.mark.parametrize("rate", [0.01, 0.5, 5, 50, 500, 5000])
def test_the_editors_bounds_hold_for_every_rate(rate):
    editor = cadence.Settings(interval=HOUR, min=timedelta(minutes=20), max=timedelta(hours=5))

    assert editor.min <= wait(live(rate=rate, depth=20, days=12, editor=editor)) <= editor.max + timedelta(seconds=20)


@pytest.mark.parametrize(("rate", "depth"), [(30, 5), (60, 10), (100, 15), (20, 3)])
def test_a_shallow_source_is_asked_well_within_its_window(rate, depth):
    polling = live(rate=rate, depth=depth, days=5)

    assert (0, True) == (polling.gaps, wait(polling) <= timedelta(days=depth / rate) / 2)


def test_a_source_is_asked_often_at_the_hours_it_writes_and_seldom_at_night():
    polling, now = cadence.start(SOURCE), START
    polls = {"day": 0, "night": 0}
    shown, entries = (
        0,
        [START + timedelta(hours=h, minutes=m) for h in range(24 * 21) if 3 <= h % 24 < 11 for m in (5, 25, 45)],
    )
    while now < START + timedelta(days=20):
        total = sum(1 for date in entries if date <= now)
        if total > shown or not polling.polls:
            dates = tuple(entries[max(0, total - 30) : total])
            new_dates = tuple(entries[shown:total])[-30:]
            seen = cadence.Seen(entries=len(dates), new=len(new_dates), dates=dates, new_dates=new_dates)
            polling = after(polling, document(total), seen, now=now)
        else:
            polling = after(polling, NotModified(), now=now)
        if now > START + timedelta(days=10):
            polls["day" if 9 <= now.hour < 17 else "night"] += 1
        shown, now = total, polling.next_poll_at

    assert polls["day"] / 8 > 2 * polls["night"] / 16


def burst(polling, *, new, of, now, minutes=5.0):
    """Answer `polling` with `new` entries dated within the last minutes, before them one an hour."""
    old = [now - HOUR * n for n in range(of - new, 0, -1)]
    fresh = [now - timedelta(minutes=minutes) * (n / new) for n in range(new, 0, -1)]
    seen = cadence.Seen(entries=of, new=new, dates=(*old, *fresh), new_dates=tuple(fresh))
    return after(polling, document(f"burst {now}"), seen, now=now)


def unchanged(polling, *, polls):
    """Return the waits of so many polls that find nothing new."""
    waits = []
    for _ in range(polls):
        polling = after(polling, NotModified(), now=polling.next_poll_at)
        waits.append(wait(polling))
    return waits


def test_a_burst_brings_us_back_soon_and_the_caution_passes_by_itself():
    calm = live(rate=24, depth=20, days=5)
    polling = burst(calm, new=15, of=20, now=calm.next_poll_at)
    waits = unchanged(polling, polls=12)

    assert wait(polling) < wait(calm) / 2
    assert sorted(waits[:6]) == waits[:6]
    assert min(waits[6:]) >= EDITOR.interval


def test_the_busiest_time_is_remembered_for_weeks():
    calm = live(rate=24, depth=200, days=5)
    busy = burst(calm, new=150, of=200, now=calm.next_poll_at)
    later = busy
    for _ in range(400):
        later = after(later, NotModified(), now=later.next_poll_at)

    quietest = 3 * timedelta(minutes=46)  # half of 90 minutes, and three times that at quiet hours
    assert max(unchanged(later, polls=50)) <= quietest < max(unchanged(calm, polls=50))


def test_dates_that_our_own_polls_contradict_hold_no_interval_down():
    polling, now = cadence.start(SOURCE), START
    for number in range(40):  # every document is dated to the moment it was made, and brings nothing
        seen = cadence.Seen(entries=20, new=0 if number else 20, dates=(now,) * 20, new_dates=())
        polling = after(polling, document(number), seen, now=now)
        now = polling.next_poll_at

    assert wait(polling) >= EDITOR.interval


def test_a_source_without_dates_is_asked_by_how_much_of_it_was_new():
    polling, now = cadence.start(SOURCE), START
    for number in range(8):
        polling = after(polling, document(number), cadence.Seen(entries=20, new=0 if number else 20), now=now)
        now = polling.next_poll_at
    turned = after(polling, document("turned"), cadence.Seen(entries=20, new=12), now=now)

    assert timedelta(minutes=19) <= wait(turned) <= timedelta(minutes=22)


def test_a_source_that_wakes_is_asked_as_often_as_configured_for_half_a_day():
    sleepy = live(rate=0.5, depth=50, days=20)
    awake = burst(sleepy, new=12, of=50, now=sleepy.next_poll_at)
    at_first = after(awake, NotModified(), now=awake.last_polled_at + 11 * HOUR)
    a_day_on = after(awake, NotModified(), now=awake.last_polled_at + 13 * HOUR)

    assert wait(sleepy) > 2 * EDITOR.interval
    assert (EDITOR.interval, "more came than expected") == (timedelta(minutes=30), at_first.because)
    assert EDITOR.interval <= wait(at_first) <= EDITOR.interval + timedelta(seconds=20) < wait(a_day_on)


def test_a_document_with_other_bytes_must_be_looked_into():
    with pytest.raises(ValueError, match="seen"):
        after(cadence.start(SOURCE), document(1), now=START)


# Redirects and edits


def test_an_edited_url_forgets_what_hung_on_the_old_one_and_keeps_what_was_learned():
    polling = replace(
        live(rate=50, depth=20, days=5), url="https://moved/", gone=True, retry_until=START + timedelta(days=900)
    )
    edited = replace(SOURCE, url="https://example.org/new")
    fresh = cadence.current(polling, edited)

    assert cadence.due(polling, START, source=edited)
    assert (None, Validators(), None, False, polling.rate) == (
        fresh.url,
        fresh.validators,
        fresh.retry_until,
        fresh.gone,
        fresh.rate,
    )


def test_a_redirect_that_changes_its_mind_is_proven_anew():
    polling = cadence.start(SOURCE)
    for number, target in enumerate(["https://a/", "https://b/", "https://a/"]):
        seen = cadence.Seen(entries=3, new=0 if number else 3)
        polling = after(polling, document(number, moved_to=target), seen, now=START + number * HOUR)

    assert (None, "https://a/", 1) == (polling.url, polling.candidate, polling.candidate_count)


def test_a_redirect_to_another_feed_is_no_proof():
    polling = cadence.start(SOURCE)
    for number in range(4):
        seen = cadence.Seen(entries=3, new=3, title=f"Feed {number}")
        moved = "https://a/" if number else None
        polling = after(polling, document(number, moved_to=moved), seen, now=START + number * HOUR)

    assert (None, 0) == (polling.url, polling.candidate_count)


def test_another_feed_becomes_no_proof_by_being_seen_again():
    polling = after(cadence.start(SOURCE), document(0), cadence.Seen(entries=3, new=3, title="Ours"), now=START)
    strange = cadence.Seen(entries=3, new=3, title="Theirs")
    answers = [(document(1, moved_to="https://a/"), strange), (Failure(reason="500", status=500), None)]
    answers += [(document(1, moved_to="https://a/"), None)] * 3
    answers += [(document(2, moved_to="https://a/"), replace(strange, new=1))] * 3
    for number, (answer, seen) in enumerate(answers):
        polling = after(polling, answer, seen, now=START + (number + 1) * HOUR)

    assert (None, 0) == (polling.url, polling.candidate_count)


def test_a_redirect_to_a_feed_without_entries_proves_nothing():
    polling = after(cadence.start(SOURCE), document(0), cadence.Seen(entries=3, new=3, title="Ours"), now=START)
    for number in range(4):
        seen = None if number else cadence.Seen(entries=0, new=0, title="Ours")
        polling = after(polling, document("empty", moved_to="https://a/"), seen, now=START + (number + 1) * HOUR)

    assert (None, 0) == (polling.url, polling.candidate_count)


def test_of_a_document_cut_off_before_its_end_no_validator_is_kept():
    whole = replace(document("whole"), validators=Validators(etag='"whole"'))
    polling = after(cadence.start(SOURCE), whole, cadence.Seen(entries=3, new=3), now=START)
    part = replace(document("part"), validators=Validators(etag='"part"'))
    polling = after(polling, part, cadence.Seen(entries=2, new=0, cut=True), now=START + HOUR)

    assert ('"whole"', whole.digest) == (polling.validators.etag, polling.digest)
    assert "cut off" in polling.answer


# The gap alarm


def test_a_poll_that_shares_nothing_with_the_last_is_a_gap_and_tightens_the_interval():
    calm = live(rate=100, depth=20, days=5)
    now = calm.next_poll_at + timedelta(hours=12)
    polling = after(calm, document("x"), cadence.Seen(entries=20, new=20), now=now)

    assert (1, now, "gap") == (polling.gaps, polling.gap_at, cadence.state(polling, now).word)
    assert 10 <= polling.gap_lost <= 60
    assert wait(polling) <= EDITOR.interval / 2


def test_a_gap_tightens_the_interval_of_a_server_without_validators_too():
    polling = after(
        cadence.start(SOURCE), document(1, validators=Validators()), cadence.Seen(entries=20, new=20), now=START
    )
    gently = wait(polling)
    polling = after(
        polling, document(2, validators=Validators()), cadence.Seen(entries=20, new=20), now=polling.next_poll_at
    )

    assert gently > EDITOR.interval > wait(polling)


@pytest.mark.parametrize(
    "seen", [cadence.Seen(entries=20, new=19), cadence.Seen(entries=0, new=0), None], ids=["one known", "empty", "same"]
)
def test_what_is_no_gap_raises_no_alarm(seen):
    calm = live(rate=100, depth=20, days=5)
    answer = document(calm.digest) if seen is None else document("x")

    assert 0 == after(calm, answer, seen, now=calm.next_poll_at).gaps


def test_a_first_poll_and_one_after_an_empty_document_are_no_gaps():
    polling = after(cadence.start(SOURCE), document(1), cadence.Seen(entries=0, new=0), now=START)
    polling = after(polling, document(2), cadence.Seen(entries=5, new=5), now=START + HOUR)

    assert 0 == polling.gaps


# What the editor is told


def test_hints_that_outlast_the_window_show_the_loss_and_may_be_overruled():
    hints = Hints(ttl=timedelta(days=2))
    obeyed = live(rate=100, depth=20, days=20, hints=hints)
    overruled = live(rate=100, depth=20, days=20, hints=hints, source=replace(SOURCE, ignore_hints=True))

    assert pytest.approx(90, abs=10) == obeyed.expected_loss  # of 100 a day, 20 are seen every other day
    assert any("ignore_hints" in note for note in cadence.state(obeyed, START).notes)
    assert (None, True) == (overruled.expected_loss, wait(overruled) < HOUR)


def silent(polling, days, *, changed=True):
    """Poll daily for so many days without a new entry."""
    now = polling.last_polled_at
    for day in range(days):
        now += timedelta(days=1)
        seen = cadence.Seen(entries=20, new=0) if changed else None
        polling = after(polling, document(f"d{day}") if changed else NotModified(), seen, now=now)
    return cadence.state(polling, now)


def test_a_source_gone_quiet_against_its_own_rhythm_is_told():
    assert "quiet" == silent(live(rate=24, depth=20, days=10), 6).word


def test_a_weekend_and_a_holiday_are_not_quiet():
    assert "ok" == silent(live(rate=24, depth=20, days=10), 3).word


def test_a_source_that_writes_weekly_is_not_quiet_after_a_week():
    assert "ok" == silent(live(rate=0.15, depth=20, days=30), 8).word


def test_a_frozen_source_is_told():
    assert "frozen" == silent(live(rate=24, depth=20, days=10), 12, changed=False).word


@pytest.mark.parametrize("entries", [0, 3])
def test_a_source_shrunk_to_nothing_is_told(entries):
    calm = live(rate=24, depth=20, days=5)
    polling = after(calm, document("x"), cadence.Seen(entries=entries, new=0), now=calm.next_poll_at)

    assert "shrunk" == cadence.state(polling, calm.next_poll_at).word


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Failure(reason="a page", kind="not-a-feed", feed_link="https://example.org/f"), "html"),
        (Failure(reason="empty", kind="empty"), "shrunk"),
        (Failure(reason="Cloudflare", kind="wall"), "wall"),
        (Failure(reason="500", kind="status", status=500), "failing"),
        (Gone(), "gone"),
    ],
)
def test_what_answers_instead_of_a_feed_is_told_in_a_word(answer, word):
    polling = after(live(rate=24, depth=20, days=3), answer, now=START + timedelta(days=4))

    assert word == cadence.state(polling, START + timedelta(days=4)).word
    assert getattr(answer, "feed_link", None) == polling.feed_link


def test_a_source_never_asked_is_new():
    assert "new" == cadence.state(cadence.start(SOURCE), START).word


@pytest.mark.parametrize(("off_hours", "side"), [(5, "ahead"), (-6, "behind")])
def test_a_clock_or_zone_that_is_wrong_is_noticed(off_hours, side):
    polling = cadence.start(SOURCE)
    for hour in range(8):
        now = START + hour * HOUR
        date = now - timedelta(minutes=10) + timedelta(hours=off_hours)
        seen = cadence.Seen(entries=20, new=20 if not hour else 1, dates=(date,), new_dates=(date,))
        polling = after(polling, document(hour), seen, now=now)
    notes = " ".join(cadence.state(polling, now).notes)

    assert (True, abs(off_hours)) == (side in notes, pytest.approx(abs(polling.skew / HOUR), abs=0.8))


def test_a_clock_that_is_right_is_not_doubted():
    polling = live(rate=48, depth=20, days=6)

    assert (None, 0) == (polling.skew, polling.skew_count)


# Start times


def test_start_times_are_spread_and_those_of_one_host_far_apart():
    sources = [Source(id=f"{host}{n}", url=f"https://{host}.example/{n}") for n in range(5) for host in "ab"]
    starts = cadence.spread(sources, timedelta(seconds=50))
    of_a = sorted(start for source, start in zip(sources, starts, strict=True) if source.id.startswith("a"))

    assert len(starts) == len(set(starts))
    assert {timedelta(seconds=10)} == {later - sooner for sooner, later in itertools.pairwise(of_a)}
    assert timedelta() <= min(starts) <= max(starts) < timedelta(seconds=50)


def test_a_start_for_nobody_is_nothing():
    assert () == cadence.spread((), timedelta(seconds=50))


def test_the_remembered_is_facts_that_survive_a_round_of_words():
    assert Polling(source="s", configured_url=SOURCE.url) == cadence.start(SOURCE)
