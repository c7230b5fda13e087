"""What an entry is called for ever: the publisher's own id where it is one, else one made of its link.

RFC 4287 4.2.6: an atom:id is an IRI, is permanent, and survives republication; so one that
qualifies is kept to the letter and never minted over. What merely looks like an id is not one:
the site's home page, one guid on every entry, a number that is only unique at home.
"""

import re
from collections import Counter
from collections.abc import Iterable
from unicodedata import normalize
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import NAMESPACE_URL, uuid5

from feeds import text, urls
from feeds.model import Entry, Feed
from feeds.normalize import markup

MAX_GUID_CHARS = 2048

_IRI = re.compile(r"(?:https?://[^\s/]+/?|tag:[^\s,]+,|urn:[a-z0-9][a-z0-9-]{1,31}:)\S*", re.IGNORECASE)
# RFC 3986 6.2.2: written in the one way that two equal addresses are compared in, letter by letter.
_CANONICAL = re.compile(
    r"(?:https?://[a-z0-9.-]*[a-z0-9-](?::\d+)?(?=/)|tag:|urn:)"
    r"(?:[0-9A-Za-z;/?:@&=+$.\-_!~*'(),]|%[0-9A-F]{2})*(?:#(?:[0-9A-Za-z;/?:@&=+$.\-_!~*'(),]|%[0-9A-F]{2})*)?"
)
_NOT_CANONICAL = re.compile(
    r"%(?:2D|2E|5F|7E|3\d|[46][1-9A-F]|[57][0-9A])|^http://[^/]*:(?:80)?/|^https://[^/]*:(?:443)?/|/\.\.?(?:[/?#]|$)"
)
_PLACE = re.compile(r"\d{1,3}")


def ids(feed: Feed, *, base: str) -> tuple[str, ...]:
    """Return the id of each entry, in order; equal only where one entry is given twice.

    `base` is where the document was, for relative links and as a last resort for the host.
    """
    base = stand_in(feed, base)
    links = [urls.absolute(entry.link, base) if entry.link else None for entry in feed.entries]
    keys = [urls.canonical(link) if link else None for link in links]
    site = urls.absolute(feed.link, base) if feed.link else None
    addresses = (urls.absolute(base), site, *links)
    roots = {"/".join(address.split("/", 3)[:3]) for address in addresses if address}
    homes = {_home(root) for root in roots}  # thirty links, one host: told apart before they are split
    homes |= {urls.canonical(site)} if site else set()
    shared_guids = _shared((entry.guid, key) for entry, key in zip(feed.entries, keys, strict=True))
    often = Counter(keys)
    shared_keys = _shared(
        (key, entry.guid or markup.plain(entry.title, markup.MAX_TITLE_CHARS))
        for entry, key in zip(feed.entries, keys, strict=True)
        if often[key] > 1
    )
    found = []
    for entry, link, key in zip(feed.entries, links, keys, strict=True):
        guid = entry.guid if entry.guid and entry.guid not in shared_guids else None
        page = key if key and key not in shared_keys and key not in homes else None
        if guid and is_iri(guid) and urls.canonical(guid) not in homes:
            found.append(guid)
        elif page:
            found.append(_minted(page))
        elif guid:
            found.append(_minted(f"{urls.host(site or '') or urls.host(link or '') or urls.host(base)} {guid}"))
        else:
            found.append(_minted(_words(entry, key, base)))
    return tuple(found)


def keys(feed: Feed, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return what each entry of a source is remembered by from poll to poll, in order; `named` is what `ids` gave.

    That is its guid: a link may change under it. A guid on several entries is none, nor is a place in the
    document ("1" for the first), which another entry has the next day; then the id, made of the link, must do.
    """
    shared = _shared((entry.guid, entry.link) for entry in feed.entries)
    return tuple(
        id_
        if not entry.guid or entry.guid == id_ or entry.guid in shared or _PLACE.fullmatch(entry.guid)
        else _minted(f"guid {entry.guid}")
        for entry, id_ in zip(feed.entries, named, strict=True)
    )


def apart(entry: Entry) -> str:
    """Return an id for an entry whose own is held by another: one guid of two sources on one host."""
    return _minted(f"{entry.id} {text.fold(entry.title)}")


def stand_in(feed: Feed, base: str) -> str:
    """Return where relative links start from: the document's address, or for a file the site it names."""
    return base if urls.absolute(base) else (feed.link and urls.absolute(feed.link)) or base


def is_iri(guid: str) -> bool:
    """Return whether a guid can stand as atom:id as it is: an absolute http(s), tag: or urn: URI in canonical form."""
    return len(guid) <= MAX_GUID_CHARS and _IRI.fullmatch(guid) is not None and _is_canonical(guid)


def _is_canonical(uri: str) -> bool:
    if _CANONICAL.fullmatch(uri) is None or _NOT_CANONICAL.search(uri):
        return False
    if "%" not in uri:
        return True
    try:
        said = unquote_to_bytes(uri).decode()
    except UnicodeDecodeError:
        return False
    return said == normalize("NFC", said)


def _home(address: str) -> str:
    parts = urlsplit(address)
    return urls.canonical(f"{parts.scheme}://{parts.netloc}/")


def _shared(pairs: Iterable[tuple[str | None, str | None]]) -> set[str]:
    """Return the names that stand for more than one thing."""
    first: dict[str, str | None] = {}
    return {name for name, thing in pairs if name and first.setdefault(name, thing) != thing}


def _words(entry: Entry, key: str | None, base: str) -> str:
    """Return what an entry without name and page says: its text, and the page it shares with others."""
    said = (markup.safe(part, base) if part else None for part in (entry.summary, entry.content))
    words = text.from_html(next(filter(None, said), ""))
    return "\n".join((key or "", text.fold(markup.plain(entry.title, markup.MAX_TITLE_CHARS)), text.fold(words)))


def _minted(name: str) -> str:
    return uuid5(NAMESPACE_URL, name.encode("utf-8", "replace").decode()).urn
