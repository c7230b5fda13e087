"""An entry, small enough to remember: the opening words of its text as numbers, and its link."""

import re
import struct
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from feeds import text, urls
from feeds.dedupe import words
from feeds.dedupe.vocabulary import settings
from feeds.dedupe.words import HAN, KIND_BITS, KIND_MASK, NAME, WORD
from feeds.model import Entry

MAX_TITLE_CHARS, MAX_OPENING_CHARS = 300, 700
MAX_TEXT_CHARS = 1500  # of the summary or content that are read for a sketch

_FIRST = re.compile(rf"[\W_]*([^\W\d_{HAN}](?=[^\W\d_{HAN}]{{2}})|[{HAN}])")
_CAPITAL = "A-ZА-ЯӘҒҚҢӨҰҮҺІЁ"
_AGENCY = r"(?:\([^()\n]{2,30}\)|/[^/\n]{2,30}/|\[[^\]\n]{2,30}\])"
# "ASTANA, 12 May (Kazinform) -", "ТАШКЕНТ, 12 мая /УзА/.", "По сообщению ...": the desk's, not the story's.
_DATELINE = re.compile(
    rf"\s*(?:[^\W\d_][^.!?()\n/]{{0,50}}?[,.]?\s*)?{_AGENCY}\s*[-–—:.]+\s+"
    rf"|\s*(?:(?:[{_CAPITAL}][{_CAPITAL} ,-]{{2,40}}|[^\W\d_][^.!?()\n/]{{0,40}}?\d[^.!?()\n/]{{0,20}}?)[,.]?\s*)?"
    rf"{_AGENCY}\s+(?=[{_CAPITAL}])"
    rf"|\s*[{_CAPITAL}][^\W\d_]{{2,20}}(?:, [^.!?()\n/-]{{3,30}})?"
    r"(?:\s+[-–—]\s*|\s*[–—]{1,2}\s*)(?:[A-Z]{2,10}\s*[.:-]\s*)?"
)
MAX_DATELINE_CHARS, MAX_CUT_CHARS = 90, 60
_DRESSED = re.compile(r"[(/\[–—-]")  # without one of these there is no dateline
_BYLINE = re.compile(
    r"\s*(?:By|BY|Автор:?|Müəllif:?|Yazar:?)\s+(?:[A-Z\u0400-\u042f][\w.'-]+\s+){1,3}(?=[A-Z\u0400-\u042f<])"
)
# "August 12, 2020 10:21 AM", "12 мая 2026, 10:21": when it was published.
_CLOCKED = re.compile(
    r"\s*(?:[^\W\d_]{3,10}\.? \d{1,2},? \d{4}|\d{1,2} [^\W\d_]{3,10},? \d{4}|\d{1,2}[./]\d{1,2}[./]\d{2,4}),?"
    r" \d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?\b[\s|–—-]*"
)
_CLOCK, MAX_MOMENT_CHARS = re.compile(r"\d[:.]\d\d"), 40  # without it there is no time
_MARK, MAX_LABEL_CHARS = re.compile("[:：|-]"), 30  # without it there is no label
_CUT = re.compile(rf"\s*(?:[^\s{HAN}]*(?:\.\.\.|…)|\[[^\]]{{0,3}}\])\s*$")

_DIGITS = re.compile(r"\d+")
_TAG = re.compile(r"<[^<>]*>")

BITS = 256  # of a sketch: each pair of words sets one
_HEADER = struct.Struct("<QBBBB32s")
FORM = 1  # of packed sketches; in form 0 numbers had other bits
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: the high half of the product is the hash
_HALF, _KIND_BITS = np.uint64(32), np.uint64(KIND_BITS)

Hashes = npt.NDArray[np.uint64]


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
        head = _HEADER.pack(self.link, len(self.keys), len(self.title), self.brief, FORM, bits)
        return head + array("I", self.keys).tobytes() + self.title.tobytes() + self.text.tobytes()


def unpack(packed: bytes) -> Sketch:
    """Return the sketch that `Sketch.pack` wrote, now or in form 0."""
    link, keys, title, brief, form, bits = _HEADER.unpack_from(packed)
    told = array("I", packed[_HEADER.size :])
    if form < FORM:
        told[keys:] = array("I", map(words.renumbered, told[keys:]))
    return Sketch(
        link=link,
        keys=tuple(told[:keys]),
        title=told[keys : keys + title],
        text=told[keys + title :],
        brief=bool(brief),
        bits=int.from_bytes(bits, "little"),
    )


