"""What a plain channel, or the top of a plain Atom feed, says of the feed itself."""

from lxml import etree

from feeds.parse import shape
from feeds.parse.strict import elements

_UNUSUAL = {"guid", "dc:title", "dc:description", "media:title", "summary", "content", "tagline", "modified"}


def read(element: etree._Element, *, atom: bool, language: str | None) -> shape.RawFeed:
    """Return what the element says beside its entries. UnusualError for what the lenient path must read."""
    raw = shape.RawFeed(language=language)
    published = None
    titled = False
    for name, child in elements.children(element):
        match name:
            case "item" | "entry":
                if (name == "entry") != atom:
                    raise elements.UnusualError
            case "title":
                if titled:
                    raise elements.UnusualError
                titled = True
                raw.title, raw.title_kind = elements.prose(child, atom=atom)
            case "link":
                _link(raw, child)
            case "description" | "subtitle" | "itunes:subtitle":
                raw.subtitle = elements.prose(child, atom=atom)[0]
            case "id":
                raw.id = elements.usual(elements.text(child))
                raw.link = raw.id if raw.link is None else raw.link
            case "language" | "dc:language":
                raw.language = elements.text(child)
            case "updated" | "lastbuilddate" | "dc:date" | "dcterms:modified":
                raw.updated = elements.text(child)
            case "pubdate" | "published" | "dcterms:issued":
                published = elements.text(child)
            case "rights" | "copyright" | "dc:rights":
                raw.rights = elements.prose(child, atom=atom)[0]
            case _ if name in _UNUSUAL:
                raise elements.UnusualError
            case _ if len(child):
                elements.pass_over(name, child)
    raw.updated = raw.updated or published
    return raw


def _link(raw: shape.RawFeed, element: etree._Element) -> None:
    href = elements.href(element)
    rel = (element.get("rel") or "alternate").lower()
    if href is None:
        raw.link = elements.bare_link(element)
        if "&amp;" in raw.link:
            raise elements.UnusualError  # escaped twice: feedparser undoes that in entries only
    elif rel == "alternate" and elements.mime(element) in elements.PAGES:
        raw.link = elements.usual(href)
    elif rel == "next":
        raw.next_page = raw.next_page or elements.usual(href)
    elif rel == "hub":
        raw.hub = raw.hub or elements.usual(href)
