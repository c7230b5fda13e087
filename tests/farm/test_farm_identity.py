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


def test_one_text_below_several_headlines_of_a_document_makes_no_copies(play, paper):
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 2

    async def scene(farm, _):
        for name in ("alpha", "beta"):
            stories = [item(f"{name} story {n}", link=f"https://{name}.example/{n}", text=filler) for n in range(4)]
            farm.answers[f"/{name}"] = rss(*stories)
        press = paper(farm, "alpha", "beta")
        await press.turn()

        for name in ("alpha", "beta"):
            assert {f"https://{name}.example/{n}" for n in range(4)} == {one["url"] for one in press.read(name)}

    play(scene)


def test_a_guid_outlasts_a_new_headline_under_a_new_link(play, paper):
    async def scene(farm, _):
        press = paper(farm, "s")
        for turn, title in enumerate(("Talks begin", "Talks end")):
            farm.answers["/s"] = rss(item(title, link=f"https://s.example/{turn}", guid="entry-1"))
            await press.turn(turn)

        assert [("Talks end", "https://s.example/1")] == [(one["title"], one["url"]) for one in press.read("s")]

    play(scene)


@pytest.mark.parametrize("guid", ["{}", "node-{}"])
def test_guids_that_are_places_in_the_document_lose_no_entry(play, paper, guid):
    async def scene(farm, _):
        press = paper(farm, "s")
        for turn, shown in enumerate((["pear", "plum", "fig"], ["apple", "pear", "plum"], ["kiwi", "apple", "pear"])):
            farm.answers["/s"] = rss(
                *(item(f"On {w}", link=f"https://s.example/{w}", guid=guid.format(n)) for n, w in enumerate(shown))
            )
            await press.turn(turn)

        assert ["On apple", "On fig", "On kiwi", "On pear", "On plum"] == press.titles("s")

    play(scene)


def test_a_changed_guid_under_the_same_link_is_the_same_entry_in_its_new_words(play, paper):
    async def scene(farm, _):
        press = paper(farm, "s")
        for turn in range(3):
            farm.answers["/s"] = rss(
                item(f"Talks, day {turn}", link="https://s.example/talks", guid=f"urn:uuid:0000-{turn}")
            )
            outcomes = await press.turn(turn)

        assert ["Talks, day 2"] == press.titles("s")
        assert 0 == outcomes["s"].new

    play(scene)


def test_one_guid_of_two_sources_on_one_host_is_two_entries(play, paper):
    async def scene(farm, _):
        press = paper(farm, "rain", "snow")
        for turn in range(2):
            for name in ("rain", "snow"):
                farm.answers[f"/{name}"] = rss(item(f"All about {name} in the hills, {turn}", guid="entry-1"))
            await press.turn(turn)

        assert ["All about rain in the hills, 1"] == press.titles("rain")
        assert ["All about snow in the hills, 1"] == press.titles("snow")

    play(scene)


def test_entries_that_share_a_link_and_have_no_guid_are_told_apart_by_their_words(play, paper):
    async def scene(farm, _):
        press = paper(farm, "s")
        for turn in range(2):
            farm.answers["/s"] = rss(*(item(f"The light is {c}", link="https://s.example/") for c in ("red", "green")))
            outcomes = await press.turn(turn)

        assert ["The light is green", "The light is red"] == press.titles("s")
        assert 0 == outcomes["s"].new

    play(scene)


def test_what_is_reordered_or_gone_and_there_again_is_not_new(play, paper):
    async def scene(farm, _):
        press = paper(farm, "s")
        fruit = {
            name: item(f"On {name}", link=f"https://s.example/{name}", guid=name, days_old=age)
            for age, name in enumerate(("apple", "fig", "pear", "plum"))
        }
        shown = (["apple", "fig", "pear", "plum"], ["plum", "pear", "fig", "apple"], ["fig"], ["plum", "fig", "apple"])
        new, read = [], []
        for turn, names in enumerate(shown):
            farm.answers["/s"] = rss(*(fruit[name] for name in names))
            new.append((await press.turn(turn))["s"].new)
            read.append(press.read("s"))

        assert [4, 0, 0, 0] == new
        assert [read[0]] * 4 == read

    play(scene)


@pytest.mark.parametrize(
    "answer",
    [
        rss(),
        Reply(body=b""),
        Reply(status=500, body=b"<html>out of order"),
        Reply(body=b"<!doctype html><title>Soon back</title>"),
        Reply(body=b"<rss version='2.0'><channel><item><title>Cut"),
    ],
    ids=["no entries", "nothing", "error", "page", "cut off"],
)
def test_an_empty_or_broken_answer_deletes_nothing_and_what_it_hid_is_not_new(play, paper, answer):
    async def scene(farm, _):
        press = paper(farm, "s")
        whole = rss(*(item(f"On {n}", link=f"https://s.example/{n}", guid=f"g{n}", days_old=n) for n in range(5)))
        farm.answers["/s"] = whole
        await press.turn()
        before = {one["id"] for one in press.read("s")}
        farm.answers["/s"] = answer
        await press.turn(1)
        meanwhile = {one["id"] for one in press.read("s")}
        farm.answers["/s"] = whole
        again = await press.turn(2)

        assert 5 == len(before)
        assert before <= meanwhile
        assert 0 == again["s"].new

    play(scene)


@pytest.mark.parametrize("link", ["/", "#", "https://example.org/news"])
@pytest.mark.parametrize("named", [True, False])
def test_a_link_that_every_entry_has_folds_none_of_them_however_it_is_written(play, paper, link, named):
    async def scene(farm, _):
        texts = ("Ministers of five states met in Tashkent", "Grain exports through Aktau grew", "A dam was repaired")
        farm.answers["/f"] = rss(
            *(item(text, link=link, guid=f"g{n}" if named else None, text=text * 2) for n, text in enumerate(texts))
        )
        press = paper(farm, "f")
        await press.turn()

        assert sorted(texts) == press.titles("f")

    play(scene)
