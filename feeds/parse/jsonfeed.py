"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): the feeds that are not XML."""

import html
import json
from typing import Any

from feeds.errors import ParseError
from feeds.model import Feed, Hints
from feeds.parse import bounds, shape

MAX_PARTS = 400_000  # a comma in 25 characters of the largest document there can be: prose has one in 60


def feed(text: str, *, source: str) -> Feed:
    """Return the feed in the text. ParseError where it is JSON of another kind, or none."""
    if text.count(",") > MAX_PARTS:
        raise ParseError(source, f"not a feed: JSON of more than {MAX_PARTS} parts")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise ParseError(source, "not a feed: JSON that cannot be read") from exc
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ParseError(source, "not a feed: JSON, but not JSON Feed")
    found = document["items"]
    left = len(found) - bounds.MAX_ENTRIES
    note = f"{left} entries beyond the first {bounds.MAX_ENTRIES} were not read" if left > 0 else None
    entries = (
        shape.entry(_entry(one), atom=True) if isinstance(one, dict) else None for one in found[: bounds.MAX_ENTRIES]
    )
    hubs = [hub for hub in _list(document, "hubs") if isinstance(hub, dict)]
    raw = shape.RawFeed(
        id=_text(document, "feed_url"),
        title=_text(document, "title"),
        title_kind="text",
        subtitle=_text(document, "description"),
        link=_text(document, "home_page_url"),
        language=_text(document, "language"),
        next_page=_text(document, "next_url"),
        hub=next((_text(hub, "url") for hub in hubs), None),
    )
    return shape.feed(raw, entries=entries, hints=Hints(), notes=(note,))


def _text(of: dict[str, Any], key: str) -> str | None:
    value = of.get(key)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return str(value)  # ids are numbers here and there, and the specification says to take them
    return value.strip() or None if isinstance(value, str) else None


def _list(of: dict[str, Any], key: str) -> list[Any]:
    value = of.get(key)
    return value if isinstance(value, list) else []


def _entry(one: dict[str, Any]) -> shape.Raw:
    marked, plain = _text(one, "content_html"), _text(one, "content_text")
    people = [*_list(one, "authors"), one.get("author")]
    attachments = [found for found in _list(one, "attachments") if isinstance(found, dict)]
    return shape.Raw(
        guid=_text(one, "id"),
        link=_text(one, "url") or _text(one, "external_url"),
        title=_text(one, "title"),
        title_kind="text",
        summary=_text(one, "summary"),
        summary_kind="text",
        content=marked or (html.escape(plain, quote=False).replace("\n", "<br>") if plain else None),
        people=[(_text(who, "name"), None, _text(who, "url")) for who in people if isinstance(who, dict)],
        terms=[(tag.strip(), None, None) for tag in _list(one, "tags") if isinstance(tag, str)],
        enclosures=[
            shape.Media(
                url=_text(found, "url") or "",
                type=_text(found, "mime_type"),
                length=_text(found, "size_in_bytes"),
                title=_text(found, "title"),
            )
            for found in attachments
        ],
        images=[image for key in ("image", "banner_image") if (image := _text(one, key))],
        published=_text(one, "date_published"),
        updated=_text(one, "date_modified"),
        language=_text(one, "language"),
    )
