"""Feed as the publisher wrote it to Feed as we hold it: plain titles, safe HTML, sane dates, a lasting id.

    feed = parse.feed(document)
    ids = normalize.ids(feed, base=document.url)       # one for each entry, unique but for repetitions
    unread = {...}                                     # those whose normalize.digest(entry) is new
    feed = normalize.feed(feed, source=source, base=document.url, now=now, only=unread)

Pure, and idempotent: what it made, it makes again. Nothing of ours (site.url, the source's id or
its URL, the state) enters an id, so that a move or a lost database republishes nothing.
"""

import re
from collections.abc import Container
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds import text, urls
from feeds.model import Category, Enclosure, Entry, Feed, Person, Source
from feeds.normalize import identity, markup

__all__ = ["MAX_TITLE_CHARS", "apart", "digest", "feed", "ids", "keys", "listing", "moment", "stand_in"]

MAX_TITLE_CHARS = markup.MAX_TITLE_CHARS
MAX_TERM_CHARS = 100
MAX_NAME_CHARS = 150
MAX_RIGHTS_CHARS = 500

_EMAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}\.[a-zA-Z]{2,24}")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.].*)?", re.IGNORECASE)
_ACTIVE = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_TYPE = re.compile(r"[\w.+-]+/[\w.+*-]+")

ids = identity.ids
keys = identity.keys
apart = identity.apart
stand_in = identity.stand_in


def feed(
    feed: Feed,
    *,
    source: Source,
    base: str,
    now: datetime,
    only: Container[str] | None = None,
    named: tuple[str, ...] | None = None,
) -> Feed:
    """Return the feed fit to be published: see the module; `base` is where the document was.

    `only` leaves out the entries whose id is not in it, and the work on them; `named` is what `ids`
    gave for this feed, where it was asked already. Of entries that
    repeat an id the newest is kept.
    """
    base = identity.stand_in(feed, base)
    zone = _zone(source.timezone)
    language = _language(feed.language)
    kept: dict[str, Entry] = {}
    for one, identifier in zip(feed.entries, named or identity.ids(feed, base=base), strict=True):
        if only is not None and identifier not in only:
            continue
        if (repeated := kept.get(identifier)) is not None and not _newer(one, repeated):
            continue
        kept[identifier] = _entry(one, identifier, base=base, language=language, zone=zone, now=now)
    return replace(
        feed,
        entries=tuple(kept.values()),
        title=markup.plain(feed.title, MAX_TITLE_CHARS) or None,
        subtitle=markup.plain(feed.subtitle, MAX_RIGHTS_CHARS) or None,
        link=_link(feed.link, base),
        language=language,
        updated=_moment(feed.updated, zone, now),
        rights=markup.plain(feed.rights, MAX_RIGHTS_CHARS) or None,
        next_page=urls.absolute(feed.next_page, base) if feed.next_page else None,
        hub=urls.absolute(feed.hub, base) if feed.hub else None,
    )


def _newer(one: Entry, other: Entry) -> bool:
    """Return whether an entry was touched after another of the same id (RFC 4287 4.1.1: the latest counts)."""
    touched, before = one.updated or one.published, other.updated or other.published
    return touched is not None and before is not None and touched > before


def _entry(
    one: Entry, identifier: str, *, base: str, language: str | None, zone: ZoneInfo | None, now: datetime
) -> Entry:
    published, updated = _moment(one.published, zone, now), _moment(one.updated, zone, now)
    return replace(
        one,
        id=identifier,
        link=_link(one.link, base),
        title=markup.plain(one.title, MAX_TITLE_CHARS),
        summary=markup.safe(one.summary, base) if one.summary else None,
        content=markup.safe(one.content, base) if one.content else None,
        authors=_authors(one.authors, base),
        categories=_categories(one.categories),
        enclosures=_enclosures(one.enclosures, base),
        image=urls.absolute(one.image, base) if one.image else None,
        published=published,
        updated=updated,
        language=_language(one.language) or language,
        rights=markup.name(one.rights, MAX_RIGHTS_CHARS) or None,
    )


