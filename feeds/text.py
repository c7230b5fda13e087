"""Plain text, the same way everywhere: folding, cleaning, HTML to text, words, sentences.

A leaf: everything takes and returns `str`, runs in time linear in its input, and never raises.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, TypeVar

Value = TypeVar("Value")

ELLIPSIS = "…"

# Unicode's Bidi_Control: invisible, and an override turns the rest of a subscriber's page around.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# XML 1.0 section 2.2 allows none of the first; C1 controls are debris of wrong encodings.
_ILLEGAL = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_BIDI}"
# Marks of nothing: soft hyphen, zero-width space, word joiner, byte order mark. The joiners
# U+200C and U+200D stay: Persian spelling and emoji need them.
_INVISIBLE = "\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb"
_UNWANTED = re.compile(f"[{_ILLEGAL}{_INVISIBLE}]")

_APOSTROPHES = "\u02bb\u02bc\u02b9\u02bd\u02be\u02bf\u02c8\u2018\u2019\u201b\u2032\u055a\ua78c\uff07`\u00b4"
_FOLDED: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    # Arabic and Persian keyboards write one letter in two ways; the tatweel only stretches.
    ord("ي"): "ی",
    ord("ى"): "ی",
    ord("ك"): "ک",
    ord("ة"): "ه",
    ord("ۀ"): "ه",
    0x0640: None,
    **{zero + digit: str(digit) for zero in (0x0660, 0x06F0, 0x0966) for digit in range(10)},
    ord("ё"): "е",
    ord("Ё"): "е",
}
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_VOWEL_SIGNS = re.compile("[\u064b-\u065f\u0670\u0591-\u05bd\u05bf\u05c1\u05c2]")  # Arabic harakat, Hebrew niqqud


def fold(text: str, *, diacritics: bool = True) -> str:
    """Return the text as comparisons want it: case, width, apostrophes and invisible marks gone.

    `diacritics=False` also takes accents off Latin and Greek letters (`ç` to `c`, `ı` to `i`);
    й and ў are letters of their own and stay. Folding twice is folding once. Lengths change.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _VOWEL_SIGNS.sub("", _JOINERS.sub("", clean(text))).translate(_FOLDED).casefold()
        # Casefolding can undo the composed form: `İ` becomes `i` and a loose dot.
        text = unicodedata.normalize("NFKC", text.replace("i\u0307", "i")).translate(_FOLDED)
        return clean(text if diacritics else _without_accents(text))
    return clean(text).replace("`", "'").lower()


def _without_accents(text: str) -> str:
    loose = unicodedata.normalize("NFD", text)
    kept = re.sub("(?<=[a-z\u0370-\u03ff\u1f00-\u1fff])[\u0300-\u036f]+", "", loose)
    return unicodedata.normalize("NFC", kept).translate({ord("ı"): "i", ord("ø"): "o", ord("đ"): "d", ord("ł"): "l"})


def legal(text: str) -> str:
    """Return the text without what XML forbids and without bidi and invisible controls; white space stays."""
    # Every one of them is a control, a format or unassigned to Python: the quick look misses none.
    return text if text.isprintable() or text.replace("\n", "").isprintable() else _UNWANTED.sub("", text)


# UTF-8 that was read as Latin-1 or Windows-1252 on its way: "mÃ¡s", "itâ€™s".
_HIGH = {code: byte for byte in range(0x80, 0xA0) if (code := bytes([byte]).decode("cp1252", "ignore"))}
_TAIL = f"[\x80-\xbf{''.join(_HIGH)}]"
_TWICE = re.compile(f"(?:[ÂÃ]{_TAIL}|â[\x80€\x84„]{_TAIL})+")
_CIRCUMFLEXED = ("â\x80", "â€", "â\x84", "â„")  # how the third of them starts: French has the letter alone
_IN_A_WORD = re.compile(f"(?:(?<=[a-z]){_TWICE.pattern}|{_TWICE.pattern}(?=[a-z]))")


def mended(text: str) -> str:
    """Return the text as it was before it was encoded twice; any other text as it is.

    A single such sequence counts inside a word in small letters only: "IRMÃ»" may have one by chance.
    """
    for _ in range(2):  # twice is seen, thrice never was
        # Written out: this is asked of every value of every feed, and a pattern or a loop costs as much again and more.
        if text.isascii() or not (
            "Ã" in text or "Â" in text or ("â" in text and any(start in text for start in _CIRCUMFLEXED))
        ):
            break
        if not (_IN_A_WORD.search(text) or len(_TWICE.findall(text)) > 1):
            break
        text = _TWICE.sub(_once, text)
    return text


def _once(found: re.Match[str]) -> str:
    try:
        return bytes(_HIGH.get(letter) or ord(letter) for letter in found[0]).decode()
    except UnicodeDecodeError:
        return found[0]


