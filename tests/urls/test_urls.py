"""Links that are one page are one key; links that are fit to publish open and do not spy."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import urls

PAIRS = Path(__file__).parents[1] / "data" / "urls" / "pairs.tsv"
SHARED = Path(__file__).parents[3] / "shared" / "gold" / "dedup" / "url_pairs_dev.jsonl"


@pytest.mark.parametrize("line", PAIRS.read_text(encoding="utf-8").splitlines())
def test_two_links_share_a_key_exactly_when_they_lead_to_one_page(line):
    verdict, first, second = line.split("\t")

    assert (verdict == "same") == (urls.canonical(first) == urls.canonical(second))


def test_the_development_pairs_come_out_as_labelled():
    if not SHARED.exists():
        pytest.skip("../shared/gold is absent")
    pairs = [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]
    wrong = [p["why"] for p in pairs if p["same"] != (urls.canonical(p["a"]) == urls.canonical(p["b"]))]

    assert not wrong


@given(
    st.builds(
        "https://{}/{}?{}#{}".format,
        st.sampled_from(["www.x.example", "m.x.example", "x.example:8443", "почта.example", "www.m.gov.kz"]),
        *(st.text("abzAZ09/._~%-+&=;:@!'() #?й\u0301\u200b", max_size=30) for _ in range(3)),
    )
    | st.text(max_size=60)
)
def test_the_key_of_a_key_is_itself(link):
    key = urls.canonical(link)

    assert key == urls.canonical(key)


@given(st.text("abz09/._~-+&=:@!'()#?;%", max_size=40))
def test_a_link_that_is_plain_already_comes_to_what_the_long_way_makes_of_it(rest):
    # A scheme in capitals takes the long way.
    plain, long = f"https://x.example/{rest}", f"HTTPS://x.example/{rest}"

    assert urls.absolute(long) == urls.absolute(plain)
    assert urls.absolute(long, "https://y.example/z") == urls.absolute(plain, "https://y.example/z")
    assert urls.canonical(long) == urls.canonical(plain)


@given(st.text(max_size=80), st.sampled_from([None, "https://x.example/a/"]))
def test_an_absolute_link_is_http_in_ascii_and_stays_itself(link, base):
    address = urls.absolute(link, base)

    assert address is None or (
        address.startswith(("http://", "https://"))
        and address.isascii()
        and address.isprintable()
        and " " not in address
        and address == urls.absolute(address, None)
    )


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "jav\tascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example/",
        "https://",
        "",
        "mailto:a@b.c",
        "https://[::1/",
        "https://x.example:99999/",
        "https://x.example/" + "a" * 5000,
    ],
)
def test_a_link_that_is_not_a_web_page_is_no_link(link):
    assert urls.absolute(link, None) is None


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("../news/7", "https://x.example/news/7"),
        ("//y.example/7", "https://y.example/7"),
        (" https://x.example/а б ", "https://x.example/%D0%B0%20%D0%B1"),
        ("https://x.example/a%2Fb?q=100%", "https://x.example/a%2Fb?q=100%25"),
        ("https://пример.example/", "https://xn--e1afmkfd.example/"),
        ("https://me:word@x.example/7", "https://x.example/7"),
        ("https://x.example/\u202e7", "https://x.example/7"),
        ("HTTP://X.example:8080/7#a", "http://x.example:8080/7#a"),
    ],
)
def test_a_link_is_made_absolute_and_encoded(link, expected):
    assert expected == urls.absolute(link, "https://x.example/feed/")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("ref=rss&amp;utm_medium=rss&utm_source=feed", ""),
        ("ref=rss&amp;utm_medium=rss&amp;page=2", "?page=2"),
        ("ref=rss&amp;&utm_medium=rss", ""),
        ("id=1&amp;page=2&amp;utm_medium=rss", "?id=1&amp;page=2"),
    ],
)
def test_a_clean_link_that_was_escaped_twice_still_leads_to_the_same_page(query, kept):
    link = f"https://x.example/n?{query}"
    cleaned = urls.clean(link)

    assert f"https://x.example/n{kept}" == cleaned
    assert urls.canonical(link) == urls.canonical(cleaned)


def test_a_clean_link_loses_only_its_tracking():
    expected = "http://www.x.example/n/?b=2&a=%d0%b1#c"

    assert expected == urls.clean("http://www.x.example/n/?utm_source=rss&b=2&fbclid=1&a=%d0%b1#c")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://WWW.X.example:8443/a", "www.x.example"),
        ("nothing", ""),
        ("https://[::1]:80/", "[::1]"),
        ("https://[", ""),
    ],
)
def test_the_host_is_the_hostname_alone(url, expected):
    assert expected == urls.host(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pass@a.example/x?y=@z", "https://a.example/x?y=@z"),
        ("https://user:p@ss@a.example", "https://a.example"),
        ("https://a.example/@user/feed", "https://a.example/@user/feed"),
        ("a@b", "a@b"),
    ],
)
def test_an_address_is_shown_without_its_user_and_password(url, shown):
    assert shown == urls.shown(url)