def _link(link: str | None, base: str) -> str | None:
    found = urls.absolute(link, base) if link else None
    return urls.clean(found) if found else None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None  # feeds.config refuses such a name with its line; here it must not cost the poll


def moment(written: datetime, source: Source) -> datetime | None:
    """Return what a date of a source says in UTC, however far ahead, or None where no calendar has it."""
    return _true(written, _zone(source.timezone))


def _moment(written: datetime | None, zone: ZoneInfo | None, now: datetime) -> datetime | None:
    """Return the time in UTC, in the source's true zone where the editor set one, and never after now.

    A future date would hold its entry on top for ever; now is when we first saw it.
    """
    found = _true(written, zone) if written is not None else None
    return min(found, now) if found is not None else None


def _true(written: datetime, zone: ZoneInfo | None) -> datetime | None:
    # parse never uses UTC itself as a zone, so that is what has been through here.
    if zone is not None and written.tzinfo is not UTC:
        written = written.replace(tzinfo=zone)
    try:
        return written.astimezone(UTC)
    except OverflowError:
        return None


def _language(tag: str | None) -> str | None:
    """Return a BCP 47 tag in its usual case, or None where it is none: `en_us` to `en-US`."""
    found = _LANGUAGE.fullmatch(tag.strip()) if tag else None
    if found is None:
        return None
    parts = (found[1].lower(), (found[2] or "").title(), (found[3] or "").upper())
    return "-".join(part for part in parts if part)


def _authors(people: tuple[Person, ...], base: str) -> tuple[Person, ...]:
    named: dict[str, Person] = {}
    for person in people:
        name = markup.name(person.name, MAX_NAME_CHARS)
        if name:
            email = person.email if person.email and _EMAIL.fullmatch(person.email) else None
            uri = urls.absolute(person.uri, base) if person.uri else None
            named.setdefault(name, Person(name=name, email=email, uri=uri))
    return tuple(named.values())


def _categories(categories: tuple[Category, ...]) -> tuple[Category, ...]:
    kept: dict[tuple[str, str | None], Category] = {}
    for category in categories:
        term = markup.name(category.term, MAX_TERM_CHARS)
        if term:
            written = text.clean(category.scheme)[:MAX_TERM_CHARS].rstrip() if category.scheme else ""
            scheme = written if written and not _ACTIVE.match(written) else None
            label = markup.name(category.label, MAX_TERM_CHARS) or None
            kept.setdefault((term.casefold(), scheme), Category(term=term, scheme=scheme, label=label))
    return tuple(kept.values())


def _enclosures(enclosures: tuple[Enclosure, ...], base: str) -> tuple[Enclosure, ...]:
    kept: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        url = urls.absolute(enclosure.url, base)
        if url is not None:
            kind = enclosure.type.strip().lower() if enclosure.type else ""
            title = markup.plain(enclosure.title, MAX_TITLE_CHARS) or None
            kept.setdefault(url, replace(enclosure, url=url, type=kind if _TYPE.fullmatch(kind) else None, title=title))
    return tuple(kept.values())


def digest(entry: Entry) -> bytes:
    """Return 16 bytes that change when something a reader would see does, before or after normalize.

    Dates are left out: publishers touch them without touching a word, and a clamped one moves by itself.
    """
    seen = (
        entry.link,
        entry.title,
        entry.summary,
        entry.content,
        entry.image,
        entry.rights,
        entry.authors,
        entry.categories,
        entry.enclosures,
    )
    return blake2b(repr(seen).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def listing(feed: Feed) -> list[dict[str, Any]]:
    """Return the entries of a normalized feed as `feeds parse --json` prints them; times in RFC 3339."""
    return [
        {
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "published": _rfc_3339(entry.published),
            "updated": _rfc_3339(entry.updated),
            "authors": [author.name for author in entry.authors],
            "categories": [category.term for category in entry.categories],
            "summary": entry.summary,
            "content": entry.content,
            "enclosures": [
                {"url": enclosure.url, "type": enclosure.type, "length": enclosure.length}
                for enclosure in entry.enclosures
            ],
            "language": entry.language,
        }
        for entry in feed.entries
    ]


def _rfc_3339(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
