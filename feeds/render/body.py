"""What a subscriber reads of an entry in every format: its text, and visibly where it is from and why it is here.

Readers ignore <source>, so attribution is part of the content (CommaFeed #968, FreshRSS #2538).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib import resources
from urllib.parse import quote

from feeds.model import Category, Copy, Enclosure, Entry, Feed
from feeds.render.wording import Words, direction

# XML 1.0 2.2: one of these would cost the whole feed; the C1 controls it only advises against.
_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# RFC 3986 2: never in an address; publishers leave them in those of pictures and sound.
_NOT_ADDRESS = re.compile(r"""[\s"<>\\^`{|}]""")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,./:;=?@_~A-Za-z0-9-]+")
_TAG = re.compile(r"<[^>]*>")
_LIKE_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w+;|&\w*\d")
_SPACE = re.compile(r"\s+")
_TITLE_FROM_TEXT_CHARS = 80
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # of a feed without a dated entry: constant, so that bytes are


def legal(text: str) -> str:
    """Return the text without the characters that XML forbids."""
    # U+FFFD stands for a character that was lost on the way to us: a question mark says so, and validates.
    return _NOT_XML.sub("", text).replace("\ufffd", "?")


def address(url: str) -> str:
    """Return an address without the characters that none may have: they are percent-encoded."""
    *host, path = legal(url).split("/", 3)
    # Brackets belong to the host alone, an IPv6 address.
    path = path.replace("[", "%5B").replace("]", "%5D") if len(host) == 3 else path
    return _NOT_ADDRESS.sub(lambda found: quote(found[0]), "/".join((*host, path)))


def title(entry: Entry, words: Words) -> str:
    """Return the title as plain text on one line, never empty: the start of the text where there is none."""
    plain = _SPACE.sub(" ", legal(entry.title)).strip()
    if plain:
        return plain
    text = _SPACE.sub(" ", legal(_TAG.sub(" ", entry.content or entry.summary or ""))).strip()
    if len(text) > _TITLE_FROM_TEXT_CHARS:
        text = text[:_TITLE_FROM_TEXT_CHARS].rsplit(" ", 1)[0] + "…"
    return text or words.say("untitled")


def looks_like_markup(plain: str) -> bool:
    """Tell whether readers that take a title for HTML would show it wrongly."""
    return _LIKE_MARKUP.search(plain) is not None


def web(url: str | None) -> str | None:
    """Return an address if it is one that readers may ask: http or https, at a host that has a name."""
    if not url or not url.startswith(("https://", "http://")) or "[" in url.split("/", 3)[2]:
        return None
    return address(url)


def link(entry: Entry) -> str | None:
    """Return the link if it is one a reader may follow."""
    return web(entry.link)


def scheme(category: Category) -> str | None:
    """Return a category's scheme if it is an IRI (RFC 4287 4.2.2.2), where RSS lets a domain be any word."""
    return category.scheme if category.scheme and _SCHEME.fullmatch(category.scheme) else None


def language(entry: Entry) -> str | None:
    """Return the entry's language if there is one of this code."""
    tag = entry.language
    return tag if tag and tag.split("-")[0].lower() in _languages() else None


def enclosures(entry: Entry) -> tuple[Enclosure, ...]:
    """Return what readers may fetch with the entry; a length that is none is not told."""
    return tuple(
        replace(one, length=None) if one.length is not None and one.length < 0 else one
        for one in entry.enclosures
        if web(one.url)
    )


def point(entry: Entry) -> tuple[float, float] | None:
    """Return where on the earth the entry is about, if it is on the earth."""
    if entry.point is None:
        return None
    latitude, longitude = entry.point
    return entry.point if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


@cache
def _languages() -> frozenset[str]:
    lines = resources.files("feeds").joinpath("data/languages.txt").read_text(encoding="ascii").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in line.split())


def updated(entry: Entry) -> datetime:
    """Return when the entry last changed, from the entry alone (RFC 4287 4.2.15)."""
    known = [moment for moment in (entry.published, entry.updated, entry.corrected) if moment]
    return max(known, default=_NO_DATE)


def newest(feed: Feed) -> datetime:
    """Return when the feed last changed, as it says or as its newest entry does, never the clock."""
    return feed.updated or max((updated(entry) for entry in feed.entries), default=_NO_DATE)


def html(entry: Entry, words: Words) -> str:
    """Return the whole content as HTML: the editor's note, the publisher's text, the attribution."""
    text = legal(entry.content or entry.summary or "")
    tag = language(entry)
    if text and direction(tag) == "rtl":
        text = f'<div dir="rtl" lang="{escape(tag or "")}">{text}</div>'
    lines = list(_lines(entry, words))
    note = f"<p><strong>{escape(words.say('note'))}:</strong> {escape(legal(entry.note))}</p>" if entry.note else ""
    return note + text + (f"<p><small>{'<br>'.join(lines)}</small></p>" if lines else "")


def _lines(entry: Entry, words: Words) -> Iterator[str]:
    if entry.source:
        label = f" ({escape(legal(entry.source.label))})" if entry.source.label else ""
        paywall = _paywall(words, paywalled=entry.source.paywalled)
        yield f"{escape(words.say('from'))}: {_anchor(entry.source.title, entry.source.link)}{label}{paywall}"
    if entry.copies:
        yield f"{escape(words.say('also'))}: {', '.join(_copy(copy, words) for copy in entry.copies)}"
    if entry.why:
        yield f"{escape(words.say('why'))}: {escape(legal('; '.join(entry.why)))}"
    if entry.corrected:
        yield escape(words.say("corrected", moment=words.moment(entry.corrected)))
    if said := rights(entry):
        yield escape(legal(said))


def rights(entry: Entry) -> str | None:
    """Return whose the text is: the entry's own word, or its source's."""
    return entry.rights or (entry.source.rights if entry.source else None)


def _copy(copy: Copy, words: Words) -> str:
    return _anchor(copy.source_title or copy.source, copy.link) + _paywall(words, paywalled=copy.paywalled)


def _paywall(words: Words, *, paywalled: bool) -> str:
    return f" ({escape(words.say('paywalled'))})" if paywalled else ""


def _anchor(text: str, link: str | None) -> str:
    text = escape(legal(text))
    href = web(link)
    return f'<a href="{escape(href)}">{text}</a>' if href else text
