"""What feedgen 1.0.0 leaves out or writes wrongly, put right in one extension of the feed and one of the entry.

1. Atom entry links lose rel, type, length and title: written here, none through `link()`.
2. The RSS <link> is the last `link()` of any rel: alternate is called last (rss.py).
3. RSS emits only rel=self: hub, archive and `fh:` elements are written here, before the items.
4. The media, geo and syndication extensions write invalid output: the elements are written here.
5. atom:source lacks id and updated: written here.
6. A control character loses the whole feed: stripped by `body.legal`.
7. `updated` and `lastBuildDate` default to the clock: set from the newest entry (atom.py, rss.py).
8. Titles are plain text; RSS authors without e-mail vanish: dc:creator here.
9. The RSS category text is the label: the term is written here, and `add_entry` is told order="append".
10. A feed author is always set (atom.py).
11. formatRFC2822 calls `locale.setlocale`, process-global: dates of RSS are written here instead.
"""

from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Literal

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from feeds.model import Category, Enclosure, Entry
from feeds.render import body
from feeds.render.place import MEDIA_TYPE, Place

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_DCTERMS = "http://purl.org/dc/terms/"
_FH = "http://purl.org/syndication/history/1.0"
_GEORSS = "http://www.georss.org/georss"
_MEDIA = "http://search.yahoo.com/mrss/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OCTETS = "application/octet-stream"


class FeedExtension(BaseExtension):  # type: ignore[misc]
    """The feed's own part: links between documents, and whether it is an archive."""

    place: Place
    updated: datetime

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces of both formats."""
        return {"dc": _DC, "dcterms": _DCTERMS, "fh": _FH, "georss": _GEORSS, "media": _MEDIA}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Add the RFC 5005 marks."""
        if self.place.closed:
            etree.SubElement(feed, f"{{{_FH}}}archive")
        return feed

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        """Add the links feedgen drops, and the dates, before the first item."""
        channel = rss[0]
        _add(channel, "lastBuildDate", format_datetime(self.updated))
        for rel, href, kind in links(self.place, "rss"):
            if rel != "self":  # written by feedgen
                _link(channel, f"{{{_ATOM}}}link", rel=rel, href=href, kind=kind)
        if self.place.closed:
            etree.SubElement(channel, f"{{{_FH}}}archive")
        return rss


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """The entry's own part: links, media, source, categories, place, language."""

    entry: Entry

    def extend_atom(self, element: etree._Element) -> etree._Element:
        """Write what feedgen would lose in Atom; feedgen's own elements carry no name space, so neither do these."""
        entry = self.entry
        if language := body.language(entry):
            element.set(_XML_LANG, language)
        title = element.find("title")
        if title is not None and body.looks_like_markup(title.text or ""):
            title.set("type", "html")
            title.text = escape(title.text or "", quote=False)
        for enclosure in body.enclosures(entry):
            link = _link(element, "link", rel="enclosure", href=body.address(enclosure.url), kind=enclosure.type)
            if enclosure.length is not None:
                link.set("length", str(enclosure.length))
            if enclosure.title:
                link.set("title", body.legal(enclosure.title))
        if entry.source:
            source = etree.SubElement(element, "source")
            _add(source, "id", entry.source.id)
            _add(source, "title", entry.source.title)
            _add(source, "updated", stamp(entry.source.updated or body.updated(entry)))
            if href := body.web(entry.source.link):
                _link(source, "link", rel="alternate", href=href)
            if entry.source.rights:
                _add(source, "rights", entry.source.rights)
        self._both(element)
        return element

    def extend_rss(self, element: etree._Element) -> etree._Element:
        """Write what feedgen would lose in RSS."""
        entry = self.entry
        if entry.published:
            _add(element, "pubDate", format_datetime(entry.published))
        else:  # newsboat would show when it looked, sfeed nothing: both take this one where there is no other
            _add(element, f"{{{_DC}}}date", stamp(body.updated(entry)))
        _add(element, f"{{{_DCTERMS}}}modified", stamp(body.updated(entry)))
        for author in entry.authors:
            _add(element, f"{{{_DC}}}creator", author.name)
        for category in entry.categories:
            _category(element, category)
        if language := body.language(entry):
            _add(element, f"{{{_DC}}}language", language)
        if entry.source:
            address = next((u for u in (entry.source.id, entry.source.link) if u and u.startswith("http")), None)
            if address:
                _add(element, "source", entry.source.title).set("url", body.address(address))
        # RSS allows one enclosure an item; the others are media:content.
        enclosures = body.enclosures(entry)
        for enclosure in enclosures[:1]:
            _enclosure(element, enclosure)
        for enclosure in enclosures[1:]:
            content = etree.SubElement(element, f"{{{_MEDIA}}}content", url=body.address(enclosure.url))
            content.set("type", enclosure.type or _OCTETS)
            if enclosure.length is not None:
                content.set("fileSize", str(enclosure.length))
        self._both(element)
        return element

    def _both(self, element: etree._Element) -> None:
        if image := body.web(self.entry.image):
            etree.SubElement(element, f"{{{_MEDIA}}}thumbnail", url=image)
        if point := body.point(self.entry):
            latitude, longitude = point
            _add(element, f"{{{_GEORSS}}}point", f"{latitude:.4f} {longitude:.4f}")


def links(place: Place, own: Literal["atom", "rss"]) -> list[tuple[str, str, str | None]]:
    """Return (rel, href, type) of a feed document: itself, its page, its hub and its neighbours in time."""
    found: list[tuple[str, str, str | None]] = [("self", place.url(own), MEDIA_TYPE[own])]
    if place.site.hub and not place.month:
        found.append(("hub", place.site.hub, None))
    if place.month:
        found.append(("current", place.current_url(own), MEDIA_TYPE[own]))
    if previous := place.previous_url(own):
        found.append(("prev-archive", previous, MEDIA_TYPE[own]))
    if following := place.following_url(own):
        found.append(("next-archive", following, MEDIA_TYPE[own]))
    return found


def stamp(moment: datetime) -> str:
    """Return a time as RFC 3339 writes it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = body.legal(text)
    return element


def _link(parent: etree._Element, name: str, *, rel: str, href: str, kind: str | None = None) -> etree._Element:
    link = etree.SubElement(parent, name, href=href, rel=rel)
    if kind:
        link.set("type", kind)
    return link


def _category(element: etree._Element, category: Category) -> None:
    written = _add(element, "category", category.term)
    if category.scheme:
        written.set("domain", body.legal(category.scheme))


def _enclosure(element: etree._Element, enclosure: Enclosure) -> None:
    # The RSS Advisory Board's profile: length 0 where it is not known.
    length = str(enclosure.length or 0)
    etree.SubElement(
        element, "enclosure", url=body.address(enclosure.url), length=length, type=enclosure.type or _OCTETS
    )
