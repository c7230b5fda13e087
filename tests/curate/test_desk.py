"""What preview and search tell an editor of a store: what would be published, whatever was not read for it."""

from datetime import UTC, datetime, timedelta

import pytest

from feeds import config, curate, desk, finding, store, urls
from feeds.model import Entry, Held, Polling, Tags
from feeds.store import Kept, Poll, Publication, Version

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
CONFIG = """\
site: {title: Wire, url: "https://wire.example/"}
store: {url: "sqlite:///feeds.db"}
sources: [{id: one, url: "https://one.example/feed"}]
topics: [{slug: kz, title: Kazakhstan, match: "region:kz", max_age: 60d}]
"""


def held(number, *regions, age=timedelta(hours=1)):
    link = f"https://one.example/{number}"
    entry = Entry(id=f"id{number}", link=link, title=f"Title {number}", published=NOW - age)
    return Held(entry=entry, source="one", first_seen=NOW - age, changed=NOW - age, tags=Tags(regions=regions))


@pytest.fixture
def loaded(tmp_path):
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    return config.load(tmp_path / "config.yaml", environ={})


@pytest.fixture
def state(loaded):
    with store.open(loaded.store.url) as opened:
        yield opened


def keep(state, *helds):
    versions = [
        Version(
            source="one", key=one.entry.id, entry=one.entry.id, digest=bytes(16), link=urls.canonical(one.entry.link)
        )
        for one in helds
    ]
    kept = tuple(Kept(held=one) for one in helds)
    state.save([Poll(polling=Polling(source="one"), kept=kept, versions=tuple(versions))])


def publish(state, *ids):
    publications = [Publication(entry=one, since=NOW, place=place, month="2026-11") for place, one in enumerate(ids)]
    state.record_publications({"kz": publications})


def ids(lines):
    return [line.id for line in lines]


def test_a_preview_counts_what_the_editor_says_an_entry_is_about(loaded, state):
    keep(state, held(1, "kz"), held(2, "ru"))
    desk.decide(loaded, curate.Decision(at=NOW, act="retag", entry="https://one.example/2", regions=("kz",)))
    desk.decide(loaded, curate.Decision(at=NOW, act="retag", entry="https://one.example/1", regions=("ru",)))

    found = desk.preview(loaded, state, None, rule="region:kz", since=MONTH, now=NOW)

    assert ["id2"] == ids(found.added)


def test_a_preview_counts_what_the_editor_pinned_though_no_word_of_it_matches(loaded, state):
    keep(state, held(1, "ru"))
    desk.decide(loaded, curate.Decision(at=NOW, act="pin", entry="id1", topic="kz"))

    assert ["id1"] == ids(desk.preview(loaded, state, "kz", rule=None, since=MONTH, now=NOW).added)


def test_a_search_finds_what_the_editor_says_an_entry_is_about(loaded, state):
    keep(state, held(1, "ru"))
    desk.decide(loaded, curate.Decision(at=NOW, act="retag", entry="id1", themes=("energy",)))

    since = (MONTH, timedelta(minutes=1))
    found = [finding.search(loaded, state, "theme:energy", since=span, limit=9, now=NOW).count for span in since]

    assert [1, 0] == found


@pytest.mark.parametrize("age", [timedelta(hours=1), timedelta(days=45)])
def test_what_is_published_and_matches_no_more_is_told_as_removed_however_old(loaded, state, age):
    keep(state, held(1, "kz", age=age), held(2, "kz"))
    publish(state, "id1", "id2")

    found = desk.preview(loaded, state, "kz", rule="region:ru OR title:2", since=MONTH, now=NOW)

    assert [["id1"], ["id2"]] == [ids(found.removed), ids(found.unchanged)]
    assert ("fails region:ru OR title:2",) == found.removed[0].reasons
