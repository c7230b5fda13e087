"""What both parsers found, made into an Entry and a Feed: the one place where they must agree.

The parsers hand over strings as the publisher wrote them; every decision about them is here.
Titles, summaries and contents leave as HTML, whatever they were; normalize makes them safe.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from feeds import dates
from feeds.model import Category, Enclosure, Entry, Feed, Hints, Person

MAX_AUTHORS = 20
MAX_CATEGORIES = 50
MAX_ENCLOSURES = 20
MAX_CONTENT_CHARS = 2**20  # of one summary or content

ITUNES = "http://www.itunes.com/"
MEDIA_SCHEME = "http://search.yahoo.com/mrss/category_schema"

_LOOKS_LIKE_HTML = re.compile(r"</\w+>|<(?:br|p|img|b|i|em|strong|a)\b[^<>]*>|&#?\w+;", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!//)", re.IGNORECASE)  # javascript:, mailto:, data:; not a page
_STRAY_SEMICOLON = re.compile("&([A-Za-z0-9_]+);")


@dataclass(slots=True, kw_only=True)
class Media:
    """A Media RSS element or an enclosure: its attributes, as written."""

    url: str
    type: str | None = None
    medium: str | None = None
    length: str | None = None
    title: str | None = None


@dataclass(slots=True, kw_only=True)
class Raw:
    """An entry as a parser found it. `*_kind` is "text", "html", or None where the format does not say."""

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    title_kind: str | None = None
    summary: str | None = None
    summary_kind: str | None = "html"
    content: str | None = None
    content_kind: str | None = "html"
    permanent: bool = True  # the guid may be asked for: isPermaLink is not "false"
    caption: str | None = None  # media:description, itunes:summary: where there is nothing better
    people: list[tuple[str | None, str | None, str | None]] = field(default_factory=list)
    terms: list[tuple[str | None, str | None, str | None]] = field(default_factory=list)
    enclosures: list[Media] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    rights: str | None = None


def entry(raw: Raw, *, atom: bool) -> Entry | None:
    """Return the entry, or None where nothing in it could be shown to anybody."""
    title = markup(raw.title, raw.title_kind) or ""
    content = _bounded(markup(raw.content, raw.content_kind))
    summary = _bounded(markup(raw.summary, raw.summary_kind) or markup(raw.caption, "html"))
    if summary == content:
        summary = None  # said twice
    guid = raw.guid or None
    link = address(raw.link)
    if link is None or (not _WEB.match(link) and (link == guid or _SCHEME.match(link))):
        may = raw.permanent or raw.link is not None
        link = guid if guid and may and _WEB.match(guid) else None
    if not title and not summary and not content and link is None:
        return None
    published = dates.parse(raw.published) if raw.published else None
    updated = dates.parse(raw.updated) if raw.updated else None
    if published is None and not atom:
        published = updated  # dc:date: RSS has no other time of its own
    return Entry(
        id=guid or link or "",
        guid=guid,
        link=link,
        title=title,
        summary=summary,
        content=content,
        authors=_authors(raw.people),
        categories=_categories(raw.terms),
        enclosures=_enclosures(raw),
        image=_image(raw),
        published=published,
        updated=updated,
        language=raw.language or None,
        rights=raw.rights or None,
    )


def markup(value: str | None, kind: str | None) -> str | None:
    """Return the value as HTML: text is escaped, and what does not say is judged by its looks."""
    if not value:
        return None
    if kind == "text" or (kind is None and "<" in value and not _LOOKS_LIKE_HTML.search(value)):
        return html.escape(value, quote=False)
    return value


def _bounded(value: str | None) -> str | None:
    return value if value is None or len(value) <= MAX_CONTENT_CHARS else value[:MAX_CONTENT_CHARS]


def address(value: str | None) -> str | None:
    """Return a link as written, less the damage of being escaped twice."""
    if not value:
        return None
    if "&" in value:
        value = _STRAY_SEMICOLON.sub(r"&\1", value.replace("&amp;", "&"))
    return "".join(value.split()) or None


def _authors(people: Iterable[tuple[str | None, str | None, str | None]]) -> tuple[Person, ...]:
    authors: dict[str, Person] = {}
    for name, email, uri in people:
        label = name or email
        if label and label not in authors and len(authors) < MAX_AUTHORS:
            authors[label] = Person(name=label, email=email or None, uri=uri or None)
    return tuple(authors.values())


def _categories(terms: Iterable[tuple[str | None, str | None, str | None]]) -> tuple[Category, ...]:
    categories = (
        Category(term=term or label or "", scheme=scheme or None, label=label or None)
        for term, scheme, label in terms
        if (term or label) and scheme not in {ITUNES, MEDIA_SCHEME}
    )
    return tuple(dict.fromkeys(categories))[:MAX_CATEGORIES]


def _enclosures(raw: Raw) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for media in (*raw.enclosures, *raw.media):
        url = media.url.strip()
        if url and url not in found:
            length = int(media.length) if media.length and media.length.isdecimal() and len(media.length) < 16 else None
            found[url] = Enclosure(
                url=url, type=media.type or _kind(media), length=length or None, title=media.title or None
            )
    return tuple(found.values())[:MAX_ENCLOSURES]


def _kind(media: Media) -> str | None:
    """Return a type where Media RSS names only the medium."""
    return {"image": "image/*", "video": "video/*", "audio": "audio/*"}.get(media.medium or "")


def _image(raw: Raw) -> str | None:
    shown = [
        media.url for media in (*raw.media, *raw.enclosures) if (media.type or _kind(media) or "").startswith("image/")
    ]
    return next((url.strip() for url in (*raw.images, *shown) if url.strip()), None)


# The feed's own


@dataclass(slots=True, kw_only=True)
class RawFeed:
    """What a parser found about the feed, as written."""

    id: str | None = None
    title: str | None = None
    title_kind: str | None = None
    subtitle: str | None = None
    link: str | None = None
    language: str | None = None
    updated: str | None = None
    rights: str | None = None
    next_page: str | None = None
    hub: str | None = None


def feed(raw: RawFeed, *, entries: Iterable[Entry | None], hints: Hints, notes: Iterable[str | None]) -> Feed:
    """Return the feed; an entry that is None was dropped, and said so."""
    kept, dropped = [], [note for note in notes if note]
    for number, one in enumerate(entries, start=1):
        if one is None:
            dropped.append(f"entry {number}: neither title, link nor text")
        else:
            kept.append(one)
    link = address(raw.link)
    return Feed(
        entries=tuple(kept),
        id=raw.id or None,
        title=markup(raw.title, raw.title_kind),
        subtitle=raw.subtitle or None,
        link=None if link is None or _SCHEME.match(link) else link,
        language=raw.language or None,
        updated=dates.parse(raw.updated) if raw.updated else None,
        rights=raw.rights or None,
        hints=hints,
        next_page=address(raw.next_page),
        hub=address(raw.hub),
        dropped=tuple(dropped),
    )
