"""The words of a text as numbers: 32 bits, the same on every machine and in every process.

The low two bits say what a word is (a word, a number, a name, a telling word such as a weekday),
the rest stands for its folded first letters.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from functools import cache, lru_cache
from zlib import crc32

from feeds import han, text
from feeds.dedupe import numerals, vocabulary

WORD, NUMBER, NAME, TELLING = range(4)
KIND_BITS, KIND_MASK = 2, 3
MAX_WORDS_MET = 2**16
MAX_PIECE_CHARS = 40
MAX_NUMBER_WORDS = 6  # two hundred and twenty five thousand
TENS_BIAS = 128  # of the power of ten of a number, which eight bits hold
HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

_POSSESSIVES = frozenset({"'s", "’s"})  # parted from its word by a link around that
_ENDS = frozenset(".!?…。।۔؟:")  # of a sentence: the word after one has a capital whatever it is
# A word that was just met is eight bytes: 32 bits of number, these, and nothing.
_JOINS = 1 << 32  # it says a number or multiplies one: a look at its neighbours is due
_ENDED = 2 << 32  # a sentence ended after it
_NO_WORD = 4 << 32  # it is only the end of a sentence, after a space
_GROUP = 8 << 32  # it begins with three digits, which may belong to the number before: 1 800
_ARTICLE = 16 << 32  # a capital after it is any German noun's
_NUMBER_MASK = (1 << 32) - 1
_OFTEN = bytes((0, 2, 16, 18))  # the flags of most words: nothing needs mending
_NO_NAMES = bytes(low for low in range(256) if low & KIND_MASK != NAME)

# Vowel signs of Indic scripts are no letters to `re`, and would part every word.
_SIGNS = "".join(sign for sign in map(chr, range(0x900, 0x1800)) if unicodedata.category(sign) in {"Mn", "Mc"})
_LETTER = rf"(?:[^\W\d_{HAN}][{_SIGNS}]*)"
_TOKENS = (
    rf"{_LETTER}{{2,}}(?:['’ʻʼ`‘]{_LETTER}+)*|{_LETTER}\.(?!\w\w)|{_LETTER}(?:['’ʻʼ`‘]{_LETTER}+)*"
    rf"|\d+(?:[.,]\d+)*|[{HAN}]|[{''.join(sorted(_ENDS))}]"
)
_TOKEN = re.compile(_TOKENS)
_IS_HAN = re.compile(f"[{HAN}]")
_MARKS = re.compile("[\u200b-\u200f\u0610-\u061a\u064b-\u065f\u0670\u0640\u00ad]")
_IS_FAR = re.compile("[\u00ad\u0530-\u1fff\u200b-\u200f\u2c00-\U0010ffff]")
_MIXED = re.compile("[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]")  # Томcке with a Latin c
_LATIN = re.compile("[a-z]")
_FOLDED = {**dict.fromkeys(map(ord, "’ʻʼ`‘"), "'"), ord("ё"): "е"}
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)")  # 04:30 is 04.30 of another desk
_DATE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")  # the day and year of "12 May 2026"
_DOTTED = re.compile(r"(?<![^\W_])(?:[A-Z]\.){2,}")  # U.S. is US, J.D. is JD of another desk
_ARABIC_MARKS = {ord("٫"): ".", ord("٬"): ","}  # of decimals and of thousands
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ \u00a0\u202f]\d{3})+)(?![\d])")


@cache
def _han_token() -> re.Pattern[str]:
    """Return the tokens of a text with Han: the names of places first, then what all texts have."""
    return re.compile(f"{vocabulary.known_places().unspaced_names()}|{_TOKENS}")


def of_text(plain: str, at_most: int) -> "array[int]":
    """Return the words of the text as numbers, kinds in the low bits."""
    look_at = at_most + at_most // 4  # numbers of several words become one
    pieces = text.chunks(plain)[:look_at]
    raw = b"".join(map(_met.__getitem__, pieces))[: 8 * look_at]
    flags = raw[4::8]
    if flags.translate(None, _OFTEN):
        whole = _SPACED_THOUSANDS.sub(lambda m: m[1] + re.sub(r"\D", "", m[2]), plain)
        if whole != plain:
            return of_text(whole, at_most)
        raw = _mended(pieces, array("Q", raw)).tobytes()
        flags = raw[4::8]
    told = array("I", raw)[::2]
    names = len(raw[::8].translate(None, _NO_NAMES))
    if names * 5 > len(told) * 3:  # a Headline In Capitals tells no names
        told = array("I", [word & ~KIND_MASK if word & KIND_MASK == NAME else word for word in told])
    elif names:
        begins = 0
        while 0 <= begins < len(told):
            if told[begins] & KIND_MASK == NAME:
                told[begins] &= ~KIND_MASK
            begins = flags.find(b"\2", begins) + 1 or -1
        noun = flags.find(b"\x10") + 1
        while 0 < noun < len(told):
            if told[noun] & KIND_MASK == NAME:
                told[noun] &= ~KIND_MASK
            noun = flags.find(b"\x10", noun) + 1
    return told[:at_most]


def _tokens(piece: str) -> list[str]:
    if not piece.isascii():
        piece = _MARKS.sub("", unicodedata.normalize("NFKC", piece)).translate(_ARABIC_MARKS)
        if _IS_HAN.search(piece):
            return _han_token().findall(han.simplify(piece))
    if ":" in piece:
        piece = _CLOCK.sub(r"\1.\2", piece)
    if piece.count(".") > 1:
        piece = _DATE.sub(r"\1 \2 \3", piece)
        piece = _DOTTED.sub(lambda m: m[0].replace(".", ""), piece)
    return _TOKEN.findall(piece)


class _Met(dict[str, bytes]):
    """The words of the pieces met lately, eight bytes each."""

    def __init__(self) -> None:
        super().__init__()
        self._older: dict[str, bytes] = {}

    def __missing__(self, piece: str) -> bytes:
        if piece[0].isdecimal() or len(piece) > MAX_PIECE_CHARS:  # nearly all are met once
            return _words(piece)
        if len(self) >= MAX_WORDS_MET:
            self._older = dict(self)
            self.clear()
        words = self._older.get(piece)
        if words is None:
            if piece[-1] in _ENDS and len(piece) > 3 and piece[:-1].isalpha():
                words = self[piece[:-1]]
                words = words[:-4] + bytes((words[-4] | _ENDED >> 32,)) + words[-3:] if words else words
            else:
                words = _words(piece)
        self[piece] = words
        return words


_met = _Met()


def _words(piece: str) -> bytes:
    if piece.isascii() and piece.isdigit() and len(piece) < 16:
        return (tagged(piece.lstrip("0") or "0", NUMBER) | (_GROUP if len(piece) == 3 else 0)).to_bytes(8, "little")
    if piece.isalpha() and (piece.isascii() or not _IS_FAR.search(piece)):
        return _number(piece).to_bytes(8, "little")
    words: list[int] = []
    if piece in _POSSESSIVES:
        return b""
    for token in _tokens(piece):
        if token in _ENDS:
            if words:
                words[-1] |= _ENDED
            else:
                words.append(_NO_WORD)
        elif token[-1] == "." and token[0].islower():  # of "г. Алматы" the point ends nothing, of "6 p.m." the last may
            words.append(_number_met(token[0]) | (_ENDED if words else 0))
        else:
            words.append(_number_met(token))
    if piece[2:3].isdecimal() and piece[:3].isdecimal() and not piece[3:4].isdecimal():
        words[0] |= _GROUP
    return array("Q", words).tobytes()


def _folded(token: str) -> str:
    if token.isascii():
        folded = token.lower().replace("`", "'")
    elif _IS_FAR.search(token):
        return text.fold(token)
    else:
        folded = token.casefold().translate(_FOLDED).replace("i\u0307", "i")
        if _MIXED.search(folded):
            folded = _in_one_alphabet(folded)
    return folded[:-2] if folded[-2:] == "'s" and len(folded) > 3 else folded  # Iran's is Iran


def _in_one_alphabet(folded: str) -> str:
    """Return a word of two alphabets in the one whose letters the others only look like, if there is one."""
    known = vocabulary.known()
    cyrillic, latin = folded.translate(known.cyrillic), folded.translate(known.latin)
    if not _LATIN.search(cyrillic):
        return cyrillic
    return folded if _MIXED.search(latin) else latin


def _number(token: str) -> int:
    """Return the number of a word, with what flags the word itself gives."""
    folded = _folded(token)
    if token[0].isdecimal():
        return tagged(numerals.spelled(numerals.of_digits(folded)), NUMBER)
    if folded in vocabulary.known().articles:
        return _word(token, folded) | _ARTICLE
    if not numerals.may_be(folded):
        return _word(token, folded)
    value = numerals.of_word(folded)
    if value is not None:
        return tagged(numerals.spelled(value), NUMBER) | _JOINS
    return _word(token, folded) | (_JOINS if numerals.multiplier(folded) is not None else 0)


_number_met = lru_cache(2**14)(_number)  # in scripts without spaces, and in pieces that are more than a word


def _word(token: str, folded: str) -> int:
    if token[-1] == ".":  # an initial: it ends no sentence, and is a name
        return tagged(folded, NAME)
    if token[0] > "\u0590" and len(token) > 1:  # from Hebrew on there are hardly capitals to show a name
        places = vocabulary.known_places()
        place = places.unspaced.get(token) or places.spaced_place(folded)
        if place is not None:
            return tagged(place, TELLING)
    known = vocabulary.known()
    letters = known.letters
    prefix = folded[: letters + 2]
    stem = known.in_one_script(known.stem(folded) if len(folded) < letters + 4 else folded)[:letters]
    if prefix in known.ignored:
        return tagged(stem, WORD)
    if folded[:5] in known.stem_starts and len(folded) > 4:
        for end in range(max(5, len(folded) - 5), len(folded) + 1):
            if folded[:end] in known.stems:
                return tagged(known.in_one_script(folded[:end]), TELLING)
    if folded in known.han_numbers or prefix in known.telling:
        return tagged(known.in_one_script(prefix), TELLING)
    return tagged(stem, NAME if token[0].isupper() and len(token) > 1 else WORD)


def _mended(pieces: Sequence[str], words: "array[int]") -> "array[int]":
    """Return the words without what is none, and with numbers of several words made one: twenty five, 3 thousand."""
    told: list[int] = []
    for word in words:
        if not word & _NO_WORD:
            told.append(word)
        elif told:
            told[-1] |= _ENDED
    joins = [place for place, word in enumerate(told) if word & _JOINS]
    begins = sorted({at for place in joins for at in (place - 1, place) if _may_begin(told[max(at, 0) : at + 2])})
    if begins:
        spoken = [folded for piece in pieces for folded in _spoken(piece)]
        parts, done = told, 0  # so many of the parts are in `told`
        told = []
        for at in begins:
            if at < done:
                continue
            most = range(1, MAX_NUMBER_WORDS)
            length = next((n for n in most if at + n > len(parts) or parts[at + n - 1] & _ENDED), MAX_NUMBER_WORDS)
            value, count = numerals.joined(spoken[at : at + length])
            if count:
                told += parts[done:at]
                told.append(tagged(numerals.spelled(value), NUMBER) | parts[at + count - 1] & _ENDED)
                done = at + count
        told += parts[done:]
    return array("Q", [word & (_ENDED | _ARTICLE | _NUMBER_MASK) for word in told])


def _may_begin(words: Sequence[int]) -> bool:
    """Say whether with a word and the next may begin a number of several words."""
    if len(words) < 2:
        return False
    tens, before_units = _tens()
    first = words[0] & _NUMBER_MASK
    return first in tens or (
        bool(words[1] & _JOINS) and (first & KIND_MASK == NUMBER or first & ~KIND_MASK in before_units)
    )


@cache
def _tens() -> tuple[frozenset[int], frozenset[int]]:
    """Return the tens, and the words that are ten before a unit only."""
    before_units = vocabulary.known().tens_before_units
    return frozenset(tagged(numerals.spelled(value), NUMBER) for value in numerals.TENS), frozenset(
        tagged(word, WORD) for word in before_units
    )


@lru_cache(2**12)
def _spoken(piece: str) -> tuple[str, ...]:
    """Return the words of a piece, folded."""
    return tuple(_folded(token) for token in _tokens(piece) if token not in _ENDS)


def tagged(stem: str, kind: int) -> int:
    """Return 14 bits of checksum, 4 of the first consonant, 12 of letters, 2 of kind; of a number `_numbered`."""
    if kind == NUMBER:
        return _numbered(stem)
    checksum = crc32(stem.encode())
    letters = 0
    for letter in stem:
        letters |= 1 << ord(letter) % 12
    sounds, first = vocabulary.known().sounds, 0
    for letter in stem:
        if letter in sounds:
            first = sounds[letter]
            break
    return checksum >> 18 << 18 | first << 14 | letters << 2 | kind


@lru_cache(2**12)
def _numbered(digits: str) -> int:
    """Return 22 bits of checksum of the figures without noughts at either end, 8 of their power of ten, 2 of kind.

    Apart, so that 1.2 with "million" after it can be known as 1,200,000 (`feeds.dedupe.amounts`).
    """
    digits, _, power = digits.partition("e")
    whole, _, part = digits.partition(".")
    figures = (whole + part).rstrip("0")
    tens = len(whole) - len(figures) + int(power or 0) if figures else 0
    return checksum(figures.lstrip("0")) << 10 | (tens + TENS_BIAS & 0xFF) << KIND_BITS | NUMBER


def checksum(figures: str) -> int:
    """Return the 22 bits that a number keeps of its figures."""
    return crc32(figures.encode()) >> 10


def of_number(said: float | str) -> int:
    """Return a number as a word, kinds left out."""
    return tagged(str(said), NUMBER) >> KIND_BITS


def renumbered(word: int) -> int:
    """Return a word of a stored sketch of form 0, whose numbers were 30 bits of one checksum, as it is now.

    A number that few texts have stays what it was, and so another than any of now.
    """
    return _numbers_of_form_0().get(word, word) if word & KIND_MASK == NUMBER else word


@cache
def _numbers_of_form_0() -> dict[int, int]:
    """Return by their bits of then the numbers of four figures, with two decimals at most or three noughts."""
    values = (figures * unit for unit in (1, 0.1, 0.01, 1000) for figures in range(10_000))
    rounded = (round(value, 2) for value in values)
    return {crc32(f"{value:.17g}".encode()) & ~KIND_MASK | NUMBER: _numbered(str(value)) for value in rounded}


def figures_of(number: int) -> tuple[int, int]:
    """Return the checksum of a number's figures and their power of ten."""
    return number >> 10, (number >> KIND_BITS & 0xFF) - TENS_BIAS


def respelled(first: int, second: int) -> bool:
    """Say whether two words may be one in two spellings: the same first consonant, nearly the same letters."""
    if (first ^ second) >> 14 & 0xF:
        return False
    ours, theirs = first >> 2 & 0xFFF, second >> 2 & 0xFFF
    common, differing = (ours & theirs).bit_count(), (ours ^ theirs).bit_count()
    return (common >= 4 and differing <= 2) or (common == 3 and differing <= 1)  # of Ресей without its ending is Рес
