"""A closed archive without some of its entries: the one reason for which it may change."""

import json
import re
from collections.abc import Set as AbstractSet
from html import escape

from lxml import etree

from feeds.model import Format


def without(document: bytes, *, form: Format, ids: AbstractSet[str]) -> bytes:
    """Return the document without the entries of these ids; the very bytes given where it holds none of them."""
    here = {entry_id for entry_id in ids if escape(entry_id).encode() in document or entry_id.encode() in document}
    if not here:
        return document
    match form:
        case "atom":
            return _without_elements(
                document, here, "{http://www.w3.org/2005/Atom}entry", "{http://www.w3.org/2005/Atom}id"
            )
        case "rss":
            return _without_elements(document, here, "item", "guid")
        case "json":
            return _without_json(document, here)
        case "html":
            return _without_articles(document, here)


def _without_elements(document: bytes, ids: AbstractSet[str], name: str, key: str) -> bytes:
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    found = False
    for element in list(root.iter(name)):
        parent = element.getparent()
        if parent is not None and element.findtext(key) in ids:
            parent.remove(element)
            found = True
    if not found:
        return document
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _without_json(document: bytes, ids: AbstractSet[str]) -> bytes:
    whole = json.loads(document)
    whole["items"] = [entry for entry in whole["items"] if entry["id"] not in ids]
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _without_articles(document: bytes, ids: AbstractSet[str]) -> bytes:
    text = document.decode()
    for entry_id in ids:
        mark = re.escape(f'data-id="{escape(entry_id)}"')
        text = re.sub(rf"<article [^>]*{mark}.*?</article>", "", text, flags=re.DOTALL)
    return text.encode()
