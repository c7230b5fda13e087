"""Broken documents made readable before any parser sees them.

Works on text, in time linear in it. After `mend` there is no DTD, no entity a parser could
expand, no character XML forbids and nothing before the root.
"""

import html.entities
import re
from collections.abc import Callable

ROOTS = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(rss|RDF|feed|channel|rdf)\b", re.IGNORECASE)
ENTRY_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_PAGE = re.compile(
    r"<html\b|<!doctype\s+html\b[^<>]*>(?!\s*(?:<\?[^<>]*>\s*)*<(?:rss|rdf|feed)\b)|\A<(?:head|body|meta|script|div)\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# All but what any parser reads as it should: those are most, and a call for each would be half the cost.
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#(?:3[2-9]|[4-9]\d|1\d\d|2[0-4]\d|[1-9]\d{3}));)"
    r"(?:#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,8}));|([A-Za-z_][\w.-]{0,40});)?"
)
_STRAY = re.compile(r"(?:<(?!/?[A-Za-z_]|!--|!\[CDATA\[|\?)){1,1000}")
_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z_][\w.-]{0,40})\s+(?:"([^"&%<]{0,200})"|'([^'&%<]{0,200})')\s*>""")
# Nobody reads an attribute of such a name, and parsers fall out over it: U+FFFD, where a byte was broken, and × are
# letters to some editions of XML and not to others.
_VALUE = r""""[^"<]*+"|'[^'<]*+'"""
_FOREIGN_TAG = re.compile(
    rf"""<[A-Za-z_](?:[^<>"'\x80-\U0010ffff]++|{_VALUE})*+[^\x00-\x7f\s](?:[^<>"']++|{_VALUE})*+>"""
)
_FOREIGN = re.compile(
    rf"""({_VALUE})|(?<=["'\s])[^\s<>="'/\x80-\U0010ffff]*+[^\s\x00-\x7f][^\s<>="'/]*+"""
    rf"""(?:\s*=\s*(?:{_VALUE}|[^\s<>"']+))?"""
)

_TEXTS = ("title", "link", "guid", "pubDate", "description", "content:encoded", "summary", "content")


def is_page(text: str) -> bool:
    """Return whether the start of the text is that of an HTML page and not of a feed."""
    start = _COMMENT.sub("", text[:4096])
    page, root = _PAGE.search(start), ROOTS.search(start)
    return page is not None and (root is None or page.start() < root.start())


def mend(text: str) -> str:
    """Return the document from its root on, without DTD, forbidden characters and unknown entities."""
    root = ROOTS.search(text)
    prolog = text[: root.start()] if root else ""
    text = text[root.start() :] if root else text
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text)
    if not text.isascii():
        text = outside_cdata(text, lambda part: _FOREIGN_TAG.sub(_named, part))
    if "&" not in text:
        return text
    declared = (
        {name: double or single for name, double, single in _ENTITY.findall(prolog)} if "<!ENTITY" in prolog else {}
    )
    return outside_cdata(text, lambda part: _REFERENCE.sub(lambda found: _character(found, declared), part))


def _named(tag: re.Match[str]) -> str:
    """Return a tag without the attributes whose names are not ASCII, the values of the others untouched."""
    return _FOREIGN.sub(lambda found: found[1] or "", tag[0])


def outside_cdata(text: str, change: Callable[[str], str]) -> str:
    """Return the text changed everywhere but in CDATA, where an ampersand is an ampersand."""
    if "<![CDATA[" not in text:
        return change(text)
    kept: list[str] = []
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end + 3
        kept += (change(text[position:start]), text[start:end])
        position = end
    kept.append(change(text[position:]))
    return "".join(kept)


def _character(found: re.Match[str], declared: dict[str, str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        if name in declared:
            return declared[name]
        known = html.entities.html5.get(f"{name};")
        return known.replace("&", "&amp;").replace("<", "&lt;") if known else f"&amp;{name};"
    if decimal is None and hexadecimal is None:
        return "&amp;"
    point = int(decimal) if decimal else int(hexadecimal, 16)
    legal = point in {9, 10, 13} or 0x20 <= point < 0xD800 or 0xE000 <= point < 0xFFFE or 0x10000 <= point < 0x110000
    return found[0] if legal else ""


def is_cut(text: str) -> bool:
    """Return whether a document ends before its root element does."""
    root = re.match(r"<([^\s<>/]+)[^<>]*>", text)
    if root is None or root[0].endswith("/>"):
        return False
    return re.search(f"</{re.escape(root[1])}", text, re.IGNORECASE) is None


def loose(text: str) -> str:
    """Return a document that is not well-formed as the tag-soup parser reads it best and in time linear in it.

    Brackets that open nothing are text: `5 < 6`; a million of them would cost it minutes.
    """
    return _ended(outside_cdata(text, lambda part: _STRAY.sub(lambda run: "&lt;" * min(len(run[0]), 3), part)))


def _ended(text: str) -> str:
    """Return the text with the elements closed that an entry leaves open: they would swallow the entries after it."""
    kept, position = [], 0
    for found in ENTRY_END.finditer(text):
        part = text[position : found.start()]
        kept.append(part)
        kept += [f"</{name}>" for name in _TEXTS if part.count(f"<{name}>") > part.count(f"</{name}>")]
        kept.append(found[0])
        position = found.end()
    return "".join((*kept, text[position:]))
