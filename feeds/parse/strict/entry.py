"""One plain entry, element by element, in any of the three formats."""

import re
from collections.abc import Callable

from lxml import etree

from feeds.parse import bounds, shape
from feeds.parse.strict import elements

_CHANGING = {"base", "lang", "href", "lastmod"}  # attributes of an entry that feedparser acts upon
_NESTING = {"author", "contributor", "media:content", "media:group"}
# Elements feedparser treats in ways of their own: two names for one thing, names it writes over.
# Those that only one of the formats has (description, summary) are unusual in the other.
_UNUSUAL = frozenset(
    re.findall(
        r"\S+",
        "dc:title dc:description dc:author abstract dcterms:abstract body xhtml:body xhtml:div div fullitem tagline"
        " managingeditor modified lastbuilddate issued created expirationdate keywords tags image textinput info"
        " homepage name email uri url href links authors media_content media_thumbnail title_detail summary_detail"
        " feeds-caption item entry channel feed feedburner:browserfriendly svg media:player summary_text image_detail"
        " description content:encoded summary content",
    )
)


def read(element: etree._Element, *, atom: bool, language: str | None) -> shape.Raw:
    """Return the entry as written, in the language of the feed unless it names its own.

    UnusualError for what the lenient path must read.
    """
    reader = _Reader(atom=atom)
    raw = reader.raw
    if element.attrib:
        if not _CHANGING.isdisjoint(element.attrib):
            raise elements.UnusualError
        raw.guid = element.get(f"{{{elements.RDF}}}about")
    reader.read(element, depth=0)
    if reader.media_title and (not raw.title or reader.source):
        raise elements.UnusualError
    raw.images = reader.thumbnails + reader.images
    if raw.summary == raw.content:
        raw.summary = None
    if not raw.language and "title" in reader.seen:
        raw.language = language
    return raw


