"""One event, told by many: entries grouped into stories as they come, nothing merged or deleted.

An entry is a set of weighted terms: stems of its title and opening words, the consonants of its
names (which survive from script to script), its numbers and the countries it is about. A story
is the sum of its entries; a new entry joins the likeliest live story, or begins one. Pure and in
memory: the store keeps the packed features, and `Index.load` reads them at start-up.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from feeds import text
from feeds.model import Entry
from feeds.postings import WEIGHT_BITS, Postings

WINDOW = timedelta(days=7)
MAX_TITLE_CHARS, MAX_TEXT_CHARS = 300, 500

_TERM = np.dtype([("key", "<u4"), ("weight", "u1")])
_TENTHS = 10  # weights are kept as tenths
_FULL = (1 << WEIGHT_BITS) - 1
_BUCKETS = 2**18  # of the counts of terms; a collision makes two rare terms a little less rare
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")


@cache
def _settings() -> dict[str, Any]:
    return tomllib.loads(resources.files("feeds").joinpath("data/stories.toml").read_text(encoding="utf-8"))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(text.fold(word) for word in _settings()["words"]["stop"].split())


@cache
def _consonants() -> dict[int, str]:
    return {ord(letter): latin for letters, latin in _settings()["consonants"].items() for letter in letters}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The terms of an entry, as bytes the store can keep: five a term (key, weight in tenths)."""

    packed: bytes

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        return self.packed


def unpack(packed: bytes) -> Features:
    """Return the features that `Features.pack` wrote."""
    return Features(packed=packed)


def features(entry: Entry, *, countries: Iterable[str] = ()) -> Features:
    """Return the features of a normalised entry; `countries`: ISO 3166-1 codes it is about, as tagged."""
    markup = max(entry.summary or "", (entry.content or "")[: 8 * MAX_TEXT_CHARS], key=len)
    return of_text(title=entry.title, body=text.from_html(markup), countries=countries)


def of_text(*, title: str, body: str, countries: Iterable[str] = ()) -> Features:
    """Return the features of a title and a body of plain text."""
    said = _settings()["features"]
    weights: dict[int, float] = {}
    _count(_TOKEN.findall(title[:MAX_TITLE_CHARS]), said["title_weight"], weights)
    _count(_TOKEN.findall(body[:MAX_TEXT_CHARS])[: said["text_words"]], 1.0, weights)
    for country in countries:
        weights[crc32(b"@" + country.encode())] = said["place_weight"]
    heaviest = sorted(weights.items(), key=lambda one: (-one[1], one[0]))[: said["terms"]]
    terms = np.array([(key, min(255, round(weight * _TENTHS))) for key, weight in heaviest], dtype=_TERM)
    return Features(packed=terms.tobytes())


def _count(tokens: list[str], each: float, weights: dict[int, float]) -> None:
    more = _settings()["features"]["name_weight"]
    capitals = sum(token[0].isupper() for token in tokens) * 2 < len(tokens)
    for token in tokens:
        keys = _keys(token)
        weight = each * more if capitals and token[0].isupper() else each
        for key in keys:
            weights[key] = weights.get(key, 0.0) + weight


@lru_cache(maxsize=2**16)
def _keys(token: str) -> tuple[int, ...]:
    """Return the terms of a word: its stem, and its consonants if it may be a name."""
    folded = text.fold(token)
    if folded in _stop_words() or (len(folded) < 2 and folded.isascii()):
        return ()
    if folded[0].isdigit():
        return (crc32(folded.replace(",", ".").encode()),)
    said = _settings()["features"]["letters"]
    script = "latin" if folded[0] < "\u0250" else "cyrillic" if "\u0400" <= folded[0] < "\u0530" else "other"
    stem = crc32(folded[: said[script]].encode())
    caseless = token.upper() == token.lower()
    if not (token[0].isupper() or caseless) or len(folded) < 4:
        return (stem,)
    skeleton = _skeleton(folded)
    return (stem, crc32(b"~" + skeleton.encode())) if len(skeleton) >= 3 else (stem,)


def _skeleton(folded: str) -> str:
    table = _consonants()
    latin = [table[ord(letter)] for letter in folded if ord(letter) in table]
    return "".join(one for at, one in enumerate(latin) if not at or one != latin[at - 1])[:4]


