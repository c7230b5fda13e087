"""Postings: which rows carry a key and with what weight, compact enough for 100,000 live entries of a process.

A pair of a key and a row is one number, so that sorted pairs are searched and kept as they are: 24 bits of key,
32 of row, 8 of weight. Most pairs lie in one long array; those of late in a short one, cheap to add to.
"""

import numpy as np
import numpy.typing as npt

ROW_BITS, WEIGHT_BITS = 32, 8
MERGE_AT = 2**16  # pairs: rarer merges make the short array dear to add to, more frequent ones the long one

Numbers = npt.NDArray[np.int64]
Small = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.uint8]
Pairs = npt.NDArray[np.uint64]

_NONE: Pairs = np.empty(0, np.uint64)
_KEY_SHIFT, _ROW_SHIFT = np.uint64(ROW_BITS + WEIGHT_BITS), np.uint64(WEIGHT_BITS)


class Postings:
    """Key -> rows with weights."""

    def __init__(self) -> None:
        self._known: Pairs = _NONE
        self._late: Pairs = _NONE

    def add(self, keys: Numbers, rows: Numbers, weights: Numbers) -> None:
        """Remember that the rows, above all known ones, carry the keys."""
        pairs = np.sort(_pairs(keys, rows) | weights.astype(np.uint64))
        if len(self._late) + len(pairs) > MERGE_AT:
            self._known, self._late = _merged(self._known, self._late), _NONE
        self._late = _merged(self._late, pairs)

    def find(self, keys: Numbers, rows: Numbers, *, at_most: int) -> tuple[Small, Small, Weights]:
        """Return for each key, of the latest `at_most` rows below its own that carry it: places, rows, weights.

        A place is that of the key which the row was found by. Hundreds of thousands are found at a time: in half of
        the bytes, a poll's peak of memory is 15 MB lower.
        """
        ends = _pairs(keys, rows)
        order = ends.argsort()  # neighbours are found in neighbouring memory
        late, room = self._before(self._late, ends, order, at_most)
        known, _ = self._before(self._known, ends, order, room)
        pairs = np.concatenate([self._known[known[1]], self._late[late[1]]])
        weights = pairs.astype(np.uint8)  # the lowest bits
        pairs >>= _ROW_SHIFT
        return np.concatenate([known[0], late[0]]), pairs.astype(np.uint32), weights

    @staticmethod
    def _before(
        pairs: Pairs, ends: Pairs, order: Numbers, room: Numbers | int
    ) -> tuple[tuple[Small, Numbers], Numbers]:
        """Return whose pairs lie where, of each key the last there is room for, and the room then left."""
        found = np.empty((2, len(ends)), np.int64)
        asked = ends[order]
        found[0, order] = pairs.searchsorted(asked >> _KEY_SHIFT << _KEY_SHIFT)
        found[1, order] = pairs.searchsorted(asked)
        counts = np.minimum(found[1] - found[0], room)
        places = np.arange(len(ends), dtype=np.uint32).repeat(counts)
        where = (found[1] - counts.cumsum())[places]
        where += np.arange(len(places))
        return (places, where), room - counts


def _pairs(keys: Numbers, rows: Numbers) -> Pairs:
    pairs: Pairs = keys.astype(np.uint64) << _KEY_SHIFT | rows.astype(np.uint64) << _ROW_SHIFT
    return pairs


def _merged(first: Pairs, second: Pairs) -> Pairs:
    if not len(first) or not len(second):
        return first if len(first) else second
    return np.insert(first, first.searchsorted(second), second)
