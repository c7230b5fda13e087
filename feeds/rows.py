"""Byte strings one after another in one place: tens of thousands that stay would each pin memory among what goes."""

from array import array
from collections.abc import Iterable
from itertools import accumulate


class Rows:
    """Byte strings by the order in which they were added."""

    def __init__(self, rows: Iterable[bytes] = ()) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self.extend(rows)

    def append(self, row: bytes) -> None:
        """Add one at the end."""
        self._bytes += row
        self._ends.append(len(self._bytes))

    def extend(self, rows: Iterable[bytes]) -> None:
        """Add several at the end."""
        rows = tuple(rows)
        self._ends.extend(accumulate(map(len, rows[1:]), initial=len(self._bytes) + len(rows[0])) if rows else ())
        self._bytes += b"".join(rows)

    def __getitem__(self, place: int) -> bytes:
        return bytes(self._bytes[self._ends[place] : self._ends[place + 1]])
