"""A feed as Atom 1.0 (RFC 4287), through feedgen."""

from datetime import datetime, timedelta
from zlib import crc32

from feedgen.feed import FeedGenerator

from feeds.errors import RenderError
from feeds.model import Entry, Feed
from feeds.render import body, extension
from feeds.render.place import Place
from feeds.render.wording import Words


def document(feed: Feed, *, place: Place, words: Words) -> bytes:
    """Return the Atom document of a feed: the same bytes for the same values, always.

    Raises RenderError.
    """
    try:
        return _generator(feed, place=place, words=words).atom_str(pretty=True)  # type: ignore[no-any-return]
    except ValueError as exc:
        raise RenderError(f"{place.path('atom')}: {exc}") from exc


def _generator(feed: Feed, *, place: Place, words: Words) -> FeedGenerator:
    written = FeedGenerator()
    written.register_extension("feeds", extension.FeedExtension, extension.EntryExtension)
    written.feeds.place = place
    written.id(place.id)
    written.title(body.legal(feed.title or place.slug))
    written.subtitle(body.legal(feed.subtitle) if feed.subtitle else None)
    written.updated(body.newest(feed))
    written.author(
        {"name": body.legal(place.site.title), **({"email": place.site.contact} if place.site.contact else {})}
    )
    written.generator("Feeds")
    written.language(feed.language or place.site.language)
    written.rights(body.legal(feed.rights) if feed.rights else None)
    for rel, href, kind in extension.links(place, "atom"):
        written.link(href=href, rel=rel, **({"type": kind} if kind else {}))
    written.link(href=place.page_url, rel="alternate", type="text/html")
    for entry in feed.entries:
        one = written.add_entry(order="append")
        one.feeds.entry = entry
        one.id(body.legal(entry.id))
        one.title(body.title(entry, words))
        one.updated(_apart(entry))
        if entry.published:
            one.published(entry.published)
        for author in entry.authors:
            named = {"name": body.legal(author.name), "email": author.email, "uri": body.web(author.uri)}
            one.author({key: value for key, value in named.items() if value})
        for category in entry.categories:
            named = {"term": category.term, "scheme": body.scheme(category), "label": category.label}
            one.category({key: body.legal(value) for key, value in named.items() if value})
        if link := body.link(entry):
            one.link(href=link, rel="alternate")
        if entry.rights:
            one.rights(body.legal(entry.rights))
        if entry.summary and entry.content:
            one.summary(body.legal(entry.summary), type="html")
        # Never empty: Atom asks for content where there is no alternate link.
        one.content(body.html(entry, words) or body.title(entry, words), type="html")
    return written


def _apart(entry: Entry) -> datetime:
    """Return when the entry was updated, to the second as all formats tell it, with a fraction of its own.

    Readers order by `updated` and the W3C validator warns of two entries that share one, as do those of a source
    without dates that came together. The fraction comes from the id: neither neighbours nor the clock can change it.
    """
    return body.updated(entry).replace(microsecond=0) + timedelta(microseconds=1 + crc32(entry.id.encode()) % 999_999)
