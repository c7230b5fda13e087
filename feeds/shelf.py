"""Keeps what was worked out from data for the next process, as Python keeps bytecode.

It lies in `__pycache__` beside the data or, where that may not be written, in the user's cache, under a digest of all
it follows from. Files are mapped: processes share their pages, and only what is read takes memory.
"""

import contextlib
import mmap
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from weakref import WeakSet

Thing = TypeVar("Thing")

APART_S = 120  # the slowest lexicon takes two, and a deployment may need thirty

_open = WeakSet[mmap.mmap]()


def kept(
    name: str,
    digest: str,
    make: Callable[[], bytes],
    read: Callable[[bytes | mmap.mmap], Thing],
    *,
    folder: Path,
    apart: tuple[str, ...] | None = None,
) -> Thing:
    """Return what `read` makes of the bytes kept under a name beside the data of a folder.

    Where there are none of this digest, `make` makes them, and those of others go; where no folder may be written,
    in each process. `read` raises ValueError where the bytes are torn: they are made again. `apart` names a module
    whose `keep` makes and keeps them, with its arguments: it is called in a process of its own, for what that takes
    (a hundred megabytes for a lexicon) would stay with ours.
    """
    places = tuple(_places(f"{name}.{digest}.kept", folder))
    for path in places:
        with contextlib.suppress(OSError, ValueError):
            return read(_mapped(path))
    if apart is not None:
        made_apart(*apart)
        for path in places:
            with contextlib.suppress(OSError, ValueError):
                return read(_mapped(path))
    made = make()
    for path in places:
        with contextlib.suppress(OSError):
            _keep(path, made, name)
            return read(_mapped(path))
    return read(made)


def keep(name: str, digest: str, made: bytes, *, folder: Path) -> None:
    """Keep bytes for the next process, in the first place that may be written."""
    for path in _places(f"{name}.{digest}.kept", folder):
        with contextlib.suppress(OSError):
            _keep(path, made, name)
            return


def is_kept(name: str, digest: str, *, folder: Path) -> bool:
    """Say whether there are bytes of this digest."""
    return any(path.exists() for path in _places(f"{name}.{digest}.kept", folder))


def made_apart(module: str, *arguments: str) -> None:
    """Call the `keep` of a module in another process; one that fails leaves the work to this one."""
    code = "import importlib, sys; importlib.import_module(sys.argv[1]).keep(*sys.argv[2:])"
    path = os.pathsep.join(one or str(Path.cwd()) for one in sys.path)
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 our own code
            [sys.executable, "-c", code, module, *arguments],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=APART_S,
            check=False,
        )


def let_go() -> None:
    """Give back the memory of all that was read of mapped files; what is read again is there again.

    A system maps sixteen pages where one is read: a process that has met fifteen languages holds 60 MB, and reads 25
    of them again in the next while.
    """
    if hasattr(mmap, "MADV_DONTNEED"):  # not on every system
        for mapped in tuple(_open):
            mapped.madvise(mmap.MADV_DONTNEED)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _open.add(mapped)
    return mapped


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