def clean(text: str) -> str:
    """Return the text on one line: `legal`, white space folded to single spaces, none around it."""
    return " ".join(legal(text).split())


# HTML to text

# Every attempt stops at the next `<`, so no input makes it look at a character more than a few times.
_TAG = re.compile(
    r"""<(/?[a-zA-Z][^\s<>/]*+)(?:[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+|[^<>]*+)>|<[!?/][^<>]*+>"""
)
_RAW = re.compile(r"<(script|style|noscript|template|svg|math|head|iframe|object|textarea|title)\b|<!--", re.IGNORECASE)
INLINE = frozenset(
    re.findall(
        r"\S+",
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q rp rt ruby s"
        " samp small span strike strong sub sup time tt u var wbr",
    )
)


def from_html(markup: str) -> str:
    """Return the text a reader would see: entities resolved, one line a block, scripts and comments left out."""
    if "<" not in markup:
        return clean(html.unescape(markup) if "&" in markup else markup)
    spaced = _TAG.sub(_gap, _without_raw(" ".join(markup.split())))
    lines = html.unescape(spaced).split("\n") if "&" in spaced else spaced.split("\n")
    if not all(map(str.isprintable, lines)):  # as in `legal`, asked of a line without a call for each
        lines = list(map(legal, lines))
    return "\n".join(filter(None, map(" ".join, map(str.split, lines))))


def _gap(tag: re.Match[str]) -> str:
    return _GAPS[tag[1]]


class _Gaps(dict[str | None, str]):
    """What each tag leaves, by its name as written; `None`: a comment or a declaration."""

    def __missing__(self, name: str | None) -> str:
        gap = "" if name is None or name.lstrip("/").lower() in INLINE else "\n"
        if len(self) < _MAX_TAG_NAMES:
            self[name] = gap
        return gap


_MAX_TAG_NAMES = 1000  # remembered: markup may have any name
_GAPS = _Gaps()


def _without_raw(markup: str) -> str:
    """Leave out comments, and the elements whose content is not prose; an unclosed one goes to the end."""
    kept, position = [], 0
    while opened := _RAW.search(markup, position):
        kept.append(markup[position : opened.start()])
        if opened[1] is None:
            end = markup.find("-->", opened.end())
            position = len(markup) if end < 0 else end + 3
            continue
        closing = re.compile(f"</{opened[1]}[^>]*>", re.IGNORECASE).search(markup, opened.end())
        position = len(markup) if closing is None else closing.end()
    kept.append(markup[position:])
    return "".join(kept)


# Words and sentences

_MARKS = (  # what \w leaves out: accents and the vowel signs of the Indic and South-East Asian scripts
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0980-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd\u0b3c-\u0b57\u0bbe-\u0bcd"
    "\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3b-\u0d4d\u0dca-\u0ddf\u0e31\u0e34-\u0e4e\u0eb1-\u0ecd\u0f71-\u0fbc"
    "\u102b-\u103e\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff"
)
_NO_SPACES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # kana and Han
_WORD = re.compile(
    rf"[{_NO_SPACES}]|[^\W_{_NO_SPACES}][^\W_{_NO_SPACES}{_MARKS}]*(?:[{_MARKS}\u200c\u200d'‘’ʻʼ`´]+[^\W_{_NO_SPACES}]+)*[{_MARKS}]*"
)


def words(text: str) -> tuple[str, ...]:
    """Return the words in order, case kept: letters, marks and digits, apostrophes inside.

    A hyphen parts words. Han and kana are written without spaces: each character is a word.
    """
    return tuple(_WORD.findall(text))


_PARTED = re.compile(rf"(?<=[{_NO_SPACES}]) (?=[{_NO_SPACES}])")


def joined(spaced: str) -> str:
    """Return words with spaces between them as their scripts write them: Han and kana without."""
    return _PARTED.sub("", spaced)


class Memo(dict[str, Value]):
    """What `answer` says of each piece of text, asked once; those not met among many others are forgotten."""

    def __init__(self, answer: Callable[[str], Value], *, most: int = 20_000) -> None:
        self._answer = answer
        self._most = most
        self._older: dict[str, Value] = {}

    def __missing__(self, piece: str) -> Value:
        answer = self._older[piece] if piece in self._older else self._answer(piece)
        if len(piece) <= _MEMORABLE_LENGTH:  # addresses come once
            if len(self) >= self._most:
                self._older = dict(self)
                self.clear()
            self[piece] = answer
        return answer


_MEMORABLE_LENGTH = 40

_ASCII_GAPS = bytes(code if code > 0x7F or chr(code).isalnum() or chr(code) in "'`|_" else 0x20 for code in range(256))
_COMMON_GAPS = "«»“”„–—…"


