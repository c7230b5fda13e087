"""The window of a service is the one that a fresh process would read."""

from datetime import UTC, datetime, timedelta

import pytest

from feeds import dedupe, store
from feeds.model import Entry, Held, Polling, Tags
from feeds.store import Kept, Poll, Wording
from feeds.window import Window

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def state():
    with store.open("sqlite://") as opened:
        yield opened


def save(state, number, at=NOW):
    title, body = f"Border talks, round {number}", f"Ministers met for round {number} of the talks in Astana."
    link = f"https://news.example/{number}"
    entry = Entry(id=link, link=link, title=title, summary=body, published=at, language="en")
    held = Held(entry=entry, source="news", first_seen=at, changed=at, tags=Tags())
    sketch = dedupe.of_text(title=title, body=body, link=link).pack()
    wording = Wording(entry=link, place=(at, link, "news"), at=at, seen=at, sketch=sketch)
    assert not state.save([Poll(polling=Polling(source="news"), kept=(Kept(held=held),), wordings=(wording,))])


def test_a_window_is_not_read_again_after_our_own_save(state):
    save(state, 1)
    window = Window(state)
    first = window.live(NOW)
    save(state, 2)
    window.saved()
    assert window.live(NOW + timedelta(seconds=10)) is first


def test_what_another_hand_saved_is_read(state):
    save(state, 1)
    window = Window(state)
    window.live(NOW)
    window.saved()
    save(state, 2)
    assert len(window.live(NOW).copies) == 2


def test_a_window_that_was_told_of_what_was_not_saved_is_read_again(state):
    save(state, 1)
    window = Window(state)
    told = window.live(NOW)
    title = "An entry that a full disk kept from being saved"
    told.copies.add("https://news.example/lost", dedupe.of_text(title=title, body="", link=None), NOW)
    assert len(window.live(NOW).copies) == 1


def test_what_left_the_window_leaves_the_memory_within_a_day(state):
    save(state, 1, at=NOW - timedelta(days=6, hours=20))
    save(state, 2)
    window = Window(state)
    assert len(window.live(NOW).copies) == 2
    window.saved()
    assert len(window.live(NOW + timedelta(hours=13)).copies) == 1


def test_a_window_nothing_asks_for_is_let_go(state):
    save(state, 1)
    window = Window(state)
    first = window.live(NOW)
    window.saved()
    window.rest(NOW + timedelta(minutes=5))
    assert window.live(NOW + timedelta(minutes=6)) is first
    window.saved()
    window.rest(NOW + timedelta(minutes=30))
    assert window.live(NOW + timedelta(minutes=30)) is not first
