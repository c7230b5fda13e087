"""The stories of a window of time, and which of them new entries belong to."""

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from feeds.postings import Postings
from feeds.rows import Rows
from feeds.stories import terms, weighing
from feeds.stories.terms import Features
from feeds.stories.weighing import FULL, MILLI, Numbers

WINDOW = timedelta(days=7)

# Entries weighed and looked up together: dozens of calls for all of them, not for each; a byte counts them.
_AT_ONCE = 256

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An entry to be placed. It belongs to no story of the entries `apart`, however alike: those are other events."""

    id: str
    features: Features
    when: datetime
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an entry was placed, and what to store of it: the index is the sum of these.

    `squares` and `names` are what it added to the squares of the lengths of its story, and of the story's names.
    """

    story: str
    terms: bytes
    squares: int
    names: int
    joined: tuple[str, ...] = ()  # younger stories that it showed to be one with its own


@dataclass(slots=True)
class _Like:
    """What an entry has in common with a story."""

    product: int = 0
    by_name: int = 0
    words: int = 0  # rarity of the terms in common, each once: of words ...
    names: int = 0  # ... and of names and numbers
    terms: int = 0  # a bit for each that was met

    def cosine_of_names(self, squares: int) -> float:
        """Return how like the names are, given the product of the squares of their lengths."""
        return self.by_name / math.sqrt(squares) if squares else 0.0


@dataclass(slots=True)  # frozen would cost 2 µs an entry
class _Telling:
    """An entry that is being placed, with the rows that share its terms: a place for each term of each row."""

    row: int
    at: float  # seconds since 1970
    script: int
    named: int  # how many of its terms other languages have as well
    names: int  # square of the length of the weights of these
    rarity: list[int]  # by term
    kinds: list[int]  # by term, as of Weighed
    stories: Numbers  # by place: the first row of the story it belongs to
    terms: Numbers  # by place: which term is shared
    products: Numbers  # by place
    by_name: Numbers  # by place: the product if the term is shared by languages, else 0


