"""What headers mean, without a network."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from feeds.fetch import headers
from feeds.model import Validators

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
LATER = b"Mon, 02 Mar 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ([(b"Retry-After", b"120")], timedelta(minutes=2)),
        ([(b"retry-after", b" 120 ")], timedelta(minutes=2)),
        ([(b"Retry-After", b"120.5")], timedelta(minutes=2)),
        ([(b"Retry-After", LATER)], timedelta(hours=2)),
        ([(b"Retry-After", b"0")], timedelta()),
        ([(b"Retry-After", b"Mon, 02 Mar 2026 05:00:00 GMT")], timedelta()),
        ([(b"Retry-After", b"soon")], None),
        ([(b"Retry-After", b"-5")], None),
        ([(b"Retry-After", b"999999999999")], timedelta(days=3650)),
        ([], None),
    ],
)
def test_retry_after_is_read_in_both_forms(said, wait):
    assert wait == headers.retry_after(said, now=NOW)


def test_a_date_without_a_zone_is_utc_wherever_we_stand(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Almaty")
    time.tzset()
    try:
        waited = headers.retry_after([(b"Retry-After", b"Mon, 02 Mar 2026 08:00:00 -0000")], now=NOW)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert timedelta(hours=2) == waited


def test_a_date_of_a_server_whose_clock_is_fast_is_read_by_its_own_clock():
    said = [(b"Retry-After", LATER), (b"Date", b"Mon, 02 Mar 2026 07:30:00 GMT")]

    assert timedelta(minutes=30) == headers.retry_after(said, now=NOW)


def test_a_date_of_a_server_whose_clock_is_slow_never_makes_us_wait_longer():
    said = [(b"Retry-After", LATER), (b"Date", b"Mon, 02 Mar 2026 01:00:00 GMT")]

    assert timedelta(hours=2) == headers.retry_after(said, now=NOW)


@pytest.mark.parametrize(
    ("said", "fresh"),
    [
        ([], None),
        ([(b"Cache-Control", b"public")], None),
        ([(b"Cache-Control", b"max-age=60")], timedelta(minutes=1)),
        ([(b"Cache-Control", b"public , Max-Age = 60")], timedelta(minutes=1)),
        ([(b"Cache-Control", b"private"), (b"Cache-Control", b"max-age=60")], timedelta(minutes=1)),
        ([(b"Cache-Control", b"max-age=60"), (b"Age", b"90")], timedelta()),
        ([(b"Cache-Control", b'private="a, max-age=1", max-age=60')], timedelta(minutes=1)),
        ([(b"Cache-Control", b'max-age="60')], timedelta(minutes=1)),
        ([(b"Cache-Control", b"max-age=60"), (b"Expires", LATER)], timedelta(minutes=1)),
        ([(b"Cache-Control", b"s-maxage=60")], None),
        ([(b"Cache-Control", b"no-store"), (b"Expires", LATER)], timedelta()),
        ([(b"Expires", LATER)], timedelta(hours=2)),
        ([(b"Expires", LATER), (b"Date", b"Mon, 02 Mar 2026 07:00:00 GMT")], timedelta(hours=1)),
        ([(b"Expires", b"-1")], timedelta()),
    ],
)
def test_freshness_is_what_rfc_9111_makes_of_it(said, fresh):
    assert fresh == headers.fresh_for(said, now=NOW)


def test_validators_are_opaque_and_the_first_of_two_counts():
    said = [(b"ETag", b' W/"a b" '), (b"etag", b'"second"'), (b"Last-Modified", b"tomorrow")]

    assert Validators(etag='W/"a b"', last_modified="tomorrow") == headers.validators(said)


def test_what_was_not_given_is_not_asked_with():
    assert [] == headers.conditions(Validators())
