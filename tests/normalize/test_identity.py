"""What an entry is called, case by case: the publisher's own name, its page's, or that of its words."""

from uuid import NAMESPACE_URL, uuid5

import pytest

from feeds import normalize
from feeds.model import Entry, Feed

BASE = "https://mirror.example/feed.xml"


def ids(*entries, base=BASE, link=None):
    return normalize.ids(Feed(entries=entries, link=link), base=base)


def keys(*entries):
    read = Feed(entries=entries)
    return normalize.keys(read, normalize.ids(read, base=BASE))


def entry(**said):
    return Entry(id="", **{"title": "", **said})


def minted(name):
    """Return the id made of a name, which is kept for ever: what was published under it may not change its name."""
    return uuid5(NAMESPACE_URL, name).urn


@pytest.mark.parametrize(
    ("guid", "kept"),
    [
        ("https://news.example/a", True),
        ("https://news.example:8443/a", True),
        ("https://news.example/a#part-2", True),
        ("https://news.example/a-b_c~d.e", True),
        ("https://news.example/%D0%BC", True),
        ("https://news.example/%2F", True),
        ("tag:news.example,2024:1", True),
        ("urn:isbn:0140328726", True),
        ("https://news.example/" + "x" * 2027, True),
        ("https://news.example/" + "x" * 2028, False),
        ("https://news.example:443/a", False),
        ("http://news.example:80/a", False),
        ("https://news.example:/a", False),
        ("https://News.example/a", False),
        ("HTTPS://news.example/a", False),
        ("https://news.example", False),
        ("https://news.example/%41", False),
        ("https://news.example/a%2Db", False),
        ("https://news.example/%7Ea", False),
        ("https://news.example/%39", False),
        ("https://news.example/%d0%bc", False),
        ("https://news.example/a/../b", False),
        ("https://news.example/a/.", False),
        ("https://news.example/м", False),
        ("https://news.example/a b", False),
        ("tag:news.example", False),
        ("urn:x", False),
        ("news.example/a", False),
    ],
)
def test_a_guid_is_kept_where_it_is_an_iri_in_its_one_spelling(guid, kept):
    # Beside an entry of the same host: its home page must not be what decides.
    assert kept == (guid == ids(entry(guid=guid, link="https://other.example/page"))[0])


@pytest.mark.parametrize("home", ["https://paper.example/", "https://www.paper.example", "http://paper.example/#top"])
def test_the_home_page_of_an_entrys_own_host_is_no_entrys_page(home):
    assert ids(entry(guid="1", link=home)) != ids(entry(guid="2", link=home))
    assert home not in ids(entry(guid=home, link="https://paper.example/a"))


def test_the_home_page_of_a_host_is_none_when_another_entry_leads_deeper_into_it():
    deep = entry(guid="9", link="https://paper.example/deep/page")

    assert ids(entry(guid="https://paper.example/"), deep)[0] == minted("mirror.example https://paper.example/")


def test_a_page_makes_the_id_whatever_the_guid_and_the_dress_of_its_address():
    one = ids(entry(guid="1", link="https://www.paper.example/a?utm_source=rss"))

    assert (minted("https://paper.example/a"),) == one == ids(entry(guid="2", link="http://paper.example/a/"))


@pytest.mark.parametrize(
    ("site", "link", "host"),
    [
        ("https://site.example/kz/", "https://paper.example/", "site.example"),
        (None, "https://paper.example/", "paper.example"),
        (None, None, "mirror.example"),
    ],
)
def test_a_number_that_is_only_unique_at_home_is_named_by_its_home(site, link, host):
    assert (minted(f"{host} 17"),) == ids(entry(guid="17", link=link), link=site)


def test_a_guid_that_is_no_text_names_an_entry_all_the_same():
    assert (minted("mirror.example ?17"),) == ids(entry(guid="\ud80017"))


def test_what_has_no_name_and_no_page_is_its_words():
    one = ids(entry(title="Water", summary="The lake rises"))

    assert (minted("\nwater\nthe lake rises"),) == one
    assert one == ids(entry(title="<b>WATER</b>", summary="<p>The  lake rises</p>"))
    assert one == ids(entry(title="Water", content="The lake rises"))
    assert one != ids(entry(title="Water", summary="The lake falls"))
    assert one != ids(entry(title="Waters", summary="The lake rises"))
    assert ids(entry(title="Water")) != ids(entry(title="Water", content="The lake rises"))


def test_what_shares_its_page_and_has_no_guid_is_its_words_on_that_page():
    one, other = (entry(title=title, link="https://paper.example/live") for title in ("Nine", "Ten"))
    elsewhere = tuple(entry(title=title, link="https://paper.example/more") for title in ("Nine", "Ten"))

    assert 4 == len({*ids(one, other), *ids(*elsewhere)})


def test_a_source_remembers_an_entry_by_its_guid():
    named = entry(guid="node-1", link="https://paper.example/a")

    assert (minted("guid node-1"),) == keys(named)
    assert (minted("guid 1234"),) == keys(entry(guid="1234", link="https://paper.example/a"))


@pytest.mark.parametrize("guid", [None, "", "1", "999", "https://paper.example/iri"])
def test_a_source_remembers_an_entry_by_its_id_where_its_guid_is_a_place_or_the_id_itself(guid):
    one = entry(guid=guid, link="https://paper.example/a")

    assert ids(one) == keys(one)


def test_a_guid_on_several_entries_is_nothing_to_remember_one_by():
    two = tuple(entry(guid="same", link=f"https://paper.example/{n}") for n in range(2))

    assert ids(*two) == keys(*two)


def test_an_entry_whose_id_is_taken_is_named_by_its_id_and_its_title():
    one = Entry(id="tag:a,1:1", title="Water")

    assert minted("tag:a,1:1 water") == normalize.apart(one)
