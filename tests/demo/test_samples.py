"""The sample sources are what the demo promises: real formats, real languages, real trouble."""

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml

from feeds.demo import server

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
press = server.Press(base_url=BASE, now=NOW)
WRECK = "/harirud.rss"

config: dict[str, Any] = yaml.safe_load(server.config_text(BASE, Path("elsewhere")))
READABLE = sorted(
    "/bogaz.rss" if source["id"] == "bogaz" else source["url"].removeprefix(BASE)
    for source in config["sources"]
    if source["id"] not in {"collapsed", "closed", "page"}
)


def body(path: str) -> bytes:
    sample = press.sample(path)
    assert sample is not None, path
    return sample.body


def read(path: str) -> list[dict[str, Any]]:
    """Title, text and link of each entry, by a reader that is not ours."""
    if path.endswith(".json"):
        return [
            {"title": each["title"], "text": each["content_text"], "link": each["url"], "date": each["date_published"]}
            for each in json.loads(body(path))["items"]
        ]
    feed = feedparser.parse(io.BytesIO(body(path)))
    assert path == WRECK or not feed.bozo, feed.get("bozo_exception")
    return [
        {"title": each.title, "text": each.summary, "link": each.link, "date": each.get("published") or each.updated}
        for each in feed.entries
    ]


def everything() -> list[dict[str, Any]]:
    return [entry for path in READABLE for entry in read(path)]


@pytest.mark.parametrize("path", READABLE)
def test_every_readable_sample_gives_entries_with_title_text_link_and_date(path):
    entries = read(path)

    assert len(entries) >= 3
    assert all(entry["title"] and entry["text"] and entry["link"] and entry["date"] for entry in entries)
    assert len(entries) == len({entry["link"] for entry in entries})


def test_only_the_wreck_is_not_well_formed_and_it_can_be_recovered():
    feed = feedparser.parse(io.BytesIO(body(WRECK)))

    assert feed.bozo
    assert len(feed.entries) == 8


def test_all_four_formats_and_an_old_encoding_are_there():
    versions = {
        "json" if path.endswith(".json") else feedparser.parse(io.BytesIO(body(path))).version for path in READABLE
    }

    assert {"rss20", "rss10", "atom10", "json"} == versions
    assert "Степной вестник" in body("/stepnoy-vestnik.rss").decode("windows-1251")


def test_the_press_speaks_the_languages_of_the_region():
    wanted = {"fa", "ru", "kk", "uz", "tr", "en", "ky", "tg", "tk", "ar", "zh", "az"}

    assert set() == wanted - {source["language"] for source in config["sources"]}
    assert len(config["sources"]) >= 12


def test_the_same_now_gives_the_same_bytes_and_no_placeholder_is_left():
    again = server.Press(base_url=BASE, now=NOW)

    assert [body(path) for path in READABLE] == [again.sample(path).body for path in READABLE]
    assert [] == [path for path in READABLE if b"{{" in body(path)]


def test_a_sample_is_dated_around_now_on_its_publishers_clock():
    entry = next(entry for entry in read("/dala-habar.atom") if entry["link"].endswith("/su-kenesi"))

    assert entry["date"] == "2026-11-23T11:30:00+05:00"


def test_nothing_is_dated_in_the_future_and_nothing_is_older_than_a_topic_keeps():
    stamps = [
        datetime.fromisoformat(entry["date"]) for path in READABLE if path.endswith(".json") for entry in read(path)
    ]

    assert all(0 <= (NOW - stamp).days < 30 for stamp in stamps)


def test_one_story_is_copied_by_several_outlets_and_told_in_many_languages():
    lead = "agreed in Khiva to set up a joint water council that will share out the Amu Darya"
    copies = [entry for entry in everything() if lead in entry["text"]]
    tellings = [
        path for path in READABLE if any("2027" in entry["text"] or "۲۰۲۷" in entry["text"] for entry in read(path))
    ]

    assert len(copies) >= 4
    assert len({entry["title"] for entry in copies}) == len(copies)
    assert len(tellings) >= 12


def test_a_russian_wire_story_is_copied_too():
    lead = "подписали протокол о демаркации последнего участка государственной границы длиной 47 километров"

    assert sum(lead in entry["text"] for entry in everything()) == 3


def test_the_seed_is_retold_and_names_rakhmetullin():
    tellings = [e for e in everything() if re.search("Rakhmetullin|رحمتولین|Рахметуллин", e["title"] + e["text"])]
    english = next(entry for entry in tellings if "Rakhmetullin" in entry["text"])

    assert len(tellings) == 3
    for named in ("Kazakhstan", "Iran", "Gaza", "Syria", "Asia Cooperation Dialogue"):
        assert named in english["text"]


def test_the_update_corrects_a_title_under_the_same_id_and_adds_an_entry():
    turned = server.Press(base_url=BASE, now=NOW)
    turned.advance()
    before = {entry["link"]: entry["title"] for entry in read("/silk-road-wire.rss")}
    sample = turned.sample("/silk-road-wire.rss")
    assert sample is not None
    after = {entry.link: entry.title for entry in feedparser.parse(io.BytesIO(sample.body)).entries}
    changed = {link for link in before if before[link] != after[link]}

    assert {"https://silk-road-wire.example/news/water-protocol"} == changed
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(
    "dirt", ["<script>", "onclick=", 'width="1"', 'href="/topics', "javascript:", "<iframe", "utm_"]
)
def test_there_is_markup_that_must_be_cleaned(dirt):
    assert dirt in body("/silk-road-wire.rss").decode()


def test_entries_carry_enclosures_in_every_format():
    assert b"<enclosure url=" in body("/silk-road-wire.rss")
    assert b'rel="enclosure"' in body("/caucasus-courier.atom")
    assert b'"attachments"' in body("/caspian-monitor.json")


def test_one_source_speaks_from_home_and_one_is_never_shown():
    assert ["press-sluzhba"] == [source["id"] for source in config["sources"] if source.get("home")]
    assert ["pervaya-lenta"] == [source["id"] for source in config["sources"] if source.get("rights") == "never"]


def test_the_demo_publishes_the_topics_of_the_real_deployment():
    root = Path(__file__).resolve().parents[2]
    real = yaml.safe_load((root / "config.yaml").read_text(encoding="utf-8"))

    assert [topic["slug"] for topic in real["topics"]] == [topic["slug"] for topic in config["topics"]]
    assert real["regions"] == config["regions"]
