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
from feeds.dedupe import places
from feeds.model import Entry

WORD, NUMBER, NAME, TELLING = range(4)
KIND_MASK = 3
MAX_TITLE_CHARS, MAX_OPENING_CHARS = 300, 700
MAX_TEXT_CHARS = 1500  # of the summary or content that are read for a sketch
MAX_WORDS_MET = 2**16

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W\d_{_HAN}]"
_TOKEN = re.compile(
    rf"{_LETTER}{{2,}}(?:['’ʻʼ`‘]{_LETTER}+)*|{_LETTER}\.(?!\w\w)|{_LETTER}(?:['’ʻʼ`‘]{_LETTER}+)*"
    rf"|\d+(?:[.,]\d+)*|[{_HAN}]|[.!?…。।۔؟:]"
)
# The same where all is ASCII, in a third of the time: most of a stream, and the hottest line of it.
_ASCII_TOKEN = re.compile(
    r"[A-Za-z]{2,}(?:['`][A-Za-z]+)*|[A-Z]\.(?![a-z]{2})|[A-Za-z](?:['`][A-Za-z]+)*|\d+(?:[.,]\d+)*|[.!?:]", re.ASCII
)
_FIRST = re.compile(rf"[\W_]*({_LETTER}(?={_LETTER}{{2}})|[{_HAN}])")
_IS_HAN = re.compile(f"[{_HAN}]")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_MARKS = re.compile("[\u200b-\u200f\u0610-\u061a\u064b-\u065f\u0670\u00ad]")
_TENS = frozenset(range(20, 100, 10))
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

BITS = 256  # of a sketch: each pair of words sets one
_HEADER = struct.Struct("<QBBBx32s")
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: the high half of the product is the hash

Hashes = npt.NDArray[np.uint64]


