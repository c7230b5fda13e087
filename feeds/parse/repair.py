"""Broken or hostile documents made readable, or bounded, before any parser sees them.

Works on text, in time linear in it. After this there is no DTD, no entity a parser could
expand, no character XML forbids, nothing before the root, and a bounded number of entries.
"""

import html.entities
import re
from collections.abc import Callable
from itertools import islice
from xml.parsers import expat

MAX_ENTRIES = 2_000  # the largest feed of the corpus has 561; a window this deep loses nothing between polls
MAX_TAGS = 100_000  # the most of a document of the corpus is 7,869; each costs a tree some 300 bytes
MAX_ENTRY_TAGS = 5_000  # the most of an entry of the corpus is 1,871, of a page within it
MAX_TAG_CHARS = 2**16  # the longest of the corpus has 698; an attribute costs as much as an element
MAX_TERMS = 500  # categories of an entry that are looked at
MAX_DEPTH = 100  # the deepest of the corpus is 11, XHTML content included
MAX_UNCLOSED = 20_000  # in tag soup, where a <br> is never closed: a few hundred bytes of memory each
MAX_LOOSE_CHARS = 2 * 2**20  # of what only the tag-soup parser can read: it costs 1 s a MiB

ROOTS = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(rss|RDF|feed|channel|rdf)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b|\A<(?:head|body|meta|script|div)\b", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# All but what any parser reads as it should: those are most, and a call for each would be half the cost.
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#(?:3[2-9]|[4-9]\d|1\d\d|2[0-4]\d|[1-9]\d{3}));)"
    r"(?:#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,8}));|([A-Za-z_][\w.-]{0,40});)?"
)
_STRAY = re.compile(r"(?:<(?!/?[A-Za-z_]|!--|!\[CDATA\[|\?)){1,1000}")
_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z_][\w.-]{0,40})\s+(?:"([^"&%<]{0,200})"|'([^'&%<]{0,200})')\s*>""")
_TERM = re.compile(r"<(/?)((?:\w+:)?(?:category|subject|item|entry))\b", re.IGNORECASE)
_MANY_KEYWORDS = re.compile(r"(<(?:itunes|media):keywords\b[^<>]*>)[^<]{10000,}", re.IGNORECASE)
_LONG_TAG = re.compile(rf"<([^\s<>/!?]{{1,200}})\s[^<>]{{{MAX_TAG_CHARS},}}>")
# Two signs among the letters that may not be in a name; what looks for letters takes them for some.
_SIGNED_TAG = re.compile(r"<[A-Za-z_][^<>]{0,4000}[×÷][^<>]{0,4000}>")
_SIGNED = re.compile(
    r"""("[^"]*"|'[^']*')|(?<=["'\s])[^\s<>="'/]*[×÷][^\s<>="'/]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s<>"']+))?"""
)
_SHUT = re.compile(r"</[^<>]*>|/>")
_OPENED = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)

_TEXTS = ("title", "link", "guid", "pubDate", "description", "content:encoded", "summary", "content")


def is_page(text: str) -> bool:
    """Return whether the start of the text is that of an HTML page and not of a feed."""
    start = text[:4096]
    page, root = _PAGE.search(start), ROOTS.search(start)
    return page is not None and (root is None or page.start() < root.start())


def mend(text: str) -> str:
    """Return the document from its root on, without DTD, forbidden characters and unknown entities."""
    root = ROOTS.search(text)
    prolog = text[: root.start()] if root else ""
    text = text[root.start() :] if root else text
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text)
    if "×" in text or "÷" in text:
        text = _outside_cdata(text, lambda part: _SIGNED_TAG.sub(_unsigned, part))
    if "&" not in text:
        return text
    declared = (
        {name: double or single for name, double, single in _ENTITY.findall(prolog)} if "<!ENTITY" in prolog else {}
    )
    return _outside_cdata(text, lambda part: _REFERENCE.sub(lambda found: _character(found, declared), part))


def _unsigned(tag: re.Match[str]) -> str:
    """Return a tag without the attributes whose names are none, its values untouched."""
    return _SIGNED.sub(lambda found: found[1] or "", tag[0])


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
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


def bounded(text: str) -> tuple[str, str | None]:
    """Return the document with at most `MAX_ENTRIES` entries and `MAX_TAGS` tags, and what was left out."""
    if len(text) > MAX_TAG_CHARS:
        text = _LONG_TAG.sub(r"<\1>", text)
    ends = (found.end() for found in _CLOSED.finditer(text))
    last = next(islice(ends, MAX_ENTRIES - 1, None), None)
    left = None
    if last is not None and next(ends, None) is not None:
        left = f"{1 + sum(1 for _ in ends)} entries beyond the first {MAX_ENTRIES} were not read"
        text = text[:last] + _closing(text)
    if text.count("<") > MAX_TAGS:
        text, surplus = _fewer_tags(text)
        left = left or surplus
    return text, left


