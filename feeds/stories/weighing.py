"""How much each term of an entry says: little if many entries before it have the term.

What an entry weighed when it came, it weighs for ever: a process that starts anew need not know what was rare then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from feeds.stories import terms

FULL = 255  # the length of the weights of an entry together
MILLI = 1000  # rarity is counted in whole thousandths, so that the order of summing does not matter

_BUCKETS = 2**20  # of the counts of terms; a collision makes two rare terms a little less rare
_COUNTRY = terms.SHARED | terms.COUNTRY

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The terms of some entries, one entry after the other, and of each entry what they make together."""

    owners: Numbers  # which entry a term is of
    keys: Numbers
    kinds: Numbers  # 0: a word of one language; SHARED, and COUNTRY if it is one
    weights: Numbers
    rarity: Numbers  # thousandths of a power of e: how much rarer than a term all entries have
    packed: tuple[bytes, ...]  # by entry, as Features are, but with these weights
    scripts: Numbers
    squares: Numbers  # of the length of all weights
    names: Numbers  # the same of names, numbers and countries alone


class Scale:
    """The counts of all terms so far, beside those of some entries of any day: a young scale knows common words."""

    def __init__(self, said: Mapping[str, float]) -> None:
        self._said = said
        self._counts = _usual(int(said["usual"])).copy()
        self._read = int(said["usual"])  # entries

    def count(self, keys: Numbers, entries: int) -> None:
        """Take note of the terms of entries weighed before."""
        np.add.at(self._counts, keys & _BUCKETS - 1, 1)
        self._read += entries

    def weigh(self, features: Sequence[bytes]) -> Weighed:
        """Return the terms of entries with their weights, each counted before the next."""
        keys, tenths, owners, scripts = unpacked(features)
        buckets, kinds = keys & _BUCKETS - 1, (keys & terms.SHARED) * (keys & _COUNTRY)
        seen = self._counts[buckets] + _ranks(buckets) + 1.0
        read = (self._read + np.arange(len(features)))[owners] + 1.0
        self.count(keys, len(features))
        rarity: Reals = np.log(read / (seen + 1.0)).clip(0.0) + 0.1
        # Every index is about some countries, and a young one does not know yet about which.
        np.minimum(rarity, self._said["country_rarity"], out=rarity, where=kinds == _COUNTRY)
        weights: Reals = tenths * rarity ** self._said["rarity"]
        lengths = np.sqrt(np.bincount(owners, weights**2, len(features)))
        told = np.rint(weights / np.maximum(lengths, 1e-9)[owners] * FULL).astype(np.int64)
        packed = (keys << terms.WEIGHT_BITS | told).astype(np.uint32)
        edges = np.bincount(owners, minlength=len(features)).cumsum()[:-1]
        return Weighed(
            owners=owners,
            keys=keys,
            kinds=kinds,
            weights=told,
            rarity=(rarity * MILLI).astype(np.int64),
            packed=tuple(
                script.tobytes() + one.tobytes()
                for script, one in zip(scripts.astype(np.uint32), np.split(packed, edges), strict=True)
            ),
            scripts=scripts,
            squares=squares(told, owners, len(features)),
            names=squares(told * (kinds > 0), owners, len(features)),
        )


@cache
def _usual(entries: int) -> npt.NDArray[np.uint32]:
    """Return the counts of common words in so many entries."""
    counts: npt.NDArray[np.uint32] = np.zeros(_BUCKETS, np.uint32)
    keys, halvings = np.array(list(terms.common().items())).T
    np.maximum.at(counts, keys & _BUCKETS - 1, np.rint(entries * 0.5**halvings).astype(np.uint32))
    return counts


def unpacked(packed: Sequence[bytes]) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return of entries' terms the keys, the weights and which entry each is of; and the entries' scripts."""
    read = np.frombuffer(b"".join(packed), np.uint32).astype(np.int64)
    counts = np.fromiter(map(len, packed), np.int64, len(packed)) // np.uint32().itemsize
    heads = counts.cumsum() - counts
    found = np.delete(read, heads)
    owners = np.arange(len(packed)).repeat(counts - 1)
    return found >> terms.WEIGHT_BITS, found & (1 << terms.WEIGHT_BITS) - 1, owners, read[heads]


def squares(weights: Numbers, owners: Numbers, count: int) -> Numbers:
    """Return by owner the sum of the squares of the weights."""
    sums: Numbers = np.bincount(owners, weights**2, count).astype(np.int64)
    return sums


def _ranks(numbers: Numbers) -> Numbers:
    """Return for each place how many before it hold the same number."""
    order = numbers.argsort(kind="stable")
    told = numbers[order]
    begins = np.flatnonzero(np.diff(told, prepend=-1))
    ranks = np.empty(len(told), np.int64)
    ranks[order] = np.arange(len(told)) - begins.repeat(np.diff(begins, append=len(told)))
    return ranks
