"""A legal demand reaches every file, however old, and whatever the entry was called there."""

import gzip
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest

from feeds import config, hand, store
from feeds.model import Copy, Polling
from tests.press.desk import CONFIG, NOON, Desk, held

LATER = NOON + timedelta(days=75)
PACKED = CONFIG.replace("sources:", "output: {compress: [gzip, br]}\nsources:", 1)
SHORT = PACKED.replace('match: "region:kz"', 'match: "region:kz", limit: 4')
UNPACK = {"gz": gzip.decompress, "br": brotli.decompress}


def decide(desk, *lines):
    (desk.folder / "hand.yaml").write_text("".join(f"- {line}\n" for line in lines), "utf-8")


def withdrawal(name, at=LATER):
    return f'{{at: {at.isoformat()}, act: withdraw, entry: "{name}", by: a court}}'


def where(desk, text):
    """Return the files that hold a text, compressed copies read."""
    found = []
    for path, body in desk.tree().items():
        plain = UNPACK.get(path.rsplit(".", 1)[-1], bytes)(body)
        if text.encode() in plain:
            found.append(path)
    return found


@pytest.fixture
def old(tmp_path):
    """Return a desk whose entries have left the feeds and stand in closed archives alone."""
    desk = Desk(tmp_path, PACKED)
    desk.keep(*(held(n) for n in range(4)))
    desk.publish()
    desk.publish(NOON + timedelta(days=40))
    desk.publish(LATER - timedelta(hours=2))
    assert where(desk, "Matter 2")
    assert not [path for path in where(desk, "Matter 2") if not path.startswith("archive/")]
    return desk


@pytest.mark.parametrize("name", ["https://one.example/2", "https://one.example/2?utm_source=feed#top"])
def test_it_leaves_closed_archives_and_their_compressed_copies_by_id_and_by_link(old, name):
    decide(old, withdrawal(name))
    old.publish(LATER)

    assert [] == where(old, "Matter 2")
    assert [] == where(old, "said of matter 2")
    assert where(old, "Matter 1")


def test_it_leaves_the_packed_copies_of_the_feed_that_shows_it(tmp_path):
    desk = Desk(tmp_path, PACKED)
    desk.keep(*map(held, range(4)))
    desk.publish()
    shown = {path.rsplit(".", 1)[-1] for path in where(desk, "Matter 2")}
    decide(desk, withdrawal("https://one.example/2", at=NOON))
    desk.publish(NOON + timedelta(hours=1))

    assert {"gz", "br"} < shown
    assert [] == where(desk, "Matter 2")


def test_it_leaves_an_archive_that_was_packed_while_its_month_ran(tmp_path):
    desk = Desk(tmp_path, SHORT)
    for number in range(20, 0, -1):
        desk.keep(held(number))
        desk.publish(NOON + timedelta(hours=20 - number))
    running = [path for path in where(desk, "Matter 17") if path.startswith("archive/")]
    desk.publish(NOON + timedelta(days=40))
    closed = [path for path in where(desk, "Matter 17") if path.startswith("archive/")]
    decide(desk, withdrawal("https://one.example/17"))
    desk.publish(LATER)

    assert any(path.endswith(".br") for path in running)
    assert not any(path.endswith((".gz", ".br")) for path in closed)
    assert closed
    assert [] == where(desk, "Matter 17")


def test_a_notice_under_the_same_id_meets_readers_in_the_feed_of_today(old):
    decide(old, withdrawal("https://one.example/2"))
    old.publish(LATER)

    assert "https://one.example/2" in old.file("kazakhstan.atom")
    assert "This entry has been withdrawn." in old.file("kazakhstan.atom")


def test_what_the_store_has_forgotten_leaves_the_archives_by_its_link(old):
    old.state.prune(keep=timedelta(days=30), now=LATER)
    decide(old, withdrawal("https://one.example/2"))
    old.publish(LATER)

    assert [] == where(old, "Matter 2")


def test_a_publishers_copy_leaves_with_it_and_neither_returns(old):
    copy = Copy(source="two", title="Matter 2 told", link="https://two.example/b")
    fresh = replace(held(2), first_seen=LATER, copies=(copy,))
    version = store.Version(
        source="two", key="b", entry="https://one.example/2", digest=b"", link="https://two.example/b"
    )
    old.state.save([store.Poll(polling=Polling(source="two"), kept=(store.Kept(held=fresh),), versions=(version,))])
    decide(old, withdrawal("https://two.example/b"))
    old.publish(LATER + timedelta(hours=1))

    assert [] == where(old, "Matter 2")


def test_the_notice_speaks_the_language_of_the_feed(tmp_path):
    desk = Desk(tmp_path, CONFIG.replace('match: "region:kz"', 'match: "region:kz", language: kk'))
    desk.keep(held(1))
    decide(desk, withdrawal("https://one.example/1", at=NOON))
    desk.publish()

    assert "Бұл жазба қайтарып алынды." in desk.file("kazakhstan.atom")
    assert "This entry has been withdrawn." in desk.file("all.atom")


def test_who_asked_stands_in_the_log(tmp_path):
    desk = Desk(tmp_path)
    decide(desk, withdrawal("https://one.example/1"))

    assert "a court" == hand.load(config.load(tmp_path / "config.yaml", environ={}).hand).decisions[0].by