class Index:
    """The stories of a window of time. An entry is a row, and a story has the number of its first."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        said = terms.settings()["story"]
        self._said: dict[str, float] = said
        self._over_s = min(window.total_seconds(), said["hours"] * 3600)
        self._rows: dict[str, int] = {}  # id of an entry -> its row
        self._ids: list[str] = []  # row -> id of its story, true of a story's number
        self._terms = Rows()  # row -> its weighed terms
        self._more: dict[int, list[int]] = {}  # number of a story of several entries -> their rows
        self._squares = array("q")  # number of a story -> square of the length of its sum
        self._names = array("q")  # the same of its names, numbers and countries alone
        self._latest = array("d")  # seconds since 1970
        self._story: Numbers = np.zeros(1024, np.int64)  # row -> number of its story
        self._floor: Numbers = np.zeros(1024, np.int64)  # number of a story -> product with it that is worth a look
        self._floor_across: Numbers = np.zeros(1024, np.int64)  # the same of names, for names of length 1
        self._scripts: npt.NDArray[np.uint8] = np.zeros(1024, np.uint8)  # the scripts its entries are in
        self._scratch: Numbers = np.zeros(1024, np.int64)  # zero between calls
        self._scripts_met = 0
        self._scale = weighing.Scale(said)
        self._postings = Postings()

    def place(self, entries: Sequence[New]) -> list[Placed]:
        """Return where each entry belongs, in the order they came: to the story it is likest, or to its own.

        A story that a later one shows to be one with an older keeps its id in what was returned before: see `story`.
        """
        return [
            placed
            for first in range(0, len(entries), _AT_ONCE)
            for placed in self._place(entries[first : first + _AT_ONCE])
        ]

    def story(self, id: str) -> str | None:  # noqa: A002 - RFC 4287's word
        """Return the id of the story that an entry belongs to by now."""
        row = self._rows.get(id)
        return None if row is None else self._ids[self._story[row]]

    def load(
        self,
        *,
        ids: Sequence[str],
        stories: Sequence[str],
        terms: Sequence[bytes],
        times: Sequence[float],
        squares: Sequence[int],
        names: Sequence[int],
    ) -> None:
        """Remember, in a new index, what was placed before, oldest first: ids of entries and of stories by now."""
        if not ids:
            return
        begun: dict[str, int] = {}
        numbers = np.fromiter((begun.setdefault(story, row) for row, story in enumerate(stories)), np.int64)
        keys, weights, owners, scripts = weighing.unpacked(terms)
        self._room(len(ids))
        for row, id_ in enumerate(ids):
            self._rows.setdefault(id_, row)
        self._ids = list(stories)
        self._terms.extend(terms)
        for row, number in enumerate(numbers.tolist()):
            if row != number:
                self._more.setdefault(number, [number]).append(row)
        sums, of_names, latest = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.int64), np.zeros(len(ids))
        np.add.at(sums, numbers, np.array(squares))
        np.add.at(of_names, numbers, np.array(names))
        np.maximum.at(latest, numbers, np.array(times))
        self._squares, self._names = array("q", sums.tobytes()), array("q", of_names.tobytes())
        self._latest = array("d", latest.tobytes())
        self._story[: len(ids)] = numbers
        self._floor[: len(ids)] = np.ceil(self._said["likeness"] * FULL * np.sqrt(sums))
        self._floor_across[: len(ids)] = np.ceil(self._said["likeness_across"] * np.sqrt(of_names))
        np.bitwise_or.at(self._scripts, numbers, scripts.astype(np.uint8))
        self._scripts_met = int(np.bitwise_or.reduce(scripts))
        self._scale.count(keys, len(ids))
        self._postings.add(keys, owners, weights)

    def _place(self, entries: Sequence[New]) -> Iterator[Placed]:
        first = len(self._ids)
        self._room(first + len(entries))
        weighed = self._scale.weigh([entry.features.packed for entry in entries])
        self._postings.add(weighed.keys, first + weighed.owners, weighed.weights)
        tellings = self._tellings(entries, weighed, first)
        for entry, packed, telling in zip(entries, weighed.packed, tellings, strict=True):
            row, own = telling.row, int(weighed.squares[telling.row - first])
            others = {int(self._story[self._rows[id_]]) for id_ in entry.apart if id_ in self._rows}
            (story, like), *near = self._likeliest(telling, others) or [(row, _Like())]
            squares, names = 2 * like.product + own, 2 * like.by_name + telling.names
            self._ids.append(entry.id)
            self._rows.setdefault(entry.id, row)
            self._terms.append(packed)
            for column in (self._squares, self._names):
                column.append(0)
            self._latest.append(telling.at)
            self._story[row] = story
            if story != row:
                self._more.setdefault(story, [story]).append(row)
            self._scripts[story] |= telling.script
            self._scripts_met |= telling.script
            self._latest[story] = max(self._latest[story], telling.at)
            self._grow(story, squares, names)
            joined = []
            for other, _ in near[: int(self._said["near"])]:
                if (found := self._join(story, other)) is not None:
                    story, younger, product, by_name = found
                    joined.append(self._ids[younger])
                    squares, names = squares + 2 * product, names + 2 * by_name
            yield Placed(story=self._ids[story], terms=packed, squares=squares, names=names, joined=tuple(joined))

    def _grow(self, story: int, squares: int, names: int) -> None:
        self._squares[story] += squares
        self._names[story] += names
        self._floor[story] = math.ceil(self._said["likeness"] * FULL * math.sqrt(self._squares[story]))
        self._floor_across[story] = math.ceil(self._said["likeness_across"] * math.sqrt(self._names[story]))

    def _tellings(self, entries: Sequence[New], weighed: weighing.Weighed, first: int) -> Iterator[_Telling]:
        """Yield the entries with what shares their terms. Stories are those of the moment it is asked for the next."""
        places, rows, weights = self._postings.find(
            weighed.keys, first + weighed.owners, at_most=int(self._said["common_term"])
        )
        owners = weighed.owners.astype(np.uint8)
        order = owners[places].argsort(kind="stable")
        places, rows, weights = places[order], rows[order], weights[order]
        del order
        products = weights * weighed.weights.astype(np.uint32)[places]
        by_name = products * (weighed.kinds > 0)[places]
        begins = np.searchsorted(weighed.owners, np.arange(len(entries) + 1))  # of the terms of an entry
        edges = np.searchsorted(owners[places], np.arange(len(entries) + 1)).tolist()
        named = np.bincount(weighed.owners, weighed.kinds > 0, len(entries))
        told = zip(
            entries,
            *(column.astype(np.int64).tolist() for column in (weighed.scripts, named, weighed.names)),
            zip(begins[:-1].tolist(), begins[1:].tolist(), edges[:-1], edges[1:], strict=True),
            strict=True,
        )
        rarity, kinds = weighed.rarity.tolist(), weighed.kinds.tolist()
        places -= begins.astype(np.uint32)[owners[places]]
        for row, (entry, script, count, names, (begin, end, left, right)) in enumerate(told, first):
            yield _Telling(
                row=row,
                at=entry.when.timestamp(),
                script=script,
                named=count,
                names=names,
                rarity=rarity[begin:end],
                kinds=kinds[begin:end],
                stories=self._story[rows[left:right]],
                terms=places[left:right].astype(np.int64),
                products=products[left:right].astype(np.int64),
                by_name=by_name[left:right].astype(np.int64),
            )

    def _likeliest(self, told: _Telling, apart: set[int]) -> list[tuple[int, _Like]]:
        """Return the live stories the entry is like enough, the likest first; of two the older."""
        found: list[tuple[float, int, _Like]] = []
        for story, (like, far) in self._near(told).items():
            if story in apart or abs(self._latest[story] - told.at) > self._over_s:
                continue
            cosine = like.cosine_of_names(self._names[story] * told.names)
            if far:
                likeness = cosine - self._said["likeness_across"]
                if like.names < self._said["evidence_across"] * MILLI:
                    continue
            else:
                likeness = like.product / (FULL * math.sqrt(self._squares[story])) - self._said["likeness"]
                likeness -= self._doubt(story, like.words / MILLI, cosine)
            if likeness >= 0.0:
                found.append((-likeness, story, like))
        return [(story, like) for _, story, like in sorted(found, key=lambda one: one[:2])]

    def _near(self, told: _Telling) -> dict[int, tuple[_Like, bool]]:
        """Return the stories whose cosine would be enough for one of many entries, and whether they are far.

        Far is a story told in other scripts alone, if the entry has names to find it by.
        """
        stories = told.stories
        near = self._summed(stories, told.products) >= self._floor[stories]
        found: dict[int, tuple[_Like, bool]] = {}
        if self._scripts_met & ~told.script and told.named >= self._said["names_across"]:
            far = self._scripts[stories] & np.uint8(told.script) == 0
            near &= ~far
            named = np.flatnonzero(far & (told.by_name > 0))
            others = stories[named]
            enough = self._floor_across[others] * math.sqrt(told.names)
            named = named[self._summed(others, told.by_name[named]) >= enough]
            found = {story: (like, True) for story, like in self._in_common(told, named).items()}
        for story, like in self._in_common(told, near.nonzero()[0]).items():
            found[story] = like, False
        return found

    def _in_common(self, told: _Telling, places: Numbers) -> dict[int, _Like]:
        found: dict[int, _Like] = {}
        stories, of_terms = told.stories[places].tolist(), told.terms[places].tolist()
        for story, term, product in zip(stories, of_terms, told.products[places].tolist(), strict=True):
            like = found.get(story)
            if like is None:
                like = found[story] = _Like()
            like.product += product
            kind = told.kinds[term]
            if kind:
                like.by_name += product
            if not like.terms >> term & 1:  # a story may have a term in several entries
                like.terms |= 1 << term
                if not kind:
                    like.words += told.rarity[term]
                elif kind == terms.SHARED:
                    like.names += told.rarity[term]
        return found

    def _doubt(self, story: int, words: float, by_names: float) -> float:
        """Return how much likelier an entry must be to join: more for few entries, and for little in common.

        In common are words, by the sum of their rarity, and names, by their cosine.
        """
        said, size = self._said, len(self._more.get(story, (story,)))
        evidence = words * (said["evidence_without_names"] + said["evidence_of_names"] * by_names)
        doubt = min(1.0, max(0.0, (said["evidence"] - evidence) / (said["evidence"] - said["no_evidence"])))
        return (1.0 if size > said["close_look"] else doubt) * said["likeness_of_few"] / math.sqrt(size)

    def _summed(self, stories: Numbers, products: Numbers) -> Numbers:
        """Return for each place the sum of the products of its story."""
        np.add.at(self._scratch, stories, products)
        sums = self._scratch[stories]
        self._scratch[stories] = 0
        return sums

    def _join(self, first: int, second: int) -> tuple[int, int, int, int] | None:
        """Make one of two stories to which one entry is near, if their sums are alike.

        Return which stands, which does not, and the products of their sums and of the names in them; or None.
        """
        older, younger = min(first, second), max(first, second)
        across = not self._scripts[older] & self._scripts[younger]
        product, by_name, alike = self._alike(older, younger, across=across)
        if alike < self._said["likeness_across" if across else "likeness_of_stories"]:
            return None
        rows = self._more.pop(younger, [younger])
        self._more[older] = sorted([*self._more.get(older, (older,)), *rows])
        self._story[rows] = older
        self._scripts[older] |= self._scripts[younger]
        self._latest[older] = max(self._latest[older], self._latest[younger])
        self._grow(older, self._squares[younger] + 2 * product, self._names[younger] + 2 * by_name)
        return older, younger, product, by_name

    def _alike(self, first: int, second: int, *, across: bool) -> tuple[int, int, float]:
        """Return of the sums of two stories the product, that of the names alone, and the cosine of either.

        They are judged by their latest entries, and by names when they are told `across` scripts.
        """
        (keys, weights, share), (others, other_weights, other_share) = self._sum(first), self._sum(second)
        shared, here, there = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
        products = weights[here] * other_weights[there]
        by_name, product = int(products @ (shared & terms.SHARED)), int(products.sum())
        if across:
            weights, other_weights = weights * (keys & terms.SHARED), other_weights * (others & terms.SHARED)
        length = math.sqrt(int(weights @ weights) * int(other_weights @ other_weights))
        alike = (by_name if across else product) / length if length else 0.0
        scale = share * other_share
        return round(product * scale), round(by_name * scale), alike

    def _sum(self, story: int) -> tuple[Numbers, Numbers, float]:
        """Return the terms of a story's latest entries with the sums of their weights, and the story's share of it."""
        rows = self._more.get(story, [story])
        latest = rows[-int(self._said["latest"]) :]
        keys, weights, _, _ = weighing.unpacked([self._terms[row] for row in latest])
        each, places = np.unique(keys, return_inverse=True)
        sums: Numbers = np.bincount(places, weights, len(each)).astype(np.int64)
        return each, sums, len(rows) / len(latest)

    def _room(self, rows: int) -> None:
        """Let the arrays have room for so many rows."""
        if rows <= len(self._story):
            return
        more = max(rows, 2 * len(self._story)) - len(self._story)
        self._story, self._floor, self._floor_across, self._scratch = (
            np.concatenate([column, np.zeros(more, np.int64)])
            for column in (self._story, self._floor, self._floor_across, self._scratch)
        )
        self._scripts = np.concatenate([self._scripts, np.zeros(more, np.uint8)])
