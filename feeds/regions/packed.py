"""Patterns with what they mean, flat in one buffer: a file of it is mapped, shared by all processes, read in part.

header   lengths of the parts, then msgpack: whatever the caller wants back, and where each beginning starts
offsets  of each pattern in `patterns`, sorted by code points, in UTF-8
shorter  of each pattern the longest other one that it begins with; -1: none
values   of each pattern the number of its value; patterns of one meaning share it
places   of each value in `encoded`, msgpack
"""

import itertools
import mmap
import struct
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import msgspec

Value = TypeVar("Value")

_HEADER = struct.Struct("<8s5I4x")
_MAGIC = b"feeds\x00" + sys.byteorder[:1].encode() + b"1"
_HEAD_BYTES = 8


def pack(values: Mapping[str, object], about: object) -> bytes:
    """Return patterns with their values, and one thing more, as the bytes that `Packed` reads."""
    patterns = sorted(values)
    numbers: dict[bytes, int] = {}
    meanings = array("I")
    for pattern in patterns:
        meanings.append(numbers.setdefault(msgspec.msgpack.encode(values[pattern]), len(numbers)))
    written = [pattern.encode() for pattern in patterns]
    said = msgspec.msgpack.encode(about)
    parts = (
        said + bytes(-len(said) % 8),
        array("Q", map(_head, written)).tobytes(),
        _offsets(written).tobytes(),
        array("i", _shorter(patterns)).tobytes(),
        meanings.tobytes(),
        _offsets(numbers).tobytes(),
        *written,
        *numbers,
    )
    sizes = len(said), len(patterns), len(numbers), sum(map(len, written)), sum(map(len, numbers))
    return b"".join((_HEADER.pack(_MAGIC, *sizes), *parts))


def _head(written: bytes) -> int:
    return int.from_bytes(written[:_HEAD_BYTES].ljust(_HEAD_BYTES, b"\0"))


def _offsets(pieces: "list[bytes] | dict[bytes, int]") -> "array[int]":
    offsets, end = array("I", [0]), 0
    for piece in pieces:
        end += len(piece)
        offsets.append(end)
    return offsets


def _shorter(patterns: list[str]) -> Iterator[int]:
    open_ = list[int]()
    for place, pattern in enumerate(patterns):
        while open_ and not pattern.startswith(patterns[open_[-1]]):
            open_.pop()
        yield open_[-1] if open_ else -1
        open_.append(place)


class Packed(Generic[Value]):
    """Patterns in a buffer that `pack` made. `decode` makes a value of what was packed, when it is first asked for."""

    def __init__(self, buffer: bytes | mmap.mmap, decode: Callable[[Any], Value]) -> None:
        """Raise ValueError where the buffer is not what `pack` makes, or is cut short."""
        if len(buffer) < _HEADER.size:
            raise ValueError("too short")
        magic, about, count, values, patterns, encoded = _HEADER.unpack_from(buffer)
        sizes = (
            about + -about % 8,
            8 * count,
            4 * (count + 1),
            4 * count,
            4 * count,
            4 * (values + 1),
            patterns,
            encoded,
        )
        ends = [*itertools.accumulate(sizes, initial=_HEADER.size)]
        if magic != _MAGIC or len(buffer) != ends[-1]:
            raise ValueError("not packed patterns, or not all of them")
        self.about = msgspec.msgpack.decode(buffer[ends[0] : ends[0] + about])
        self._all = range(count)
        self._buffer = buffer
        self._decode = decode
        self._made: dict[int, Value] = {}
        view = memoryview(buffer)
        self._heads = view[ends[1] : ends[2]].cast("Q")
        self._offsets = view[ends[2] : ends[3]].cast("I")
        self._shorter = view[ends[3] : ends[4]].cast("i")
        self._values = view[ends[4] : ends[5]].cast("I")
        self._places = view[ends[5] : ends[6]].cast("I")
        self._patterns, self._encoded = ends[6], ends[7]

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, place: int) -> str:
        """Return the pattern at a place of the order."""
        return str(self._written(place), "utf-8")

    def value(self, place: int) -> Value:
        """Return what the pattern at a place means."""
        number = self._values[place]
        made = self._made.get(number)
        if made is None:
            start, end = self._places[number], self._places[number + 1]
            packed = self._buffer[self._encoded + start : self._encoded + end]
            made = self._made[number] = self._decode(msgspec.msgpack.decode(packed))
        return made

    def last(self, written: bytes) -> int:
        """Return the place of the last pattern that sorts before a text in UTF-8 or is the text; -1: none."""
        head = _head(written)
        first = bisect_left(self._heads, head)
        end = bisect_right(self._heads, head, first)
        return bisect_right(self._all, written, first, end, key=self._written) - 1

    def beginnings(self, written: bytes, last: int) -> Iterator[int]:
        """Yield the place of every pattern that a text in UTF-8 begins with, the longest first; `last` is its own."""
        place = last
        while place >= 0:
            if written.startswith(self._written(place)):
                yield place
            place = self._shorter[place]

    def goes_on(self, written: bytes, last: int) -> bool:
        """Tell whether any pattern but the text itself begins with a text in UTF-8; `last` is that of the text."""
        return last + 1 < len(self._all) and self._written(last + 1).startswith(written)

    def follows(self, written: bytes, last: int) -> Iterator[str]:
        """Yield what stands after a text in UTF-8 in the patterns that begin with it; `last` is that of the text."""
        for place in range(last + 1, len(self._all)):
            pattern = self._written(place)
            if not pattern.startswith(written):
                return
            yield str(pattern[len(written) :], "utf-8")

    def _written(self, place: int) -> bytes:
        start, end = self._offsets[place], self._offsets[place + 1]
        return self._buffer[self._patterns + start : self._patterns + end]