def bits_of(packed: bytes) -> int:
    """Return the bits of a packed sketch."""
    return int.from_bytes(packed[_HEADER.size - BITS // 8 : _HEADER.size], "little")


def link_of(packed: bytes) -> int:
    """Return the link of a packed sketch."""
    return int.from_bytes(packed[:8], "little")


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


def of_text(*, title: str, body: str, link: str | None, template: bool = False) -> Sketch:
    """Return the sketch of a title and a body of plain text.

    What its source writes again and again (`template`) is known by its link alone.
    """
    said = settings()["sketch"]
    most: int = said["keys"]
    title, body = _unlabelled(title), _unlabelled(body)
    head = words.of_text(title[:MAX_TITLE_CHARS], said["title_words"])
    opening = words.of_text(_opening(body)[:MAX_OPENING_CHARS], said["text_words"])
    brief = False
    if len(opening) < said["enough_text"]:
        if not head or opening[: len(head)] != head:
            opening = head + opening
        brief = len(opening) <= len(head)
    elif len(opening) <= len(head) + said["echo"]:  # "Headline", and under it "Headline Reuters"
        echoed = {word >> KIND_BITS for word in head}
        brief = sum(word >> KIND_BITS not in echoed for word in opening) <= said["echo"]
    hashes = bigrams(opening)
    hashes.sort()
    if template:
        hashes = hashes[:0]
    return Sketch(
        link=_checksum(urls.canonical(link)) if link else 0,
        title=_headed(head, title),
        text=_named(opening, head),
        keys=tuple(dict.fromkeys(hashes[: 2 * most].tolist()))[:most],  # a pair of words may come twice
        brief=brief,
        bits=_bits(hashes),
    )


def _unlabelled(plain: str) -> str:
    """Return a text without "Breaking:" and the like before it."""
    found = _label().match(plain) if _MARK.search(plain, 0, MAX_LABEL_CHARS) else None
    return plain[found.end() :] if found else plain


@cache
def _label() -> re.Pattern[str]:
    """Return what may stand before a headline or a text, with its colon or dash; of an update, with its number."""
    labels = "|".join(sorted(map(re.escape, settings()["ignored"]["labels"]), key=len, reverse=True))
    return re.compile(rf"\s*[\[(]?(?:{labels})(?: \d{{1,2}})?[\])]?\s*[:：|-]\s*(?=\S)", re.IGNORECASE)


def templates(entries: Sequence[Entry]) -> tuple[bool, ...]:
    """Return which entries of a document prove nothing by their words, because its others say the same.

    Those are short texts that another repeats with other numbers ("Post 3" beside "Post 4"), and a text of any
    length, numbers aside, that stands below several headlines.
    """
    bodies = [_DIGITS.sub("0", _opening_of(entry)) for entry in entries]
    wholes = [f"{entry.title[:MAX_TITLE_CHARS]}\n{body}" for entry, body in zip(entries, bodies, strict=True)]
    masks = [_DIGITS.sub("0", whole) for whole in wholes]
    spoken, headed = defaultdict(set), defaultdict(set)
    for entry, whole, mask, body in zip(entries, wholes, masks, bodies, strict=True):
        spoken[mask].add((whole, _opening_of(entry)))
        headed[body].add(entry.title)
    at = settings()["match"]
    return tuple(
        (len(spoken[mask]) > 1 and len(mask.split()) < at["short_words"])
        or (body != "" and len(headed[body]) >= at["boilerplate"])
        for mask, body in zip(masks, bodies, strict=True)
    )


def _opening_of(entry: Entry) -> str:
    """Return the beginning of an entry's text as its publisher wrote it, without tags."""
    return _TAG.sub(" ", (entry.summary or entry.content or "")[:MAX_OPENING_CHARS]).strip()


def _headed(head: "array[int]", title: str) -> "array[int]":
    """Return the words of a title, the first as a name if it may be one: a word with a capital, Han or Georgian."""
    if not head or head[0] & KIND_MASK != WORD:
        return head
    first = _FIRST.match(title)
    # Han and Georgian have no capitals at the beginning of a word.
    if first is None or not (first[1].isupper() or first[1] >= HAN[0] or "ა" <= first[1] <= "ჿ"):
        return head
    return array("I", (head[0] | NAME,)) + head[1:]


def _named(opening: "array[int]", head: "array[int]") -> "array[int]":
    """Return a text whose first word is a name if a name follows and the headline has it: "Meghna Bank has signed"."""
    if len(opening) < 2 or opening[1] & KIND_MASK != NAME or opening[0] & KIND_MASK != WORD:
        return opening
    first = opening[0]
    if first not in head and first | NAME not in head:
        return opening
    return array("I", (first | NAME,)) + opening[1:]


def _bits(hashes: Hashes) -> int:
    flags = np.zeros(BITS, np.uint8)
    flags[hashes.astype(np.uint8)] = 1  # the lowest bits: of BITS
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _checksum(link: str) -> int:
    """Return 16 bits of the site and 48 of the canonical link."""
    site = link.split("/", 3)[2] if "://" in link else ""
    return (_site(site) << 48 | _hash(link, 6)) or 1


@lru_cache(2**12)
def _site(name: str) -> int:
    return _hash(name, 2)


def _hash(plain: str, size: int) -> int:
    return int.from_bytes(blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=size).digest())


def same_site(first: Sketch, second: Sketch) -> bool:
    """Say whether the links of two entries lead to one host."""
    return bool(first.link and second.link) and first.link >> 48 == second.link >> 48


def _opening(body: str) -> str:
    """Return the start of the text without dateline, byline and a word cut in two at the end."""
    body = body[:MAX_TEXT_CHARS].rstrip()
    if body.endswith(("…", "...", "]")):
        body = body[:-MAX_CUT_CHARS] + _CUT.sub("", body[-MAX_CUT_CHARS:])  # looked for from every place it is given
    for dress in (_CLOCKED, _BYLINE) if _CLOCK.search(body, 0, MAX_MOMENT_CHARS) else (_BYLINE,):
        found = dress.match(body)
        if found:
            body = body[found.end() :]
    found = _DATELINE.match(body) if _DRESSED.search(body, 0, MAX_DATELINE_CHARS) else None
    return body[found.end() :] if found else body


def bigrams(sequence: "array[int]") -> Hashes:
    """Return the 32-bit hashes of neighbouring words, kinds left out."""
    plain = np.frombuffer(sequence, np.uint32).astype(np.uint64)
    plain >>= _KIND_BITS
    if len(plain) < 2:
        return plain
    mixed: Hashes = plain[:-1] << _HALF
    mixed |= plain[1:]
    mixed *= _GOLDEN
    mixed >>= _HALF
    return mixed
