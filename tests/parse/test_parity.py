"""The strict path says what the lenient path says, or nothing."""

import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.parse import bounds, encoding, lenient, repair, strict

ROOT = Path(__file__).parents[3] / "shared" / "corpus"
OURS = sorted((Path(__file__).parents[1] / "data" / "parse").glob("*.xml"))


def mended(body):
    text = encoding.decode(body).lstrip("\ufeff \t\r\n\0")
    return bounds.bounded(repair.mend(text))[0] if repair.ROOTS.search(text) else None


@pytest.mark.skipif(not ROOT.is_dir(), reason="the captured feeds stand beside the project, at ../shared/corpus")
def test_both_paths_read_the_captured_feeds_alike_and_most_take_the_fast_one():
    captured = [*sorted((ROOT / "feeds").glob("*.xml")), *sorted((ROOT / "series").glob("*/*.xml"))[::40]]
    texts = {path.name: mended(path.read_bytes()) for path in captured}
    fast = {name: read for name, text in texts.items() if text and (read := strict.feed(text)) is not None}

    assert len(texts) * 0.6 < len(fast)
    assert [] == [name for name, read in fast.items() if read != lenient.feed(texts[name], source=name)]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_both_paths_read_our_own_documents_alike(path):
    text = mended(path.read_bytes())
    read = strict.feed(text) if text else None

    assert read is None or read == lenient.feed(text, source="s")


TEXTS = st.text(alphabet="ab <>&;'\"é\xa0тك中\n\u200c\x85Ã©/:.#", max_size=20) | st.sampled_from(
    [
        "<b>x</b>",
        "&amp;",
        "AT&amp;T",
        "Mon, 06 Sep 2021 10:00:00 +0600",
        "2021-09-06",
        "mail@a.org (Name)",
        "https://a.example/?a=1&b=2",
    ]
)
NAMES = st.sampled_from(
    re.findall(
        r"\S+",
        "title link guid description pubDate author category content:encoded dc:creator dc:date dc:subject comments"
        " source media:content media:thumbnail media:title media:description media:keywords media:category media:group"
        " itunes:summary itunes:author itunes:image itunes:keywords enclosure summary content updated published id"
        " rights copyright language dc:language dc:title image unknown x:unknown atom:link atom:id atom:updated name"
        " subtitle contributor links",
    )
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        re.findall(r"\S+", "url href type rel isPermaLink domain term label scheme length medium text title")
    ),
    TEXTS | st.sampled_from(["false", "true", "alternate", "enclosure", "text/html", "html", "image/jpeg", "5"]),
    max_size=2,
)
NAMESPACES = (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:x="urn:x"'
)


def element(name, attributes, inside):
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{said}>{inside}</{name}>"


ELEMENTS = st.builds(element, NAMES, ATTRIBUTES, TEXTS.map(escape) | TEXTS.map(lambda text: f"<![CDATA[{text}]]>"))
ELEMENTS |= st.builds(
    element, st.sampled_from(["media:group", "media:content", "author", "source"]), ATTRIBUTES, ELEMENTS
)
BODIES = st.lists(ELEMENTS, max_size=7).map("".join)


@given(st.sampled_from(["rss", "rdf", "atom"]), BODIES, st.lists(BODIES, max_size=3))
@settings(max_examples=300, deadline=None)
def test_both_paths_read_any_feed_alike(kind, head, bodies):
    match kind:
        case "rss":
            entries = "".join(f"<item>{body}</item>" for body in bodies)
            document = f'<rss version="2.0"{NAMESPACES}><channel>{head}{entries}</channel></rss>'
        case "rdf":
            entries = "".join(f'<item rdf:about="https://a.example/{n}">{body}</item>' for n, body in enumerate(bodies))
            rdf = 'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            document = f"<rdf:RDF {rdf}{NAMESPACES}><channel>{head}</channel>{entries}</rdf:RDF>"
        case _:
            entries = "".join(f"<entry>{body}</entry>" for body in bodies)
            document = f'<feed xmlns="http://www.w3.org/2005/Atom"{NAMESPACES}>{head}{entries}</feed>'
    text = mended(document.encode())
    read = strict.feed(text)

    assert read is None or read == lenient.feed(text, source="s")