class _Reader:
    """Fills a Raw from the elements of one entry."""

    __slots__ = (
        "atom",
        "caption_depth",
        "images",
        "media_title",
        "raw",
        "readings",
        "seen",
        "source",
        "thumbnails",
    )

    def __init__(self, *, atom: bool) -> None:
        self.raw = shape.Raw()
        self.atom = atom
        self.readings = _ATOM if atom else _RSS
        self.seen: set[str] = set()
        self.caption_depth = 99
        self.media_title = False
        self.source = False
        self.thumbnails: list[str] = []
        self.images: list[str] = []

    def once(self, name: str) -> None:
        if name in self.seen:
            raise elements.UnusualError
        self.seen.add(name)

    def read(self, parent: etree._Element, *, depth: int) -> None:
        for element in parent:
            name = elements.known(element.tag) or elements.name(element)
            if (len(element) and name not in _NESTING) or (depth and not name.startswith("media:")):
                raise elements.UnusualError
            reading = self.readings.get(name)
            if reading is not None:
                reading(self, element, depth)
            elif name in _UNUSUAL:
                raise elements.UnusualError

    def title(self, element: etree._Element, _depth: int) -> None:
        self.once("title")
        self.raw.title, self.raw.title_kind = elements.prose(element, atom=self.atom)

    def titled(self, element: etree._Element, _depth: int) -> None:
        elements.text(element)
        self.media_title = True

    def guid(self, element: etree._Element, _depth: int) -> None:
        self.once("guid")
        raw = self.raw
        raw.guid = elements.text(element)
        permanent = next((value for key, value in element.attrib.items() if key.lower() == "ispermalink"), "true")
        raw.permanent = permanent == "true"
        if raw.permanent:
            address = elements.usual(raw.guid)
            raw.link = address if raw.link is None else raw.link

    def link(self, element: etree._Element, _depth: int) -> None:
        href = elements.href(element)
        if href is None:
            self.raw.link = elements.bare_link(element)
            return
        rel, kind = (element.get("rel") or "alternate").lower(), elements.mime(element)
        if rel == "alternate" and kind in elements.PAGES:
            self.raw.link = elements.usual(href)
        elif rel == "enclosure":
            # feedparser gives a link without type the type of a page
            self.raw.enclosures.append(elements.media(element, elements.usual(href), kind=kind or "text/html"))

    def enclosure(self, element: etree._Element, _depth: int) -> None:
        self.raw.enclosures.append(elements.media(element, elements.href(element) or "", kind=elements.mime(element)))

    def summary(self, element: etree._Element, _depth: int) -> None:
        self.once("summary")
        self.raw.summary, kind = elements.prose(element, atom=self.atom)
        self.raw.summary_kind = kind or "html"

    def content(self, element: etree._Element, _depth: int) -> None:
        self.once("content")
        self.raw.content, kind = elements.prose(element, atom=self.atom)
        self.raw.content_kind = kind or "html"

    def caption(self, element: etree._Element, depth: int) -> None:
        if element.prefix not in {"media", "itunes"}:
            raise elements.UnusualError
        value = elements.text(element)
        if depth <= self.caption_depth:
            self.caption_depth, self.raw.caption = depth, value

    def published(self, element: etree._Element, _depth: int) -> None:
        self.raw.published = elements.text(element)

    def updated(self, element: etree._Element, _depth: int) -> None:
        self.raw.updated = elements.text(element)

    def author(self, element: etree._Element, _depth: int) -> None:
        if not len(element):
            self.seen.add("author")
            self.raw.people.append(elements.person(elements.text(element)))
            return
        if "author" in self.seen:
            raise elements.UnusualError  # feedparser writes the second person's name over the first's
        said: dict[str, str] = {}
        for name, child in elements.children(element):
            if name not in {"name", "email", "uri"} or name in said:
                raise elements.UnusualError
            said[name] = elements.usual(elements.text(child)) if name == "uri" else elements.written(child)
        self.raw.people.append((said.get("name"), said.get("email"), said.get("uri")))

    def contributor(self, element: etree._Element, _depth: int) -> None:
        elements.pass_over("contributor", element)

    def category(self, element: etree._Element, _depth: int) -> None:
        self.term(element, scheme=element.get("scheme") or element.get("domain"))

    def media_category(self, element: etree._Element, _depth: int) -> None:
        self.term(element, scheme=element.get("scheme") or shape.MEDIA_SCHEME)

    def term(self, element: etree._Element, *, scheme: str | None) -> None:
        if len(self.raw.terms) >= bounds.MAX_TERMS:
            return
        self.add((element.get("term"), scheme, element.get("label")))
        terms, value = self.raw.terms, elements.text(element)
        if value and terms and not terms[-1][0]:
            terms[-1] = (value, terms[-1][1], terms[-1][2])
        elif value:
            self.add((value, None, None))

    def add(self, term: tuple[str | None, str | None, str | None]) -> None:
        if any(term) and term not in self.raw.terms:
            self.raw.terms.append(term)

    def media_keywords(self, element: etree._Element, _depth: int) -> None:
        if element.attrib:
            raise elements.UnusualError
        for word in elements.text(element).split(","):
            if word.strip() and len(self.raw.terms) < bounds.MAX_TERMS:
                self.add((word.strip(), None, None))

    def media(self, element: etree._Element, depth: int) -> None:
        url = element.get("url") or ""
        self.raw.media.append(elements.media(element, url, kind=elements.mime(element)))
        self.read(element, depth=depth + 1)

    def group(self, element: etree._Element, depth: int) -> None:
        self.read(element, depth=depth + 1)

    def thumbnail(self, element: etree._Element, _depth: int) -> None:
        self.thumbnails.append(element.get("url") or elements.text(element))

    def picture(self, element: etree._Element, _depth: int) -> None:
        if address := element.get("href") or element.get("url"):
            self.images = [address]

    def language(self, element: etree._Element, _depth: int) -> None:
        self.raw.language = elements.text(element)

    def rights(self, element: etree._Element, _depth: int) -> None:
        if not self.atom and element.attrib:
            raise elements.UnusualError
        self.raw.rights = elements.prose(element, atom=self.atom)[0]

    def origin(self, element: etree._Element, _depth: int) -> None:
        elements.text(element)
        self.source = True


_BOTH: dict[str, Callable[[_Reader, etree._Element, int], None]] = {
    "title": _Reader.title,
    "media:title": _Reader.titled,
    "guid": _Reader.guid,
    "id": _Reader.guid,
    "link": _Reader.link,
    "enclosure": _Reader.enclosure,
    "media:description": _Reader.caption,
    "itunes:summary": _Reader.caption,
    "pubdate": _Reader.published,
    "published": _Reader.published,
    "dcterms:issued": _Reader.published,
    "updated": _Reader.updated,
    "dc:date": _Reader.updated,
    "dcterms:modified": _Reader.updated,
    "author": _Reader.author,
    "dc:creator": _Reader.author,
    "itunes:author": _Reader.author,
    "contributor": _Reader.contributor,
    "category": _Reader.category,
    "dc:subject": _Reader.category,
    "media:category": _Reader.media_category,
    "media:keywords": _Reader.media_keywords,
    "media:content": _Reader.media,
    "media:group": _Reader.group,
    "media:thumbnail": _Reader.thumbnail,
    "itunes:image": _Reader.picture,
    "language": _Reader.language,
    "dc:language": _Reader.language,
    "rights": _Reader.rights,
    "copyright": _Reader.rights,
    "dc:rights": _Reader.rights,
    "source": _Reader.origin,
}
_RSS = _BOTH | {"description": _Reader.summary, "content:encoded": _Reader.content}
_ATOM = _BOTH | {"summary": _Reader.summary, "content": _Reader.content}
