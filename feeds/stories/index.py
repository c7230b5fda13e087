"""The stories of a window of time, and which of them a new entry belongs to."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from feeds.postings import WEIGHT_BITS, Postings
from feeds.stories import terms
from feeds.stories.terms import Features

WINDOW = timedelta(days=7)

_FULL = (1 << WEIGHT_BITS) - 1
_HEADER = 4  # bytes before the terms of an entry: its script
_BUCKETS = 2**18  # of the counts of terms; a collision makes two rare terms a little less rare

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class _Found:
    """What an entry was found to be like: the story it joins, if any, and others that are near."""

    story: int | None
    product: float
    by_name: float
    near: tuple[int, ...] = ()


class Index:
    """The stories of a window of time."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        said = terms.settings()["story"]
        self._said: dict[str, float] = said
        self._common = int(said["common_term"])
        self._over_s = min(window.total_seconds(), said["hours"] * 3600)
        self._ids: list[str] = []  # number of a story -> its id
        self._numbers: dict[str, int] = {}
        self._root: Numbers = np.arange(1024)  # number of a story -> that of the one it was joined to
        self._squares: Reals = np.zeros(1024)  # number of a story -> square of the length of its sum
        self._names: Reals = np.zeros(1024)  # the same of its names, numbers and countries alone
        self._scripts: Numbers = np.zeros(1024, np.int64)  # the scripts its entries are in
        self._latest: Reals = np.zeros(1024)  # seconds since 1970
        self._sizes: Reals = np.zeros(1024)
        self._products: Reals = np.zeros(1024)  # of the entry looked at; zero between calls
        self._by_name: Reals = np.zeros(1024)
        self._told: list[bytes] = []  # the features of each entry
        self._before: list[int] = []  # entry -> the one told before it in its story, or -1
        self._last: dict[int, int] = {}  # number of a story -> its last entry
        self._counts: npt.NDArray[np.uint32] = np.zeros(_BUCKETS, np.uint32)
        self._postings = Postings()  # key -> number of a story, weight in one of its entries

    def place(
        self,
        id: str,  # noqa: A002 - RFC 4287's word
        features: Features,
        when: datetime,
        *,
        apart: Iterable[str] = (),
    ) -> str:
        """Return the id of the story the entry belongs to: that of its first entry.

        It belongs to no story of `apart` (ids of stories), however alike: yesterday's bulletin is another event.
        """
        at, packed = when.timestamp(), np.frombuffer(features.packed, np.uint32)
        script, packed = int(packed[0]), packed[1:]
        keys = packed >> np.uint32(terms.WEIGHT_BITS)
        buckets = keys % np.uint32(_BUCKETS)
        self._counts[buckets] += np.uint32(1)
        weights = self._weights(packed, buckets)
        length = math.sqrt(float(weights @ weights))
        if length:
            weights /= length
        names = weights[(keys & np.uint32(terms.SHARED)).astype(bool)]
        others = [int(self._root[self._numbers[one]]) for one in apart if one in self._numbers]
        found = self._likeliest(keys, weights, names, script, at, apart=others)
        story = self._begin(id) if found.story is None else found.story
        self._squares[story] += 2 * found.product + 1.0
        self._names[story] += 2 * found.by_name + float(names @ names)
        self._scripts[story] |= script
        self._latest[story] = max(self._latest[story], at)
        self._sizes[story] += 1
        self._tell(story, features.packed)
        self._postings.add(story, keys.tolist(), (weights * _FULL).astype(np.int64).tolist())
        for other in found.near:
            story = self._join(story, other)
        return self._ids[story]

    def standing(self, id: str) -> str:  # noqa: A002 - RFC 4287's word
        """Return the id of the story that a story has been joined to by now: itself, if to none."""
        number = self._numbers.get(id)
        return id if number is None else self._ids[self._root[number]]

    def load(self, ids: Sequence[str], features: Sequence[bytes], times: Sequence[float]) -> None:
        """Remember stored rows (id of the story, packed features, seconds since 1970), oldest first, at start-up."""
        if not features:
            return
        packed = np.frombuffer(b"".join(features), np.uint32)
        counts = np.fromiter(map(len, features), np.int64, len(features)) // packed.itemsize
        heads = counts.cumsum() - counts
        scripts, packed, counts = packed[heads].astype(np.int64), np.delete(packed, heads), counts - 1
        stories = np.fromiter(map(self._begin, ids), np.int64, len(ids))
        for story, one in zip(stories.tolist(), features, strict=True):
            self._tell(story, one)
        keys = packed >> np.uint32(terms.WEIGHT_BITS)
        buckets = keys % np.uint32(_BUCKETS)
        self._counts += np.bincount(buckets, minlength=_BUCKETS).astype(np.uint32)
        raw = self._weights(packed, buckets)
        owners = np.arange(len(features)).repeat(counts)
        lengths = np.sqrt(np.bincount(owners, raw**2, len(features)))
        weights = raw / np.maximum(lengths, 1e-9)[owners]
        told = stories[owners]
        self._squares += self._lengths(told, keys, weights)
        named = (keys & np.uint32(terms.SHARED)).astype(bool)
        self._names += self._lengths(told[named], keys[named], weights[named])
        np.bitwise_or.at(self._scripts, stories, scripts)
        np.maximum.at(self._latest, stories, np.array(times))
        np.add.at(self._sizes, stories, 1)
        self._postings.extend(keys, told, (weights * _FULL).astype(np.int64))

    def _lengths(self, stories: Numbers, keys: Keys, weights: Reals) -> Reals:
        """Return by story the square of the sum of its weights."""
        cells = stories.astype(np.uint64) << np.uint64(32) | keys
        order = cells.argsort()
        cells, weights = cells[order], weights[order]
        begins = np.flatnonzero(np.diff(cells, prepend=cells[:1] ^ np.uint64(1)))
        owners = (cells[begins] >> np.uint64(32)).astype(np.int64)
        sums = np.add.reduceat(weights, begins) if len(begins) else weights
        lengths: Reals = np.bincount(owners, sums**2, len(self._squares)).astype(np.float64)
        return lengths

    def _weights(self, packed: Keys, buckets: Keys) -> Reals:
        """Return the weights of terms, rare ones heavier."""
        read = max(len(self._told), self._said["live"]) + 1.0
        rarity = np.log(read / (self._counts[buckets] + 1.0)).clip(0.0) + 0.1
        weights: Reals = (packed & np.uint32((1 << terms.WEIGHT_BITS) - 1)) * rarity ** self._said["rarity"]
        return weights

    def _likeliest(
        self, keys: Keys, weights: Reals, names: Reals, script: int, at: float, *, apart: Sequence[int]
    ) -> _Found:
        """Return the live story the terms are likest, if any is like enough, and the next ones that are."""
        pairs, owners = self._postings.find(keys, at_most=self._common)
        if not len(pairs):
            return _Found(None, 0.0, 0.0)
        stories = self._root[(pairs >> np.uint64(WEIGHT_BITS)).view(np.int64)]
        shares = (pairs & np.uint64(_FULL)) * weights[owners] / _FULL
        products = self._summed(self._products, stories, shares)  # a story stands here as often as it was found
        by_name = self._summed(self._by_name, stories, shares * (keys[owners] & np.uint32(terms.SHARED)))
        likeness = products / np.sqrt(self._squares[stories])
        likeness -= self._said["likeness"] + self._said["likeness_of_few"] / self._sizes[stories]
        if len(names) >= self._said["names_across"]:
            across = np.flatnonzero(self._scripts[stories] & script == 0)
            lengths = np.sqrt(self._names[stories[across]] * float(names @ names))
            likeness[across] = by_name[across] / np.maximum(lengths, 1e-9) - self._said["likeness_across"]
        if apart:
            likeness[np.isin(stories, apart)] = -1.0
        enough = np.flatnonzero(likeness >= 0.0)
        if len(enough):
            enough = enough[np.abs(self._latest[stories[enough]] - at) <= self._over_s]
        if not len(enough):
            return _Found(None, 0.0, 0.0)
        places = {int(stories[place]): int(place) for place in enough}
        best, *near = sorted(places, key=lambda story: (-likeness[places[story]], story))
        return _Found(
            best, float(products[places[best]]), float(by_name[places[best]]), tuple(near[: int(self._said["near"])])
        )

    def _summed(self, scratch: Reals, stories: Numbers, shares: Reals) -> Reals:
        """Return for each place the sum of the shares of its story; the scratch is left zero."""
        np.add.at(scratch, stories, shares)
        sums = scratch[stories]
        scratch[stories] = 0.0
        return sums

    def _join(self, first: int, second: int) -> int:
        """Make one of two stories to which one entry is near, if their sums are alike; return which stands."""
        older, younger = min(first, second), max(first, second)
        across = not self._scripts[older] & self._scripts[younger]
        product, by_name, alike = self._alike(older, younger, across=across)
        if alike < self._said["likeness_across" if across else "likeness_of_stories"]:
            return first
        self._squares[older] += self._squares[younger] + 2 * product
        self._names[older] += self._names[younger] + 2 * by_name
        self._scripts[older] |= self._scripts[younger]
        self._latest[older] = max(self._latest[older], self._latest[younger])
        self._sizes[older] += self._sizes[younger]
        self._root[self._root == younger] = older
        row = last = self._last.pop(younger)
        while self._before[row] >= 0:
            row = self._before[row]
        self._before[row], self._last[older] = self._last[older], last
        return older

    def _alike(self, first: int, second: int, *, across: bool) -> tuple[float, float, float]:
        """Return of the sums of two stories the product, that of the names alone, and the cosine of either.

        They are judged by their latest entries, and by names when they are told `across` scripts.
        """
        (keys, weights, read), (others, other_weights, other_read) = self._sum(first), self._sum(second)
        shared, here, there = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
        products = weights[here] * other_weights[there]
        by_name = float(products @ (shared & np.uint32(terms.SHARED)))
        product = float(products.sum())
        if across:
            weights, other_weights = weights * (keys & np.uint32(1)), other_weights * (others & np.uint32(1))
        length = math.sqrt(float(weights @ weights) * float(other_weights @ other_weights))
        scale = self._sizes[first] / read * self._sizes[second] / other_read
        alike = (by_name if across else product) / length if length else 0.0
        return product * scale, by_name * scale, alike

    def _sum(self, story: int) -> tuple[Keys, Reals, int]:
        """Return the terms of a story's latest entries with the sums of their weights, and how many were read."""
        rows: list[bytes] = []
        row = self._last[story]
        while row >= 0 and len(rows) < self._said["latest"]:
            rows.append(self._told[row][_HEADER:])
            row = self._before[row]
        packed = np.frombuffer(b"".join(rows), np.uint32)
        keys = packed >> np.uint32(terms.WEIGHT_BITS)
        weights = self._weights(packed, keys % np.uint32(_BUCKETS))
        owners = np.arange(len(rows)).repeat([len(one) // packed.itemsize for one in rows])
        weights /= np.sqrt(np.bincount(owners, weights**2))[owners]
        each, places = np.unique(keys, return_inverse=True)
        sums: Reals = np.bincount(places, weights).astype(np.float64)
        return each, sums, len(rows)

    def _tell(self, story: int, packed: bytes) -> None:
        self._before.append(self._last.get(story, -1))
        self._last[story] = len(self._told)
        self._told.append(packed)

    def _begin(self, id_: str) -> int:
        """Return the number of the story of this id, a new one if need be."""
        number = self._numbers.get(id_)
        if number is not None:
            return int(self._root[number])
        number = self._numbers[id_] = len(self._ids)
        self._ids.append(id_)
        if number >= len(self._root):
            self._root = np.concatenate([self._root, np.arange(number, 2 * number)])
            self._squares, self._names, self._latest, self._sizes, self._products, self._by_name = (
                np.concatenate([column, np.zeros_like(column)])
                for column in (
                    self._squares, self._names, self._latest, self._sizes, self._products, self._by_name
                )
            )  # fmt: skip
            self._scripts = np.concatenate([self._scripts, np.zeros_like(self._scripts)])
        return number
