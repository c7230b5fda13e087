"""What subscribers get is the same in the three formats, and a reader of ours or theirs finds it all again."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import ISO_3166_1, THEME, Category, Enclosure, Entry, Feed, Person, Site
from feeds.render import atom, body, jsonfeed, rss, wording
from feeds.render import site as pages
from feeds.render.place import Place

WORDS = wording.words("en")


def read(document):
    return feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)


def moment(parts):
    return datetime(*parts[:6], tzinfo=UTC)


@pytest.fixture
def place(site):
    return Place(site=site, slug="central-asia-diplomacy")


def told(entry):
    """An entry as every format tells it."""
    return (
        entry.id,
        body.title(entry, WORDS),
        entry.link,
        entry.published,
        body.updated(entry),
        tuple(category.term for category in entry.categories),
        tuple(enclosure.url for enclosure in entry.enclosures),
        tuple(person.name for person in entry.authors),
        body.html(entry, WORDS),
    )


def from_xml(document):
    return [
        (
            one.id,
            one.title,
            one.link,
            moment(one.published_parsed),
            moment(one.updated_parsed),
            tuple(tag.term for tag in one.get("tags", ())),
            tuple(
                [link.href for link in one.links if link.rel == "enclosure"]
                + [media["url"] for media in one.get("media_content", ())]
            ),
            tuple(author.name for author in one.get("authors", ())),
            one.content[0].value if "content" in one else one.summary,
        )
        for one in read(document).entries
    ]


def from_json(document):
    return [
        (
            one["id"],
            one["title"],
            one["url"],
            datetime.fromisoformat(one["date_published"]),
            datetime.fromisoformat(one["date_modified"]),
            tuple(one.get("tags", ())),
            tuple(attachment["url"] for attachment in one.get("attachments", ())),
            tuple(author["name"] for author in one.get("authors", ())),
            one["content_html"],
        )
        for one in json.loads(document)["items"]
    ]


def plain_titles(feed):
    return replace(feed, entries=tuple(e for e in feed.entries if not body.looks_like_markup(e.title)))


def test_the_three_formats_carry_the_same(feed, place):
    feed = plain_titles(feed)
    expected = [told(entry) for entry in feed.entries]

    assert expected == from_xml(atom.document(feed, place=place, words=WORDS))
    assert expected == from_xml(rss.document(feed, place=place, words=WORDS))
    assert expected == from_json(jsonfeed.document(feed, place=place, words=WORDS))


def test_what_xml_cannot_say_is_said_by_no_format(place):
    odd = "lost \ufffd and\x00\x0b found"
    one = Entry(
        id="urn:x:1",
        link="https://a.example/",
        title=odd,
        content=odd,
        published=datetime(2026, 11, 20, tzinfo=UTC),
        authors=(Person(name=odd),),
        categories=(Category(term=odd, label=odd),),
        note=odd,
        why=(odd,),
    )
    (told,) = json.loads(jsonfeed.document(Feed(entries=(one,)), place=place, words=WORDS))["items"]
    expected = from_xml(atom.document(Feed(entries=(one,)), place=place, words=WORDS))[0]

    assert "\ufffd" not in json.dumps(told, ensure_ascii=False)
    assert "\\u00" not in json.dumps(told)
    assert expected[5] == tuple(told["tags"]) == ("lost ? and found",)
    assert expected[7] == tuple(author["name"] for author in told["authors"])


def test_a_date_with_a_fraction_of_a_second_is_the_same_second_everywhere(feed, place):
    late = datetime(2026, 11, 20, 12, 0, 0, 999_999, tzinfo=UTC)
    feed = replace(feed, entries=tuple(Entry(id=f"urn:x:{n}", title="t", published=late) for n in range(9)))
    seconds = {
        moment(one.updated_parsed)
        for form in (atom, rss)
        for one in read(form.document(feed, place=place, words=WORDS)).entries
    }
    (told,) = {one["date_modified"] for one in json.loads(jsonfeed.document(feed, place=place, words=WORDS))["items"]}

    assert {datetime.fromisoformat(told)} == seconds


@pytest.mark.parametrize("form", [atom, rss])
def test_a_title_that_looks_like_markup_is_shown_as_it_is_written(feed, place, form):
    odd = replace(feed, entries=tuple(e for e in feed.entries if body.looks_like_markup(e.title)))
    titles = [entry.title for entry in read(form.document(odd, place=place, words=WORDS)).entries]

    assert ['A &lt;b&gt;"quoted"&lt;/b&gt; &amp; escaped title'] * 2 == titles


def test_attribution_is_visible_in_the_content(feed, place):
    (first, *_) = from_xml(rss.document(feed, place=place, words=WORDS))

    assert 'From: <a href="https://source.example/">Source</a> (state media)' in first[-1]
    assert 'Also reported by: <a href="https://other.example/1">Other</a>' in first[-1]
    assert "Why it is here: region: Astana in the title" in first[-1]


def test_every_format_tells_the_label_the_rights_line_and_the_paywall(site, feed, place):
    (first, *_) = feed.entries
    origin = replace(first.source, rights="© Source", paywalled=True)
    told = replace(feed, entries=(replace(first, source=origin, rights="© Source"),))

    page = pages.articles(pages.desk(site), told.entries)[first.id]
    written = [form.document(told, place=place, words=WORDS).decode() for form in (atom, rss, jsonfeed)]
    for document in (page, *written):
        assert "© Source" in document
        assert "state media" in document
        assert "(paywall)" in document
    (entry,) = json.loads(written[-1])["items"]
    assert entry["_feeds"]["source"]["paywalled"] is True


def test_the_source_keeps_its_id_title_link_and_time(feed, place):
    source = read(atom.document(feed, place=place, words=WORDS)).entries[0].source

    assert "https://source.example/feed" == source.id
    assert "Source" == source.title
    assert "https://source.example/" == source.link
    assert moment(source.updated_parsed) == body.updated(feed.entries[0])


def test_media_places_and_languages_are_kept(feed, place):
    for form in (atom, rss):
        told = read(form.document(feed, place=place, words=WORDS)).entries

        assert [{"url": "https://source.example/i.jpg"}] == told[1].media_thumbnail
        assert {"type": "Point", "coordinates": (76.9, 43.25)} == told[5].where
        assert ("audio/mpeg", "9") == next((e.type, e.length) for e in told[0].enclosures)
    entries = json.loads(jsonfeed.document(feed, place=place, words=WORDS))["items"]

    assert "https://source.example/i.jpg" == entries[1]["image"]
    assert [43.25, 76.9] == entries[5]["_feeds"]["point"]
    assert ["en", "fa", "ru", "en"] == [entry["language"] for entry in entries[:4]]


def test_regions_and_themes_are_categories_with_scheme_and_label(feed, place):
    told = read(atom.document(feed, place=place, words=WORDS)).entries[0].tags

    assert [(ISO_3166_1, "KZ", "Kazakhstan"), (THEME, "diplomacy", "Diplomacy")] == [
        (tag.scheme, tag.term, tag.label) for tag in told
    ]


def test_right_to_left_text_says_so_and_its_attribution_does_not(feed):
    html = body.html(feed.entries[1], WORDS)

    assert html.startswith('<div dir="rtl" lang="fa"><p>')
    assert html.index("</div>") < html.index("From:")


def test_ids_depend_neither_on_the_address_nor_on_the_title(site):
    moved = replace(site, url="https://elsewhere.example/", title="Another name")

    assert Place(site=site, slug="a").id == Place(site=moved, slug="a").id
    assert Place(site=site, slug="a").id != Place(site=site, slug="b").id
    assert Place(site=site, slug="a").id != Place(site=replace(site, id="mine"), slug="a").id


def test_archives_are_linked_both_ways_and_marked_when_closed(feed, site):
    place = Place(site=site, slug="a", month="2026-10", closed=True, previous="2026-09", following="2026-11")
    document = atom.document(feed, place=place, words=WORDS)
    rels = {link.rel: link.href for link in read(document).feed.links}

    assert "https://wire.example.org/archive/a/2026-09.atom" == rels["prev-archive"]
    assert "https://wire.example.org/archive/a/2026-11.atom" == rels["next-archive"]
    assert "https://wire.example.org/a.atom" == rels["current"]
    assert b"<fh:archive/>" in document


def test_the_time_of_a_feed_comes_from_its_entries(feed, place):
    assert b"<lastBuildDate>Fri, 20 Nov 2026 13:00:00 +0000</lastBuildDate>" in rss.document(
        feed, place=place, words=WORDS
    )
    assert b"<updated>2000-01-01T00:00:00+00:00</updated>" in atom.document(Feed(title="x"), place=place, words=WORDS)


def test_a_character_xml_forbids_costs_only_itself(place):
    feed = Feed(title="x\x00", entries=(Entry(id="a:1\x0b", title="t\x01\ufffe", content="c\x02"),))

    assert "t" == read(atom.document(feed, place=place, words=WORDS)).entries[0].title
    assert "t" == read(rss.document(feed, place=place, words=WORDS)).entries[0].title


def test_what_the_validator_refuses_of_publishers_is_mended(place):
    feed = Feed(
        title="x",
        entries=(
            Entry(
                id="urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6",
                title="lost \ufffd and 1&1\x85",
                link="https://a.example/?a[]=1|2",
                enclosures=(Enclosure(url="https://host.example/a b.mp3"),),
                categories=(Category(term="t", scheme="not/an/iri"),),
            ),
        ),
    )
    for form in (atom, rss):
        (one,) = read(form.document(feed, place=place, words=WORDS)).entries

        assert "https://a.example/?a%5B%5D=1%7C2" == one.link
        assert "https://host.example/a%20b.mp3" == next(link.href for link in one.links if link.rel == "enclosure")
        assert one.title.startswith("lost ? and 1&")
    assert b"scheme" not in atom.document(feed, place=place, words=WORDS)


# Without Latin-1's upper half: feedparser takes a text wholly of it for UTF-8 read wrongly, and "mends" it.
_SIGNS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]).filter(
    lambda sign: not 0x80 <= ord(sign) < 0x100
)
LINE = st.text(_SIGNS, min_size=1, max_size=30)
DATE = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda found: found.replace(microsecond=0)
)
ENTRY = st.builds(
    Entry,
    id=st.uuids().map(lambda number: f"urn:uuid:{number}"),
    link=st.integers(0, 10**6).map(lambda number: f"https://a.example/{number}?x=1&y=%D0%B0"),
    title=LINE.filter(lambda line: not body.looks_like_markup(line)),
    content=LINE.map(lambda line: "<p>" + line.replace("&", "&amp;").replace("<", "&lt;") + "</p>"),
    categories=st.lists(
        st.builds(Category, term=st.from_regex(r"[a-z]{2,8}", fullmatch=True)),
        max_size=3,
        unique_by=lambda category: category.term,
    ).map(tuple),
    published=DATE,
    language=st.sampled_from(["en", "fa", "ru"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ENTRY, max_size=4, unique_by=lambda entry: entry.id))
def test_parse_of_render_keeps_everything(entries):
    place = Place(site=Site(title="Wire", url="https://wire.example.org/"), slug="a")
    feed = Feed(title="A", entries=tuple(entries))
    expected = [(e.id, body.title(e, WORDS), e.link, e.published, [c.term for c in e.categories]) for e in entries]

    for form in (atom, rss):
        parsed = read(form.document(feed, place=place, words=WORDS)).entries
        kept = [
            (p.id, p.title, p.link, moment(p.published_parsed), [tag.term for tag in p.get("tags", ())]) for p in parsed
        ]
        assert expected == kept
        assert [body.html(e, WORDS) for e in entries] == [
            p.content[0].value if "content" in p else p.summary for p in parsed
        ]
