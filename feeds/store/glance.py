"""Which stored entries a query cannot match, told from their encoded text before any is decoded.

Of 100,000 entries a rule wants a few, and decoding all of them takes longer than everything else. A glance never
refuses what matches; what it lets through is asked properly. Names (`region:kz`) have to stand in the text as they
are encoded. Words are compared by the pieces of a text: a piece is folded the first time it is met, and a thousand
texts are cut into pieces at once.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import compress

from feeds import text
from feeds.query import nodes, words
from feeds.store import codec

_WORDED = frozenset({"words", "title", "author", "category"})
_NAMED = frozenset({"region", "mentions", "theme", "kind", "source"})
_TITLE = b'"title":'  # the fields of an encoded entry stand in the order of the model: its text is from here to CONTENT
# Row from row in a joined text; texts that have it themselves are let through unread.
_BETWEEN = "\ue000"
_MOST_PIECES = 500_000  # remembered
_INLINE = re.compile(rf"</?(?:{'|'.join(sorted(map(re.escape, text.INLINE)))})(?=[\s/>])[^<>]*>")
# Markup that parts words, and the entities that the sanitiser leaves. Of any other the glance knows too little.
_UNSURE = re.compile(
    r"\\[^nrt\"/]|&(?!amp;|lt;|gt;|quot;|nbsp;)|"
    r"<(?!/?(?:p|div|br|li|ul|ol|dl|dt|dd|h[1-6]|blockquote|pre|hr|img|table|tbody|thead|tr|td|th|figure|figcaption)\b)"
)
_ESCAPED = re.compile(r"\\[nrt\"/]")


Test = Callable[[bytes, "Sequence[str] | None"], bool]  # of an encoded entry, and of its pieces, None when unsure


class Glance:
    """What a query at least wants of an entry's encoded text; any of several queries will do."""

    def __init__(self, queries: Iterable[nodes.Query]) -> None:
        roots = [query.root for query in queries]
        self._hot: list[tuple[tuple[str, ...], set[str]]] = []  # beginnings of words, and the pieces that have one
        self._names = _some([_named(root) for root in roots])
        self._words = _some([_worded(root, self._hot) for root in roots])
        self._seen: set[str] = set()
        self._wide = any(_has(root, frozenset({"author", "category"})) for root in roots)

    def __call__(self, rows: Sequence[bytes], contents: Sequence[str | None] = ()) -> list[bool]:
        """Say of each encoded entry, with its content if that is kept apart, whether a query may match it."""
        likely = [True] * len(rows) if self._names is None else [self._names(row, None) for row in rows]
        if self._words is None or not self._hot or not any(likely):
            return likely
        left = list(compress(range(len(rows)), likely))
        texts = [self._text(rows[at], contents[at] if contents else None) for at in left]
        for at, tokens in zip(left, self._tokens(texts), strict=True):
            likely[at] = tokens is None or self._words(rows[at], tokens)
        return likely

    def _text(self, row: bytes, content: str | None) -> str:
        """Return all of an encoded entry in which a word may stand."""
        start = row.find(_TITLE)
        end = len(row) if self._wide else row.find(codec.CONTENT, start)
        found = (row if start < 0 or end < 0 else row[start:end]).decode("utf-8", "replace")
        return found if content is None else f"{found} {content}"

    def _tokens(self, texts: list[str]) -> list[Sequence[str] | None]:
        """Return the pieces of each text, none where no piece can be a word that is looked for, None when unsure."""
        plain = [_plain(one) for one in texts]
        joined = text.in_pieces(f" {_BETWEEN} ".join(one or "" for one in plain))
        fresh = set(joined) - self._seen
        self._meet(fresh)
        hot = set[str]().union(*(pieces for _, pieces in self._hot))
        if hot.isdisjoint(joined):
            return [None if one is None else () for one in plain]
        parts = _parted(joined)
        if len(parts) != len(texts):
            return [None] * len(texts)
        return [None if one is None else part for one, part in zip(plain, parts, strict=True)]

    def _meet(self, fresh: set[str]) -> None:
        """Fold pieces not met before, and remember those that a word may begin in."""
        if len(self._seen) > _MOST_PIECES:
            self._seen.clear()
        self._seen |= fresh
        for piece in fresh:
            folded = words.plain(piece)
            for anchors, pieces in self._hot:
                if any(anchor in folded for anchor in anchors):
                    pieces.add(piece)


def _some(tests: Sequence[Test | None]) -> Test | None:
    """Return the test that one of these holds; None, where one is none: then nothing can be refused."""
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return None
    return known[0] if len(known) == 1 else lambda row, tokens: any(test(row, tokens) for test in known)


def _every(tests: Sequence[Test | None]) -> Test | None:
    """Return the test that each of these holds, those that are none left out."""
    known = [test for test in tests if test is not None]
    if len(known) < 2:
        return known[0] if known else None
    return lambda row, tokens: all(test(row, tokens) for test in known)


def _named(node: nodes.Node) -> Test | None:
    """Return what a node wants of the names in an encoded entry."""
    match node:
        case nodes.All():
            return _every([_named(part) for part in node.parts])
        case nodes.Some():
            return _some([_named(part) for part in node.parts])
        case nodes.Clause() if node.name in _NAMED:
            return _holds([codec.encode(value) for value in node.values])
        case nodes.Clause(name="lang"):
            holds = _holds([b'"language":"' + value.encode() for value in node.values])
            return lambda row, tokens: holds(row.lower(), tokens)
    return None


def _holds(literals: Sequence[bytes]) -> Test:
    if len(literals) == 1:
        (one,) = literals
        return lambda row, _: one in row
    return lambda row, _: any(literal in row for literal in literals)


def _worded(node: nodes.Node, hot: list[tuple[tuple[str, ...], set[str]]]) -> Test | None:
    """Return what a node wants of names and words; every clause of words adds its beginnings to `hot`."""
    match node:
        case nodes.All():
            return _every([_worded(part, hot) for part in node.parts])
        case nodes.Some():
            return _some([_worded(part, hot) for part in node.parts])
        case nodes.Clause() if node.name in _WORDED:
            pieces: set[str] = set()
            hot.append(
                (tuple({words.anchor(found) for value in node.values if (found := words.patterns(value))}), pieces)
            )
            return lambda _, tokens: tokens is None or not pieces.isdisjoint(tokens)
    return _named(node)


def _plain(written: str) -> str | None:
    """Return the text of JSON and markup with nothing left that could part or join words; None when unsure."""
    if "\\" in written or "&" in written or "<" in written:
        # A tag inside a word, as of a first letter in bold, leaves no gap.
        written = _INLINE.sub("", written) if "<" in written else written
        if _UNSURE.search(written):
            return None
        written = _ESCAPED.sub(" ", written)
    return None if _BETWEEN in written else written


def _parted(pieces: Sequence[str]) -> list[Sequence[str]]:
    """Return the pieces of each text that was joined."""
    parts, start = [], 0
    for _ in range(pieces.count(_BETWEEN)):
        end = pieces.index(_BETWEEN, start)
        parts.append(pieces[start:end])
        start = end + 1
    return [*parts, pieces[start:]]


def _has(node: nodes.Node, names: frozenset[str]) -> bool:
    match node:
        case nodes.All() | nodes.Some():
            return any(_has(part, names) for part in node.parts)
        case nodes.Clause():
            return node.name in names
    return False
