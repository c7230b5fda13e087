"""A closed archive without some of its entries: the one reason for which it may change."""

import html
import json
import re
from collections.abc import Set as AbstractSet

from lxml import etree

from feeds import urls
from feeds.model import Format

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARTICLE = re.compile(r"<article [^>]*>.*?</article>", re.DOTALL)
_ID = re.compile(r'data-id="([^"]*)"')
_LINK = re.compile(r'<h[1-6][^>]*>\s*<a [^>]*?href="([^"]*)"')


def without(document: bytes, *, form: Format, ids: AbstractSet[str]) -> bytes:
    """Return the document without the entries of these ids or links; the very bytes given where it holds none.

    `ids` holds published ids and canonical links (`urls.canonical`): an archive may show a publisher's copy
    under an id of its own.
    """
    if not ids:
        return document
    match form:
        case "atom":
            return _without_elements(document, ids, f"{_ATOM}entry", f"{_ATOM}id")
        case "rss":
            return _without_elements(document, ids, "item", "guid")
        case "json":
            return _without_json(document, ids)
        case "html":
            return _without_articles(document, ids)


def _named(names: AbstractSet[str], *own: str | None) -> bool:
    """Say whether an entry goes by one of the names: its id, or a link however it is written."""
    return any(name in names or ("://" in name and urls.canonical(name) in names) for name in own if name)


def _without_elements(document: bytes, ids: AbstractSet[str], name: str, key: str) -> bytes:
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    found = False
    for element in list(root.iter(name)):
        parent = element.getparent()
        if parent is not None and _named(ids, element.findtext(key), _link(element)):
            parent.remove(element)
            found = True
    if not found:
        return document
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _link(element: etree._Element) -> str | None:
    """Return where an entry of Atom or an item of RSS leads."""
    for link in element.iterfind(f"{_ATOM}link"):
        if link.get("rel", "alternate") == "alternate":
            return link.get("href")
    return element.findtext("link")


def _without_json(document: bytes, ids: AbstractSet[str]) -> bytes:
    whole = json.loads(document)
    kept = [
        entry for entry in whole["items"] if not _named(ids, entry["id"], entry.get("url"), entry.get("external_url"))
    ]
    if len(kept) == len(whole["items"]):
        return document
    whole["items"] = kept
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _without_articles(document: bytes, ids: AbstractSet[str]) -> bytes:
    def kept(article: re.Match[str]) -> str:
        own = (found[1] for mark in (_ID, _LINK) if (found := mark.search(article[0])) is not None)
        return "" if _named(ids, *(html.unescape(name) for name in own)) else article[0]

    return _ARTICLE.sub(kept, document.decode()).encode()
