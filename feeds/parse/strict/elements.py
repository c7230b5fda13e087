"""An element's name, text, address and person as feedparser would read them, or `UnusualError` where it would mend."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from lxml import etree

from feeds.parse import shape

ATOM = "http://www.w3.org/2005/Atom"
RSS_1 = "http://purl.org/rss/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PAGES = {None, "text/html", "html", "application/xhtml+xml", "xhtml"}
# As feedparser names them; any other namespace goes by the prefix the publisher gave it.
_PREFIXES = {
    "": "",
    ATOM.lower(): "",
    RSS_1: "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    RDF: "rdf:",
}
_PERSON = frozenset({"name", "email", "uri"})
_PICTURE = frozenset({"title", "url", "link", "width", "height", "description", "name"})
# Elements that are not read, and what may stand in them without a meaning for what is.
_CONTAINERS = {
    "author": _PERSON,
    "contributor": _PERSON,
    "image": _PICTURE,
    "textinput": _PICTURE,
    "skiphours": frozenset({"hour"}),
    "skipdays": frozenset({"day"}),
    "itunes:owner": frozenset({"itunes:name", "itunes:email"}),
    "itunes:category": frozenset({"itunes:category"}),
    "items": frozenset({"rdf:seq"}),
    "rdf:seq": frozenset({"rdf:li"}),
}
# What shape bounds a content by, and room for white space around it: four bytes a character where one is an emoji.
MAX_TEXT_CHARS = 2 * shape.MAX_CONTENT_CHARS
_KINDS = {None: "text", "text": "text", "text/plain": "text", "html": "html", "text/html": "html"}
_EMAIL = re.compile(
    r"(([a-zA-Z0-9\_\-\.\+]+)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))"
    r"([a-zA-Z]{2,4}|[0-9]{1,3})(\]?))(\?subject=\S+)?"
)


class UnusualError(Exception):
    """Something for the lenient path."""


@lru_cache(maxsize=2048)
def known(tag: str) -> str | None:
    """Return the element's name as feedparser would have it, small letters; None in a namespace it does not know.

    UnusualError for a name beyond ASCII: what is a letter there depends on the edition of XML a parser was made by.
    """
    if not tag.isascii():
        raise UnusualError
    namespace, _, local = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
    prefix = _PREFIXES.get(namespace.lower())
    return None if prefix is None else prefix + local.lower()


def name(element: etree._Element) -> str:
    """Return the same, with the publisher's own prefix where the namespace is not known."""
    found = known(element.tag)
    if found is not None:
        return found
    if element.prefix is None or not element.prefix.isascii():
        raise UnusualError  # a default namespace nobody knows, or a prefix as above
    return f"{element.prefix}:{etree.QName(element).localname}".lower()


def children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield what stands in the element, each with its name."""
    for child in element:
        yield name(child), child


def written(element: etree._Element) -> str:
    """Return the text of an element that has nothing else in it, to the letter."""
    if len(element):
        raise UnusualError
    return (element.text or "")[:MAX_TEXT_CHARS].strip()


def text(element: etree._Element) -> str:
    """Return the text of an element that has nothing else in it."""
    said = written(element)
    if said.isascii():
        return said
    # As feedparser does with all but the parts of a person: undo UTF-8 that somebody read as Latin-1.
    with suppress(UnicodeError):
        said = said.encode("iso-8859-1").decode("utf-8")
    return said


def prose(element: etree._Element, *, atom: bool) -> tuple[str, str | None]:
    """Return the text and its kind: what Atom says, or None for RSS, where type= means nothing certain."""
    said = element.get("type")
    if element.get("mode") is not None:
        raise UnusualError
    if not atom:
        if said is not None:
            raise UnusualError
        return text(element), None
    kind = _KINDS.get(said.lower() if said else None)
    if kind is None or element.get("src") is not None:
        raise UnusualError
    return text(element), kind


def pass_over(called: str, element: etree._Element) -> None:
    """Leave an element out that only contains what it is known to, at any depth: feedparser reads the rest anywhere."""
    for inside, child in children(element):
        if inside not in _CONTAINERS.get(called, ()):
            raise UnusualError
        if len(child):
            pass_over(inside, child)


def href(element: etree._Element) -> str | None:
    """Return the address in a link's attributes, by any of its names."""
    return element.get("url") or element.get("uri") or element.get("href") or None


def bare_link(element: etree._Element) -> str:
    """Return the address in a link's text."""
    if element.get("rel") is not None:
        raise UnusualError
    address = usual(text(element))
    if "&" in address and shape.address(mended := shape.address(address)) != mended:
        raise UnusualError  # escaped again and again: feedparser undoes a turn of it before shape does
    return address


def usual(address: str) -> str:
    """Return the address, if feedparser would not mend or empty it."""
    if ":///" in address or "[" in address or "]" in address:
        raise UnusualError
    return address


def mime(element: etree._Element) -> str | None:
    """Return what type= says, in small letters."""
    return (element.get("type") or "").lower() or None


def media(element: etree._Element, url: str, *, kind: str | None) -> shape.Media:
    """Return the element as what is at an address."""
    return shape.Media(
        url=url,
        type=kind,
        medium=element.get("medium"),
        length=element.get("length") or element.get("fileSize"),
        title=element.get("title"),
    )


def person(written: str) -> tuple[str | None, str | None, str | None]:
    """Return name and address of `mail@example.org (Name)`, as feedparser parts them."""
    found = _EMAIL.search(written) if "@" in written else None
    if found is None:
        return written or None, None, None
    called = written.replace(found[0], "").replace("()", "").replace("<>", "").replace("&lt;&gt;", "").strip()
    return called.removeprefix("(").removesuffix(")").strip() or None, found[0], None
