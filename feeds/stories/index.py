"""The stories of a window of time, and which of them a new entry belongs to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from feeds.postings import WEIGHT_BITS, Postings
from feeds.stories import terms
from feeds.stories.terms import Features

WINDOW = timedelta(days=7)

_FULL = (1 << WEIGHT_BITS) - 1
_BUCKETS = 2**18  # of the counts of terms; a collision makes two rare terms a little less rare

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class _Found:
    """What an entry was found to be like: the story it joins, if any, and others that are near."""

    story: int | None
    product: float
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
        self._latest: Reals = np.zeros(1024)  # seconds since 1970
        self._sizes: Reals = np.zeros(1024)
        self._products: Reals = np.zeros(1024)  # of the entry looked at; zero between calls
        self._told: list[bytes] = []  # the features of each entry
        self._before: list[int] = []  # entry -> the one told before it in its story, or -1
        self._last: dict[int, int] = {}  # number of a story -> its last entry
        self._counts: npt.NDArray[np.uint32] = np.zeros(_BUCKETS, np.uint32)
        self._postings = Postings()  # key -> number of a story, weight in one of its entries

    def place(self, id: str, features: Features, when: datetime) -> str:  # noqa: A002 - RFC 4287's word
        """Return the id of the story the entry belongs to: that of its first entry."""
        at, packed = when.timestamp(), np.frombuffer(features.packed, np.uint32)
        keys = packed >> np.uint32(terms.WEIGHT_BITS)
        buckets = keys % np.uint32(_BUCKETS)
        self._counts[buckets] += np.uint32(1)
        weights = self._weights(packed, buckets)
        length = math.sqrt(float(weights @ weights))
        if length:
            weights /= length
        found = self._likeliest(keys, weights, at)
        story = self._begin(id) if found.story is None else found.story
        self._squares[story] += 2 * found.product + 1.0
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
        self._add_squares(told, keys, weights)
        np.maximum.at(self._latest, stories, np.array(times))
        np.add.at(self._sizes, stories, 1)
        self._postings.extend(keys, told, (weights * _FULL).astype(np.int64))

    def _add_squares(self, stories: Numbers, keys: Keys, weights: Reals) -> None:
        """Add the squares of the sums of each story's weights."""
        cells = stories.astype(np.uint64) << np.uint64(32) | keys
        order = cells.argsort()
        cells, weights = cells[order], weights[order]
        begins = np.flatnonzero(np.diff(cells, prepend=cells[:1] ^ np.uint64(1)))
        owners = (cells[begins] >> np.uint64(32)).astype(np.int64)
        self._squares += np.bincount(owners, np.add.reduceat(weights, begins) ** 2, len(self._squares))

    def _weights(self, packed: Keys, buckets: Keys) -> Reals:
        """Return the weights of terms, rare ones heavier."""
        read = max(len(self._told), self._said["live"]) + 1.0
        rarity = np.log(read / (self._counts[buckets] + 1.0)).clip(0.0) + 0.1
        weights: Reals = (packed & np.uint32((1 << terms.WEIGHT_BITS) - 1)) * rarity ** self._said["rarity"]
        return weights

    def _likeliest(self, keys: Keys, weights: Reals, at: float) -> _Found:
        """Return the live story the terms are likest, if any is like enough, and the next ones that are."""
        pairs, owners = self._postings.find(keys, at_most=self._common)
        if not len(pairs):
            return _Found(None, 0.0)
        stories = self._root[(pairs >> np.uint64(WEIGHT_BITS)).view(np.int64)]
        np.add.at(self._products, stories, (pairs & np.uint64(_FULL)) * weights[owners])
        products = self._products[stories]  # a story stands here as often as it was found
        self._products[stories] = 0.0
        likeness = products / np.sqrt(self._squares[stories]) / _FULL
        likeness -= self._said["likeness"] + self._said["likeness_of_few"] / self._sizes[stories]
        enough = np.flatnonzero(likeness >= 0.0)
        if len(enough):
            enough = enough[np.abs(self._latest[stories[enough]] - at) <= self._over_s]
        if not len(enough):
            return _Found(None, 0.0)
        by_likeness = {
            int(stories[place]): int(place) for place in enough[np.lexsort((stories[enough], likeness[enough]))]
        }
        best, *near = sorted(by_likeness, key=lambda story: (-likeness[by_likeness[story]], story))
        return _Found(best, float(products[by_likeness[best]]) / _FULL, tuple(near[: int(self._said["near"])]))

    def _join(self, first: int, second: int) -> int:
        """Make one of two stories to which one entry is near, if their sums are alike; return which stands."""
        older, younger = min(first, second), max(first, second)
        product, alike = self._alike(older, younger)
        if alike < self._said["likeness_of_stories"]:
            return first
        self._squares[older] += self._squares[younger] + 2 * product
        self._latest[older] = max(self._latest[older], self._latest[younger])
        self._sizes[older] += self._sizes[younger]
        self._root[self._root == younger] = older
        row = last = self._last.pop(younger)
        while self._before[row] >= 0:
            row = self._before[row]
        self._before[row], self._last[older] = self._last[older], last
        return older

    def _alike(self, first: int, second: int) -> tuple[float, float]:
        """Return the product of the sums of two stories, and their cosine, judged by their latest entries."""
        (keys, weights, read), (others, other_weights, other_read) = self._sum(first), self._sum(second)
        _, here, there = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
        product = float(weights[here] @ other_weights[there])
        length = math.sqrt(float(weights @ weights) * float(other_weights @ other_weights))
        scale = self._sizes[first] / read * self._sizes[second] / other_read
        return product * scale, product / length if length else 0.0

    def _sum(self, story: int) -> tuple[Keys, Reals, int]:
        """Return the terms of a story's latest entries with the sums of their weights, and how many were read."""
        rows: list[bytes] = []
        row = self._last[story]
        while row >= 0 and len(rows) < self._said["latest"]:
            rows.append(self._told[row])
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
            self._squares, self._latest, self._sizes, self._products = (
                np.concatenate([column, np.zeros(len(column))])
                for column in (self._squares, self._latest, self._sizes, self._products)
            )
        return number
