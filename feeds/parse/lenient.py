"""Any feed anybody ever served, by way of feedparser: what the strict path will not take."""

import io
import re
from typing import Any

import feedparser

from feeds.errors import ParseError
from feeds.model import Feed
from feeds.parse import bounds, hints, repair, shape

# feedparser lets these overwrite the description or pose as the content, depending on their order.
# Under names it does not know they are kept apart.
# Beyond what shape bounds a content by, references counted: feedparser would copy it a dozen times.
_LONG = re.compile(f"([^<]{{{4 * shape.MAX_CONTENT_CHARS}}})[^<]+")
_CAPTION = re.compile(r"<(/?)(?:media:description|itunes:summary)\b[^<>]*?(/?)>", re.IGNORECASE)
_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"


def feed(text: str, *, source: str) -> Feed:
    """Return the feed in the text, as `repair.mend` left it. ParseError where there is none."""
    deepest, well_formed = bounds.depth(text)
    if deepest > (bounds.MAX_DEPTH if well_formed else bounds.MAX_UNCLOSED):
        raise ParseError(source, f"not a feed: elements nest {deepest} deep")
    shortened = None
    if not well_formed:
        text, shortened = bounds.shortened(text)
        text = repair.loose(text)
    found = _read(text, source=source)
    if not found.entries and not found.version and not found.feed:
        raise ParseError(source, "not a feed: no RSS, Atom or RDF in it")
    root = repair.ROOTS.match(text)
    atom = root is not None and root[1].lower() == "feed"
    entries = (shape.entry(_entry(one, atom=atom), atom=atom) for one in found.entries[: bounds.MAX_ENTRIES])
    return shape.feed(_feed(found.feed, atom=atom), entries=entries, hints=hints.of(text), notes=(shortened,))


def _read(text: str, *, source: str) -> Any:
    # In CDATA what looks like a tag is what the publisher says.
    named = repair.outside_cdata(text, lambda part: _CAPTION.sub(r"<\1feeds-caption\2>", part))
    renamed = _LONG.sub(r"\1", bounds.few_terms(named))
    try:
        return feedparser.parse(
            io.BytesIO(_DECLARATION + renamed.encode("utf-8", "replace")),
            sanitize_html=False,
            # Only xml:base is a reason: normalize resolves against where the document was.
            resolve_relative_uris="xml:base" in text,
        )
    except Exception as exc:  # feedparser and its tag-soup parser raise whatever the input made of them
        raise ParseError(source, f"not a feed: it cannot be read ({type(exc).__name__})") from exc


def _text(of: dict[str, Any], key: str) -> str | None:
    # dict.get: FeedParserDict answers `updated` with `published`, and warns.
    value = dict.get(of, key)
    return value if isinstance(value, str) and value else None


def _dicts(of: dict[str, Any], key: str) -> list[dict[str, Any]]:
    # An element nobody knows is put under its own name, be it <links> or <authors>.
    value = dict.get(of, key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _kind(detail: Any, *, atom: bool) -> str | None:
    if not atom:
        return None
    return "text" if isinstance(detail, dict) and detail.get("type") == "text/plain" else "html"


def _entry(one: dict[str, Any], *, atom: bool) -> shape.Raw:
    raw = shape.Raw(
        guid=_text(one, "id"),
        link=_text(one, "link"),
        permanent=dict.get(one, "guidislink") is not False or dict.get(one, "link") is not None,
        title=_text(one, "title"),
        title_kind=_kind(dict.get(one, "title_detail"), atom=atom),
        summary=_text(one, "summary"),
        summary_kind=_kind(dict.get(one, "summary_detail"), atom=atom) or "html",
        caption=_text(one, "feeds-caption"),
        published=_text(one, "published"),
        updated=_text(one, "updated"),
        language=_text(one, "language") or _language(one),
        rights=_text(one, "rights"),
    )
    contents = [content for content in _dicts(one, "content") if _text(content, "value")]
    if contents:
        raw.content = contents[-1]["value"]
        raw.content_kind = _kind(contents[-1], atom=atom) or "html"
        if raw.summary == raw.content:
            raw.summary = None  # feedparser copies it
    raw.people = [
        (_text(author, "name"), _text(author, "email"), _text(author, "href")) for author in _dicts(one, "authors")
    ]
    raw.terms = [(_text(tag, "term"), _text(tag, "scheme"), _text(tag, "label")) for tag in _dicts(one, "tags")]
    raw.enclosures = [_media(link, "href") for link in _dicts(one, "links") if _text(link, "rel") == "enclosure"]
    raw.media = [_media(media, "url") for media in _dicts(one, "media_content")]
    raw.images = [_text(media, "url") or "" for media in _dicts(one, "media_thumbnail")]
    image = dict.get(one, "image")
    if isinstance(image, dict):
        raw.images.append(_text(image, "href") or "")
    return raw


def _media(of: dict[str, Any], address: str) -> shape.Media:
    return shape.Media(
        url=_text(of, address) or "",
        type=_text(of, "type"),
        medium=_text(of, "medium"),
        length=_text(of, "length") or _text(of, "filesize"),
        title=_text(of, "title"),
    )


def _language(one: dict[str, Any]) -> str | None:
    """Return the language of the title: xml:lang of an entry is not kept otherwise."""
    detail = dict.get(one, "title_detail")
    return _text(detail, "language") if isinstance(detail, dict) else None


def _feed(of: dict[str, Any], *, atom: bool) -> shape.RawFeed:
    links = {_text(link, "rel"): _text(link, "href") for link in reversed(_dicts(of, "links"))}
    return shape.RawFeed(
        id=_text(of, "id"),
        title=_text(of, "title"),
        title_kind=_kind(dict.get(of, "title_detail"), atom=atom),
        subtitle=_text(of, "subtitle"),
        link=_text(of, "link"),
        language=_text(of, "language"),
        updated=_text(of, "updated") or _text(of, "published"),
        rights=_text(of, "rights"),
        next_page=links.get("next"),
        hub=links.get("hub"),
    )
