"""Sees a text as the vocabularies do: lower case, words apart, with the way back to the original offsets."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product

from feeds import han

# Letters of Unicode's Lm and So that are used as apostrophes would otherwise be parts of words.
_NOT_IN_WORDS = "_ʹʻʼʽʾʿˈꞌ"
# Python's \w leaves out the vowel signs of Indic scripts, which are parts of words.
_GAP = re.compile(f"[^\\w \u0300-\u036f\u0900-\u0dff]|[{_NOT_IN_WORDS}]")
_ASCII = {code: " " if not chr(code).isalnum() else chr(code).lower() for code in range(128)}
_LETTERS = {
    ord("İ"): "i",
    ord("ı"): "i",
    ord("ё"): "е",
    ord("Ё"): "е",
    **dict.fromkeys(map(ord, "يى"), "ی"),
    **dict.fromkeys(map(ord, "أإٱ"), "ا"),
    ord("ك"): "ک",
    ord("ۀ"): "ه",
    ord("ە"): "ه",
    **{0xFF01 + code: chr(0x21 + code) for code in range(94) if chr(0x21 + code).isalnum()},  # full width
}
_LETTER = re.compile(f"[{''.join(map(chr, _LETTERS))}]")
# Marks that readers do not miss: Arabic harakat, the tatweel, Hebrew niqqud, soft hyphen, invisible joints.
_MARKS = "\u064b-\u0653\u0655-\u065f\u0670\u0640\u0591-\u05bd\u05bf\u05c1\u05c2\u00ad\u200b\u2060\ufeff"
_DROPPED = re.compile(f"[{_MARKS}]")
_CHANGED = re.compile(f"[{''.join(map(chr, _LETTERS))}{_NOT_IN_WORDS}{_MARKS}]")
_WIDE = re.compile("[\uff01-\uff5e]")


_JOINT = "ʔ"  # stands for an apostrophe that is part of a letter
_APOSTROPHES = "'`´’‘ʻʼ"


@cache
def _joined(letters: str) -> re.Pattern[str]:
    return re.compile(f"(?i)(?<=[{letters}])[{_APOSTROPHES}](?=\\w)")


def fold(text: str, *, joined: str = "") -> tuple[str, Sequence[int] | None]:
    """Return the folded text between two spaces, and where each of its characters stood.

    Every character that is not part of a word is one space. `None` for the places means that the folded
    character at `i` stood at `i - 1`; otherwise it stood at `places[i - 1]`. After the letters of `joined`
    an apostrophe is no gap: Uzbek writes two of its letters with one.
    """
    if joined:
        text = _joined(joined).sub(_JOINT, text)
    if text.isascii():
        return f" {text.translate(_ASCII)} ", None
    places: list[int] | None = None
    if _DROPPED.search(text) or not unicodedata.is_normalized("NFC", text):
        text, places = _composed(text)
    if _LETTER.search(text):
        text = text.translate(_LETTERS)
    return f" {_GAP.sub(' ', han.simplify(text).lower())} ", places


@cache
def _unfolded() -> dict[str, str]:
    """Return for each folded letter all that are folded into it, in lower case."""
    found: dict[str, str] = {}
    for code, letter in _LETTERS.items():
        if len(chr(code).lower()) == 1 and not _WIDE.match(chr(code)):
            found[letter] = found.get(letter, letter) + chr(code).lower()
    return found | {_JOINT: _JOINT + _APOSTROPHES}


@lru_cache(maxsize=4096)
def unfolded(letters: str) -> frozenset[str]:
    """Return some folded letters in every way a text may write them in lower case, but in full width."""
    return frozenset(map("".join, product(*(_unfolded().get(letter, letter) for letter in letters))))


def folded(word: str) -> bool:
    """Tell whether a stretch of a text in lower case is one word as it is."""
    return word.isalnum() and (
        word.isascii() or not (_CHANGED.search(word) or not unicodedata.is_normalized("NFC", word))
    )


def _composed(text: str) -> tuple[str, list[int]]:
    """Return the text in NFC without dropped marks, and where each character stood."""
    places, start = list[int](), 0
    for mark in _DROPPED.finditer(text):
        places += range(start, mark.start())
        start = mark.end()
    places += range(start, len(text))
    plain = _DROPPED.sub("", text)
    return (plain, places) if unicodedata.is_normalized("NFC", plain) else _joined_up(plain, places)


def _joined_up(text: str, stood: Sequence[int]) -> tuple[str, list[int]]:
    """Return the text with each letter and its accents as one, where there is such a letter, and where it stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in zip(stood, text, strict=True):
        joined = unicodedata.normalize("NFC", letters[-1] + letter) if letters and unicodedata.combining(letter) else ""
        if len(joined) == 1:
            letters[-1] = joined
        else:
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def key(form: str, *, joined: str = "") -> str:
    """Return a form of a vocabulary folded like a text, with a space before it and single spaces inside."""
    return " " + " ".join(fold(form, joined=joined)[0].split())


def bare(pattern: str) -> str:
    """Return a Latin pattern without its diacritics; other scripts as they are."""
    loose = unicodedata.normalize("NFD", pattern)
    plain = "".join(letter for letter in loose if not unicodedata.combining(letter) and letter != _JOINT)
    plain = plain.translate({ord("ø"): "o", ord("đ"): "d", ord("ł"): "l", ord("ə"): "e"})
    return plain if plain.isascii() else pattern
