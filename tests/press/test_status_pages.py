"""The editor's status pages are written anew when they tell something else, not at every pass."""

import json
from datetime import datetime, timedelta

from feeds import store
from feeds.model import Polling
from tests.press.desk import CONFIG, NOON, held

URL = "https://one.example/feed"


def told_at(desk) -> datetime:
    told = json.loads((desk.config.private / "status" / "status.json").read_text("utf-8"))
    return datetime.fromisoformat(told["at"])


def passed(desk, number, minutes) -> datetime:
    """Publish one more entry so many minutes after noon; return when the status pages were written."""
    desk.keep(held(number))
    desk.publish(NOON + timedelta(minutes=minutes))
    return told_at(desk)


def test_they_are_told_again_after_ten_minutes(desk):
    assert [NOON, NOON, NOON + timedelta(minutes=10)] == [
        passed(desk, number, minutes) for number, minutes in enumerate((0, 9, 10))
    ]


def test_they_are_told_at_once_when_a_source_is_otherwise(desk):
    passed(desk, 1, 0)
    desk.keep(held(2))
    gone = Polling(source="one", configured_url=URL, polls=1, gone=True)
    desk.state.save([store.Poll(polling=gone)])
    desk.publish(NOON + timedelta(minutes=1))

    assert NOON + timedelta(minutes=1) == told_at(desk)


def test_they_are_told_at_once_when_they_would_read_otherwise_or_are_not_there(desk):
    passed(desk, 1, 0)
    desk.write(CONFIG.replace("title: One}", "title: Uno}"))
    assert NOON + timedelta(minutes=1) == passed(desk, 2, 1)

    (desk.config.private / "status" / "status.html").unlink()
    assert NOON + timedelta(minutes=2) == passed(desk, 3, 2)
