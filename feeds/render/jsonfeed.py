"""A feed as JSON Feed 1.1, with what Atom says beyond it under `_feeds`."""

import json
from typing import Any

from feeds.model import Category, Enclosure, Entry, Feed
from feeds.render import body
from feeds.render.extension import stamp
from feeds.render.place import Place
from feeds.render.wording import Words

_VERSION = "https://jsonfeed.org/version/1.1"


def document(feed: Feed, *, place: Place, words: Words) -> bytes:
    """Return the JSON document of a feed: the same bytes for the same values, always."""
    site = place.site
    whole = {
        "version": _VERSION,
        "title": feed.title or place.slug,
        "home_page_url": place.page_url,
        "feed_url": place.url("json"),
        "next_url": place.previous_url("json"),
        "description": feed.subtitle,
        "language": feed.language or site.language,
        "authors": [_present({"name": site.title, "url": f"mailto:{site.contact}" if site.contact else None})],
        "hubs": [{"type": "WebSub", "url": site.hub}] if site.hub and not place.month else None,
        "_feeds": {"id": place.id, "updated": stamp(body.newest(feed)), "archive": place.closed},
    }
    # `items` is the specification's word.
    listed = {**_present(whole), "items": [_entry(entry, words) for entry in feed.entries]}
    return json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n"


def _entry(entry: Entry, words: Words) -> dict[str, Any]:
    authors = [
        _present(
            {"name": author.name, "url": body.web(author.uri) or (f"mailto:{author.email}" if author.email else None)}
        )
        for author in entry.authors
    ]
    return _present(
        {
            "id": entry.id,
            "url": body.link(entry),
            "title": body.title(entry, words),
            "content_html": body.html(entry, words) or body.title(entry, words),
            "summary": entry.summary if entry.summary and entry.content else None,
            "image": body.web(entry.image),
            "date_published": stamp(entry.published) if entry.published else None,
            "date_modified": stamp(body.updated(entry)),
            "authors": authors,
            "tags": [body.legal(category.term) for category in entry.categories],
            "language": body.language(entry),
            "attachments": [_attachment(enclosure) for enclosure in body.enclosures(entry)],
            "_feeds": _beyond(entry),
        }
    )


def _beyond(entry: Entry) -> dict[str, Any]:
    source = entry.source
    return _present(
        {
            "source": _present(
                {
                    "id": source.id,
                    "title": source.title,
                    "link": source.link,
                    "updated": stamp(source.updated) if source.updated else None,
                    "label": source.label,
                    "rights": source.rights,
                    "paywalled": source.paywalled or None,
                }
            )
            if source
            else None,
            "categories": [_category(category) for category in entry.categories],
            "copies": [
                _present(
                    {
                        "source": copy.source_title or copy.source,
                        "title": copy.title,
                        "url": copy.link,
                        "paywalled": copy.paywalled or None,
                    }
                )
                for copy in entry.copies
            ],
            "note": entry.note,
            "why": [body.legal(reason) for reason in entry.why],
            "corrected": stamp(entry.corrected) if entry.corrected else None,
            "point": list(body.point(entry) or ()),
        }
    )


def _category(category: Category) -> dict[str, Any]:
    return _present({"term": category.term, "scheme": category.scheme, "label": category.label})


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return _present(
        {
            "url": body.address(enclosure.url),
            "mime_type": enclosure.type or "application/octet-stream",
            "title": enclosure.title,
            "size_in_bytes": enclosure.length,
        }
    )


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    """Return what the publisher said, in the characters that the other formats can say too."""
    said = {key: value for key, value in fields.items() if value not in (None, [], {})}
    return {key: body.legal(value) if isinstance(value, str) else value for key, value in said.items()}
