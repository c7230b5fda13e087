"""What a document says of when to ask again."""

from datetime import timedelta

import pytest

from feeds.parse import hints


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("<ttl>90</ttl>", 90),
        ("<ttl> 0060 </ttl>", 60),
        ("<ttl>+90</ttl>", 90),
        ("<ttl>90.0</ttl>", 90),
        ('<ttl unit="minutes">90</ttl>', 90),
        ("<ttl><![CDATA[90]]></ttl>", 90),
        ("<!-- <ttl>5</ttl> --><TTL>90</TTL>", 90),
        ("<ttl>99999999999</ttl>", hints.MAX_TTL_MINUTES),
        ("<ttl>99999999999999999999999999</ttl>", hints.MAX_TTL_MINUTES),
    ],
)
def test_a_ttl_is_minutes_and_one_beyond_reason_is_long(said, minutes):
    assert timedelta(minutes=minutes) == hints.of(f"<rss><channel>{said}<item/></channel></rss>").ttl


@pytest.mark.parametrize(
    "said",
    [
        "<ttl>0</ttl>",
        "<ttl>soon</ttl>",
        "<ttl>-5</ttl>",
        "<item><ttl>90</ttl></item>",
        "<!--<ttl>90</ttl>-->",
        "<!-- <ttl>90</ttl>",
        "<x:ttl>90</x:ttl>",
        "<sy:updatePeriod>biweekly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>",
        "<sy:updatePeriod>every-second-week</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>",
    ],
)
def test_a_ttl_that_says_nothing_is_none(said):
    assert hints.of(f"<rss><channel>{said}</channel></rss>").ttl is None


@pytest.mark.parametrize(
    "said",
    [
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
        "<syn:updatePeriod>daily</syn:updatePeriod><syn:updateFrequency>4</syn:updateFrequency>",
        "<sy:updatePeriod><![CDATA[ Daily ]]></sy:updatePeriod><sy:updateFrequency> 4 </sy:updateFrequency>",
        "<sy:updateFrequency>4</sy:updateFrequency>",
        "<sy:updatePeriod></sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
    ],
)
def test_an_update_period_is_parted_by_its_frequency_whatever_its_prefix(said):
    assert timedelta(hours=6) == hints.of(f"<rss><channel>{said}<item/></channel></rss>").ttl


def test_an_hour_to_skip_is_read_in_cdata_too():
    assert {8} == hints.of("<rss><channel><skipHours><hour><![CDATA[8]]></hour></skipHours></channel></rss>").skip_hours
