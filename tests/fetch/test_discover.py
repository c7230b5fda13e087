"""The feeds a page names."""

import pytest

from feeds import fetch

BASE = "https://example.org/news/"


def urls(page):
    return [link.url for link in fetch.links(page.encode(), base=BASE)]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="feed.xml">', ["https://example.org/news/feed.xml"]),
        ("<LINK REL=ALTERNATE TYPE=application/atom+xml HREF=/a>", ["https://example.org/a"]),
        (
            '<link rel="feed alternate" type="application/feed+json; charset=utf-8" href="//x.org/j">',
            ["https://x.org/j"],
        ),
        ('<link rel="alternate" type="application/xml" href="/x">', ["https://example.org/x"]),
        ('<link rel="alternate" type="application/rss+xml" href="./">', []),
        ('<base href="https://b.org/"><link rel=alternate type="application/rss+xml" href=f>', ["https://b.org/f"]),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', []),
        ('<link rel="alternate" hreflang="ru" href="/ru/">', []),
        ('<link rel="stylesheet" type="text/xml" href="x.xsl">', []),
        ('<link rel="alternate" type="application/rss+xml">', []),
        ('<link rel="alternate" type="application/rss+xml" href="http://[bad/">', []),
        ("", []),
    ],
)
def test_the_feeds_of_a_page_are_those_its_links_name(page, found):
    assert found == urls(page)


def test_a_page_in_utf_16_names_its_feeds_too():
    page = '<link rel=alternate type="application/rss+xml" href="/feed">'.encode("utf-16")

    assert ["https://example.org/feed"] == [link.url for link in fetch.links(page, base=BASE)]


def test_feeds_of_comments_come_last_and_repetitions_once():
    link = '<link rel=alternate type="application/rss+xml" href="{}" title="{}">'
    page = link.format("/comments/feed", "Comments") + link.format("/feed", "News") * 2

    assert ["https://example.org/feed", "https://example.org/comments/feed"] == urls(page)


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\xef\xbb\xbf\n <HTML>", True),
        (b"<!-- hi --><html>", True),
        (b"<?xml version='1.0'?><rss>", False),
        (b"<rss><channel><title>html</title>", False),
        (b"{}", False),
    ],
)
def test_a_page_is_told_from_a_feed(body, page):
    assert page == fetch.is_page(body)
