"""What normalize promises: a lasting id, safe HTML, sane dates, and the same again when asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds import normalize
from feeds.model import Category, Enclosure, Entry, Feed, Person, Source

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BASE = "https://news.example/feed.xml"
WRITTEN = timezone(timedelta(hours=6), "+0600")


def normalized(*entries, source=None, now=NOW, base=BASE, **feed):
    read = Feed(entries=tuple(entries), **feed)
    return normalize.feed(read, source=source or Source(id="s", url=base), base=base, now=now)


def entry(**said):
    return Entry(id="", **said)


@pytest.mark.parametrize(
    "guid", ["https://news.example/2024/1?p=1", "tag:news.example,2024:1", "urn:uuid:60a76c80-d399"]
)
def test_an_id_that_is_an_iri_survives_to_the_letter(guid):
    assert guid == normalized(entry(guid=guid, link="https://news.example/a")).entries[0].id


def test_a_guid_that_is_no_iri_gives_way_to_the_link():
    first = normalized(entry(guid="123", link="https://www.news.example/a/?utm_source=rss"))
    second = normalized(entry(guid="124", link="http://news.example/a"))

    assert first.entries[0].id == second.entries[0].id
    assert first.entries[0].id.startswith("urn:uuid:")


def test_an_id_knows_neither_our_source_nor_where_the_feed_was_fetched():
    one = entry(guid="123", link="https://news.example/a")
    other = Source(id="renamed", url="https://mirror.example/rss")

    moved = normalized(one, source=other, base="https://mirror.example/rss")

    assert normalized(one).entries[0].id == moved.entries[0].id


def test_one_guid_on_every_entry_is_no_identity():
    ids = normalize.ids(
        Feed(entries=tuple(entry(guid="https://news.example/rss", link=f"https://news.example/{n}") for n in range(3))),
        base=BASE,
    )

    assert 3 == len(set(ids))


def test_one_link_on_every_entry_is_no_identity():
    feed = normalized(*(entry(guid=f"n{n}", link="https://news.example/news", title=f"T{n}") for n in range(3)))

    assert 3 == len({one.id for one in feed.entries})


def test_entries_without_guid_or_link_are_told_apart_by_what_they_say():
    feed = normalized(entry(title="One"), entry(title="Two"), entry(title="One"))

    assert ["One", "Two"] == [one.title for one in feed.entries]


def test_of_an_entry_given_twice_the_newest_is_kept():
    old = entry(guid="tag:a,1:1", title="Old", link="https://news.example/a", updated=datetime(2025, 1, 1, tzinfo=UTC))
    new = replace(old, title="New", updated=datetime(2025, 1, 2, tzinfo=UTC))

    assert ["New"] == [one.title for one in normalized(old, new).entries]
    assert ["New"] == [one.title for one in normalized(new, old).entries]


def test_of_an_entry_given_twice_with_one_date_the_first_is_kept_and_those_after_it():
    first = entry(guid="tag:a,1:1", title="First", updated=datetime(2025, 1, 1, tzinfo=UTC))
    other = entry(guid="tag:a,1:2", title="Other")

    assert ["First", "Other"] == [one.title for one in normalized(first, replace(first, title="Second"), other).entries]


def test_an_entry_given_twice_is_one_also_where_one_of_its_titles_is_encoded_twice():
    link = "https://news.example/a"
    feed = normalized(
        entry(title="São Paulo é notícia", link=link), entry(title="SÃ£o Paulo Ã© notÃ\xadcia", link=link)
    )

    assert ["São Paulo é notícia"] == [one.title for one in feed.entries]


def test_names_and_terms_have_a_bound():
    people = (Person(name="x" * 150), Person(name="y" * 151))
    terms = (Category(term="x" * 100), Category(term="y" * 101))
    one = normalized(entry(title="t", authors=people, categories=terms)).entries[0]

    assert ["x" * 150, 150] == [one.authors[0].name, len(one.authors[1].name)]
    assert ["x" * 100, 100] == [one.categories[0].term, len(one.categories[1].term)]


def test_of_an_entry_given_twice_one_without_a_date_is_not_the_newer():
    dated = entry(guid="tag:a,1:1", title="Dated", updated=datetime(2025, 1, 1, tzinfo=UTC))
    undated = replace(dated, title="Undated", updated=None)

    assert ["Dated"] == [one.title for one in normalized(dated, undated).entries]
    assert ["Undated"] == [one.title for one in normalized(undated, dated).entries]


@pytest.mark.parametrize(("guid", "kept"), [("%D0%BC%D0%B8%D1%80", True), ("%FF", False), ("e%CC%81", False)])
def test_an_escaped_guid_stays_where_it_says_canonical_text(guid, kept):
    guid = f"https://news.example/{guid}"

    assert kept == (guid == normalized(entry(guid=guid, link="https://news.example/a")).entries[0].id)


def test_the_page_of_the_whole_site_is_no_entrys_page():
    feed = normalized(entry(guid="1", link="https://news.example/kz/"), link="https://news.example/kz/")
    later = normalized(entry(guid="2", link="https://news.example/kz/"), link="https://news.example/kz/")

    assert feed.entries[0].id != later.entries[0].id


def test_only_leaves_out_what_was_read_before():
    read = Feed(entries=tuple(entry(guid=f"tag:a,1:{n}", title=str(n)) for n in range(3)))
    feed = normalize.feed(read, source=Source(id="s", url=BASE), base=BASE, now=NOW, only={"tag:a,1:1", "tag:a,1:2"})

    assert ["1", "2"] == [one.title for one in feed.entries]


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("AT&amp;amp;T", "AT&T"),
        ("&lt;b&gt;Bold&lt;/b&gt; claim", "Bold claim"),
        ("5 < 6", "5 < 6"),
        ("two\n lines", "two lines"),
        ("a \u202eb\u202c", "a b"),
    ],
)
def test_a_title_is_plain_text_on_one_line(markup, title):
    assert title == normalized(entry(title=markup)).entries[0].title


def test_a_title_has_a_bound():
    assert normalize.MAX_TITLE_CHARS >= len(normalized(entry(title="word " * 20_000)).entries[0].title)


def test_what_is_said_of_rights_and_subtitle_has_a_bound():
    whole, more = "x" * 500, "x" * 501
    feed = normalized(entry(title="t", rights=more), rights=whole, subtitle=more)

    assert whole == feed.rights
    assert [500, 500] == [len(feed.subtitle), len(feed.entries[0].rights)]


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
        '<a href="jav&#x09;ascript&colon;alert(1)">x</a>',
        '<img src=x onerror="alert(1)">',
        '<iframe src="https://evil.example/"></iframe>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<p title="<img src=" lang=" onclick=alert(1) dir="><img src=x>">x</p>',
        "<form action=https://evil.example><button>x</button></form>",
        '<base href="https://evil.example/">',
        '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
        '<div style="background:url(javascript:alert(1))">x</div>',
    ],
)
def test_nothing_that_acts_comes_through(attack):
    reader = Reader()
    reader.feed(normalized(entry(title="t", summary=f"before {attack} after")).entries[0].summary or "")

    assert set() == reader.tags & {
        "script",
        "svg",
        "math",
        "style",
        "iframe",
        "form",
        "button",
        "base",
        "meta",
        "object",
    }
    assert [] == [name for name in reader.attributes if name.startswith("on") or name == "style"]
    assert [] == [link for link in reader.links if not link.startswith(("https://", "http://", "mailto:"))]


class Reader(HTMLParser):
    """What a browser would make of the markup."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.links = set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value for name, value in attrs if name in {"href", "src", "xlink:href", "cite", "poster"}]


