"""What an entry tells, as terms small enough to remember.

A term is a 32-bit number: 24 bits of key, the same on every machine, and 8 of weight. The lowest
bit of a key says whether other languages have the term as well: names, numbers, countries do; the
next bit of such a key, whether it is a country.
The first number of an entry is no term but the script of its title.
"""

import re
import tomllib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, islice
from typing import Any
from zlib import crc32

from feeds import han, text
from feeds.stories import places

MAX_TITLE_CHARS, MAX_TEXT_CHARS = 300, 500
MAX_WORDS_MET = 2**16
MIN_NAME_CHARS, MIN_CONSONANTS = 4, 3
WEIGHT_BITS = 8
TENTHS = 10  # weights are kept as tenths
SHARED, COUNTRY = 1, 2  # bits of a key; the second means something beside the first alone
LATIN, CYRILLIC, ARABIC, OTHER = 1, 2, 4, 8

_KEY_BITS = 32 - WEIGHT_BITS
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
# Vowel signs of Indic scripts are no letters to `re`, and would part every word.
_TOKEN = re.compile(
    rf"\d+(?:[.,]\d+)*|[{_HAN}]+|[^\W\d_{_HAN}]+(?:[\u0900-\u0903\u093a-\u094f\u0980-\u0983\u09bc-\u09cd\u0a01-\u0a4d"
    rf"\u0a81-\u0acd\u0b01-\u0b4d\u0b82-\u0bcd\u0c00-\u0c4d\u0c81-\u0ccd\u0d00-\u0d4d]+[^\W\d_]*)*"
)
_Term = tuple[tuple[int, int], ...]  # keys and weights of one word
_IS_HAN, _FIRST_HAN = re.compile(f"[{_HAN}]"), "\u3040"


@cache
def settings() -> dict[str, Any]:
    """Return data/stories.toml."""
    return tomllib.loads(resources.files("feeds").joinpath("data/stories.toml").read_text(encoding="utf-8"))


class _Consonants(dict[int, str | None]):
    """Consonants in Latin letters, as `str.translate` wants them; every other letter falls out."""

    def __missing__(self, letter: int) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What is known of words, compiled."""

    stop: frozenset[str]
    consonants: _Consonants
    consonants_tenths: int
    capital_tenths: int
    letters: dict[str, int]
    endings: re.Pattern[str]
    articles: tuple[str, ...]


@cache
def _words() -> _Words:
    said = settings()
    return _Words(
        stop=frozenset(text.fold(word) for word in said["words"]["stop"].split()),
        consonants=_Consonants(
            (ord(letter), latin) for letters, latin in said["consonants"].items() for letter in letters
        ),
        consonants_tenths=round(TENTHS * said["features"]["consonants_share"]),
        capital_tenths=round(TENTHS * said["features"]["capital_share"]),
        letters=said["features"]["letters"],
        endings=re.compile(f"(?<=...)(?:{'|'.join(said['words']['cyrillic_endings'].split())})$"),
        articles=tuple(said["words"]["arabic_articles"].split()),
    )


@cache
def _places() -> places.Places:
    known = _words()

    def stem(form: str) -> str | None:
        if _IS_HAN.match(form):
            return han.simplify(form[:2])
        tokens = _TOKEN.findall(form)
        folded = text.fold(tokens[0]) if len(tokens) == 1 else ""
        return _stem(folded, known) if len(folded) >= MIN_NAME_CHARS else None

    return places.read(settings()["features"]["country_languages"], stem=stem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The script and the terms of an entry, as bytes the store can keep: four each."""

    packed: bytes

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        return self.packed


def unpack(packed: bytes) -> Features:
    """Return the features that `Features.pack` wrote."""
    return Features(packed=packed)


def of_text(*, title: str, body: str, countries: Iterable[str] = ()) -> Features:
    """Return the features of a title and a body of plain text."""
    said = settings()["features"]
    weights: dict[int, int] = {}
    _count(_told(title[:MAX_TITLE_CHARS]), said["title_weight"], weights)
    _count(islice(_told(body[:MAX_TEXT_CHARS]), said["text_words"]), 1, weights)
    for country in countries:
        key = _country(country)
        weights[key] = max(weights.get(key, 0), TENTHS * said["country_weight"])
    most = TENTHS * said["title_weight"]  # a word said again tells little more
    if len(weights) <= said["terms"]:
        terms = [key << WEIGHT_BITS | min(most, weight) for key, weight in weights.items()]
    else:
        # What tells most is kept. One number a term sorts fastest: what it tells, then key and weight.
        tells, rare = _tells().get, said["rare"] ** 2
        told = [
            -(least := min(most, weight)) * tells(key, rare) << 32 | key << WEIGHT_BITS | least
            for key, weight in weights.items()
        ]
        terms = [one & 0xFFFFFFFF for one in sorted(told)[: said["terms"]]]
    return Features(packed=array("I", [_script(title or body[:MAX_TITLE_CHARS]), *terms]).tobytes())


