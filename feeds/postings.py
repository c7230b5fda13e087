"""Postings: which rows carry a key, compact enough for 100,000 live entries of a process.

Most pairs lie in two sorted numpy arrays; those added since the last merge in a dict of small
arrays. A row is a number that only grows, a weight a number from 0 to 65,535.
"""

from array import array
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

MERGE_AT = 2**17  # pairs: rarer merges cost memory, more frequent ones time
WEIGHT_BITS = 16

Keys = npt.NDArray[np.uint32]
Pairs = npt.NDArray[np.uint64]


class Postings:
    """Key -> rows with weights, appended in order of row."""

    def __init__(self) -> None:
        self._keys: Keys = np.empty(0, dtype=np.uint32)
        self._pairs: Pairs = np.empty(0, dtype=np.uint64)
        self._recent: dict[int, array[int]] = {}
        self._added = 0

    def add(self, row: int, keys: Iterable[int], weights: Iterable[int] | None = None) -> None:
        """Remember that the row carries the keys."""
        pair, recent = row << WEIGHT_BITS, self._recent
        weighted = zip(keys, weights, strict=True) if weights is not None else ((key, 0) for key in keys)
        for key, weight in weighted:
            known = recent.get(key)
            if known is None:
                recent[key] = array("Q", (pair | weight,))
            else:
                known.append(pair | weight)
            self._added += 1
        if self._added > MERGE_AT:
            self.merge()

    def extend(self, keys: Keys, rows: npt.NDArray[np.int64], weights: npt.NDArray[np.int64] | None = None) -> None:
        """Remember many pairs at once, rows ascending and above all known rows."""
        self.merge()
        pairs = rows.astype(np.uint64) << np.uint64(WEIGHT_BITS)
        if weights is not None:
            pairs |= weights.astype(np.uint64)
        self._sort(np.concatenate([self._keys, keys]), np.concatenate([self._pairs, pairs]))

    def find(self, keys: Keys, *, at_most: int) -> list[Pairs]:
        """Return for each key its pairs (row << 16 | weight), the latest `at_most` of them."""
        starts = np.searchsorted(self._keys, keys, "left").tolist()
        ends = np.searchsorted(self._keys, keys, "right").tolist()
        found = []
        for key, start, end in zip(keys.tolist(), starts, ends, strict=True):
            recent = self._recent.get(key)
            if recent is None:
                found.append(self._pairs[max(start, end - at_most) : end])
                continue
            late = np.array(recent[-at_most:], dtype=np.uint64)
            room = at_most - len(late)
            found.append(np.concatenate([self._pairs[max(start, end - room) : end], late]) if room > 0 else late)
        return found

    def merge(self) -> None:
        """Fold what was added into the sorted arrays."""
        if not self._recent:
            return
        counts = np.fromiter((len(rows) for rows in self._recent.values()), np.int64, len(self._recent))
        keys = np.repeat(np.fromiter(self._recent.keys(), np.uint32, len(self._recent)), counts)
        pairs = np.frombuffer(b"".join(rows.tobytes() for rows in self._recent.values()), dtype=np.uint64)
        self._recent, self._added = {}, 0
        self._sort(np.concatenate([self._keys, keys]), np.concatenate([self._pairs, pairs]))

    def keep_from(self, row: int) -> None:
        """Forget the rows below."""
        self.merge()
        kept = (self._pairs >> np.uint64(WEIGHT_BITS)) >= np.uint64(row)
        self._keys, self._pairs = self._keys[kept], self._pairs[kept]

    def _sort(self, keys: Keys, pairs: Pairs) -> None:
        order = np.argsort(keys, kind="stable")  # stable keeps a key's rows ascending
        self._keys, self._pairs = keys[order], pairs[order]
