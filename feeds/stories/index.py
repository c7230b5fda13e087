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
_KINDS = np.uint32(terms.SHARED | terms.COUNTRY)
_BUCKETS = 2**18  # of the counts of terms; a collision makes two rare terms a little less rare

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Found:
    """What an entry was found to be like: the story it joins, if any, and others that are near."""

    story: int | None
    product: float
    by_name: float
    near: tuple[int, ...] = ()


_NONE = _Found(None, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Telling:
    """An entry to be placed: its terms, with weights of length 1 together."""

    keys: Keys
    weights: Reals
    rarity: Reals
    shared: Flags  # which terms other languages have as well
    named: Flags  # which of these are no countries
    script: int
    names: float  # square of the length of the shared ones
    at: float  # seconds since 1970


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
        self._scripts: npt.NDArray[np.uint8] = np.zeros(1024, np.uint8)  # the scripts its entries are in
        self._latest: Reals = np.zeros(1024)  # seconds since 1970
        self._sizes: Reals = np.zeros(1024)
        self._scratch: Reals = np.zeros(1024)  # zero between calls
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
        told = self._read(features, when.timestamp())
        others = [int(self._root[self._numbers[one]]) for one in apart if one in self._numbers]
        found = self._likeliest(told, apart=others)
        story = self._begin(id) if found.story is None else found.story
        self._squares[story] += 2 * found.product + 1.0
        self._names[story] += 2 * found.by_name + told.names
        self._scripts[story] |= told.script
        self._latest[story] = max(self._latest[story], told.at)
        self._sizes[story] += 1
        self._tell(story, features.packed)
        self._postings.add(story, told.keys.tolist(), (told.weights * _FULL).astype(np.int64).tolist())
        for other in found.near:
            story = self._join(story, other)
        return self._ids[story]

    def _read(self, features: Features, at: float) -> _Telling:
        """Return the terms of an entry, counted from now on."""
        packed = np.frombuffer(features.packed, np.uint32)
        script, packed = int(packed[0]), packed[1:]
        keys = packed >> np.uint32(terms.WEIGHT_BITS)
        self._counts[keys % np.uint32(_BUCKETS)] += np.uint32(1)
        rarity = self._rarity(keys)
        weights = self._weights(packed, rarity)
        weights /= math.sqrt(float(weights @ weights)) or 1.0
        kinds = keys & _KINDS
        shared = kinds & np.uint32(terms.SHARED) > 0
        return _Telling(
            keys=keys,
            weights=weights,
            rarity=rarity,
            shared=shared,
            named=kinds == np.uint32(terms.SHARED),
            script=script,
            names=float(weights[shared] @ weights[shared]),
            at=at,
        )

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
        scripts, packed, counts = packed[heads].astype(np.uint8), np.delete(packed, heads), counts - 1
        stories = np.fromiter(map(self._begin, ids), np.int64, len(ids))
        for story, one in zip(stories.tolist(), features, strict=True):
            self._tell(story, one)
        keys = packed >> np.uint32(terms.WEIGHT_BITS)
        self._counts += np.bincount(keys % np.uint32(_BUCKETS), minlength=_BUCKETS).astype(np.uint32)
        raw = self._weights(packed, self._rarity(keys))
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

    def _rarity(self, keys: Keys) -> Reals:
        """Return of each term how much rarer it is than one that all entries have, in powers of e."""
        read = max(len(self._told), self._said["live"]) + 1.0
        rarity: Reals = np.log(read / (self._counts[keys % np.uint32(_BUCKETS)] + 1.0)).clip(0.0) + 0.1
        # Every index is about some countries, and a young one does not know yet about which.
        np.minimum(rarity, self._said["country_rarity"], out=rarity, where=keys & _KINDS == _KINDS)
        return rarity

    def _weights(self, packed: Keys, rarity: Reals) -> Reals:
        """Return the weights of terms, rare ones heavier."""
        weights: Reals = (packed & np.uint32((1 << terms.WEIGHT_BITS) - 1)) * rarity ** self._said["rarity"]
        return weights

    def _likeliest(self, told: _Telling, *, apart: Sequence[int]) -> _Found:
        """Return the live story the terms are likest, if any is like enough, and the next ones that are."""
        pairs, owners = self._postings.find(told.keys, at_most=self._common)
        stories = self._root[(pairs >> np.uint64(WEIGHT_BITS)).view(np.int64)]
        shares = (pairs & np.uint64(_FULL)) * (told.weights / _FULL)[owners]
        products = self._summed(stories, shares)  # a story stands here as often as it was found
        far = self._far(told, stories)
        near = self._near(told, stories, owners, shares=shares, products=products, far=far)
        if not len(near):
            return _NONE
        cells = stories[near] * len(told.keys) + owners[near]
        order = cells.argsort()
        near, cells = near[order], cells[order]
        once = _changes(cells)  # a story may have a term in several entries
        stories, owners = stories[near], owners[near]
        first = np.flatnonzero(_changes(stories))
        by_name = np.add.reduceat(shares[near] * told.shared[owners], first)
        told_once = told.rarity[owners] * once
        words = np.add.reduceat(told_once * ~told.shared[owners], first)
        names = np.add.reduceat(told_once * told.named[owners], first)
        stories, products, far = stories[first], products[near[first]], far[near[first]]
        cosines = by_name / np.sqrt((self._names[stories] * told.names).clip(1e-9))
        likeness = products / np.sqrt(self._squares[stories]) - self._said["likeness"]
        likeness -= self._doubt(stories, words, cosines)
        likeness[far] = (cosines - self._said["likeness_across"])[far]
        likeness[far & (names < self._said["evidence_across"])] = -1.0
        likeness[np.abs(self._latest[stories] - told.at) > self._over_s] = -1.0
        if apart:
            likeness[np.isin(stories, apart)] = -1.0
        enough = np.flatnonzero(likeness >= 0.0)
        if not len(enough):
            return _NONE
        best, *others = enough[(-likeness[enough]).argsort(kind="stable")].tolist()  # of two, the older
        return _Found(
            int(stories[best]),
            float(products[best]),
            float(by_name[best]),
            tuple(stories[others[: int(self._said["near"])]].tolist()),
        )

    def _far(self, told: _Telling, stories: Numbers) -> Flags:
        """Return which stories are told in other scripts alone, if the entry has names to find them by."""
        if np.count_nonzero(told.shared) < self._said["names_across"]:
            return np.zeros(len(stories), np.bool_)
        far: Flags = self._scripts[stories] & np.uint8(told.script) == 0
        return far

    def _near(
        self, told: _Telling, stories: Numbers, owners: Numbers, *, shares: Reals, products: Reals, far: Flags
    ) -> Numbers:
        """Return the places of the stories whose cosine would be enough for one of many entries."""
        likely = np.flatnonzero((products >= self._said["likeness"]) & ~far)  # no sum is shorter than its first entry
        near = likely[products[likely] >= self._said["likeness"] * np.sqrt(self._squares[stories[likely]])]
        if not far.any():
            return near
        named = np.flatnonzero(far & told.shared[owners])
        by_name = self._summed(stories[named], shares[named])
        enough = by_name >= self._said["likeness_across"] * np.sqrt(self._names[stories[named]] * told.names)
        return np.concatenate([near, named[enough]])

    def _doubt(self, stories: Numbers, words: Reals, by_names: Reals) -> Reals:
        """Return how much likelier an entry must be to join: more for few entries, and for little in common.

        In common are words, by the sum of their rarity, and names, by their cosine.
        """
        said, sizes = self._said, self._sizes[stories]
        evidence = words * (said["evidence_without_names"] + said["evidence_of_names"] * by_names)
        doubt: Reals = ((said["evidence"] - evidence) / (said["evidence"] - said["no_evidence"])).clip(0.0, 1.0)
        doubt[sizes > said["close_look"]] = 1.0
        return doubt * said["likeness_of_few"] / sizes

    def _summed(self, stories: Numbers, shares: Reals) -> Reals:
        """Return for each place the sum of the shares of its story."""
        np.add.at(self._scratch, stories, shares)
        sums = self._scratch[stories]
        self._scratch[stories] = 0.0
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
        weights = self._weights(packed, self._rarity(keys))
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
            self._squares, self._names, self._latest, self._sizes, self._scratch = (
                np.concatenate([column, np.zeros_like(column)])
                for column in (self._squares, self._names, self._latest, self._sizes, self._scratch)
            )
            self._scripts = np.concatenate([self._scripts, np.zeros_like(self._scripts)])
        return number


def _changes(numbers: Numbers) -> Flags:
    """Return which of the numbers differ from the one before."""
    changes = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=changes[1:])
    return changes