def _fewer_tags(text: str) -> tuple[str, str | None]:
    """Return the document with the ends of its largest entries cut, and then with the entries beyond `MAX_TAGS`."""
    left = None
    kept: list[str] = []
    position = 0
    for found in _CLOSED.finditer(text):
        part = text[position : found.start()]
        if part.count("<") > MAX_ENTRY_TAGS and (much := _nth_tag(part, MAX_ENTRY_TAGS)) is not None:
            part = part[: max((shut.end() for shut in _SHUT.finditer(part, 0, much)), default=much)]
            left = f"an entry was read to its first {MAX_ENTRY_TAGS} elements"
        kept += (part, found[0])
        position = found.end()
    text = "".join((*kept, text[position:]))
    if (much := _nth_tag(text, MAX_TAGS)) is not None:
        first = _OPENED.search(text)
        end = max((found.end() for found in _CLOSED.finditer(text, 0, much)), default=first.start() if first else 0)
        left = f"more than {MAX_TAGS} elements: read to character {end} of {len(text)}"
        text = text[:end] + _closing(text)
    return text, left


def _nth_tag(text: str, count: int) -> int | None:
    """Return where the tag after so many stands, None where there are fewer; what is in CDATA is no tag."""
    position = 0
    while True:
        start = text.find("<![CDATA[", position)
        here = text.count("<", position, start) if start >= 0 else text.count("<", position)
        if here > count:
            for _ in range(count + 1):
                position = text.find("<", position) + 1
            return position - 1
        end = text.find("]]>", start)
        if start < 0 or end < 0:
            return None
        count -= here
        position = end + 3


def few_terms(text: str) -> str:
    """Return the document with the categories beyond `MAX_TERMS` of an entry under another name.

    feedparser compares each with all before it: a hundred thousand would cost it minutes.
    """
    if next(islice(_TERM.finditer(text), MAX_TERMS, None), None) is not None:
        count = 0

        def renamed(found: re.Match[str]) -> str:
            nonlocal count
            slash, name = found[1], found[2].lower()
            if name in {"item", "entry"}:
                count = 0
                return found[0]
            count += not slash
            return found[0] if count <= MAX_TERMS else f"<{slash}feeds-surplus"

        text = _TERM.sub(renamed, text)
    return _MANY_KEYWORDS.sub(r"\1", text)


def _closing(text: str) -> str:
    """Return the end tags that an uncut document would have had after its entries."""
    root = re.match(r"<([^\s<>/]+)", text)
    if root is None:
        return ""
    channel = "</channel>" if root[1].lower() == "rss" else ""
    return f"{channel}</{root[1]}>"


def depth(text: str) -> tuple[int, bool]:
    """Return how deep elements nest, as far as it could be read, and whether all of it is well-formed."""
    parser = expat.ParserCreate()
    level = deepest = 0

    def opened(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal level, deepest
        level += 1
        deepest = max(deepest, level)

    def closed(_name: str) -> None:
        nonlocal level
        level -= 1

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return deepest, False
    return deepest, True


def _ended(text: str) -> str:
    """Return the text with the elements closed that an entry leaves open: they would swallow the entries after it."""
    kept, position = [], 0
    for found in _CLOSED.finditer(text):
        part = text[position : found.start()]
        kept.append(part)
        kept += [f"</{name}>" for name in _TEXTS if part.count(f"<{name}>") > part.count(f"</{name}>")]
        kept.append(found[0])
        position = found.end()
    return "".join((*kept, text[position:]))


def loose(text: str) -> tuple[str, str | None]:
    """Return as much of a document that is not well-formed as is worth reading, and what was left out.

    Brackets that open nothing are text: `5 < 6`; a million of them would cost the tag-soup parser minutes.
    """
    left = None
    if len(text) > MAX_LOOSE_CHARS:
        end = max((found.end() for found in _CLOSED.finditer(text, 0, MAX_LOOSE_CHARS)), default=MAX_LOOSE_CHARS)
        text, left = text[:end], f"not well-formed and long: read to character {end} of {len(text)}"
    return _ended(_outside_cdata(text, lambda part: _STRAY.sub(lambda run: "&lt;" * min(len(run[0]), 3), part))), left
