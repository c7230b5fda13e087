"""Which stored entries a query cannot match, told from their encoded text and the beginnings of their words.

Of 100,000 entries a rule wants a few, and decoding all of them takes longer than everything else. A glance never
refuses what matches; what it lets through is asked properly. Names (`region:kz`) have to stand in the text as they
are encoded; words are looked for in `query.beginnings`, so that no text is read.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from feeds.query import beginnings, nodes
from feeds.store import codec

_WORDED = frozenset({"words", "title", "author", "category"})
_NAMED = frozenset({"region", "mentions", "theme", "kind", "source"})
_FEW = 8  # phrases are looked for one by one; of more it is cheaper to make a set first


class Glance:
    """What a query at least wants of an entry; any of several queries will do."""

    def __init__(self, queries: Iterable[nodes.Query]) -> None:
        self._likely = _some([_wanted(query.root) for query in queries])

    def __call__(self, row: bytes, begun: bytes | None) -> bool:
        """Say of an encoded entry whether a query may match it; None: the beginnings of its words are not known."""
        return self._likely is None or self._likely(row, _Begun(begun))


class _Begun:
    """The beginnings of an entry's words, if they are known as they are made now."""

    def __init__(self, packed: bytes | None) -> None:
        self.packed = packed if packed is not None and packed.startswith(beginnings.MADE) else None

    @cached_property
    def all(self) -> frozenset[int]:
        return frozenset(array("H", self.packed or b""))


Test = Callable[[bytes, _Begun], bool]  # of an encoded entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Some:
    """One of many will do: a topic names dozens of words and phrases, and an entry is asked for all of them at once."""

    literals: tuple[bytes, ...] = ()
    phrases: frozenset[frozenset[bytes]] = frozenset()  # the beginnings of their words
    tests: tuple[Test, ...] = ()
    # Where phrases are many, one beginning of each, and by it what else it has.
    heads: frozenset[int] = frozenset()
    rest: Mapping[int, tuple[frozenset[int], ...]] = field(default_factory=dict)

    def __call__(self, row: bytes, begun: _Begun) -> bool:
        # Loops written out: this is asked of every entry that is held, and any() costs as much again.
        for literal in self.literals:
            if literal in row:
                return True
        if self.phrases and (begun.packed is None or self._begin(begun.packed, begun)):
            return True
        for test in self.tests:  # noqa: SIM110
            if test(row, begun):
                return True
        return False

    def _begin(self, packed: bytes, begun: _Begun) -> bool:
        if not self.heads:
            return any(all(word in packed for word in phrase) for phrase in self.phrases)
        every = begun.all
        for one in self.heads & every:
            for rest in self.rest[one]:
                if rest <= every:
                    return True
        return False


def _some(tests: Sequence[Test | None]) -> Test | None:
    """Return the test that one of these holds; None, where one is none: then nothing can be refused."""
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return None
    flat = [test for test in known if isinstance(test, _Some)]
    phrases = frozenset(phrase for test in flat for phrase in test.phrases)
    rest: dict[int, tuple[frozenset[int], ...]] = {}
    for phrase in phrases if len(phrases) > _FEW else ():
        first, *others = array("H", b"".join(sorted(phrase)))
        rest[first] = (*rest.get(first, ()), frozenset(others))
    return _Some(
        literals=tuple(dict.fromkeys(literal for test in flat for literal in test.literals)),
        phrases=phrases,
        tests=(*(one for test in flat for one in test.tests), *(one for one in known if not isinstance(one, _Some))),
        heads=frozenset(rest),
        rest=rest,
    )


def _every(tests: Sequence[Test | None]) -> Test | None:
    """Return the test that each of these holds, those that are none left out."""
    known = [test for test in tests if test is not None]
    if len(known) < 2:
        return known[0] if known else None

    def every(row: bytes, begun: _Begun) -> bool:
        for test in known:  # noqa: SIM110 as in `_Some`
            if not test(row, begun):
                return False
        return True

    return every


def _wanted(node: nodes.Node) -> Test | None:
    """Return what a node wants of an entry; None: nothing that can be told from here."""
    match node:
        case nodes.All():
            return _every([_wanted(part) for part in node.parts])
        case nodes.Some():
            return _some([_wanted(part) for part in node.parts])
        case nodes.Clause() if node.name in _WORDED:
            phrases = frozenset(frozenset(beginnings.wanted(value)) for value in node.values)
            return _some([_Some(phrases=phrases)]) if all(phrases) else None
        case nodes.Clause() if node.name in _NAMED:
            return _Some(literals=tuple(map(codec.encode, node.values)))
        case nodes.Clause(name="lang"):
            holds = _Some(literals=tuple(b'"language":"' + value.encode() for value in node.values))
            return lambda row, begun: holds(row.lower(), begun)
    return None