def test_pictures_that_only_count_readers_are_taken_out():
    spies = (
        '<img src="https://a.example/p.gif" width="1" height="1">'
        '<img src="https://pixel.wp.com/b.gif?x=1"><img src="https://a.example/photo.jpg">'
    )

    assert '<img src="https://a.example/photo.jpg">' == normalized(entry(title="t", summary=spies)).entries[0].summary


def test_links_and_pictures_are_absolute():
    markup = '<a href="../b?x=1&amp;y=2">b</a><img srcset="/s.jpg 1x, l.jpg 2x" src="//cdn.example/i.jpg">'
    expected = (
        '<a href="https://news.example/b?x=1&amp;y=2">b</a><img srcset="https://news.example/s.jpg 1x,'
        ' https://news.example/a/l.jpg 2x" src="https://cdn.example/i.jpg">'
    )

    assert (
        expected == normalized(entry(title="t", content=markup), base="https://news.example/a/feed").entries[0].content
    )


def test_links_of_a_document_that_is_a_file_start_from_the_site_it_names():
    feed = normalized(entry(title="t", link="one"), base="saved/feed.xml", link="https://news.example/section/")

    assert "https://news.example/section/one" == feed.entries[0].link


def test_a_date_in_the_future_is_when_we_first_saw_it():
    assert NOW == normalized(entry(title="t", published=datetime(2095, 1, 1, tzinfo=UTC))).entries[0].published


def test_a_wrong_zone_is_set_right_once():
    source = Source(id="s", url=BASE, timezone="Asia/Almaty")
    feed = normalized(entry(title="t", published=datetime(2024, 11, 5, 10, tzinfo=WRITTEN)), source=source)
    again = normalize.feed(feed, source=source, base=BASE, now=NOW)

    assert datetime(2024, 11, 5, 5, tzinfo=UTC) == feed.entries[0].published
    assert feed == again


@pytest.mark.parametrize(
    ("written", "tag"), [("en_us", "en-US"), ("RU", "ru"), ("uz-cyrl-uz", "uz-Cyrl-UZ"), ("english", None), ("", None)]
)
def test_language_tags_are_written_as_bcp_47(written, tag):
    assert tag == normalized(entry(title="t"), language=written).entries[0].language


