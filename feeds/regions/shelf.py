"""Keeps what was compiled from the vocabularies for the next process, as Python keeps bytecode.

A lexicon takes a second to work out and 50 ms to read back. It lies in `__pycache__` beside the data,
under the digest of all it follows from; where that cannot be written, it is worked out each time.
"""

import contextlib
import marshal
import os
import sys
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

from feeds.regions import vocabulary

Rows = TypeVar("Rows")

_SHARED = (
    "generated/cities.tsv",
    "generated/names.tsv",
    "generated/subdivisions.tsv",
    "generated/namesakes.tsv",
    "generated/capitals.tsv",
    "generated/groups.tsv",
)
_CODE = ("lexicon.py", "inflect.py", "folding.py", "vocabulary.py", "shelf.py")


def kept(language: str, make: Callable[[], Rows]) -> Rows:
    """Return what was kept for a language, or else make it and keep it. Only what marshal can write."""
    path = _path(language)
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError):  # absent, or torn by a crash: made again
        return cast("Rows", marshal.loads(path.read_bytes()))  # noqa: S302 - our own file, beside our own code
    made = make()
    with contextlib.suppress(OSError):  # a folder that may not be written costs time, no more
        _keep(path, made)
    return made


def _keep(path: Path, made: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    for old in path.parent.glob(f"{path.stem.partition('.')[0]}.*.lexicon"):
        old.unlink(missing_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(marshal.dumps(made))
    partial.replace(path)


def _path(language: str) -> Path:
    folder = Path(str(vocabulary.FOLDER))
    digest = blake2b(_shared_digest(), digest_size=8)
    words = folder / "words" / f"{language}.txt"
    digest.update(words.read_bytes() if words.exists() else b"")
    return folder / "__pycache__" / f"{language}.{digest.hexdigest()}.lexicon"


@cache
def _shared_digest() -> bytes:
    digest = blake2b(sys.version.encode(), digest_size=16)
    for path in (*(Path(str(vocabulary.FOLDER)) / name for name in _SHARED),
                 *(Path(__file__).with_name(name) for name in _CODE)):  # fmt: skip
        digest.update(path.read_bytes())
    return digest.digest()
