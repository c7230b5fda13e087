"""The fast path: plain, well-formed RSS 2.0, RSS 1.0 and Atom 1.0 read with lxml, five times cheaper.

It takes only what it reads exactly as the lenient path would, and returns None for the rest:
the parity tests hold both to the same Feed. Whatever looks unusual (a second description, an
element inside a text, xml:base, XHTML) is left to feedparser rather than imitated. Here is the
gate, which knows where each format keeps its head and its entries; `head` and `entry` read those.
"""

import re
from collections.abc import Iterable

from lxml import etree

from feeds.model import Feed
from feeds.parse import hints, shape
from feeds.parse.strict import elements, entry, head

_RSS_1 = f"{{{elements.RSS_1}}}"
_ATOM = f"{{{elements.ATOM}}}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# C1 controls, which feedparser takes for windows-1252.
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_C1_REFERENCE = re.compile(rb"&#(?:0*1[2-5][0-9]|[xX]0*[89][0-9a-fA-F]);")
_SCOPES = (b"base=", b"lang=", b"base =", b"lang =")


def feed(text: str) -> Feed | None:
    """Return the feed in the text, as `repair.mend` left it, or None where the lenient path must read it."""
    if "xml:base" in text or 'type="xhtml"' in text or "type='xhtml'" in text:
        return None
    document = text.encode("utf-8", "replace")
    if _C1_REFERENCE.search(document) or (b"\xc2" in document and _C1.search(document)):
        return None
    # A parser is cheap, and one that is shared could not be used from two threads.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    language = root.get(_XML_LANG)
    if len(parser.error_log) or text.count("xml:lang") > (language is not None) or _is_scoped(root, document):
        return None
    try:
        return _feed(root, text, language=language.replace("_", "-") if language else None)
    except elements.UnusualError:
        return None


def _is_scoped(root: etree._Element, document: bytes) -> bool:
    """Return whether an element has a base= or lang= of its own, which feedparser takes for xml:base and xml:lang."""
    return any(scope in document for scope in _SCOPES) and any(
        "base" in element.attrib or "lang" in element.attrib for element in root.iter()
    )


def _feed(root: etree._Element, text: str, *, language: str | None) -> Feed:
    atom = root.tag == f"{_ATOM}feed"
    channel, found = _parts(root)
    entries = [shape.entry(entry.read(one, atom=atom, language=language), atom=atom) for one in found]
    return shape.feed(head.read(channel, atom=atom, language=language), entries=entries, hints=hints.of(text), notes=())


def _parts(root: etree._Element) -> tuple[etree._Element, Iterable[etree._Element]]:
    """Return the element that tells of the feed, and those of its entries."""
    if root.tag == f"{_ATOM}feed":
        return root, root.iterchildren(f"{_ATOM}entry")
    if root.tag == "rss" and len(root) == 1 and root[0].tag == "channel":
        return root[0], root[0].iterchildren("item")
    channel = root.find(f"{_RSS_1}channel") if root.tag == f"{{{elements.RDF}}}RDF" else None
    if channel is None or channel.find(f"{_RSS_1}item") is not None:
        raise elements.UnusualError
    return channel, root.iterchildren(f"{_RSS_1}item")