def test_what_a_feed_says_of_itself_is_plain_absolute_and_none_where_it_says_nothing():
    said = normalized(
        title="<b>News</b>",
        subtitle="of &amp;amp; the day",
        rights="(c) <i>us</i>",
        link="/home",
        language="en_us",
        next_page="?page=2",
        hub="//hub.example/",
        updated=NOW + timedelta(days=1),
    )
    nothing = normalized(
        title=" ", subtitle="<p></p>", rights="", link="javascript:x", language="?", next_page="", hub=""
    )

    assert ("News", "of & the day", "(c) us") == (said.title, said.subtitle, said.rights)
    assert ("https://news.example/home", "en-US", NOW) == (said.link, said.language, said.updated)
    assert ("https://news.example/feed.xml?page=2", "https://hub.example/") == (said.next_page, said.hub)
    assert normalize.feed(Feed(entries=()), source=Source(id="s", url=BASE), base=BASE, now=NOW) == nothing


def test_what_an_entry_says_beside_its_text_is_plain_and_absolute():
    said = entry(
        guid="tag:a,1:1",
        title="T",
        rights="(c) <i>us</i>",
        image="/i.png",
        authors=(
            Person(name="<b>A</b>", email="a@news.example", uri="/a"),
            Person(name="A", email="other@news.example"),
            Person(name=" ", email="b@news.example"),
            Person(name="C", email="not an address", uri="javascript:x"),
        ),
        enclosures=(
            Enclosure(url="/a.mp3", type=" Audio/MPEG ", length=9, title="<b>E</b>"),
            Enclosure(url="/a.mp3", type="audio/ogg"),
            Enclosure(url="javascript:x"),
            Enclosure(url="/b", type="none of this"),
        ),
        categories=(
            Category(term="<b>K</b>", scheme="s", label="L"),
            Category(term="k", scheme="s"),
            Category(term="Q", scheme=" JavaScript:alert(1)"),
            Category(term=""),
        ),
    )
    one = normalized(said).entries[0]

    assert ("(c) us", "https://news.example/i.png") == (one.rights, one.image)
    assert one.authors == (
        Person(name="A", email="a@news.example", uri="https://news.example/a"),
        Person(name="C"),
    )
    assert one.enclosures == (
        Enclosure(url="https://news.example/a.mp3", type="audio/mpeg", length=9, title="E"),
        Enclosure(url="https://news.example/b"),
    )
    assert one.categories == (Category(term="K", scheme="s", label="L"), Category(term="Q"))


@pytest.mark.parametrize("said", ["summary", "content", "image", "rights", "link", "title"])
def test_the_digest_is_of_each_thing_a_reader_sees(said):
    assert normalize.digest(entry(title="T")) != normalize.digest(entry(**{"title": "T", said: "other"}))
    assert 16 == len(normalize.digest(entry(title="T")))


def test_categories_that_differ_in_case_are_one():
    categories = tuple(Category(term=term) for term in ("Water", "water", " ", "<b>Border</b>"))

    assert ["Water", "Border"] == [
        one.term for one in normalized(entry(title="t", categories=categories)).entries[0].categories
    ]


def test_the_digest_changes_with_the_words_and_not_with_the_dates():
    one = entry(title="t", summary="s", published=NOW)

    assert normalize.digest(one) == normalize.digest(replace(one, published=None, updated=NOW))
    assert normalize.digest(one) != normalize.digest(replace(one, summary="s."))


MARKUP = st.text(alphabet="<>/=\"'& ;abipPsrcmgdv1#:\n\u202e")
TAGS = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<pre>\n\n",
            "</pre>",
            "<a href='/x' title=\"<img src=\">",
            "</a>",
            "<img src=a width=1>",
            "<img src=/b.png>",
            "<table>",
            "<td>",
            "<svg>",
            "</svg>",
            "text ",
            "&lt;b&gt;",
            "&amp;amp;",
            "<!--",
            "-->",
            "<b>",
            "</b>",
            "<script>",
            "é",
        ]
    )
).map("".join)
ENTRIES = st.builds(
    entry,
    guid=st.none() | st.sampled_from(["1", "tag:a,1:1", "https://news.example/", "https://news.example/1"]),
    link=st.none()
    | st.sampled_from(
        ["/a", "https://news.example/b?utm_source=x", "javascript:x", "https://news.example/", "//[", "é"]
    ),
    title=MARKUP,
    summary=st.none() | MARKUP | TAGS,
    content=st.none() | TAGS,
    authors=st.lists(st.builds(Person, name=MARKUP)).map(tuple),
    categories=st.lists(st.builds(Category, term=MARKUP)).map(tuple),
    published=st.none() | st.datetimes(timezones=st.sampled_from([UTC, WRITTEN])),
)


@given(
    st.lists(ENTRIES, max_size=5),
    st.sampled_from([None, "Asia/Tehran"]),
    st.sampled_from([None, "/", "http://[broken", "https://news.example/"]),
)
@example([entry(summary="<a href='/x'><table><a href='/x'>")], None, None)
def test_normalizing_twice_is_normalizing_once(entries, zone, link):
    source = Source(id="s", url=BASE, timezone=zone)
    once = normalized(*entries, source=source, link=link)

    assert once == normalize.feed(once, source=source, base=BASE, now=NOW)
