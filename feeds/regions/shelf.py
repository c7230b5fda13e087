"""Keeps what was compiled from the vocabularies for the next process, as Python keeps bytecode.

A lexicon takes a second to work out and a millisecond to map. It lies in `__pycache__` beside the data or, where
that may not be written, in the user's cache, under the digest of all it follows from. Without either it is worked
out in each process.
"""

import contextlib
import mmap
import os
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from feeds.regions import vocabulary

Thing = TypeVar("Thing")

_FOLDER = Path(str(vocabulary.FOLDER))
_CODE = ("lexicon.py", "inflect.py", "folding.py", "vocabulary.py", "packed.py")


def kept(
    language: str,
    make: Callable[[], bytes],
    read: Callable[[bytes | mmap.mmap], Thing],
    *,
    folder: Path = _FOLDER,
) -> Thing:
    """Return what `read` makes of the bytes kept for a language of a folder; where there are none, `make` makes them.

    `read` raises ValueError where the bytes are torn: they are made again.
    """
    places = tuple(_places(language, folder))
    for path in places:
        with contextlib.suppress(OSError, ValueError):
            return read(_mapped(path))
    made = make()
    for path in places:
        with contextlib.suppress(OSError):
            _keep(path, made)
            return read(_mapped(path))
    return read(made)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _keep(path: Path, made: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    try:
        partial.write_bytes(made)
        partial.replace(path)
    except OSError:  # a full disk
        partial.unlink(missing_ok=True)
        raise
    for old in path.parent.glob(f"{path.stem.partition('.')[0]}.*.lexicon"):
        if old != path:
            old.unlink(missing_ok=True)


def _places(language: str, folder: Path) -> Iterator[Path]:
    """Yield where the lexicon of a language may be kept."""
    digest = blake2b(_shared_digest(), digest_size=8)
    with contextlib.suppress(FileNotFoundError):
        digest.update((folder / "words" / f"{language}.txt").read_bytes())
    name = f"{language}.{digest.hexdigest()}.lexicon"
    yield folder / "__pycache__" / name
    with contextlib.suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "feeds" / name


@cache
def _shared_digest() -> bytes:
    digest = blake2b(digest_size=16)
    code = (Path(__file__).with_name(name) for name in _CODE)
    for path in (*sorted((_FOLDER / "generated").glob("*.tsv")), *code):
        digest.update(path.read_bytes())
    return digest.digest()
