"""The feeds that a page names (autodiscovery), for the editor to choose from: never switched to in silence."""

import codecs
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

FEED_TYPES = frozenset(
    {
        "application/atom+xml",
        "application/rss+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
    }
)
MAX_PAGE_BYTES = 512 * 2**10  # <link> stands in <head>
MAX_LINKS = 50
MAX_HREF = 2000
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_COMMENTS = ("comment", "kommentar", "коммент", "پاسخ")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """One feed a page names."""

    url: str
    title: str | None = None
    type: str | None = None


def links(page: bytes, *, base: str) -> tuple[FeedLink, ...]:
    """Return the feeds that an HTML page at `base` names, in its order, feeds of comments last; never itself."""
    scan = _Scan(base)
    wide = next((name for mark, name in _WIDE.items() if page.startswith(mark)), "utf-8")
    scan.feed(page[:MAX_PAGE_BYTES].decode(wide, errors="replace"))
    found = tuple(link for link in dict.fromkeys(scan.found) if link.url != base)
    return tuple(sorted(found, key=_is_of_comments))


def is_page(body: bytes) -> bool:
    """Return whether a document is an HTML page rather than a feed."""
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    while head.startswith(b"<!--") and (end := head.find(b"-->")) > 0:
        head = head[end + 3 :].lstrip()
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<title", b"<meta"))


def _is_of_comments(link: FeedLink) -> bool:
    text = f"{link.url} {link.title or ''}".lower()
    return any(word in text for word in _COMMENTS)


class _Scan(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[FeedLink] = []
        self._base = base

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "base" and values.get("href"):
            self._base = self._join(values["href"]) or self._base
        if tag != "link" or len(self.found) >= MAX_LINKS:
            return
        kind = values.get("type", "").partition(";")[0].strip().lower()
        rels = values.get("rel", "").lower().split()
        if kind not in FEED_TYPES or not ({"alternate", "feed"} & set(rels)):
            return
        url = self._join(values.get("href", ""))
        if url:
            self.found.append(FeedLink(url=url, title=values.get("title", "").strip() or None, type=kind))

    def _join(self, href: str) -> str | None:
        if not href.strip() or len(href) > MAX_HREF:
            return None
        try:
            url = urljoin(self._base, href.strip())
        except ValueError:
            return None
        return url if url.startswith(("http://", "https://")) else None
