"""Which rows carry a key, for keys that mostly one row carries: chains through a table, compact and quick to ask.

A row has a fixed number of places for its keys. The places of the keys that fall into one bucket
are a chain, the latest first; an answer is a few steps through arrays.
"""

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

MIN_BUCKETS = 2**10

Keys = npt.NDArray[np.uint32]


class Chains:
    """Key -> rows, which are numbered as they are added."""

    def __init__(self, *, width: int) -> None:
        self._width = width  # keys of a row, at most
        self._keys = array("I", bytes(4 * width))  # by place; row n has the places from width * (n + 1)
        self._before = array("I", bytes(4 * width))  # place -> the one before it in its chain, 0: none
        self._latest = array("I", bytes(4 * MIN_BUCKETS))  # bucket -> the place its chain begins with

    def add(self, keys: Sequence[int]) -> None:
        """Remember the keys of the next row."""
        place = len(self._keys)
        if place > len(self._latest):
            self._rebuild()
        padding = [0] * (self._width - len(keys))
        latest, mask = self._latest, len(self._latest) - 1
        before = []
        for key in keys:
            before.append(latest[key & mask])
            latest[key & mask] = place
            place += 1
        self._keys.extend([*keys, *padding])
        self._before.extend([*before, *padding])

    def extend(self, keys: Keys, counts: npt.NDArray[np.int64]) -> None:
        """Remember the keys of many rows, one row after another; `counts` says how many each has."""
        places = np.arange(len(counts)).repeat(counts) * self._width
        places += np.arange(len(keys)) - (counts.cumsum() - counts).repeat(counts)
        made = np.zeros(len(counts) * self._width, np.uint32)
        made[places] = keys
        self._keys.frombytes(made.tobytes())
        self._rebuild()

    def find(self, keys: Iterable[int], *, at_most: int) -> set[int]:
        """Return the rows that carry one of the keys, of each key the latest `at_most`.

        A key that so many carry is a common phrase: a row that carries no other is not worth a look.
        """
        known, before, latest = self._keys, self._before, self._latest
        mask, width = len(latest) - 1, self._width
        found: set[int] = set()
        phrases: set[int] = set()  # rows found by a common phrase alone, so far
        for key in keys:
            place, rows = latest[key & mask], []
            while place:
                if known[place] == key:
                    rows.append(place // width - 1)
                    if len(rows) == at_most:
                        found |= phrases.intersection(rows)
                        phrases.update(rows)
                        break
                place = before[place]
            else:
                found.update(rows)
        return found

    def _rebuild(self) -> None:
        """Chain all places anew, with buckets for more of them."""
        keys = np.frombuffer(self._keys, np.uint32)
        buckets = 1 << max(MIN_BUCKETS, len(keys)).bit_length()
        places = np.flatnonzero(keys)
        chained = np.sort(
            (keys[places].astype(np.uint64) & np.uint64(buckets - 1)) << np.uint64(32) | places.astype(np.uint64)
        )
        bucket, places = (chained >> np.uint64(32)).astype(np.int64), chained.astype(np.uint32)
        ends = np.flatnonzero(np.diff(bucket, append=-1))
        before, latest = np.zeros(len(keys), np.uint32), np.zeros(buckets, np.uint32)
        before[places[1:]] = places[:-1]
        before[places[ends[:-1] + 1]] = 0
        if len(places):
            before[places[0]] = 0
        latest[bucket[ends]] = places[ends]
        del keys
        self._before, self._latest = array("I", before.tobytes()), array("I", latest.tobytes())
