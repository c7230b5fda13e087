"""Which stored entries a query cannot match, told from their encoded text and the beginnings of their words.

Of 100,000 entries a rule wants a few, and decoding all of them takes longer than everything else. A glance never
refuses what matches; what it lets through is asked properly. Names (`region:kz`) have to stand in the text as they
are encoded; words are looked for in `query.beginnings`, so that no text is read.
"""

from collections.abc import Callable, Iterable, Sequence

from feeds.query import beginnings, nodes
from feeds.store import codec

_WORDED = frozenset({"words", "title", "author", "category"})
_NAMED = frozenset({"region", "mentions", "theme", "kind", "source"})

Test = Callable[[bytes, bytes | None], bool]  # of an encoded entry, and of the beginnings of its words


class Glance:
    """What a query at least wants of an entry; any of several queries will do."""

    def __init__(self, queries: Iterable[nodes.Query]) -> None:
        self._likely = _some([_wanted(query.root) for query in queries])

    def __call__(self, row: bytes, begun: bytes | None) -> bool:
        """Say of an encoded entry whether a query may match it; None: the beginnings of its words are not known."""
        return self._likely is None or self._likely(row, begun)


def _some(tests: Sequence[Test | None]) -> Test | None:
    """Return the test that one of these holds; None, where one is none: then nothing can be refused."""
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return None
    return known[0] if len(known) == 1 else lambda row, begun: any(test(row, begun) for test in known)


def _every(tests: Sequence[Test | None]) -> Test | None:
    """Return the test that each of these holds, those that are none left out."""
    known = [test for test in tests if test is not None]
    if len(known) < 2:
        return known[0] if known else None
    return lambda row, begun: all(test(row, begun) for test in known)


def _wanted(node: nodes.Node) -> Test | None:
    """Return what a node wants of an entry; None: nothing that can be told from here."""
    match node:
        case nodes.All():
            return _every([_wanted(part) for part in node.parts])
        case nodes.Some():
            return _some([_wanted(part) for part in node.parts])
        case nodes.Clause() if node.name in _WORDED:
            return _some([_begins(beginnings.wanted(value)) for value in node.values])
        case nodes.Clause() if node.name in _NAMED:
            return _holds([codec.encode(value) for value in node.values])
        case nodes.Clause(name="lang"):
            holds = _holds([b'"language":"' + value.encode() for value in node.values])
            return lambda row, begun: holds(row.lower(), begun)
    return None


def _begins(words: Sequence[bytes]) -> Test | None:
    """Return the test that an entry has each of these beginnings, or that they are not known as they are made now."""
    if not words:
        return None
    first, rest = words[0], words[1:]
    return lambda _, begun: (
        begun is None
        or (first in begun and all(word in begun for word in rest))
        or not begun.startswith(beginnings.MADE)
    )


def _holds(literals: Sequence[bytes]) -> Test:
    if len(literals) == 1:
        (one,) = literals
        return lambda row, _: one in row
    return lambda row, _: any(literal in row for literal in literals)
