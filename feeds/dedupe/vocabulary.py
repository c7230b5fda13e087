"""The thresholds and words of data/dedupe.toml, compiled."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from feeds import text
from feeds.dedupe import places

MAX_JOINED = 4  # as a power of ten: more than that few write out in digits


@cache
def settings() -> dict[str, Any]:
    """Return data/dedupe.toml."""
    return tomllib.loads(resources.files("feeds").joinpath("data/dedupe.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What is known of words."""

    ignored: frozenset[str]
    telling: frozenset[str]
    stems: frozenset[str]
    stem_starts: frozenset[str]
    numeral_starts: frozenset[str]
    han_numbers: frozenset[str]
    numerals: dict[str, int]
    magnitudes: dict[int, tuple[str, ...]]  # power of ten -> the words that add it to a number
    multipliers: dict[str, int]  # of those, the ones that are made one with the number
    tens_before_units: frozenset[str]
    one_after_tens: frozenset[str]
    number_joins: frozenset[str]
    articles: frozenset[str]
    endings: frozenset[str]
    longest_ending: int
    letters: int  # of a word that count
    single: dict[int, str]  # letter -> its one spelling
    double: tuple[tuple[str, str], ...]  # two letters -> theirs
    cyrillic: dict[int, str]  # Latin letter -> the one that looks like it
    latin: dict[int, str]  # ... and the other way
    sounds: dict[str, int]  # consonant -> which of 15 it sounds like, from 1

    def stem(self, folded: str) -> str:
        """Return a word without its case ending, if at least three letters stay."""
        for length in range(min(self.longest_ending, len(folded) - 3), 0, -1):
            if folded[-length:] in self.endings:
                return folded[:-length]
        return folded

    def in_one_script(self, folded: str) -> str:
        """Return a word in the one spelling of languages with two scripts: ташкент and tashkent are one word."""
        for letters, one in self.double:
            if letters in folded:
                folded = folded.replace(letters, one)
        return folded.translate(self.single)


@cache
def known() -> Vocabulary:
    """Return the words of data/dedupe.toml."""
    said = settings()
    length = said["sketch"]["prefix_letters"]

    def prefixes(words: Sequence[str]) -> frozenset[str]:
        return frozenset(text.fold(word)[: length + 2] for word in words)

    def values(table: dict[str, str]) -> dict[str, int]:
        return {text.fold(word): int(value) for value, words in table.items() for word in words.split()}

    endings = frozenset(said["sketch"]["endings"].split())
    stems = frozenset(map(text.fold, said["telling"]["stems"]))
    looks = [pair.split("=") for pair in said["scripts"]["looks"].split()]
    magnitudes = {int(power): tuple(words.split()) for power, words in said["magnitudes"].items()}
    meanings = Counter(text.fold(word) for words in magnitudes.values() for word in words)
    numerals = values(said["numerals"])
    multipliers = {
        text.fold(word): 10**power
        for power, words in magnitudes.items()
        for word in words
        if power <= MAX_JOINED and meanings[text.fold(word)] == 1
    }
    return Vocabulary(
        ignored=prefixes(said["ignored"]["words"]),
        telling=prefixes([*said["telling"]["words"], *said["telling"]["weekdays"], *said["telling"]["months"]]),
        stems=stems,
        stem_starts=frozenset(stem[:5] for stem in stems),
        numeral_starts=frozenset(word[:2] for word in [*numerals, *multipliers]),
        han_numbers=frozenset(said["telling"]["han_numbers"]),
        numerals=numerals,
        magnitudes=magnitudes,
        multipliers=multipliers,
        tens_before_units=frozenset(said["telling"]["tens_before_units"].split()),
        one_after_tens=frozenset(said["telling"]["one_after_tens"].split()),
        number_joins=frozenset(said["telling"]["number_joins"].split()),
        articles=frozenset(said["telling"]["articles"].split()),
        endings=endings,
        longest_ending=max(map(len, endings)),
        letters=length,
        single={
            ord(letter): one for letter, _, one in (pair.partition("=") for pair in said["scripts"]["single"].split())
        },
        double=tuple((pair[:2], pair[3:]) for pair in said["scripts"]["double"].split()),
        cyrillic={ord(latin): cyrillic for cyrillic, latin in looks},
        latin={ord(cyrillic): latin for cyrillic, latin in looks},
        sounds={letter: n for n, letters in enumerate(said["spelling"]["sounds"].split(), 1) for letter in letters},
    )


@cache
def known_places() -> places.Places:
    """Return the countries and capitals in scripts without capitals."""
    said = settings()["places"]
    return places.known(*(tuple(said[name].split()) for name in ("spaced", "unspaced", "attached")))
