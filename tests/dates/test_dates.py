"""Dates as publishers of many countries write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import dates


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 06 Sep 2021 10:00:00 +0600", "2021-09-06T10:00:00+06:00"),
        ("Tue, 05 Nov 24 10:00 EST", "2024-11-05T10:00:00-05:00"),
        ("Sun, 24 Nov 2024 10:00:00 MSK", "2024-11-24T10:00:00+03:00"),
        ("Tue, 5 Nov 2024 10:00:00 GMT+5", "2024-11-05T10:00:00+05:00"),
        ("2021-09-06T10:00:00Z", "2021-09-06T10:00:00+00:00"),
        ("2021-09-06T10:00:00.123456+05:30", "2021-09-06T10:00:00+05:30"),
        ("2024-11-05 24:00:00", "2024-11-06T00:00:00+00:00"),
        ("20241105T101112Z", "2024-11-05T10:11:12+00:00"),
        ("2024-11-05", "2024-11-05T00:00:00+00:00"),
        ("05.11.2024 12:30", "2024-11-05T12:30:00+00:00"),
        ("11/25/2024 01:02 PM", "2024-11-25T13:02:00+00:00"),
        ("06 сентября 2021, 10:00", "2021-09-06T10:00:00+00:00"),
        ("Пн, 04 ноя 2024 10:00:00 +0300", "2024-11-04T10:00:00+03:00"),
        ("5 қараша 2024", "2024-11-05T00:00:00+00:00"),
        ("5 Kasım 2024 Salı 10:00", "2024-11-05T10:00:00+00:00"),
        ("5 noyabr 2024 10:00", "2024-11-05T10:00:00+00:00"),
        ("٥ نوفمبر ٢٠٢٤ ١٠:٠٠", "2024-11-05T10:00:00+00:00"),
        ("2024年11月5日 10:00", "2024-11-05T10:00:00+00:00"),
        ("۱۵ آبان ۱۴۰۳ ساعت ۱۴:۳۰", "2024-11-05T14:30:00+00:00"),
        ("1403/08/15 14:30", "2024-11-05T14:30:00+00:00"),
        ("1403-01-01", "2024-03-20T00:00:00+00:00"),
        ("1399/12/30", "2021-03-20T00:00:00+00:00"),
    ],
)
def test_a_date_is_read_with_the_offset_it_was_written_with(written, moment):
    found = dates.parse(written)

    assert found is not None
    assert moment == found.isoformat()


@pytest.mark.parametrize(
    "written",
    [
        "garbage",
        "",
        "-0001-11-30T00:00:00+00:00",
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "2024-02-30",
        "9" * 50,
        "0000-00-00",
    ],
)
def test_what_makes_no_sense_is_no_date(written):
    assert None is dates.parse(written)


@given(st.text() | st.from_regex(r"\d{1,4}[-/. ]\d{1,4}[-/. ]\d{1,4}[ T]\d{1,3}:\d{1,3} ?[A-Z+-]{0,4}\d{0,6}"))
def test_any_text_gives_an_aware_moment_or_none(written):
    found = dates.parse(written)

    assert found is None or (found.utcoffset() is not None and found.year >= dates.MIN_YEAR)
