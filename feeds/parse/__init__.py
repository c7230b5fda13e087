"""Bytes to Feed, whatever the publisher sent: RSS, Atom, RDF, JSON Feed, whole or broken.

`feed` decodes, mends, and hands the document to the one parser that suits it: `jsonfeed`,
`strict` (lxml, most of the world) or `lenient` (feedparser, the rest). What each entry is
comes from `shape`, for all of them. Pure: it opens no file and asks no network.
"""

from dataclasses import replace

from feeds.errors import ParseError
from feeds.model import Document, Feed
from feeds.parse import bounds, encoding, jsonfeed, lenient, repair, strict

__all__ = ["feed"]


def feed(document: Document, *, source: str = "document") -> Feed:
    """Return the feed in the document; raise ParseError, and nothing else, where there is none.

    The reason of the error starts with its kind: `empty:`, `a page instead of a feed`, or
    `not a feed:`. Entries are as the publisher wrote them, texts as HTML; times keep the
    offset they were written with. An entry that cannot be read costs itself: `Feed.dropped`.
    Of a document that ends too soon the entries are read, and `Feed.cut` says so.
    """
    if not document.body.strip():
        raise ParseError(source, "empty: a body without a document")
    text = encoding.decode(document.body, document.content_type).lstrip("\ufeff \t\r\n\0")
    if text.startswith("{"):
        return jsonfeed.feed(text, source=source)
    if repair.is_page(text):
        raise ParseError(source, "a page instead of a feed")
    if repair.ROOTS.search(text) is None:
        raise ParseError(source, "not a feed: no RSS, Atom, RDF or JSON Feed in it")
    whole = repair.mend(text)
    text, left = bounds.bounded(whole)
    quick = strict.feed(text)
    read = quick or lenient.feed(text, source=source)
    if left is None and quick is not None:
        return read  # well-formed: it has its end
    cut = repair.is_cut(whole)
    if cut and not read.entries:
        raise ParseError(source, "not a feed: it ends before its first entry does")
    return replace(read, dropped=(left, *read.dropped) if left else read.dropped, cut=cut)
