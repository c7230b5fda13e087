"""What an editor is told of a source, to the letter, and from when on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds import cadence
from feeds.model import Polling

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WELL = Polling(
    source="s",
    polls=40,
    entries=20,
    usual_entries=20.0,
    last_polled_at=NOW,
    last_success_at=NOW,
    last_new_at=NOW,
    newest=NOW,
    changed_at=NOW,
    longest_silence=2 * DAY,
)


def told(**keys):
    state = cadence.state(replace(WELL, **keys), NOW)
    return state.word, state.notes


@pytest.mark.parametrize(
    ("keys", "word", "note"),
    [
        ({"gone": True, "failures": 1}, "gone", "410 Gone: not asked again until its URL is edited"),
        ({"failures": 1, "kind": "status", "answer": "404 Not Found"}, "failing", "404 Not Found (1 time in a row)"),
        ({"failures": 3, "kind": "dns", "answer": "no name"}, "failing", "no name (3 times in a row)"),
        ({"failures": 2, "kind": "wall", "answer": "a wall"}, "wall", "a wall (2 times in a row)"),
        ({"failures": 2, "kind": "not-a-feed", "answer": "a page"}, "html", "a page (2 times in a row)"),
        ({"failures": 2, "kind": "empty", "answer": "nothing"}, "shrunk", "nothing (2 times in a row)"),
        ({"entries": 3}, "shrunk", "3 entries where there are usually 20"),
        (
            {"newest": NOW - 7 * DAY},
            "quiet",
            "no new entry for 7 days, which is not its rhythm",
        ),
        (
            {"newest": NOW - 13 * DAY, "changed_at": NOW - 13 * DAY},
            "frozen",
            "not a byte has changed for 13 days",
        ),
        (
            {"gap_at": NOW, "gap_lost": 12},
            "gap",
            "the last poll shared no entry with what we held: some were probably lost, about 12 entries",
        ),
        (
            {"gap_at": NOW},
            "gap",
            "the last poll shared no entry with what we held: some were probably lost",
        ),
        (
            {"gap_at": NOW - 10 * HOUR},
            "gap",
            "the poll of 02:00 UTC shared no entry with what we held: some were probably lost",
        ),
        (
            {"expected_loss": 4.5},
            "ok",
            "its hints outlast its window: about 4.5 entries a day are lost (ignore_hints)",
        ),
        ({"skew": 3 * HOUR, "skew_count": 3}, "ok", "its clock is about 3.0 h ahead: set `timezone`"),
        ({"skew": -1.5 * HOUR, "skew_count": 9}, "ok", "its clock is about 1.5 h behind: set `timezone`"),
    ],
)
def test_what_is_wrong_is_told_in_a_word_and_a_line(keys, word, note):
    assert (word, (note,)) == told(**keys)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"entries": 4},  # a fifth of the usual is not shrunk to nothing
        {"usual_entries": None, "entries": 0},
        {"newest": NOW - 6 * DAY},  # three times its longest silence
        {"newest": NOW - 4 * DAY, "longest_silence": None},  # a weekend and a holiday
        {"newest": None, "last_new_at": None},
        {"last_success_at": None, "newest": NOW - 90 * DAY},
        {"gap_at": NOW - DAY},
        {"skew": 3 * HOUR, "skew_count": 2},  # twice may be a cached page
    ],
)
def test_what_is_not_wrong_is_not_told(keys):
    assert ("ok", ()) == told(**keys)


def test_after_sixty_days_anyone_is_silent():
    long = told(newest=NOW - 61 * DAY, longest_silence=90 * DAY)
    just = told(newest=NOW - 60 * DAY, longest_silence=90 * DAY)

    assert ("ok", ()) == just
    assert ("quiet", ("no new entry for 61 days, which is not its rhythm",)) == long


@pytest.mark.parametrize(("days", "word"), [(4.0, "ok"), (4.01, "quiet"), (9.0, "quiet")])
def test_four_days_are_the_least_that_is_silence(days, word):
    assert word == told(newest=NOW - days * DAY, longest_silence=HOUR)[0]


@pytest.mark.parametrize(("days", "word"), [(8.0, "quiet"), (8.01, "frozen")])
def test_twice_as_long_without_a_changed_byte_is_frozen(days, word):
    keys = {"newest": NOW - 30 * DAY, "longest_silence": HOUR, "changed_at": NOW - days * DAY}

    assert word == told(**keys)[0]


def test_without_dates_the_last_new_entry_speaks():
    assert "quiet" == told(newest=None, last_new_at=NOW - 7 * DAY)[0]


def test_the_worst_comes_first_and_all_is_told():
    word, notes = told(failures=2, kind="status", answer="500", entries=1, skew=3 * HOUR, skew_count=5)

    assert ("failing", 3) == (word, len(notes))
    assert ["500", "1", "its"] == [note.split()[0] for note in notes]


def test_a_source_without_a_successful_poll_is_new():
    assert ("new", ()) == told(polls=0)


@pytest.mark.parametrize(
    ("country", "now", "days", "word"),
    [
        ("IR", datetime(2026, 4, 3, tzinfo=UTC), 13, "ok"),  # Nowruz lasts to the evening of this day
        ("IR", datetime(2026, 4, 8, tzinfo=UTC), 18, "ok"),  # and four days are nobody's silence
        ("IR", datetime(2026, 4, 8, 1, tzinfo=UTC), 18, "quiet"),
        ("GB", datetime(2026, 4, 3, tzinfo=UTC), 13, "quiet"),
        (None, datetime(2026, 4, 3, tzinfo=UTC), 13, "quiet"),
        ("RU", datetime(2027, 1, 9, tzinfo=UTC), 9, "ok"),  # the turn of the year
        ("KZ", datetime(2026, 3, 27, tzinfo=UTC), 9, "ok"),  # Eid al-Fitr and Nowruz, each day once
        ("KZ", datetime(2026, 4, 1, 1, tzinfo=UTC), 14, "quiet"),
        ("CN", datetime(2026, 2, 25, tzinfo=UTC), 9, "ok"),
        ("CN", datetime(2025, 2, 25, tzinfo=UTC), 9, "quiet"),  # another year's moon
    ],
)
def test_the_long_holidays_of_its_country_are_no_silence(country, now, days, word):
    polling = replace(WELL, newest=now - days * DAY, longest_silence=HOUR, last_success_at=now, changed_at=now)

    assert word == cadence.state(polling, now, country=country).word


@pytest.mark.parametrize(("country", "word"), [("IR", "quiet"), ("GB", "frozen")])
def test_a_holiday_freezes_nobody(country, word):
    now = datetime(2026, 4, 9, 12, tzinfo=UTC)
    keys = {"newest": now - 40 * DAY, "longest_silence": HOUR, "changed_at": now - 20 * DAY, "last_success_at": now}

    assert word == cadence.state(replace(WELL, **keys), now, country=country).word
