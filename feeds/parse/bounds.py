"""Documents without end cut to what anybody writes: no feed costs more time and memory than its bounds.

Works on text that `repair.mend` left, in time linear in it, and says what was left out.
"""

import re
from itertools import islice
from xml.parsers import expat

from feeds.parse import repair

MAX_ENTRIES = 2_000  # the largest feed of the corpus has 561; a window this deep loses nothing between polls
MAX_TAGS = 100_000  # the most of a document of the corpus is 7,869; each costs a tree some 300 bytes
MAX_ENTRY_TAGS = 5_000  # the most of an entry of the corpus is 1,871, of a page within it
MAX_TAG_CHARS = 2**16  # the longest of the corpus has 698; an attribute costs as much as an element
MAX_TERMS = 500  # categories of an entry that are looked at
MAX_DEPTH = 100  # the deepest of the corpus is 11, XHTML content included
MAX_UNCLOSED = 20_000  # in tag soup, where a <br> is never closed: a few hundred bytes of memory each
MAX_LOOSE_CHARS = 2 * 2**20  # of what only the tag-soup parser can read: it costs 1 s a MiB

_TERM = re.compile(r"<(/?)((?:\w+:)?(?:category|subject|item|entry))\b", re.IGNORECASE)
_MANY_KEYWORDS = re.compile(r"(<(?:itunes|media):keywords\b[^<>]*>)[^<]{10000,}", re.IGNORECASE)
_LONG_TAG = re.compile(rf"<([^\s<>/!?]{{1,200}})\s[^<>]{{{MAX_TAG_CHARS},}}>")
_SHUT = re.compile(r"</[^<>]*>|/>")
_OPENED = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)


def bounded(text: str) -> tuple[str, str | None]:
    """Return the document with at most `MAX_ENTRIES` entries and `MAX_TAGS` tags, and what was left out."""
    if len(text) > MAX_TAG_CHARS:
        text = _LONG_TAG.sub(r"<\1>", text)
    ends = (found.end() for found in repair.ENTRY_END.finditer(text))
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
    for found in repair.ENTRY_END.finditer(text):
        part = text[position : found.start()]
        if part.count("<") > MAX_ENTRY_TAGS and (much := _nth_tag(part, MAX_ENTRY_TAGS)) is not None:
            part = part[: max((shut.end() for shut in _SHUT.finditer(part, 0, much)), default=much)]
            left = f"an entry was read to its first {MAX_ENTRY_TAGS} elements"
        kept += (part, found[0])
        position = found.end()
    text = "".join((*kept, text[position:]))
    if (much := _nth_tag(text, MAX_TAGS)) is not None:
        first = _OPENED.search(text)
        end = max(
            (found.end() for found in repair.ENTRY_END.finditer(text, 0, much)), default=first.start() if first else 0
        )
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

        text = repair.outside_cdata(text, lambda part: _TERM.sub(renamed, part))
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


def shortened(text: str) -> tuple[str, str | None]:
    """Return as much of a document that is not well-formed as is worth reading, and what was left out."""
    if len(text) <= MAX_LOOSE_CHARS:
        return text, None
    end = max((found.end() for found in repair.ENTRY_END.finditer(text, 0, MAX_LOOSE_CHARS)), default=MAX_LOOSE_CHARS)
    return text[:end], f"not well-formed and long: read to character {end} of {len(text)}"
