"""Files on their way: written beside their places, flushed together, then renamed in the order they came.

So a reader, a crash or a SIGKILL sees the old file or the new one, and a disk flushes fifty files together in a
third of the time that they take one by one.
"""

import os
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from feeds.errors import PublishError

PARTIAL = ".feeds-partial-"  # and a random end: two runs never share one
_TOGETHER, _FLUSHING = 64, 8  # files flushed together, and at the same time


class _UnderWay(NamedTuple):
    beside: str
    file: int  # still open
    target: Path
    landed: Callable[[], None]


class Landing:
    """A context in which files come to their places; what is under way when it fails is taken back."""

    def __init__(self) -> None:
        self._under_way: list[_UnderWay] = []
        self._parents: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._land()
        finally:
            for one in self._under_way:
                os.close(one.file)
                Path(one.beside).unlink(missing_ok=True)

    def put(self, target: Path, body: bytes, landed: Callable[[], None]) -> None:
        """Begin to bring bytes to their place; `landed` is called when they are there. Raises PublishError."""
        parent = target.parent
        if parent not in self._parents:
            parent.mkdir(parents=True, exist_ok=True)
            self._parents.add(parent)
        beside = f"{parent}{os.sep}{PARTIAL}{secrets.token_hex(8)}"
        try:
            file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            self._under_way.append(_UnderWay(beside, file, target, landed))
            left = memoryview(body)
            while left:
                left = left[os.write(file, left) :]
        except OSError as exc:
            raise PublishError(f"{target}: {exc.strerror or exc}") from exc
        if len(self._under_way) == _TOGETHER:
            self._land()

    def _land(self) -> None:
        files = [one.file for one in self._under_way]
        if len(files) <= _FLUSHING:
            _flush(files)
        else:
            with ThreadPoolExecutor(_FLUSHING) as flushing:
                list(flushing.map(_flush, [files[start::_FLUSHING] for start in range(_FLUSHING)]))
        while self._under_way:
            one = self._under_way[0]
            Path(one.beside).replace(one.target)
            os.close(one.file)
            del self._under_way[0]
            one.landed()


def _flush(files: Sequence[int]) -> None:
    for file in files:
        os.fsync(file)


def replace(target: Path, body: bytes) -> None:
    """Put bytes in their place, whole or not at all."""
    with Landing() as landing:
        landing.put(target, body, lambda: None)
