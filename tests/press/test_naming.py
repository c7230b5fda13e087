"""A source is known by what its feed says of itself where the editor says nothing, and not by every whim of it."""

from datetime import timedelta

import pytest

from feeds.model import Polling
from feeds.store import Poll
from tests.press.desk import CONFIG, NOON, Desk, held

UNNAMED = CONFIG.replace(", title: One}", "}")


def says(desk, title, link="https://one.example/"):
    polling = Polling(source="one", configured_url="https://one.example/feed", title=title, link=link)
    assert not desk.state.save([Poll(polling=polling)])


@pytest.fixture
def unnamed(tmp_path):
    desk = Desk(tmp_path, UNNAMED)
    desk.keep(*map(held, range(3)))
    says(desk, "One & Only")
    desk.publish()
    return desk


def test_every_format_tells_the_feeds_own_title_and_page(unnamed):
    attribution = 'From: &lt;a href="https://one.example/"&gt;One &amp;amp; Only&lt;/a&gt;'

    assert attribution in unnamed.file("all.atom")
    assert "<title>One &amp; Only</title>" in unnamed.file("all.atom")
    assert '<link href="https://one.example/" rel="alternate"/>' in unnamed.file("all.atom")
    assert "One &#x26; Only</source>" in unnamed.file("all.xml")
    assert '"link": "https://one.example/"' in unnamed.file("all.json")
    assert '<bdi class="source">One &amp; Only</bdi>' in unnamed.file("all.html")
    assert "One &amp; Only" in (unnamed.config.private / "status" / "sources.opml").read_text("utf-8")


def test_the_editors_title_goes_before_the_feeds_own(tmp_path):
    desk = Desk(tmp_path)
    desk.keep(held(1))
    says(desk, "Home | One | News")
    desk.publish()

    assert "Home | One" not in desk.file("all.atom")
    assert '<link href="https://one.example/" rel="alternate"/>' in desk.file("all.atom")


def test_a_title_that_changes_at_every_poll_writes_nothing(unnamed):
    written = []
    for hour in range(1, 48):
        says(unnamed, f"One, {hour} o'clock")
        written += unnamed.publish(NOON + timedelta(hours=hour)).written

    assert [] == written


def test_a_publisher_who_takes_another_name_is_told_by_it_in_every_file_after_a_week(unnamed):
    says(unnamed, "Two and a half")
    unnamed.publish(NOON + timedelta(days=6))
    early = unnamed.file("all.atom")
    for minutes in range(2):
        unnamed.publish(NOON + timedelta(days=8, minutes=minutes))

    assert "One &amp; Only" in early
    assert 3 == unnamed.file("all.atom").count("<title>Two and a half</title>")
    assert "Only" not in unnamed.file("all.html") + unnamed.file("all.json") + unnamed.file("all.xml")


def test_no_file_tells_the_password_in_an_address(tmp_path):
    desk = Desk(tmp_path, UNNAMED.replace("https://one.example", "https://editor:hush@one.example"))
    desk.keep(held(1))
    desk.publish()

    assert "<id>https://one.example/feed</id>" in desk.file("all.atom")
    assert not [path for path, body in desk.tree().items() if b"hush" in body]