@cache
def settings() -> dict[str, Any]:
    """Return data/dedupe.toml."""
    return tomllib.loads(resources.files("feeds").joinpath("data/dedupe.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vocabulary:
    """The words of data/dedupe.toml, compiled."""

    ignored: frozenset[str]
    telling: frozenset[str]
    stems: frozenset[str]
    stem_starts: frozenset[str]
    numeral_starts: frozenset[str]
    han_numbers: frozenset[str]
    numerals: dict[str, int]
    multipliers: dict[str, int]
    tens_before_units: frozenset[str]
    one_after_tens: frozenset[str]
    endings: re.Pattern[str]
    ending: tuple[str, ...]
    letters: int
    sounds: dict[str, int]  # consonant -> which of 15 it sounds like, from 1


@cache
def _vocabulary() -> _Vocabulary:
    said = settings()
    length = said["sketch"]["prefix_letters"]

    def prefixes(words: Sequence[str]) -> frozenset[str]:
        return frozenset(text.fold(word)[: length + 2] for word in words)

    def values(table: dict[str, str]) -> dict[str, int]:
        return {text.fold(word): int(value) for value, words in table.items() for word in words.split()}

    endings = tuple(said["sketch"]["endings"].split())
    stems = frozenset(map(text.fold, said["telling"]["stems"]))
    numerals, multipliers = values(said["numerals"]), values(said["multipliers"])
    return _Vocabulary(
        ignored=prefixes(said["ignored"]["words"]),
        telling=prefixes(said["telling"]["words"]),
        stems=stems,
        stem_starts=frozenset(stem[:5] for stem in stems),
        numeral_starts=frozenset(word[:2] for word in [*numerals, *multipliers]),
        han_numbers=frozenset(said["telling"]["han_numbers"]),
        numerals=numerals,
        multipliers=multipliers,
        tens_before_units=frozenset(said["telling"]["tens_before_units"].split()),
        one_after_tens=frozenset(said["telling"]["one_after_tens"].split()),
        endings=re.compile(f"(?<=...)(?:{'|'.join(endings)})$"),
        ending=endings,
        letters=length,
        sounds={letter: n for n, letters in enumerate(said["spelling"]["sounds"].split(), 1) for letter in letters},
    )


@cache
def _places() -> places.Places:
    said = settings()["places"]
    return places.known(*(tuple(said[name].split()) for name in ("spaced", "unspaced", "attached")))


@cache
def _han_token() -> re.Pattern[str]:
    """Return the tokens of a text with Han: the names of places first, then what all texts have."""
    return re.compile(f"{_places().unspaced_names()}|{_TOKEN.pattern}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is remembered of an entry to know its copies by."""

    link: int  # checksums of the site (16 bits) and of the canonical link (48); 0: no link
    title: "array[int]"  # words
    text: "array[int]"  # the opening words; those of the title too when the text is short
    keys: tuple[int, ...]  # smallest bigram hashes, ascending
    brief: bool  # there is a headline only
    bits: int  # BITS of them, one set by each bigram: enough to see at a glance that two texts are unlike

    def pack(self) -> bytes:
        """Return the sketch as bytes that `unpack` reads: header, keys, title, text."""
        bits = self.bits.to_bytes(BITS // 8, "little")
        head = _HEADER.pack(self.link, len(self.keys), len(self.title), self.brief, bits)
        return head + array("I", self.keys).tobytes() + self.title.tobytes() + self.text.tobytes()


def unpack(packed: bytes) -> Sketch:
    """Return the sketch that `Sketch.pack` wrote."""
    link, keys, title, brief, bits = _HEADER.unpack_from(packed)
    words = array("I")
    words.frombytes(packed[_HEADER.size :])
    return Sketch(
        link=link,
        keys=tuple(words[:keys]),
        title=words[keys : keys + title],
        text=words[keys + title :],
        brief=bool(brief),
        bits=int.from_bytes(bits, "little"),
    )


def bits_of(packed: bytes) -> int:
    """Return the bits of a packed sketch."""
    return int.from_bytes(packed[_HEADER.size - BITS // 8 : _HEADER.size], "little")


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
        title=array("I", _headed(head, title)),
        text=told,
        keys=tuple(dict.fromkeys(hashes.tolist()))[: said["keys"]],
        brief=brief,
        bits=_bits(hashes),
    )


def _headed(head: list[int], title: str) -> list[int]:
    """Return the words of a title, the first as a name if it may be one: a word with a capital, or Han."""
    if not head or head[0] & KIND_MASK != WORD:
        return head
    first = _FIRST.match(title)
    if first is None or not (first[1].isupper() or first[1] >= _HAN[0]):  # neither a capital nor Han, which has none
        return head
    return [head[0] | NAME, *head[1:]]


def _bits(hashes: Hashes) -> int:
    flags = np.zeros(BITS, np.uint8)
    flags[hashes % BITS] = 1
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _starts_with(opening: list[int], head: list[int]) -> bool:
    return bool(head) and opening[: len(head)] == head


def _checksum(link: str) -> int:
    """Return 16 bits of the site and 48 of the canonical link."""
    site = link.split("/", 3)[2] if "://" in link else ""
    return (_hash(site, 2) << 48 | _hash(link, 6)) or 1


def _hash(plain: str, size: int) -> int:
    return int.from_bytes(blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=size).digest())


def same_site(first: Sketch, second: Sketch) -> bool:
    """Say whether the links of two entries lead to one host."""
    return bool(first.link and second.link) and first.link >> 48 == second.link >> 48


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
        plain = _MARKS.sub("", unicodedata.normalize("NFKC", plain))
        pattern = _han_token() if _IS_HAN.search(plain) else _TOKEN
    if _SPACED_DIGITS.search(plain):
        plain = _SPACED_THOUSANDS.sub(lambda m: m[1] + re.sub(r"\D", "", m[2]), plain)
    tokens = pattern.findall(plain)[: at_most + at_most // 4]
    told = list(map(_words_met.__getitem__, tokens))
    if not _words_met.multiplying.isdisjoint(told):
        told = _multiplied(tokens, told)
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

    def __init__(self) -> None:
        super().__init__()
        self._older: dict[str, int] = {}
        self.multiplying: set[int] = set()  # those after which a look at the number before is due

    def __missing__(self, token: str) -> int:
        if token[0].isdecimal():  # nearly all are met once
            return _digits(token)
        if len(self) >= MAX_WORDS_MET:
            self._older = dict(self)
            self.clear()
        number = self._older.get(token)
        if number is None:
            folded = _folded(token)
            number = _word(token, folded)
            if number & KIND_MASK == NUMBER or _multiplier(folded) is not None:
                self.multiplying.add(number)
        self[token] = number
        return number


_words_met = _Words()


def _folded(token: str) -> str:
    return token.lower().replace("`", "'") if token.isascii() else text.fold(token)


def _digits(token: str) -> int:
    if token.isascii() and token.isdigit() and len(token) < 16:
        return _tagged(token.lstrip("0") or "0", NUMBER)
    return _tagged(_spelled(float(_number(_folded(token)))), NUMBER)


def _word(token: str, folded: str) -> int:
    if token in _ENDS:
        return 0
    if token.endswith("."):  # an initial: it ends no sentence, and is a name
        return _tagged(folded, NAME) if token[0].isupper() or token[0].upper() == token[0].lower() else 0
    value = _numeral(folded)
    if value is not None:
        return _tagged(_spelled(value), NUMBER)
    if token[0] > "\u0590" and len(token) > 1:  # from Hebrew on there are hardly capitals to show a name
        place = _places().unspaced.get(token) or _places().spaced_place(folded)
        if place is not None:
            return _tagged(place, TELLING)
    known = _vocabulary()
    start, prefix = folded[: known.letters], folded[: known.letters + 2]
    stem = start
    if len(folded) < known.letters + 4 and folded.endswith(known.ending):
        stem = known.endings.sub("", folded)[: known.letters]
    if prefix in known.ignored:
        return _tagged(stem, WORD)
    if len(folded) > 4 and folded[:5] in known.stem_starts:
        for end in range(max(5, len(folded) - 5), len(folded) + 1):
            if folded[:end] in known.stems:
                return _tagged(folded[:end], TELLING)
    if folded in known.han_numbers or prefix in known.telling:
        return _tagged(prefix, TELLING)
    return _tagged(stem, NAME if token[0].isupper() and len(token) > 1 else WORD)


def _numeral(folded: str) -> int | None:
    """Return the number that a word says."""
    known = _vocabulary()
    if folded[:2] not in known.numeral_starts:
        return None
    value = known.numerals.get(folded)
    return value if value is not None else known.numerals.get(known.endings.sub("", folded))


def _multiplier(folded: str) -> int | None:
    known = _vocabulary()
    if folded[:2] not in known.numeral_starts:
        return None
    value = known.multipliers.get(folded)
    return value if value is not None else known.multipliers.get(known.endings.sub("", folded))


def _value(token: str) -> float | None:
    """Return the number that digits or a word say."""
    return float(_number(_folded(token))) if token[0].isdecimal() else _numeral(_folded(token))


def _spelled(value: float) -> str:
    return f"{value:.17g}"


def _unit(token: str) -> float | None:
    """Return what a word says that may stand after twenty: one to nine."""
    value = None if token[0].isdecimal() else _value(token)
    if value is None:
        return 1 if token.lower() in _vocabulary().one_after_tens else None
    return value if value < 10 else None


def _multiplied(tokens: Sequence[str], told: list[int]) -> list[int]:
    """Return the words with numbers of several words made one: twenty five, он екі, 3 thousand."""
    joined: list[int] = []
    at = 0
    told = [*told, 0]
    multiplying = _words_met.multiplying
    while at < len(tokens):
        if told[at] not in multiplying and told[at + 1] not in multiplying:
            joined.append(told[at])  # nearly every word: it says no number, and none follows
            at += 1
            continue
        value, end = _value(tokens[at]), at + 1
        unit = _unit(tokens[end]) if end < len(tokens) else None
        if unit is not None and unit > 1 and tokens[at].lower() in _vocabulary().tens_before_units:
            value, end = 10 + unit, end + 1
        elif unit is not None and value is not None and value in _TENS and not tokens[at][0].isdecimal():
            value, end = value + unit, end + 1
        more = _multiplier(_folded(tokens[end])) if value is not None and end < len(tokens) else None
        if value is not None and more is not None:
            value, end = value * more, end + 1
        joined.append(told[at] if value is None or end == at + 1 else _tagged(_spelled(value), NUMBER))
        at = end
    return joined


def _tagged(stem: str, kind: int) -> int:
    """Return 14 bits of checksum, 4 of the first consonant, 12 of letters, 2 of kind; of a number 30 and 2."""
    checksum = crc32(stem.encode())
    if kind == NUMBER:
        return checksum & ~KIND_MASK | kind
    letters = 0
    for letter in stem:
        letters |= 1 << ord(letter) % 12
    sounds, first = _vocabulary().sounds, 0
    for letter in stem:
        if letter in sounds:
            first = sounds[letter]
            break
    return checksum >> 18 << 18 | first << 14 | letters << 2 | kind


def respelled(first: int, second: int) -> bool:
    """Say whether two words may be one in two spellings: the same first consonant, nearly the same letters."""
    if (first ^ second) >> 14 & 0xF:
        return False
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