@lru_cache(maxsize=128)  # titles and bodies of a document's entries, for which each stage asks in turn
def pieces(text: str) -> tuple[str, ...]:
    """Return `in_pieces` of an entry's text, remembered for the next stage."""
    return in_pieces(text)


def in_pieces(text: str) -> tuple[str, ...]:
    """Return the text in lower case, cut at what is never part of a word: ASCII marks, dashes, quotes.

    Fast, and not exact: rarer marks stay with the words, apostrophes, `|` and `_` always do. Nothing is lost but the
    one character between each two pieces, so their lengths give their places.
    """
    low = text.lower()
    if len(low) != len(text):
        low = text.replace("İ", "i").lower()  # the one letter that is longer in lower case
    if not low.isascii():
        for mark in _COMMON_GAPS:
            low = low.replace(mark, " ")
    return tuple(
        low.encode("utf-8", "surrogatepass").translate(_ASCII_GAPS).decode("utf-8", "surrogatepass").split(" ")
    )


_PARTING = '«»“”„()–—"/;-،؛'
_PARTING_ASCII = dict.fromkeys(map(ord, '()"/;-[]'), " ")


def chunks(plain: str) -> list[str]:
    """Return what stands between spaces and marks that part words, case kept: mostly words, with the point after them.

    Not every mark that parts words does it here: the rest is found in each chunk, of which most were met before.
    """
    if plain.isascii():
        plain = plain.translate(_PARTING_ASCII)
    else:
        for mark in _PARTING:
            if mark in plain:
                plain = plain.replace(mark, " ")
    return plain.replace(", ", " ").split()


_STOPS = ".!?…。．！？｡؟۔।॥։።፧។៕။༎།\u2026"
_CLOSERS = "\"'»”’)\\]）」』》›“"
_END = re.compile(rf"[{_STOPS}]+[{_CLOSERS}]*(?=\s|$)|[。．！？｡]+[{_CLOSERS}]*|\n")


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences in order, none empty; line breaks part them too.

    A full stop after an initial, an abbreviation (feeds/data/abbreviations.txt) or before a
    small letter does not end one.
    """
    return tuple(text[start:end].strip() for start, end in _spans(text) if text[start:end].strip())


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _END.finditer(text):
        if stop[0].startswith(".") and not _ends(text, start, stop):
            continue
        yield start, stop.end()
        start = stop.end()
    yield start, len(text)


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    following = text[stop.end() : stop.end() + 3].lstrip()[:1]
    if following.islower() and not "\u10d0" <= following <= "\u10ff":  # Georgian has no capitals in use
        return False
    before = text[max(start, stop.start() - 24) : stop.start()]
    last = before.split()[-1].lstrip("(«“\"'") if before.split() else ""
    if len(last) == 1 and last.isalpha():
        return not following
    return not following or ("." not in last and last.casefold() not in _abbreviations())


@cache
def _abbreviations() -> frozenset[str]:
    lines = resources.files("feeds").joinpath("data/abbreviations.txt").read_text("utf-8").splitlines()
    return frozenset(word.casefold() for line in lines if not line.startswith("#") for word in line.split())


def cut(text: str, max_chars: int) -> str:
    """Return the start of the text, at most `max_chars` long, ended at the end of a sentence.

    Where the first sentence alone is too long, it ends at a word and says so with an ellipsis.
    """
    text = text.strip()
    if len(text) <= max_chars:
        return text
    best = 0
    for _, end in _spans(text[: max_chars + 1]):
        if end <= max_chars:
            best = end
    # The last span of a cut text is not a sentence unless a stop ends it.
    whole = text[:best].rstrip()
    if whole and (whole[-1] in _STOPS or whole[-1] in _CLOSERS or text[len(whole)] == "\n"):
        return whole
    return _shorten(text, max_chars)


def _shorten(text: str, max_chars: int) -> str:
    if max_chars < 1:
        return ""
    room = text[:max_chars]
    space = max(room.rfind(" "), room.rfind("\n"))
    kept = room[:space] if space > max_chars // 2 else room[:-1]
    # A letter keeps its marks: vowel signs of Indic and Thai script combine though their class is 0.
    while kept and (unicodedata.category(text[len(kept)])[0] == "M" or text[len(kept)] in "\u200d\ufe0f"):
        kept = kept[:-1]
    return kept.rstrip(" \n,;:-–—،؛、，(«“") + ELLIPSIS


_RTL = re.compile(
    "[\u0590-\u05ff\u0600-\u06ff\u0700-\u074f\u0750-\u077f\u0780-\u07ff\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
)


def direction(text: str) -> Literal["rtl", "ltr"]:
    """Return which way the text runs: the way most of its letters do."""
    if text.isascii():
        return "ltr"
    rtl = len(_RTL.findall(text))
    letters = sum(map(str.isalpha, text))
    return "rtl" if rtl * 2 > letters and rtl else "ltr"
