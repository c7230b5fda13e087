"""What an editor decides by hand, as it stands in every file that subscribers fetch, poll after poll."""

import gzip
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.model import Copy
from tests.press.desk import CONFIG, NOON, Desk, held

HOUR = timedelta(hours=1)
LIMIT = 6
PACKED = CONFIG.replace("sources:", "output: {compress: [gzip]}\nsources:", 1)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path, PACKED)


class Editor:
    """Writes hand.yaml a line at a time and publishes, an hour passing each time."""

    def __init__(self, desk):
        self.desk, self.now, self.lines = desk, NOON, []

    def decides(self, **said):
        told = ", ".join(f"{name}: {json.dumps(value)}" for name, value in said.items())
        self.lines.append(f"- {{at: {self.now.isoformat()}, {told}}}\n")
        (self.desk.folder / "hand.yaml").write_text("".join(self.lines), "utf-8")
        return self.publishes()

    def publishes(self, *helds):
        self.now += HOUR
        if helds:
            self.desk.keep(*helds)
        self.desk.publish(self.now)
        return self

    def files(self, text):
        """Return the files that hold a text, packed ones read."""
        tree = self.desk.tree()
        return {
            path
            for path, body in tree.items()
            if text.encode() in (gzip.decompress(body) if path.endswith(".gz") else body)
        }

    def shows(self, topic="kazakhstan"):
        return re.findall(r"<title[^>]*>(Matter [^<]*)", self.desk.file(f"{topic}.atom"))


def link(number):
    return f"https://one.example/{number}"


def fresh(number, now, **changes):
    made = held(number, first_seen=now, changed=now, **changes)
    return replace(made, entry=replace(made.entry, published=now))


@pytest.fixture
def editor(desk):
    return Editor(desk).publishes(held(1), held(2))


def test_a_held_topic_keeps_what_it_has_lets_nothing_in_and_lets_all_in_on_release(editor):
    editor.decides(act="hold", topic="kazakhstan").publishes(fresh(3, editor.now))
    assert (["Matter 1", "Matter 2"], 3) == (sorted(editor.shows()), len(editor.shows("all")))

    editor.decides(act="release", entry=link(3))
    assert "Matter 3" in editor.shows()

    editor.publishes(fresh(4, editor.now)).decides(act="release", topic="kazakhstan")
    assert {"Matter 1", "Matter 2", "Matter 3", "Matter 4"} == set(editor.shows())


def test_a_held_source_waits_everywhere_until_it_is_released(editor):
    editor.decides(act="hold", source="two").publishes(fresh(3, editor.now, source="two"), fresh(4, editor.now))
    assert "Matter 3" not in {*editor.shows(), *editor.shows("all")} >= {"Matter 4"}
    assert not editor.files("Matter 3")

    editor.decides(act="release", source="two")
    assert "Matter 3" in editor.shows()
    assert "Matter 3" in editor.shows("all")


def test_what_is_hidden_stays_out_of_every_file_with_its_updates_copies_and_story(editor):
    editor.decides(act="hide", entry=link(1))
    assert not editor.files("Matter 1")

    told_anew = replace(held(1), entry=replace(held(1).entry, title="Matter 1 told anew"), changed=editor.now)
    copied = replace(told_anew, copies=(Copy(source="two", link="https://two.example/1", title="Matter 1"),))
    editor.publishes(replace(copied, story="s"))
    assert not editor.files("Matter 1")

    editor.publishes(fresh(5, editor.now, source="two", story="s"))
    assert not editor.files("Matter 5")

    editor.decides(act="unhide", entry="https://two.example/1")
    assert "Matter 1 told anew" in editor.shows()


def test_what_is_hidden_in_one_topic_stands_in_the_others(editor):
    editor.decides(act="hide", entry=link(1), topic="all")

    assert (["Matter 2"], True) == (editor.shows("all"), "Matter 1" in editor.shows())


def test_a_note_is_in_every_form_of_the_feed_until_it_is_emptied(editor):
    editor.decides(act="note", entry=link(2), text="See our own report.")
    assert {"kazakhstan.atom", "kazakhstan.xml", "kazakhstan.json", "all.atom"} <= editor.files("See our own report.")

    editor.decides(act="note", entry=link(2), text="")
    assert not editor.files("See our own report.")


def test_a_correction_moves_an_entry_between_topics_and_is_told(editor):
    editor.decides(act="retag", entry=link(1), regions=["ru"]).decides(act="retag", entry=link(2), themes=["sport"])

    assert ["Matter 2"] == editor.shows()
    assert {"Matter 1", "Matter 2"} == set(editor.shows("all"))
    assert "orrected" in editor.desk.file("all.atom")

    editor.decides(act="retag", entry=link(1), regions=["kz"], topic="kazakhstan")
    assert {"Matter 1", "Matter 2"} == set(editor.shows())


def test_what_was_withdrawn_does_not_return_with_an_update_or_under_a_copys_link(editor):
    editor.decides(act="withdraw", entry=link(1), why="a letter")
    assert not editor.files("What is said of matter 1")
    assert link(1) in editor.desk.file("kazakhstan.atom")

    told_anew = replace(held(1), entry=replace(held(1).entry, title="Matter 1 told anew"), changed=editor.now)
    copied = replace(told_anew, copies=(Copy(source="two", link="https://two.example/1", title="Matter 1"),))
    editor.publishes(copied).decides(act="unhide", entry=link(1)).decides(act="pin", entry=link(1))
    assert not editor.files("Matter 1")


def test_a_chatty_source_and_a_breaking_story_do_not_flood_and_places_are_stable(tmp_path):
    fair = f'match: "region:kz", limit: {LIMIT}, per_source_a_day: 3, one_per_story: true'
    desk = Desk(tmp_path, CONFIG.replace('match: "region:kz"', fair))
    editor, before, number = Editor(desk).publishes(), [], 0
    for hour in range(50):
        burst = []
        for n in range(8):
            number += 1
            # The chatty one tells something new and the story of the day; the slow one a thing every six hours.
            burst.append(fresh(number, editor.now + timedelta(minutes=n), story="quake" if n % 2 else None))
        if hour % 6 == 0:
            number += 1
            burst.append(fresh(number, editor.now, source="two"))
        editor.publishes(*burst)
        now = editor.shows()
        entries = tuple(desk.state.held(ids=[link(title.split()[1]) for title in now]))
        days = [(one.source, one.first_seen.date()) for one in entries]

        assert max(map(days.count, days)) <= 3
        assert [one.story for one in entries].count("quake") <= 1
        kept = [title for title in before if title in now]
        assert kept == [title for title in now if title in before]
        # What subscribers have stays, but for the oldest where the limit is reached.
        assert kept == before[: len(kept)]
        assert len(kept) == len(before) or len(now) == LIMIT
        before = now
    assert {"one", "two"} == {one.source for one in entries}
