"""The beginnings of an entry's words in a few bytes, by which a query passes over what it cannot match.

A word and its inflections share their beginning: four letters, or all of a shorter word (`words.Pattern.fits`), or
what stands before the letters that its forms differ in (`words.sure`: `рын` of рынок and рынка). An entry keeps two
bytes for each beginning it has, some 320 for 1,500 characters of text, and one that lacks a beginning of the words a
query asks for need not be read. Two bytes stand for many beginnings: what is let through is asked.
"""

import zlib
from array import array
from functools import lru_cache

from feeds import text
from feeds.model import Entry
from feeds.query import reasons, words

# How these are made. Raise it when words are folded or inflected otherwise: what another made is read, and made again.
MADE = b"\x00\x01"
MAX_PIECES_MET = 2**16
_LONG, _SHORT = words.MIN_SHARED_CHARS, words.MIN_STEM_CHARS


def of(entry: Entry, *, body: str | None = None) -> bytes:
    """Return the beginnings of all words of an entry; `body` is all text of its longer markup, if that is at hand."""
    longer = max(entry.summary or "", entry.content or "", key=len)
    if body is None or len(longer) > reasons.MAX_TEXT_CHARS or not reasons.is_markup(longer):
        body = reasons.readable(longer)
    shorter = (reasons.readable(part) for part in (entry.summary, entry.content) if part and part != longer)
    names = " | ".join((*(one.name for one in entry.authors), *(one.label or one.term for one in entry.categories)))
    pieces = {piece for part in (entry.title, body, *shorter) for piece in text.pieces(part)}
    pieces.update(text.in_pieces(names))
    every = set(array("H", b"".join(map(_SHORTS.__getitem__, pieces))))
    return MADE + array("H", sorted(every)).tobytes()  # the same bytes in every process


@lru_cache(maxsize=4096)
def wanted(value: str) -> tuple[bytes, ...]:
    """Return what is in the beginnings of every entry with these words; nothing where any entry may have them."""
    told = ((one, one.word if one.prefix else words.sure(one.word)) for one in words.patterns(value))
    # Of a word of one or two letters an entry keeps the whole, and nothing that could stand for its beginning.
    asked = (start[:_LONG] for one, start in told if len(start) >= _SHORT or (start == one.word and not one.prefix))
    return tuple({_number(start): None for start in asked})


def _of_piece(piece: str) -> bytes:
    found = words.folded((piece,)).split()
    if words.MAY_BE_JOINED.search(piece):
        found = [start for word in found for start in words.unjoined(word)]
    return b"".join([_STARTS[word[:_LONG]] for word in found])


def _of_start(start: str) -> bytes:
    return _number(start[:_SHORT]) + _number(start) if len(start) > _SHORT else _number(start)


def _number(beginning: str) -> bytes:
    return zlib.crc32(beginning.encode("utf-8", "surrogatepass")).to_bytes(4, "little")[:2]


_SHORTS, _STARTS = text.Memo(_of_piece, most=MAX_PIECES_MET), text.Memo(_of_start)