class Index:
    """The stories of a window of time."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        self._window = window.total_seconds()
        self._ids: list[str] = []  # number of a story -> its id
        self._numbers: dict[str, int] = {}
        self._squares: npt.NDArray[np.float64] = np.zeros(1024)  # number of a story -> square of its length
        self._latest: npt.NDArray[np.float64] = np.zeros(1024)  # seconds since 1970
        self._sizes: npt.NDArray[np.float64] = np.zeros(1024)
        self._products: npt.NDArray[np.float64] = np.zeros(1024)  # of the entry looked at; zero between calls
        self._read = 0  # entries
        self._counts: npt.NDArray[np.uint32] = np.zeros(_BUCKETS, np.uint32)
        self._postings = Postings()  # key -> number of a story, weight in one of its entries

    def place(self, id: str, features: Features, when: datetime) -> str:  # noqa: A002 - RFC 4287's word
        """Return the id of the story the entry belongs to: that of its first entry."""
        at, terms = when.timestamp(), np.frombuffer(features.packed, dtype=_TERM)
        keys = terms["key"]
        weights = self._weighed(keys, terms["weight"])
        story, product = self._likeliest(keys, weights, at)
        if story is None:
            story, product = self._begin(id), 0.0
        self._squares[story] += 2 * product + 1.0
        self._latest[story] = max(self._latest[story], at)
        self._sizes[story] += 1
        self._postings.add(story, keys.tolist(), (weights * _FULL).astype(np.int64).tolist())
        return self._ids[story]

    def load(self, ids: Sequence[str], features: Sequence[bytes], times: Sequence[float]) -> None:
        """Remember stored rows (id of the story, packed features, seconds since 1970), oldest first, at start-up."""
        if not features:
            return
        terms = np.frombuffer(b"".join(features), dtype=_TERM)
        keys = np.ascontiguousarray(terms["key"])
        counts = np.fromiter(map(len, features), np.int64, len(features)) // _TERM.itemsize
        stories = np.fromiter(map(self._begin, ids), np.int64, len(ids))
        self._counts += np.bincount(keys % _BUCKETS, minlength=_BUCKETS).astype(np.uint32)
        self._read += len(features)
        raw = terms["weight"] * self._rarity(keys)
        owners = np.arange(len(features)).repeat(counts)
        lengths = np.sqrt(np.bincount(owners, raw**2, len(features)))
        weights = raw / np.maximum(lengths, 1e-9)[owners]
        told = stories[owners]
        self._add_squares(told, keys, weights)
        np.maximum.at(self._latest, stories, np.array(times))
        np.add.at(self._sizes, stories, 1)
        self._postings.extend(keys, told, (weights * _FULL).astype(np.int64))

    def _add_squares(
        self, stories: npt.NDArray[np.int64], keys: npt.NDArray[np.uint32], weights: npt.NDArray[np.float64]
    ) -> None:
        """Add the squares of the sums of each story's weights."""
        cells = stories.astype(np.uint64) << np.uint64(32) | keys
        order = cells.argsort()
        cells, weights = cells[order], weights[order]
        begins = np.flatnonzero(np.diff(cells, prepend=cells[:1] ^ np.uint64(1)))
        sums = np.add.reduceat(weights, begins)
        owners = (cells[begins] >> np.uint64(32)).astype(np.int64)
        self._squares += np.bincount(owners, sums**2, len(self._squares))

    def _rarity(self, keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
        read = max(self._read, _settings()["story"]["live"])
        rarity: npt.NDArray[np.float64] = np.log((read + 1) / (self._counts[keys % _BUCKETS] + 1.0)) + 0.1
        return rarity

    def _weighed(self, keys: npt.NDArray[np.uint32], said: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """Return the weights of an entry's terms, rare ones heavier, their length together one."""
        self._counts[keys % _BUCKETS] += np.uint32(1)
        self._read += 1
        weights: npt.NDArray[np.float64] = said * self._rarity(keys)
        length = math.sqrt(float(weights @ weights))
        return weights / length if length else weights

    def _likeliest(
        self, keys: npt.NDArray[np.uint32], weights: npt.NDArray[np.float64], at: float
    ) -> tuple[int | None, float]:
        """Return the live story the terms are likest, if any is like enough, and their product with it."""
        said = _settings()["story"]
        pairs, owners = self._postings.find(keys, at_most=said["common_term"])
        if not len(pairs):
            return None, 0.0
        stories = (pairs >> np.uint64(WEIGHT_BITS)).view(np.int64)
        shares = (pairs & np.uint64(_FULL)) * weights[owners]
        np.add.at(self._products, stories, shares)
        products = self._products[stories]  # a story stands here as often as it was found: its likeness is the same
        self._products[stories] = 0.0
        likeness = products / np.sqrt(self._squares[stories]) / _FULL
        likeness[np.abs(self._latest[stories] - at) > min(self._window, said["hours"] * 3600)] = 0.0
        likeness -= said["likeness"] + said["likeness_of_few"] / self._sizes[stories]
        best = int(likeness.argmax())
        if likeness[best] < 0.0:
            return None, 0.0
        return int(stories[best]), float(products[best]) / _FULL

    def _begin(self, id_: str) -> int:
        """Return the number of the story of this id, a new one if need be."""
        number = self._numbers.get(id_)
        if number is None:
            number = self._numbers[id_] = len(self._ids)
            self._ids.append(id_)
            if number >= len(self._squares):
                self._squares, self._latest, self._sizes, self._products = (
                    np.concatenate([column, np.zeros(len(column))])
                    for column in (self._squares, self._latest, self._sizes, self._products)
                )
        return number
