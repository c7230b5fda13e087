"""Keeps what was worked out from data for the next process, as Python keeps bytecode.

It lies in `__pycache__` beside the data or, where that may not be written, in the user's cache, under a digest of all
it follows from. Files are mapped: processes share their pages, and only what is read takes memory.
"""

import contextlib
import mmap
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

Thing = TypeVar("Thing")


def kept(
    name: str, digest: str, make: Callable[[], bytes], read: Callable[[bytes | mmap.mmap], Thing], *, folder: Path
) -> Thing:
    """Return what `read` makes of the bytes kept under a name beside the data of a folder.

    Where there are none of this digest, `make` makes them, and those of others go; where no folder may be written,
    in each process. `read` raises ValueError where the bytes are torn: they are made again.
    """
    places = tuple(_places(f"{name}.{digest}.kept", folder))
    for path in places:
        with contextlib.suppress(OSError, ValueError):
            return read(_mapped(path))
    made = make()
    for path in places:
        with contextlib.suppress(OSError):
            _keep(path, made, name)
            return read(_mapped(path))
    return read(made)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _keep(path: Path, made: bytes, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    try:
        partial.write_bytes(made)
        partial.replace(path)
    except OSError:  # a full disk
        partial.unlink(missing_ok=True)
        raise
    for old in path.parent.glob(f"{name}.*.kept"):
        if old != path:
            old.unlink(missing_ok=True)


def _places(file: str, folder: Path) -> Iterator[Path]:
    yield folder / "__pycache__" / file
    with contextlib.suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "feeds" / file
