"""The words by which themes are known: a language's file read, and made into one automaton."""

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib import resources
from typing import Any, Protocol, runtime_checkable

from ahocorasick_rs import AhoCorasick

from feeds.query import plain

KIND = "kind:"
BETWEEN = "between"
GAP_WORDS = 5
GAP_CHARACTERS = 12  # of a script without spaces
SHORT_ENDING_CHARS = 3
MAX_SPELLINGS = 64
_SECTION = re.compile(r"\[([^\]]+)\]")
_LINE = re.compile(r"([+-]?\d+(?:\.\d+)?)\s+(\S.*)")
_WORD = re.compile(r"(\*?)([^*~]+)([*~]?)")
_NO_SPACES = frozenset({"zh", "ja"})
# Conjunctions, prepositions and articles that are written together with the word.
_JOINED = {"ar": "(?:و|ف)?(?:ال|بال|کال|لل|ب|ک|ل|س)?", "he": "[והבלמשכ]{0,2}"}


@runtime_checkable  # msgspec asks it of one that it has read
class Change(Protocol):
    """What an editor's configuration says about a theme."""

    @property
    def slug(self) -> str: ...  # noqa: D102
    @property
    def add(self) -> Mapping[str, float]: ...  # noqa: D102
    @property
    def veto(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line: what it speaks for or against, and how strongly; 0 masks the words it covers."""

    written: str
    weight: float
    slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The terms of one language, and the automaton that finds them in a text as `plain` leaves it."""

    terms: tuple[Term, ...]
    automaton: AhoCorasick
    # For each pattern of the automaton, what has to be checked where it is found.
    checks: tuple[tuple["Check", ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A pattern of a term: the rest of the word may be short, or a regular expression decides."""

    term: int
    ending: bool = False
    whole: "Phrase | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """An expression that begins with one of a few words: tried where one of them stands, not at every word."""

    opens: tuple[str, ...]  # the first word, from the space before it where nothing may be written in front
    expression: str

    def finditer(self, haystack: str) -> Iterator[re.Match[str]]:
        """Yield what the expression's own `finditer` would."""
        begins = set[int]()
        for word in self.opens:
            place = haystack.find(word)
            while place != -1:
                begins.add(haystack.rfind(" ", 0, place + 1) + 1)
                place = haystack.find(word, place + 1)
        passed = 0
        expression = _expression(self.expression)
        for begin in sorted(begins):
            if begin >= passed and (found := expression.match(haystack, begin)) is not None:
                passed = found.end()
                yield found


@cache
def _expression(written: str) -> re.Pattern[str]:
    """Return an expression compiled: hundreds of each language, of which few ever have their first word in a text."""
    return re.compile(written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yields:
    """A theme that counts for less, `by` so much, beside one of those it yields `to`."""

    by: float
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """data/themes/themes.toml."""

    threshold: float
    title: float
    lead: float
    rest: float
    lead_chars: int
    max_chars: int
    untitled_chars: int
    between: str  # the theme that terms of [between] speak for
    actors: Mapping[str, float]
    leaders: Mapping[str, float]
    implies: Mapping[str, Mapping[str, float]]  # kind -> theme -> what it adds
    yields: Mapping[str, "Yields"]
    themes: Mapping[str, str]
    kinds: Mapping[str, str]


@cache
def rules() -> Rules:
    """Return the names of themes and kinds and how evidence adds up."""
    found: dict[str, Any] = tomllib.loads(_folder().joinpath("themes.toml").read_text("utf-8"))
    yields = {slug: Yields(by=one["by"], to=tuple(one["to"])) for slug, one in found.pop("yields").items()}
    return Rules(**found, yields=yields)


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a file, as BCP 47 tags."""
    return frozenset(entry.name[:-4] for entry in _folder().iterdir() if entry.name.endswith(".txt"))


def _folder() -> Any:
    return resources.files("feeds").joinpath("data/themes")


def terms(lines: Iterable[str]) -> Iterator[Term]:
    """Yield the terms of a file. Raises ValueError with the line that cannot be used."""
    slugs: tuple[str, ...] = ()
    known = frozenset(rules().themes) | {KIND + kind for kind in rules().kinds} | {BETWEEN}
    for number, raw in enumerate(lines, 1):
        line = re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip()
        if not line:
            continue
        if section := _SECTION.fullmatch(line):
            slugs = tuple(section[1].split())
            if unknown := [slug for slug in slugs if slug not in known]:
                raise ValueError(f"line {number}: no theme or kind is called {unknown[0]}")
            continue
        found = _LINE.fullmatch(line)
        if found is None or not slugs:
            raise ValueError(f"line {number}: not a weight and a term in a section: {line}")
        for written in found[2].split(","):
            if any(_WORD.fullmatch(choice) is None for chunk in written.split() for choice in chunk.split("|")):
                raise ValueError(f"line {number}: a mark stands at the end of a word, a star also before it: {written}")
            if written.strip():
                yield Term(written=" ".join(written.split()), weight=float(found[1]), slugs=slugs)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The shipped terms with an editor's changes; each language is read when first needed."""

    changes: tuple[Change, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as the changes alone: automata are built again there."""
        return partial(Vocabulary, changes=self.changes), ()

    def language(self, tag: str) -> Language:
        """Return a language's terms, ready to be found."""
        if tag not in self._ready:
            self._ready[tag] = compiled(tuple(self._terms(tag)), tag)
        return self._ready[tag]

    @cached_property
    def _ready(self) -> dict[str, Language]:
        # No field: what a vocabulary has read so far says nothing of what it is.
        return {}

    @cached_property
    def slugs(self) -> frozenset[str]:
        """The themes there are, the editor's own included."""
        return frozenset(rules().themes) | {change.slug for change in self.changes}

    def _terms(self, tag: str) -> Iterator[Term]:
        vetoed = {(change.slug, term) for change in self.changes for term in map(plain, change.veto)}
        overruled = {(change.slug, term) for change in self.changes for term in map(plain, change.add)}
        out = vetoed | overruled
        for term in _shipped(tag):
            written = plain(term.written) if out else ""
            kept = tuple(slug for slug in term.slugs if (_speaks_for(slug), written) not in out)
            if kept:
                yield Term(written=term.written, weight=term.weight, slugs=kept)
        for change in self.changes:
            for written, weight in change.add.items():
                yield Term(written=written, weight=weight, slugs=(change.slug,))


def _speaks_for(slug: str) -> str:
    """Return the theme that a section's terms speak for."""
    return rules().between if slug == BETWEEN else slug


@cache
def _shipped(tag: str) -> tuple[Term, ...]:
    return tuple(terms(_folder().joinpath(f"{tag}.txt").read_text("utf-8").splitlines()))


def compiled(found: tuple[Term, ...], tag: str) -> Language:
    """Return the terms of a language with their automaton."""
    checks: dict[str, list[Check]] = {}
    for number, term in enumerate(found):
        for pattern, check in _patterns(term, number, tag.split("-", maxsplit=1)[0]):
            if check not in checks.setdefault(pattern, []):
                checks[pattern].append(check)
    patterns = list(checks)
    return Language(
        terms=found,
        automaton=AhoCorasick(patterns or ["\0"]),
        checks=tuple(tuple(checks[pattern]) for pattern in patterns),
    )


def _patterns(term: Term, number: int, tag: str) -> Iterator[tuple[str, Check]]:
    """Yield what the automaton looks for, and what decides where it is found."""
    slots = _slots(term.written)
    flat = [slot for slot in slots if slot]
    if not flat or not (slots[0] and slots[-1]):
        return
    spellings = list(itertools.islice(itertools.product(*flat), MAX_SPELLINGS + 1))
    simple = tag not in _JOINED and len(flat) == len(slots)
    if simple and len(spellings) <= MAX_SPELLINGS and not any(_marked(spelling) for spelling in spellings):
        for spelling in spellings:
            end = spelling[-1][2]
            literal = " " + " ".join(word for _, word, _ in spelling)
            yield literal + ("" if end else " "), Check(term=number, ending=end == "~")
        return
    whole = _whole(slots, tag)
    anchor = max(flat, key=lambda slot: min(len(word) for _, word, _ in slot))
    for opening, word, _ in anchor:
        free = opening or tag in _JOINED
        yield word if free else " " + word, Check(term=number, whole=whole)


def _marked(spelling: tuple[tuple[str, str, str], ...]) -> bool:
    """Say whether a word before the last has an ending to be guessed, or any an open beginning."""
    return any(opening for opening, _, _ in spelling) or any(end for _, _, end in spelling[:-1])


def _slots(written: str) -> list[list[tuple[str, str, str]]]:
    """Return the places of a phrase, each with its words as (open beginning, word, ending); a gap is empty."""
    slots: list[list[tuple[str, str, str]]] = []
    for chunk in written.split():
        if chunk in {"..", "…"}:
            slots.append([])
            continue
        choices = (_WORD.fullmatch(choice) for choice in chunk.split("|") if choice)
        slot = [(choice[1], plain(choice[2]).strip(), choice[3]) for choice in choices if choice is not None]
        slots.append([choice for choice in slot if choice[1]])
    return slots


def _whole(slots: list[list[tuple[str, str, str]]], tag: str) -> Phrase:
    joined = _JOINED.get(tag, "")
    gap = rf"(?:[^\s|]+ ){{0,{GAP_CHARACTERS if tag in _NO_SPACES else GAP_WORDS}}}?"
    endings = {"": "", "~": rf"\w{{0,{SHORT_ENDING_CHARS}}}", "*": r"\w*"}
    parts = []
    for slot in slots:
        if not slot:
            parts.append(gap)
            continue
        words = "|".join(endings[opening] + re.escape(word) + endings[end] for opening, word, end in slot)
        parts.append(f"{joined}(?:{words}) ")
    opens = tuple({word if opening or joined else " " + word for opening, word, _ in slots[0]})
    return Phrase(opens=opens, expression="(?<= )" + "".join(parts))