@cache
def common() -> dict[int, int]:
    """Return the keys of stems that many texts have: half of a half ... of all entries, so many times halved."""
    table = resources.files("feeds").joinpath("data/commonness.tsv").read_text(encoding="utf-8")
    found: dict[int, int] = {}
    for line in table.splitlines():
        _, halvings, stems_ = line.split("\t")
        for stem in stems_.split():
            key = _key(stem)
            found[key] = min(found.get(key, int(halvings)), int(halvings))
    return found


@cache
def _tells() -> dict[int, int]:
    return {key: halvings**2 for key, halvings in common().items()}


def stems(word: str) -> list[str]:
    """Return the stems that `common` has for a word that is no name."""
    known, found = _words(), []
    for token in _TOKEN.findall(word):
        folded = text.fold(token)
        if token[0] >= _FIRST_HAN and _IS_HAN.match(token):
            found += [pair for pair in _pairs(token) if pair not in _places().countries]
        elif len(folded) > 1 and folded not in known.stop and not folded[0].isdigit():
            found += [stem for stem in [_stem(folded, known)] if stem not in _places().countries]
    return found


class _ScriptOf(dict[str, int]):
    """The script of each letter; 0: no letter."""

    def __missing__(self, letter: str) -> int:
        if not letter.isalpha():
            script = 0
        elif letter < "\u0530":
            script = LATIN if letter < "\u0250" else CYRILLIC
        else:
            script = ARABIC if "\u0600" <= letter < "\u0780" else OTHER
        self[letter] = script
        return script


_SCRIPT_OF = _ScriptOf()


def _script(title: str) -> int:
    """Return the script most letters of the title are in."""
    if title.isascii():
        return LATIN
    counts = Counter(map(_SCRIPT_OF.__getitem__, title))
    del counts[0]
    return counts.most_common(1)[0][0] if counts else OTHER


def _told(plain: str) -> Iterator[_Term]:
    """Yield the terms of each word of a text."""
    return chain.from_iterable(map(_met.__getitem__, text.chunks(plain)))


def _count(words: Iterable[_Term], each: int, weights: dict[int, int]) -> None:
    known = weights.get
    for key, tenths in chain.from_iterable(words):
        weights[key] = known(key, 0) + each * tenths


def _terms(token: str) -> list[tuple[int, int]]:
    """Return the terms of a word: its stem, and its consonants if it may be a name; or the country it names."""
    if token[0] >= _FIRST_HAN and _IS_HAN.match(token):
        # Without spaces, two neighbouring characters are nearest to a word.
        return [term for pair in _pairs(token) for term in _named(pair)]
    known, folded = _words(), text.fold(token)
    if not folded or folded in known.stop or (len(folded) < 2 and folded.isascii()):
        return []
    if folded[0].isdigit():
        return [(_shared(folded.replace(",", ".")), TENTHS)]
    stem = _stem(folded, known)
    if len(folded) < MIN_NAME_CHARS or not (token[0].isupper() or token.upper() == token.lower()):
        return [(_key(stem), TENTHS)]
    consonants = _skeleton(folded, known)
    if len(consonants) < MIN_CONSONANTS or stem in _places().countries:
        return _named(stem)
    return [*_named(stem), (_shared("~" + consonants), known.consonants_tenths)]


# The terms of each word of the chunks of text met lately, with the weight, in tenths, that each has in a text.
_met = text.Memo(lambda chunk: tuple(tuple(_terms(token)) for token in _TOKEN.findall(chunk)), most=MAX_WORDS_MET)


def _pairs(token: str) -> list[str]:
    token = han.simplify(token)
    return [token[at : at + 2] for at in range(max(1, len(token) - 1))]


def _named(stem: str) -> list[tuple[int, int]]:
    """Return the terms of a stem that may be a name: of a country's the country alone, of a capital's both."""
    places = _places()
    if stem in places.countries:
        return [(_country(places.countries[stem]), TENTHS)]
    if stem in places.capitals:
        return [(_key(stem), TENTHS), (_country(places.capitals[stem]), _words().capital_tenths)]
    return [(_key(stem), TENTHS)]


def _stem(folded: str, known: _Words) -> str:
    """Return the first letters of a word, without what grammar hangs on a short one."""
    if folded[0] < "\u0250":
        return folded[: known.letters["latin"]]
    if "\u0400" <= folded[0] < "\u0530":
        return known.endings.sub("", folded)[: known.letters["cyrillic"]]
    for article in known.articles:
        if folded.startswith(article) and len(folded) > len(article) + 2:
            folded = folded[len(article) :]
            break
    return folded[: known.letters["other"]]


def _skeleton(folded: str, known: _Words) -> str:
    latin = folded.translate(known.consonants)
    return "".join(one for at, one in enumerate(latin) if not at or one != latin[at - 1])[:4]


def _key(term: str) -> int:
    return crc32(term.encode()) >> WEIGHT_BITS & ~SHARED


def _shared(term: str) -> int:
    return (_key(term) | SHARED) & ~COUNTRY


def _country(code: str) -> int:
    return _key("@" + code) | SHARED | COUNTRY
