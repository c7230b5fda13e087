"""What we write is JSON Feed 1.1, key by key as https://www.jsonfeed.org/version/1.1/ has it."""

import json
import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Category, Enclosure, Entry, Feed, Person, Site
from feeds.render import jsonfeed, wording
from feeds.render.place import Place

TEXT, ADDRESS = "text", "address"
AUTHORS = [{"name": TEXT, "url": ADDRESS, "avatar": ADDRESS}]
ITEM = {
    "id": TEXT,
    "url": ADDRESS,
    "external_url": ADDRESS,
    "title": TEXT,
    "content_html": TEXT,
    "content_text": TEXT,
    "summary": TEXT,
    "image": ADDRESS,
    "banner_image": ADDRESS,
    "date_published": datetime,
    "date_modified": datetime,
    "authors": AUTHORS,
    "tags": [TEXT],
    "language": TEXT,
    "attachments": [
        {"url": ADDRESS, "mime_type": TEXT, "title": TEXT, "size_in_bytes": int, "duration_in_seconds": int}
    ],
}
FEED = {
    "version": TEXT,
    "title": TEXT,
    "home_page_url": ADDRESS,
    "feed_url": ADDRESS,
    "description": TEXT,
    "user_comment": TEXT,
    "next_url": ADDRESS,
    "icon": ADDRESS,
    "favicon": ADDRESS,
    "authors": AUTHORS,
    "language": TEXT,
    "expired": bool,
    "hubs": [{"type": TEXT, "url": ADDRESS}],
    "items": [ITEM],
}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def check(value, shape, where):
    """Fail where a value is not of the specification's shape; keys that begin with _ are ours."""
    match shape:
        case dict():
            for key, each in value.items():
                if not key.startswith("_"):
                    assert key in shape, (where, key)
                    check(each, shape[key], f"{where}.{key}")
        case list():
            assert isinstance(value, list)
            for each in value:
                check(each, shape[0], where)
        case "text":
            assert isinstance(value, str), where
        case "address":
            assert re.match(r"(https?|mailto):", value), (where, value)
        case _ if shape is datetime:
            assert RFC_3339.fullmatch(value), (where, value)
        case _:
            assert type(value) is shape, where


def check_feed(document: bytes):
    feed = json.loads(document)
    check(feed, FEED, "feed")

    assert "https://jsonfeed.org/version/1.1" == feed["version"]
    assert {"version", "title", "items"} <= feed.keys()
    for item in feed["items"]:
        assert item["id"]
        assert {"content_html", "content_text"} & item.keys()
        for author in item.get("authors", []):
            assert author
        for attachment in item.get("attachments", []):
            assert {"url", "mime_type"} <= attachment.keys()
    assert len(feed["items"]) == len({item["id"] for item in feed["items"]})


@pytest.mark.parametrize("month", [None, "2026-10"])
def test_a_feed_and_an_archive_are_of_the_specifications_shape(feed, site, month):
    place = Place(site=site, slug="a", month=month, closed=month is not None, previous="2026-09")

    check_feed(jsonfeed.document(feed, place=place, words=wording.words("en")))


words = st.one_of(st.none(), st.text(max_size=8), st.sampled_from(("https://a.example/", "http://[::1]/", "ftp://x")))


@given(
    st.lists(
        st.builds(
            Entry,
            id=st.integers(0, 9).map("https://a.example/{}".format),
            link=words,
            title=st.text(max_size=8),
            content=words,
            summary=words,
            image=words,
            language=words,
            authors=st.lists(st.builds(Person, name=st.text(min_size=1), email=words, uri=words), max_size=1).map(
                tuple
            ),
            categories=st.lists(st.builds(Category, term=st.text(), scheme=words), max_size=1).map(tuple),
            enclosures=st.lists(
                st.builds(Enclosure, url=words.map(str), type=words, length=st.integers(-1, 5)), max_size=1
            ).map(tuple),
            point=st.sampled_from((None, (91.0, 0.0), (1.5, 2.5))),
        ),
        unique_by=lambda entry: entry.id,
        max_size=3,
    )
)
def test_whatever_an_entry_holds(entries):
    place = Place(site=Site(title="Wire", url="https://wire.example.org/"), slug="a")

    check_feed(jsonfeed.document(Feed(entries=tuple(entries)), place=place, words=wording.words("en")))
