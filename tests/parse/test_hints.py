"""What a document says of when to ask again."""

from datetime import timedelta

import pytest

from feeds.parse import shape


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("<ttl>90</ttl>", 90), ("<ttl> 0060 </ttl>", 60), ("<ttl>99999999999</ttl>", shape.MAX_TTL_MINUTES)],
)
def test_a_ttl_is_minutes_and_one_beyond_reason_is_long(said, minutes):
    assert timedelta(minutes=minutes) == shape.hints(f"<rss><channel>{said}<item/></channel></rss>").ttl


@pytest.mark.parametrize("said", ["<ttl>0</ttl>", "<ttl>soon</ttl>", "<ttl>-5</ttl>", "<item><ttl>90</ttl></item>"])
def test_a_ttl_that_says_nothing_is_none(said):
    assert shape.hints(f"<rss><channel>{said}</channel></rss>").ttl is None
