"""Postings: which rows carry a key, compact enough for 100,000 live entries of a process.

Most pairs lie in numpy arrays sorted by key; those added since the last merge in a dict of small
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
Places = npt.NDArray[np.int64]

_NONE: Pairs = np.empty(0, np.uint64)


class Postings:
    """Key -> rows with weights, appended in order of row."""

    def __init__(self) -> None:
        self._keys: Keys = np.empty(0, np.uint32)  # each once, ascending
        self._edges: Places = np.zeros(1, np.int64)  # the pairs of key n lie from edge n to edge n + 1
        self._pairs: Pairs = _NONE
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
            self._merge()

    def extend(self, keys: Keys, rows: Places, weights: Places | None = None) -> None:
        """Remember many pairs at once, rows ascending and above all known rows."""
        self._merge()
        pairs = rows.astype(np.uint64) << np.uint64(WEIGHT_BITS)
        if weights is not None:
            pairs |= weights.astype(np.uint64)
        self._insert(keys, pairs)

    def find(self, keys: Keys, *, at_most: int) -> tuple[Pairs, Places]:
        """Return the pairs (row << 16 | weight) of the keys, of each the latest `at_most`, and whose each is.

        The second array has the place in `keys` of the key that each pair belongs to.
        """
        late = [self._recent.get(key) for key in keys.tolist()]
        pairs, owners = self._sorted(keys, late, at_most)
        places = [place for place, rows in enumerate(late) if rows is not None]
        if places:
            found = [rows if len(rows) <= at_most else rows[-at_most:] for rows in late if rows is not None]
            pairs = np.concatenate([pairs, np.frombuffer(b"".join(found), np.uint64)])  # one array, not one a key
            owners = np.concatenate([owners, np.array(places).repeat(list(map(len, found)))])
        return pairs, owners

    def _sorted(self, keys: Keys, late: list["array[int] | None"], at_most: int) -> tuple[Pairs, Places]:
        """Return what `find` does, of the pairs that are merged, leaving room for the late ones."""
        if not len(self._keys):
            return _NONE, np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        ends = self._edges[places + 1]
        room = np.array([at_most if rows is None else max(0, at_most - len(rows)) for rows in late])
        counts = np.minimum(ends - self._edges[places], room)
        counts *= self._keys[places] == keys
        sums = counts.cumsum()
        owners = np.arange(len(keys)).repeat(counts)
        if not len(owners):
            return _NONE, owners
        return self._pairs[(ends - sums)[owners] + np.arange(len(owners))], owners

    def _merge(self) -> None:
        """Fold what was added into the sorted arrays."""
        if not self._recent:
            return
        counts = np.fromiter((len(rows) for rows in self._recent.values()), np.int64, len(self._recent))
        keys = np.repeat(np.fromiter(self._recent.keys(), np.uint32, len(self._recent)), counts)
        pairs = np.frombuffer(b"".join(rows.tobytes() for rows in self._recent.values()), np.uint64)
        self._recent, self._added = {}, 0
        self._insert(keys, pairs)

    def _insert(self, keys: Keys, pairs: Pairs) -> None:
        order = keys.argsort(kind="stable")  # stable keeps a key's rows ascending
        keys, pairs = keys[order], pairs[order]
        if len(self._keys):
            known = self._keys.repeat(np.diff(self._edges))
            places = known.searchsorted(keys, "right")
            keys, pairs = np.insert(known, places, keys), np.insert(self._pairs, places, pairs)
        begins = np.flatnonzero(np.diff(keys, prepend=keys[:1] ^ np.uint32(1)))
        self._keys, self._pairs, self._edges = keys[begins], pairs, np.append(begins, len(keys))
