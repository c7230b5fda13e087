"""Keeps the lexicon of a language: a second to work out, a millisecond to map."""

import mmap
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from feeds import shelf
from feeds.regions import vocabulary

Thing = TypeVar("Thing")

_FOLDER = Path(str(vocabulary.FOLDER))
_CODE = ("lexicon.py", "inflect.py", "folding.py", "vocabulary.py", "packed.py")


def kept(language: str, make: Callable[[], bytes], read: Callable[[bytes | mmap.mmap], Thing]) -> Thing:
    """Return what `read` makes of the bytes kept for a language, or else of those that `make` makes."""
    digest = blake2b(_shared_digest(), digest_size=8)
    words = _FOLDER / "words" / f"{language}.txt"
    digest.update(words.read_bytes() if words.exists() else b"")
    return shelf.kept(language, digest.hexdigest(), make, read, folder=_FOLDER)


@cache
def _shared_digest() -> bytes:
    digest = blake2b(digest_size=16)
    code = (Path(__file__).with_name(name) for name in _CODE)
    for path in (*sorted((_FOLDER / "generated").glob("*.tsv")), *code):
        digest.update(path.read_bytes())
    return digest.digest()
