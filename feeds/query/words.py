"""Whether a word of a query is a word of a text, whatever its ending, case, width or accents."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import zip_longest

from feeds import han, text

MIN_STEM_CHARS = 3
# Both words cut down to a common beginning: a short one is chance (`мира`, `мирза`).
MIN_SHARED_CHARS = 4


_UZBEK = re.compile("(?<=[og])'(?=[a-z])")
_GAPS = re.compile(r"[^\w| ]+")
_HAN = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_LOOSE = re.compile("[\u0300-\u036f]")
_MOST_ODD = 16  # characters worth a `replace` each: a `translate` costs as much as thirty


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One word to look for, folded."""

    word: str
    prefix: bool = False

    def fits(self, token: str, language: str | None) -> bool:
        """Say whether a folded word of a text is this word."""
        if token == self.word:
            return True
        if self.prefix:
            return token.startswith(self.word)
        # All inflection is at the end, but for the few letters that Arabic and Hebrew join in front.
        return (token[0] == self.word[0] and _kin(self.word, token, language)) or _unjoined(self.word, token, language)


class _Folds(dict[int, str]):
    """Each character as `text.fold` leaves it, one that is a word between spaces; worked out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        gap = character.isspace() or character in "\u200c\u200d"
        self[code] = " " if gap else _HAN.sub(r" \1 ", han.simplify(text.fold(character, diacritics=False)))
        return self[code]


_FOLDS = _Folds()


@lru_cache(maxsize=256)  # titles and bodies of a document's entries, for which each stage asks in turn
def plain(written: str) -> str:
    """Return the words of a text in the form in which they are compared, a space around each.

    Han and kana are words of one character. Uzbek o‘ and g‘ are letters, often written bare;
    elsewhere an apostrophe parts words (Iran's, Türkiye'nin, l'Iran), and so does a hyphen.
    """
    return folded(text.pieces(written))


def folded(pieces: Sequence[str]) -> str:
    """Return the words of some of `text.pieces`, as `plain` does of all."""
    words = " ".join(pieces)
    if not words.isascii():
        if _LOOSE.search(words):
            words = " ".join([unicodedata.normalize("NFC", one) if _LOOSE.search(one) else one for one in pieces])
        words = _translated(words)
    if "'" in words or "`" in words:
        words = _UZBEK.sub("", words.replace("`", "'"))
    return f" {' '.join(_GAPS.sub(' ', words).split())} "


def _translated(words: str) -> str:
    """Return `words.translate(_FOLDS)`; most letters stay, and few are replaced in less time than all are looked up."""
    odd = set(_odd().findall(words))
    if len(odd) > _MOST_ODD:
        return words.translate(_FOLDS)
    for character in odd:
        words = words.replace(character, _FOLDS[ord(character)])
    return words


@cache
def _odd() -> re.Pattern[str]:
    """Return what finds every character that may not be folded into itself."""
    same = "".join(re.escape(chr(code)) for code in range(0x80, 0x700) if _FOLDS[code] == chr(code))
    return re.compile(f"[^\0-\x7f{same}]")


@lru_cache(maxsize=4096)
def patterns(value: str) -> tuple[Pattern, ...]:
    """Return the words of a value in order: `foreign minist*` is a word and a beginning."""
    found = []
    for chunk in value.split():
        tokens = plain(chunk).replace("|", " ").split()
        found += [
            Pattern(word=token, prefix=chunk.endswith("*") and n == len(tokens) - 1) for n, token in enumerate(tokens)
        ]
    return tuple(found)


def find(wanted: tuple[Pattern, ...], haystack: str, language: str | None) -> str | None:
    """Return the first run of words of a plain text that the patterns fit, or None."""
    tokens = haystack.split()
    first, rest = wanted[0], wanted[1:]
    for at, token in enumerate(tokens[: len(tokens) - len(rest)] if rest else tokens):
        if first.fits(token, language) and all(
            pattern.fits(tokens[at + n], language) for n, pattern in enumerate(rest, 1)
        ):
            return text.joined(" ".join(tokens[at : at + len(wanted)]))
    return None


@lru_cache(maxsize=65_536)
def stems(word: str, language: str | None) -> frozenset[str]:
    """Return the beginnings of a word that are left when an ending of its language is taken off, itself included."""
    endings = _endings(language, word)
    found = [word, *(word[:at] for at in range(MIN_STEM_CHARS, len(word)) if endings.fullmatch(word[at:]))]
    name = (language or "").split("-")[0]
    kin = []
    if sounds := _softened().get(name):
        kin += [stem[:-1] + sounds[stem[-1]] for stem in found if len(stem) > MIN_SHARED_CHARS and stem[-1] in sounds]
    if others := _others().get(name):
        kin += [others[stem] for stem in found if stem in others]
    if fleeting := _fleeting().get(name):
        kin += [one for stem in found if (one := _without_vowel(stem, fleeting)) is not None]
    return frozenset((*found, *kin))


@lru_cache(maxsize=4096)
def sure(word: str) -> str:
    """Return the letters with which every form of a word begins, in whatever language it may be."""
    every = (one.partition(_APART)[0] for language in _data() for one in stems(word, language) if _APART in one)
    return min((word, *every), key=len)


@lru_cache(maxsize=65_536)
def _kin(word: str, token: str, language: str | None) -> bool:
    shared = stems(word, language) & stems(token, language)
    return any(len(stem) >= MIN_SHARED_CHARS or stem == word or _APART in stem for stem in shared)


# What stands behind it in a stem differs between the forms of a word: `рын°к` is рынок and рынк-.
_APART = "°"
_JOINED = re.compile("(?:و|ف)?(?:ال|بال|کال|لل|ب|ک|ل|س)?|[והבלמשכ]{1,2}")
MAX_JOINED_CHARS = 4
MAY_BE_JOINED = re.compile("[\u0590-\u06ff]")


def unjoined(word: str) -> Iterator[str]:
    """Yield a word, and what it is behind each of the letters that may be joined in front of it."""
    yield word
    if MAY_BE_JOINED.match(word):
        ends = range(1, min(MAX_JOINED_CHARS, len(word) - 1) + 1)
        yield from (word[at:] for at in ends if _JOINED.fullmatch(word[:at]))


def _unjoined(word: str, token: str, language: str | None) -> bool:
    """Say whether the token is the word behind the conjunctions and articles of Arabic or Hebrew."""
    if not MAY_BE_JOINED.match(token) or len(word) < MIN_STEM_CHARS:
        return False
    at = token.find(sure(word)[:MIN_STEM_CHARS])
    return 0 < at <= MAX_JOINED_CHARS and _JOINED.fullmatch(token[:at]) is not None and _kin(word, token[at:], language)


def anchor(wanted: tuple[Pattern, ...]) -> str:
    """Return what is in every plain text with these words, for a search that `at` then confirms."""
    first = wanted[0]
    stem = first.word
    if not first.prefix:
        every = (one for language in (None, *_data()) for one in stems(stem, language))
        stem = min((one[:-1] if one[-1].isupper() else one.partition(_APART)[0] for one in every), key=len)
    return stem if "\u0590" <= stem[0] <= "\u06ff" else " " + stem


def at(wanted: tuple[Pattern, ...], haystack: str, place: int, language: str | None) -> bool:
    """Say whether the words stand where their anchor was found in a plain text."""
    start = haystack.rfind(" ", 0, place + 1) + 1
    for pattern in wanted:
        end = haystack.find(" ", start)
        if end <= start or not _fits(pattern, haystack[start:end], language):
            return False
        start = end + 1
    return True


@lru_cache(maxsize=65_536)
def _fits(pattern: Pattern, token: str, language: str | None) -> bool:
    return pattern.fits(token, language)


def _endings(language: str | None, word: str) -> re.Pattern[str]:
    data = _data()
    key = (language or "").split("-")[0]
    if key in data:
        return data[key]
    for script, start, end in _SCRIPTS:
        if start <= word[0] <= end:
            return data.get(script, _NONE)
    return data["latin"] if word[0] <= "\u024f" else _NONE


_SCRIPTS = (("cyrillic", "\u0400", "\u052f"), ("arabic", "\u0600", "\u06ff"))
_NONE = re.compile(r"(?!)")


@cache
def _lines() -> tuple[tuple[str, str, str], ...]:
    """Read data/endings.txt: language, the mark behind it, what is said of it."""
    lines = resources.files("feeds").joinpath("data/endings.txt").read_text("utf-8").splitlines()
    told = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return tuple((name.rstrip("+~=-"), name[len(name.rstrip("+~=-")) :], said) for name, _, said in told)


@cache
def _data() -> dict[str, re.Pattern[str]]:
    """Return language -> its endings; with a plus, endings that follow each other."""
    found = {}
    for name, mark, endings in _lines():
        if mark not in {"", "+"}:
            continue
        known = sorted({plain(ending).strip() for ending in endings.split()}, key=lambda ending: (-len(ending), ending))
        found[name] = re.compile(f"(?:{'|'.join(known)}){'{1,4}' if mark else ''}")
    return found


@cache
def _softened() -> dict[str, dict[str, str]]:
    """Return language -> letter -> one letter, upper-case, for those that it turns into."""
    return {
        name: {letter: group[0].upper() for group in sounds.split() for letter in group}
        for name, mark, sounds in _lines()
        if mark == "~"
    }


@cache
def _fleeting() -> dict[str, dict[str, str]]:
    """Return language -> last letter of a stem -> the vowels that come and go before it."""
    found: dict[str, dict[str, str]] = {}
    for name, mark, ends in _lines():
        for end in ends.split() if mark == "-" else ():
            vowels = found.setdefault(name, {})
            vowels[end[-1]] = vowels.get(end[-1], "") + end[0]
    return found


def _without_vowel(stem: str, fleeting: Mapping[str, str]) -> str | None:
    """Return what the forms with and without a fleeting vowel share: `рын°к` of рынок, рынк-; `бо°ц` of боец, бойц-."""
    last, before = stem[-1], stem[-2:-1]
    if last not in fleeting or (before in _VOWELS and before not in fleeting[last]):
        return None
    drops = before in fleeting[last] or before == "ь" or (before == "й" and last in _AFTER_Y)
    shared = stem[:-2] if drops else stem[:-1]
    return f"{shared}{_APART}{last}" if len(shared) >= (MIN_STEM_CHARS - (last in _SHORTER)) else None


_VOWELS = frozenset("аеиоуыэюяіїєaeiouy")
_AFTER_Y = "кц"  # скамеек, скамейка; китаец, китайца; but война, войн
_SHORTER = "ц"  # отец, отца: with other letters two words would begin so by chance


@cache
def _others() -> dict[str, dict[str, str]]:
    """Return language -> stem -> what is said for all stems of its word."""
    found: dict[str, dict[str, str]] = {}
    for name, mark, pairs in _lines():
        if mark == "=":
            for pair in pairs.split():
                forms = [plain(form).strip() for form in pair.split("/")]
                shared = next(at for at, letters in enumerate(zip_longest(*forms)) if len({*letters}) > 1)
                said = f"{forms[0][:shared]}{_APART}{forms[0][shared:]}"
                found.setdefault(name, {}).update(dict.fromkeys(forms, said))
    return found
