"""An entry, small enough to remember: the opening words of its text as hashes, and its link.

A word is a 32-bit number. Its low two bits say what it is (a word, a number, a name, a telling
word such as a weekday), the rest stands for its folded first letters, the same on every machine
and in every process.
"""

import re
import struct
import tomllib
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from feeds import text, urls
from feeds.model import Entry

WORD, NUMBER, NAME, TELLING = range(4)
KIND_MASK = 3
MAX_TITLE_CHARS, MAX_OPENING_CHARS = 300, 700
MAX_TEXT_CHARS = 1500  # of the summary or content that are read for a sketch
MAX_WORDS_MET = 2**17

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{_HAN}]|[^\W\d_{_HAN}]+(?:['’ʻʼ`‘][^\W\d_{_HAN}]+)*|[.!?…。।۔؟:]")
# The same where all is ASCII, in a third of the time: most of a stream, and the hottest line of it.
_ASCII_TOKEN = re.compile(r"[A-Za-z]+(?:['`][A-Za-z]+)*|\d+(?:[.,]\d+)*|[.!?:]", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_MARKS = re.compile("[\u200b-\u200f\u0610-\u061a\u064b-\u065f\u0670\u00ad]")
_ENDS = frozenset(".!?…。।۔؟:")
_SPACED_DIGITS = re.compile(r"\d[ \u00a0\u202f]\d{3}")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ \u00a0\u202f]\d{3})+)(?![\d])")
# "ASTANA, 12 May (Kazinform) -", "ТАШКЕНТ, 12 мая /УзА/.", "По сообщению ...": the desk's, not the story's.
_DATELINE = re.compile(
    r"\s*(?:[^\W\d_][^.!?()\n/]{0,50}?[,.]?\s*)?(?:\([^()\n]{2,30}\)|/[^/\n]{2,30}/|\[[^\]\n]{2,30}\])\s*[-–—:.]*\s+"
    r"|\s*[A-ZА-ЯӘҒҚҢӨҰҮҺІЁ][^\W\d_]{2,20}(?:, [^.!?()\n/-]{3,30})?"
    r"(?:\s+[-–—]\s*|\s*[–—]{1,2}\s*)(?:[A-Z]{2,10}\s*[.:-]\s*)?"
)
_BYLINE = re.compile(
    r"\s*(?:By|BY|Автор:?|Müəllif:?|Yazar:?)\s+(?:[A-Z\u0400-\u042f][\w.'-]+\s+){1,3}(?=[A-Z\u0400-\u042f<])"
)
_CUT = re.compile(rf"\s*(?:[^\s{_HAN}]*(?:\.\.\.|…)|\[[^\]]{{0,3}}\])\s*$")

_HEADER = struct.Struct("<QBBBx")
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: the high half of the product is the hash

Hashes = npt.NDArray[np.uint64]


