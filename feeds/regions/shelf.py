"""Keeps the lexicon of a language: a second to work out, a millisecond to map."""

import mmap
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from feeds import shelf
from feeds.regions import vocabulary

Thing = TypeVar("Thing")

_FOLDER = Path(str(vocabulary.FOLDER))
_MODULE = "feeds.regions.lexicon"  # whose `keep` makes them
_CODE = ("lexicon.py", "inflect.py", "folding.py", "vocabulary.py", "packed.py")


def kept(language: str, make: Callable[[], bytes], read: Callable[[bytes | mmap.mmap], Thing]) -> Thing:
    """Return what `read` makes of the bytes kept for a language, or else of those that `make` makes."""
    return shelf.kept(language, _digest(language), make, read, folder=_FOLDER, apart=(_MODULE, language))


def missing(languages: Iterable[str]) -> tuple[str, ...]:
    """Return the languages of which no lexicon is kept."""
    return tuple(one for one in languages if not shelf.is_kept(one, _digest(one), folder=_FOLDER))


def make_apart(languages: Iterable[str]) -> None:
    """Have lexicons worked out in one process: each in its own would read all tables anew."""
    shelf.made_apart(_MODULE, *languages)


def keep(language: str, made: bytes) -> None:
    """Keep the bytes of a language for the next process."""
    shelf.keep(language, _digest(language), made, folder=_FOLDER)


def _digest(language: str) -> str:
    digest = blake2b(_shared_digest(), digest_size=8)
    words = _FOLDER / "words" / f"{language}.txt"
    digest.update(words.read_bytes() if words.exists() else b"")
    return digest.hexdigest()


@cache
def _shared_digest() -> bytes:
    digest = blake2b(digest_size=16)
    code = (Path(__file__).with_name(name) for name in _CODE)
    for path in (*sorted((_FOLDER / "generated").glob("*.tsv")), _FOLDER.parent / "han.txt", *code):
        digest.update(path.read_bytes())
    return digest.digest()
