"""Real readers subscribe to what is published: the same entries, the right dates, an update seen once."""

import calendar
import json
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import Entry, Feed, Site
from feeds.render import atom, rss, wording
from feeds.render.place import Place

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def published(folder):
    return {
        entry["id"]: datetime.fromisoformat(entry["date_published"])
        for entry in json.loads((folder / "diplomacy.json").read_bytes())["items"]
    }


@pytest.mark.apt
@pytest.mark.parametrize("form", ["atom", "xml"])
def test_newsboat_reads_the_same_entries(served, tmp_path, form):
    if shutil.which("newsboat") is None:
        pytest.skip("newsboat is not installed (make test-all brings it from apt)")
    url, folder = served
    (tmp_path / "urls").write_text(f"{url}diplomacy.{form}\n")
    command = ["newsboat", "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-x", "reload"]
    (tmp_path / "config").write_text("")
    for _ in range(2):  # the second time nothing is new
        subprocess.run([*command, "-C", tmp_path / "config"], check=True, capture_output=True, timeout=30)
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        rows = cache.execute("select guid, pubDate from rss_item").fetchall()
    cache.close()

    assert published(folder) == {guid: datetime.fromtimestamp(moment, UTC) for guid, moment in rows}


@pytest.mark.apt
@pytest.mark.parametrize("form", ["atom", "xml"])
def test_sfeed_reads_the_same_entries(served, form):
    if shutil.which("sfeed") is None:
        pytest.skip("sfeed is not installed (make test-all brings it from apt)")
    _, folder = served
    body = (folder / f"diplomacy.{form}").read_bytes()
    lines = subprocess.run(["sfeed"], input=body, capture_output=True, check=True).stdout.decode().splitlines()
    read = {line.split("\t")[5]: datetime.fromtimestamp(int(line.split("\t")[0]), UTC) for line in lines}

    assert published(folder) == read


@pytest.mark.parametrize("form", ["atom", "xml", "json"])
def test_reader_reads_the_same_entries_and_nothing_twice(served, form):
    reader = pytest.importorskip("reader", reason="reader (PyPI) is not installed")
    url, folder = served
    library = reader.make_reader(":memory:")
    library.add_feed(f"{url}diplomacy.{form}")
    library.update_feed(f"{url}diplomacy.{form}")
    first = {entry.id: entry.published for entry in library.get_entries()}
    library.update_feed(f"{url}diplomacy.{form}")
    again = library.get_entry_counts().total
    library.close()

    assert published(folder) == first
    assert len(first) == again


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_correction_is_an_update_and_not_a_new_entry(tmp_path, form):
    reader = pytest.importorskip("reader", reason="reader (PyPI) is not installed")
    place = Place(site=Site(title="Wire", url="https://wire.example.org/"), slug="a")
    document = {"atom": atom, "rss": rss}[form].document
    first = Entry(id="urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", title="Rail link", published=NOON)
    corrected = replace(first, title="Rail link agreed", corrected=NOON + timedelta(hours=2))
    library = reader.make_reader(":memory:", feed_root=str(tmp_path))
    library.add_feed("a.feed")
    read = []
    for entry in (first, corrected):
        (tmp_path / "a.feed").write_bytes(
            document(Feed(title="A", entries=(entry,)), place=place, words=wording.words("en"))
        )
        library.update_feed("a.feed")
        read.append([(one.title, one.read) for one in library.get_entries()])
        for one in library.get_entries():
            library.mark_entry_as_read(one)
    library.close()

    assert [[("Rail link", False)], [("Rail link agreed", True)]] == read


@pytest.mark.apt
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_newsboat_does_not_show_what_was_read_anew_when_it_is_corrected(tmp_path, form):
    if shutil.which("newsboat") is None:
        pytest.skip("newsboat is not installed (make test-all brings it from apt)")
    place = Place(site=Site(title="Wire", url="https://wire.example.org/"), slug="a")
    document = {"atom": atom, "rss": rss}[form].document
    first = Entry(id="urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", title="Rail link", published=NOON)
    corrected = replace(first, title="Rail link agreed", corrected=NOON + timedelta(hours=2))
    (tmp_path / "urls").write_text(f"file://{tmp_path}/a.feed\n")
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config"]
    seen = []
    for entry in (first, corrected):
        (tmp_path / "a.feed").write_bytes(
            document(Feed(title="A", entries=(entry,)), place=place, words=wording.words("en"))
        )
        subprocess.run([*command, "-x", "reload"], check=True, capture_output=True, timeout=30)
        with sqlite3.connect(tmp_path / "cache.db") as cache:
            seen.append(cache.execute("select title, unread from rss_item").fetchall())
            cache.execute("update rss_item set unread = 0")
        cache.close()

    assert [[("Rail link", 1)], [("Rail link agreed", 0)]] == seen


@pytest.mark.apt
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_an_entry_that_only_says_when_it_changed_has_that_date_in_every_reader(tmp_path, form):
    place = Place(site=Site(title="Wire", url="https://wire.example.org/"), slug="a")
    document = {"atom": atom, "rss": rss}[form].document
    undated = Entry(id="urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", title="Rail link", updated=NOON)
    body = document(Feed(title="A", entries=(undated,)), place=place, words=wording.words("en"))
    (tmp_path / "a.feed").write_bytes(body)
    (tmp_path / "urls").write_text(f"file://{tmp_path}/a.feed\n")
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config"]
    subprocess.run([*command, "-x", "reload"], check=True, capture_output=True, timeout=30)
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        (newsboat,) = cache.execute("select pubDate from rss_item").fetchone()
    cache.close()
    sfeed = subprocess.run(["sfeed"], input=body, capture_output=True, check=True).stdout.decode().split("\t")[0]

    assert [NOON.timestamp()] * 2 == [newsboat, int(sfeed)]


def test_feedparser_follows_the_archives_back_to_the_first_entry(served):
    feedparser = pytest.importorskip("feedparser")
    url, folder = served
    seen, address = set(), f"{url}diplomacy.atom"
    while address:
        parsed = feedparser.parse((folder / address.removeprefix(url)).read_bytes())
        seen |= {(entry.id, calendar.timegm(entry.published_parsed)) for entry in parsed.entries}
        address = next((link.href for link in parsed.feed.links if link.rel == "prev-archive"), None)

    assert set(published(folder)) == {entry_id for entry_id, _ in seen}