@cache
def settings() -> dict[str, Any]:
    """Return data/dedupe.toml."""
    return tomllib.loads(resources.files("feeds").joinpath("data/dedupe.toml").read_text(encoding="utf-8"))


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str], frozenset[str], int]:
    said = settings()
    length = said["sketch"]["prefix_letters"]

    def prefixes(words: Sequence[str]) -> frozenset[str]:
        return frozenset(text.fold(word)[: length + 2] for word in words)

    return (
        prefixes(said["ignored"]["words"]),
        prefixes(said["telling"]["words"]),
        frozenset(said["telling"]["han_numbers"]),
        length,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is remembered of an entry to know its copies by."""

    link: int  # 64-bit checksum of the canonical link; 0: no link
    title: "array[int]"  # words
    text: "array[int]"  # the opening words; those of the title too when the text is short
    keys: tuple[int, ...]  # smallest bigram hashes, ascending
    brief: bool  # there is a headline only

    def pack(self) -> bytes:
        """Return the sketch as bytes that `unpack` reads: header, keys, title, text."""
        head = _HEADER.pack(self.link, len(self.keys), len(self.title), self.brief)
        return head + array("I", self.keys).tobytes() + self.title.tobytes() + self.text.tobytes()


def unpack(packed: bytes) -> Sketch:
    """Return the sketch that `Sketch.pack` wrote."""
    link, keys, title, brief = _HEADER.unpack_from(packed)
    words = array("I")
    words.frombytes(packed[_HEADER.size :])
    return Sketch(
        link=link,
        keys=tuple(words[:keys]),
        title=words[keys : keys + title],
        text=words[keys + title :],
        brief=bool(brief),
    )


def links_and_keys(sketches: Sequence[bytes]) -> tuple[Hashes, npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Return of packed sketches the links, the keys one after another, and how many each has."""
    lengths = np.fromiter(map(len, sketches), np.int64, len(sketches))
    begins = lengths.cumsum() - lengths
    packed = np.frombuffer(b"".join(sketches), np.uint8)
    links = np.ascontiguousarray(packed[begins[:, None] + np.arange(8)]).view("<u8")[:, 0]
    counts = packed[begins + 8].astype(np.int64)
    ends = counts.cumsum()
    places = ((begins + _HEADER.size) // 4 - (ends - counts)).repeat(counts) + np.arange(ends[-1])
    return links, packed.view("<u4")[places], counts


def sketch(entry: Entry) -> Sketch:
    """Return the sketch of a normalised entry; the title is plain text, summary and content HTML."""
    markup = max(entry.summary or "", (entry.content or "")[: 4 * MAX_TEXT_CHARS], key=len)
    return of_text(title=entry.title, body=text.from_html(markup), link=entry.link)


def of_text(*, title: str, body: str, link: str | None) -> Sketch:
    """Return the sketch of a title and a body of plain text."""
    said = settings()["sketch"]
    head = words(title[:MAX_TITLE_CHARS], said["title_words"])
    opening = words(_opening(body)[:MAX_OPENING_CHARS], said["text_words"])
    if len(opening) < said["enough_text"]:
        opening = head + opening if not _starts_with(opening, head) else opening
        brief = len(opening) <= len(head)
    else:
        brief = False
    told = array("I", opening)
    hashes = bigrams(told)
    hashes.sort()
    return Sketch(
        link=_checksum(urls.canonical(link)) if link else 0,
        title=array("I", head),
        text=told,
        keys=tuple(dict.fromkeys(hashes.tolist()))[: said["keys"]],
        brief=brief,
    )


def _starts_with(opening: list[int], head: list[int]) -> bool:
    return bool(head) and opening[: len(head)] == head


def _checksum(link: str) -> int:
    return int.from_bytes(blake2b(link.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1


def _opening(body: str) -> str:
    """Return the start of the text without dateline, byline and a word cut in two at the end."""
    body = body[:MAX_TEXT_CHARS].rstrip()
    if body.endswith(("…", "...", "]")):
        body = _CUT.sub("", body)
    for pattern in (_BYLINE, _DATELINE):
        found = pattern.match(body)
        if found:
            body = body[found.end() :]
    return body


def words(plain: str, at_most: int) -> list[int]:
    """Return the words of the text as numbers, kinds in the low bits."""
    pattern = _ASCII_TOKEN
    if not plain.isascii():
        plain, pattern = _MARKS.sub("", unicodedata.normalize("NFKC", plain)), _TOKEN
    if _SPACED_DIGITS.search(plain):
        plain = _SPACED_THOUSANDS.sub(lambda m: m[1] + re.sub(r"\D", "", m[2]), plain)
    told = list(map(_words_met.__getitem__, pattern.findall(plain)[: at_most + at_most // 4]))
    capitals = sum([word & KIND_MASK == NAME for word in told])
    if not capitals:
        return [word for word in told if word][:at_most]
    if capitals * 5 > (len(told) - told.count(0)) * 3:  # a Headline In Capitals tells no names
        return [word & ~KIND_MASK if word & KIND_MASK == NAME else word for word in told if word][:at_most]
    # The first word of a sentence has a capital whatever it is.
    return [
        word if before or word & KIND_MASK != NAME else word & ~KIND_MASK
        for before, word in zip([0, *told], told, strict=False)
        if word
    ][:at_most]


class _Words(dict[str, int]):
    """The numbers of the words met lately; 0 for what ends a sentence."""

    def __missing__(self, token: str) -> int:
        if len(self) >= MAX_WORDS_MET:
            self.clear()
        number = self[token] = _word(token)
        return number


_words_met = _Words()


def _word(token: str) -> int:
    if token in _ENDS:
        return 0
    ignored, telling, han_numbers, length = _vocabulary()
    folded = token.lower().replace("`", "'") if token.isascii() else text.fold(token)
    if folded[0].isdigit():
        return _tagged(_number(folded), NUMBER)
    stem = folded[:length]
    if folded[: length + 2] in ignored:
        return _tagged(stem, WORD)
    if folded in han_numbers or folded[: length + 2] in telling:
        return _tagged(folded[: length + 2], TELLING)
    return _tagged(stem, NAME if token[0].isupper() and len(token) > 1 else WORD)


def _tagged(stem: str, kind: int) -> int:
    """Return 18 bits of checksum, 12 that say which letters there are, 2 of kind."""
    letters = 0
    for letter in stem:
        letters |= 1 << ord(letter) % 12
    return crc32(stem.encode()) >> 14 << 14 | letters << 2 | kind


def respelled(first: int, second: int) -> bool:
    """Say whether two words may be one in two spellings: nearly the same letters."""
    ours, theirs = first >> 2 & 0xFFF, second >> 2 & 0xFFF
    return (ours ^ theirs).bit_count() <= 2 and (ours & theirs).bit_count() >= 4


def _number(digits: str) -> str:
    """Return one spelling of a number: 1,655.8 and 1 655,8 are 1655.8; 5,2 is 5.2."""
    if _GROUPED.fullmatch(digits) and not digits.startswith("0"):
        return re.sub("[.,]", "", digits)
    whole, mark, rest = digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")
    return f"{re.sub('[.,]', '', whole)}.{rest}" if mark else digits


def bigrams(sequence: Sequence[int]) -> Hashes:
    """Return the 32-bit hashes of neighbouring words, kinds left out."""
    plain = np.array(sequence, np.uint64)
    plain >>= 2
    if len(plain) < 2:
        return plain
    mixed: Hashes = plain[:-1] << np.uint64(32)
    mixed |= plain[1:]
    mixed *= _GOLDEN
    mixed >>= 32
    return mixed
