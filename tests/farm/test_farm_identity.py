"""What an entry is, poll after poll and beside other sources: read from what is published."""

import json
from datetime import timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

import pytest
from publishers import START, Reply

from feeds import config, pipeline, store

HOUR = timedelta(hours=1)


def item(title, *, link=None, guid=None, days_old=0.0, text=""):
    parts = {"title": title, "link": link, "description": text}
    said = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)
    named = "" if guid is None else f'<guid isPermaLink="false">{escape(guid)}</guid>'
    dated = format_datetime(START - timedelta(days=days_old))
    return f"<item>{said}{named}<pubDate>{dated}</pubDate></item>"


def rss(*items):
    return Reply(body=f"<rss version='2.0'><channel><title>A feed</title>{''.join(items)}</channel></rss>".encode())


class Paper:
    """A deployment with a topic for each source, and what its subscribers read."""

    def __init__(self, farm, folder, *paths):
        sources = "".join(f"  - {{id: {path}, url: '{farm.url('/' + path)}', rights: full}}\n" for path in paths)
        topics = "".join(
            f"  - {{slug: {path}, title: {path}, match: 'source:{path}', max_age: 36500d}}\n" for path in paths
        )
        text = f"poll: {{allow_networks: [127.0.0.0/8]}}\nsources:\n{sources}topics:\n{topics}"
        (folder / "config.yaml").write_text(text, encoding="utf-8")
        self._config = config.load(folder / "config.yaml", environ={})
        self._public = folder / "public"

    async def turn(self, hours=0.0):
        """Ask every source and publish; return what each brought."""
        now = START + hours * HOUR
        with store.open(self._config.store.url) as state:
            report = await pipeline.poll(self._config, state, clock=lambda: now, everything=True)
            pipeline.publish(self._config, state, now=now)
        return {outcome.source: outcome for outcome in report.outcomes}

    def read(self, path):
        return json.loads((self._public / f"{path}.json").read_text("utf-8"))["items"]

    def titles(self, path):
        return sorted(one["title"] for one in self.read(path))


@pytest.fixture
def paper(tmp_path):
    return lambda farm, *paths: Paper(farm, tmp_path, *paths)


def test_short_entries_that_only_a_number_tells_apart_are_no_copies_of_another_sources(play, paper):
    async def scene(farm, _):
        for name in ("one", "two", "three"):
            farm.answers[f"/{name}"] = rss(
                *(item(f"Item {n}", link=f"https://{name}.example/{n}", text=f"Summary of item {n}") for n in range(9))
            )
        press = paper(farm, "one", "two", "three")
        await press.turn()

        for name in ("one", "two", "three"):
            assert {f"https://{name}.example/{n}" for n in range(9)} == {one["url"] for one in press.read(name)}

    play(scene)


def test_a_few_common_words_are_no_copy(play, paper):
    async def scene(farm, _):
        for name in ("one", "two"):
            farm.answers[f"/{name}"] = rss(item("Hello world", link=f"https://{name}.example/1", text="A first post."))
        press = paper(farm, "one", "two")
        await press.turn()

        assert ["https://two.example/1"] == [one["url"] for one in press.read("two")]

    play(scene)


def test_a_short_headline_with_a_name_is_one_entry_wherever_it_stands(play, paper):
    async def scene(farm, _):
        for name in ("one", "two"):
            farm.answers[f"/{name}"] = rss(item("Ministers meet today in Tashkent", link=f"https://{name}.example/1"))
        press = paper(farm, "one", "two")
        outcomes = await press.turn()

        assert [0, 1] == sorted(outcome.folded for outcome in outcomes.values())

    play(scene)


def test_a_first_poll_brings_the_newest_few_however_old_and_no_flood(play, paper):
    async def scene(farm, _):
        farm.answers["/quiet"] = rss(*(item(f"Old news {n}", guid=f"{n}", days_old=400 + n) for n in range(4)))
        farm.answers["/past"] = rss(*(item(f"Archived {n}", guid=f"a{n}", days_old=n * 30) for n in range(40)))
        press = paper(farm, "quiet", "past")
        await press.turn()

        assert 4 == len(press.read("quiet"))
        assert [f"Archived {n}" for n in range(10)] == press.titles("past")

    play(scene)
