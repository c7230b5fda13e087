"""Many queries over many entries at once: a clause is a set of bits, one an entry, worked out once for all.

AND, OR and NOT are then one operation on whole numbers, so two hundred topics cost little more than one.
Words are looked for last, and only in entries that could still match: names are cheap, texts are not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from ahocorasick_rs import AhoCorasick

from feeds.model import Held
from feeds.query import nodes, reasons, words

_WORDED = ("words", "title", "author", "category")


def select(queries: Sequence[nodes.Query], helds: Sequence[Held]) -> tuple[tuple[int, ...], ...]:
    """Return for each query the positions of the entries it matches, rising."""
    columns = _Columns(helds)
    likely = 0
    for query in queries:
        likely |= columns.bits(query.root, query, words=(columns.every, 0))
    columns.read_words(queries, likely)
    return tuple(tuple(positions(columns.bits(query.root, query))) for query in queries)


def matches(query: nodes.Query, held: Held) -> bool:
    """Say whether an entry is what the query asks for."""
    return bool(select((query,), (held,))[0])


def reads_texts(query: nodes.Query) -> bool:
    """Say whether a query looks for words in whole texts, so that its entries need their content."""
    return next(_values(query.root, "words"), None) is not None


def positions(bits: int) -> Iterator[int]:
    """Yield the places of the ones, lowest first."""
    for start, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        while byte:
            lowest = byte & -byte
            yield start * 8 + lowest.bit_length() - 1
            byte ^= lowest  # noqa: PLW2901 the ones are taken off one by one


def _bits(places: Iterable[int], count: int) -> int:
    field = bytearray(count // 8 + 1)
    for place in places:
        field[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(field, "little")


class _Columns:
    """The entries, turned by ninety degrees: for each value, who has it."""

    def __init__(self, helds: Sequence[Held]) -> None:
        self.helds = helds
        self.every = (1 << len(helds)) - 1
        self._named: dict[str, dict[str, int]] = {}
        self._worded: dict[tuple[str, str], int] = {}
        self._views: dict[int, reasons.View] = {}

    def bits(self, node: nodes.Node, query: nodes.Query, *, words: tuple[int, int] | None = None) -> int:
        """Return who the node holds for; `words` stands in for texts not read yet: (at most, at least)."""
        match node:
            case nodes.All():
                bits = self.every
                for part in node.parts:
                    bits &= self.bits(part, query, words=words)
                return bits
            case nodes.Some():
                bits = 0
                for part in node.parts:
                    bits |= self.bits(part, query, words=words)
                return bits
            case nodes.Not():
                # What is at most true inside is at least true outside.
                return self.every & ~self.bits(node.part, query, words=words and words[::-1])
            case nodes.Score():
                return words[0] if words else self._scored(node, query)
        if node.name in _WORDED:
            return words[0] if words else self._any(self._worded.get((node.name, value), 0) for value in node.values)
        return self._clause(node)

    @staticmethod
    def _any(columns: Iterable[int]) -> int:
        bits = 0
        for column in columns:
            bits |= column
        return bits

    def _clause(self, clause: nodes.Clause) -> int:
        match clause.name:
            case "before" | "after":
                return self._timed(clause)
            case "lang":
                column = self._column("lang", lambda held: ((held.tags.language or held.entry.language or "").lower(),))
                return self._any(
                    bits
                    for own, bits in column.items()
                    for value in clause.values
                    if own == value or own.startswith(value + "-")
                )
        column = self._column(clause.name, lambda held: reasons.named(clause.name, held))
        return self._any(column.get(value, 0) for value in clause.values)

    def _column(self, name: str, values: Callable[[Held], tuple[str, ...]]) -> dict[str, int]:
        if name not in self._named:
            places: dict[str, list[int]] = {}
            for at, held in enumerate(self.helds):
                for value in values(held):
                    places.setdefault(value, []).append(at)
            self._named[name] = {value: _bits(at, len(self.helds)) for value, at in places.items()}
        return self._named[name]

    def _timed(self, clause: nodes.Clause) -> int:
        moment: datetime | None = clause.moment
        if moment is None:
            return 0
        before = (at for at, held in enumerate(self.helds) if (held.entry.published or held.first_seen) < moment)
        bits = _bits(before, len(self.helds))
        return bits if clause.name == "before" else self.every & ~bits

    def _scored(self, node: nodes.Score, query: nodes.Query) -> int:
        holds = (at for at, held in enumerate(self.helds) if reasons.passes(node, reasons.strength(query, held)))
        return _bits(holds, len(self.helds))

    def read_words(self, queries: Sequence[nodes.Query], likely: int) -> None:
        """Find every word of the queries in the entries that could match one."""
        for name in _WORDED:
            values = sorted({value for query in queries for value in _values(query.root, name)})
            if not values:
                continue
            places: dict[str, list[int]] = {value: [] for value in values}
            wanted = [words.patterns(value) for value in values]
            automaton = AhoCorasick([words.anchor(patterns) for patterns in wanted])
            for at in positions(likely):
                view = self._views.setdefault(at, reasons.View(self.helds[at]))
                haystack, found = view.haystack(name), set()
                for index, place, _ in automaton.find_matches_as_indexes(haystack, overlapping=True):
                    if index not in found and words.at(wanted[index], haystack, place, view.language):
                        found.add(index)
                        places[values[index]].append(at)
            for value, having in places.items():
                self._worded[name, value] = _bits(having, len(self.helds))


def _values(node: nodes.Node, name: str) -> Iterator[str]:
    match node:
        case nodes.Clause():
            if node.name == name:
                yield from node.values
        case nodes.Not():
            yield from _values(node.part, name)
        case nodes.All() | nodes.Some():
            for part in node.parts:
                yield from _values(part, name)
