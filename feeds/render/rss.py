"""A feed as RSS 2.0, through feedgen."""

import re
from html import escape

from feedgen.feed import FeedGenerator

from feeds.errors import RenderError
from feeds.model import Feed
from feeds.render import body, extension
from feeds.render.place import MEDIA_TYPE, Place
from feeds.render.wording import Words

# RSS does not say whether a title is text or HTML; the RSS Advisory Board's profile: hexadecimal references
# are read as text by all (and the W3C validator warns of the others).
_PLAIN = re.compile(rb"<(title|source|dc:creator|category)( [^>]*)?>[^<]*<")


def document(feed: Feed, *, place: Place, words: Words) -> bytes:
    """Return the RSS document of a feed: the same bytes for the same values, always.

    Raises RenderError.
    """
    try:
        written: bytes = _generator(feed, place=place, words=words).rss_str(pretty=True)
    except ValueError as exc:
        raise RenderError(f"{place.path('rss')}: {exc}") from exc
    return _PLAIN.sub(_as_plain, written)


def _generator(feed: Feed, *, place: Place, words: Words) -> FeedGenerator:
    name = body.legal(feed.title or place.slug)
    written = FeedGenerator()
    written.register_extension("feeds", extension.FeedExtension, extension.EntryExtension)
    written.feeds.place = place
    written.feeds.updated = body.newest(feed)
    written.title(name)
    written.description(body.legal(feed.subtitle) if feed.subtitle else name)
    written.language(feed.language or place.site.language)
    written.generator("Feeds")
    written.copyright(body.legal(feed.rights) if feed.rights else None)
    if place.site.contact:
        contact = f"{place.site.contact} ({body.legal(place.site.title)})"
        written.managingEditor(contact)
    # feedgen would date it by the clock and through locale.setlocale: the extension writes it.
    written._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001
    written.link(href=place.url("rss"), rel="self", type=MEDIA_TYPE["rss"])
    written.link(href=place.page_url, rel="alternate")
    for entry in feed.entries:
        one = written.add_entry(order="append")
        one.feeds.entry = entry
        one.id(body.legal(entry.id))
        title = body.title(entry, words)
        # Most readers take an RSS title for HTML: what looks like it is escaped once more.
        one.title(escape(title, quote=False) if body.looks_like_markup(title) else title)
        if link := body.link(entry):
            one.link(href=link, rel="alternate")
        if entry.summary and entry.content:
            one.description(body.legal(entry.summary), isSummary=True)
        one.content(body.html(entry, words) or body.title(entry, words), type="html")
    return written


def _as_plain(found: re.Match[bytes]) -> bytes:
    start = found.end(2) if found.end(2) > 0 else found.end(1)
    whole = found[0]
    split = start - found.start()
    return whole[:split] + whole[split:].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
