"""What a text is about, and which of its words say so."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from feeds.query import plain
from feeds.themes import vocabulary
from feeds.themes.vocabulary import BETWEEN, KIND, Language, Rules, Term, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A term found: its words in the text, none where a rule speaks, and what it adds."""

    slug: str
    term: str
    matched: str
    adds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The themes and kinds of a text, strongest first, and why; also of those that did not suffice."""

    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    scores: tuple[tuple[str, float], ...] = ()  # slug -> strength, 0 to 1; one half is the threshold
    evidence: tuple[Evidence, ...] = ()


def read(
    *,
    title: str,
    text: str = "",
    language: str | None = None,
    actors: int = 0,
    led: bool = False,
    parties: int = 0,
    words: Vocabulary | None = None,
) -> Reading:
    """Return the themes of an entry's plain title and text.

    `actors` is how many countries and international organisations the title names: two of them
    make an act between them likely, and more so where one is `led`: named by its leader. `parties` are those
    that are no guess, for terms that speak only between two. A language without a vocabulary is read by its script's.
    """
    rules = vocabulary.rules()
    tag = _tag(language, title or text)
    if tag is None:
        return Reading()
    known = (words or _shipped()).language(tag)
    body = text[: rules.max_chars]
    if not title.strip():
        title, body = body[: rules.untitled_chars], body[rules.untitled_chars :]
    haystack = plain(title)
    ends = len(haystack) - 1
    if body:
        haystack = f"{haystack}|{plain(body)}"
    evidence = tuple(_evidence(known, haystack, ends, rules, parties))
    return _reading(evidence, actors, rules, led=led)


@cache
def _shipped() -> Vocabulary:
    return Vocabulary()


def _reading(evidence: tuple[Evidence, ...], actors: int, rules: Rules, *, led: bool) -> Reading:
    sums: dict[str, float] = {}
    for found in evidence:
        sums[found.slug] = sums.get(found.slug, 0.0) + found.adds
    for found in (*_implied(sums, rules), *_acted(sums, actors, rules, led=led), *_yielded(sums, rules)):
        evidence += (found,)
    given = sorted(((total, slug) for slug, total in sums.items() if total >= rules.threshold), key=_strongest)
    return Reading(
        themes=tuple(slug for _, slug in given if not slug.startswith(KIND)),
        kinds=tuple(slug.removeprefix(KIND) for _, slug in given if slug.startswith(KIND)),
        scores=tuple(
            (slug, round(1 - math.pow(2, -max(0.0, total) / rules.threshold), 3)) for slug, total in sums.items()
        ),
        evidence=evidence,
    )


def _implied(sums: dict[str, float], rules: Rules) -> Iterator[Evidence]:
    """Yield what a kind says of a theme: a telegram between leaders is relations, its words alone are not."""
    for kind, implied in rules.implies.items():
        if sums.get(KIND + kind, 0.0) >= rules.threshold:
            for slug, adds in implied.items():
                if adds > 0 or slug in sums:
                    yield _rule(sums, slug, KIND + kind, adds)


def _acted(sums: dict[str, float], actors: int, rules: Rules, *, led: bool) -> Iterator[Evidence]:
    """Yield what two actors say of the themes there is evidence of."""
    for slug, adds in rules.leaders.items() if led and actors > 1 else ():
        if sums.get(slug, 0.0) > 0:
            yield _rule(sums, slug, "a leader and another country", adds)
    for slug, adds in rules.actors.items() if actors > 1 else ():
        if sums.get(slug, 0.0) >= 1:
            yield _rule(sums, slug, "two actors", adds)


def _yielded(sums: dict[str, float], rules: Rules) -> Iterator[Evidence]:
    """Yield what themes of bystanders lose to what happened: pupils fall ill, a parliament ratifies a treaty."""
    for slug, yields in rules.yields.items():
        if slug in sums and (to := next((one for one in yields.to if sums.get(one, 0.0) >= rules.threshold), None)):
            yield _rule(sums, slug, f"yields to {to}", -yields.by)


def _rule(sums: dict[str, float], slug: str, term: str, adds: float) -> Evidence:
    """Add to a theme what no word of the text says, so that the rules after this one see it."""
    sums[slug] = sums.get(slug, 0.0) + adds
    return Evidence(slug=slug, term=term, matched="", adds=adds)


def _strongest(given: tuple[float, str]) -> tuple[float, str]:
    return -given[0], given[1]


def _evidence(known: Language, haystack: str, ends: int, rules: Rules, parties: int) -> Iterator[Evidence]:
    """Yield each term once, where it counts most; of terms that overlap, for each theme the longest.

    Terms of `[between]` speak for their theme where there are two parties, and otherwise for nothing.
    """
    best: dict[str, list[tuple[int, int, Term]]] = {}
    for start, end, number in dict.fromkeys(_hits(known, haystack)):
        term = known.terms[number]
        for slug in term.slugs:
            if slug != BETWEEN:
                best.setdefault(slug, []).append((start, end, term))
            elif parties > 1:
                best.setdefault(rules.between, []).append((start, end, term))
    for slug, hits in best.items():
        if len(hits) > 1:
            hits.sort(key=_longest)
        taken: list[tuple[int, int]] = []
        counted: set[str] = set()
        for start, end, term in hits:
            # Words side by side share the space between them, and are two terms.
            for other_start, other_end in taken:
                if start + 1 < other_end and other_start + 1 < end:
                    break
            else:
                taken.append((start, end))
                if term.written in counted or not term.weight:
                    continue
                counted.add(term.written)
                zone = rules.title if start < ends else rules.lead if start < ends + rules.lead_chars else rules.rest
                yield Evidence(
                    slug=slug,
                    term=term.written,
                    matched=haystack[start:end].strip(),
                    adds=round(term.weight * zone, 3),
                )


def _longest(hit: tuple[int, int, Term]) -> tuple[int, int, float, str]:
    return hit[0] - hit[1], hit[0], -hit[2].weight, hit[2].written


def _hits(known: Language, haystack: str) -> Iterator[tuple[int, int, int]]:
    done: set[int] = set()
    for pattern, start, end in known.automaton.find_matches_as_indexes(haystack, overlapping=True):
        for check in known.checks[pattern]:
            if check.whole is not None:
                if check.term not in done:
                    done.add(check.term)
                    for found in check.whole.finditer(haystack):
                        yield *found.span(), check.term
                continue
            if check.ending and haystack.find(" ", end, end + vocabulary.SHORT_ENDING_CHARS + 1) < 0:
                continue
            yield start, end, check.term


_SCRIPTS = (
    ("ka", "\u10a0", "\u10ff"),
    ("hy", "\u0530", "\u058f"),
    ("he", "\u0590", "\u05ff"),
    ("fa", "\u0600", "\u06ff"),
    ("ru", "\u0400", "\u052f"),
    ("zh", "\u4e00", "\u9fff"),
    ("ja", "\u3040", "\u30ff"),
)


def _script(text: str) -> str:
    """Return the most likely language of the script that the first letters are in."""
    if text[:_SCRIPT_LENGTH].isascii():
        return "en"
    letters = Counter(map(_SCRIPT_OF.__getitem__, filter(str.isalpha, text[:_SCRIPT_LENGTH])))
    (tag, most), *_ = letters.most_common(1) or [("en", 0)]
    return tag if most * 2 > letters.total() else "en"


_SCRIPT_LENGTH = 120  # characters that show the script


class _ScriptOf(dict[str, str]):
    """The most likely language of each letter's script."""

    def __missing__(self, letter: str) -> str:
        self[letter] = next((tag for tag, low, high in _SCRIPTS if low <= letter <= high), "en")
        return self[letter]


_SCRIPT_OF = _ScriptOf()


def _tag(language: str | None, text: str) -> str | None:
    """Return the vocabulary to read with."""
    known = vocabulary.languages()
    for tag in (language, language and language.split("-")[0]):
        if tag is None or tag not in known:
            continue
        # One name, two alphabets: Uzbek and Kazakh have a file for each.
        others = {"ru": f"{tag}-Cyrl", "en": f"{tag}-Latn"}
        return tag if known.isdisjoint(others.values()) else _other(tag, others.get(_script(text)), known)
    script = _script(text)
    return script if script in known else None


def _other(tag: str, other: str | None, known: frozenset[str]) -> str:
    return other if other is not None and other in known else tag
