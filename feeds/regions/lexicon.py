"""Compiles the words of a language and the generated names into patterns with their senses."""

import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from feeds.regions import folding, inflect, shelf, vocabulary
from feeds.regions.packed import Packed, pack
from feeds.regions.vocabulary import Form, Words
from feeds.regions.world import Point, groups, subdivisions

EXACT, CAPITAL, CUED, BACKED = 1, 2, 4, 8  # the marks = ^ @ ?
_MARKS = {"=": EXACT, "^": CAPITAL, "@": CUED, "?": BACKED}
_SCRIPTS = {
    "ru": "CYRILLIC", "kk": "CYRILLIC", "ky": "CYRILLIC", "uz-Cyrl": "CYRILLIC", "tg": "CYRILLIC", "uk": "CYRILLIC",
    "mn": "CYRILLIC", "bg": "CYRILLIC", "sr": "CYRILLIC", "fa": "ARABIC", "ar": "ARABIC", "ps": "ARABIC",
    "ur": "ARABIC", "ug": "ARABIC", "ckb": "ARABIC", "he": "HEBREW", "hy": "ARMENIAN", "ka": "GEORGIAN",
    "hi": "DEVANAGARI", "zh": "CJK", "ja": "CJK KATAKANA", "ko": "HANGUL",
}  # fmt: skip
_BESIDE = (
    "cues", "cues_after", "person_before", "person_after", "named_before", "named_after", "named_through",
    "state_after", "joins",
)  # fmt: skip
_KNOWN_PEOPLE = 1_000_000  # a city needs as many where its name is short
_FOREIGN_PEOPLE = 100_000
_SHORT_LENGTH = 5  # with the space before it
_PREFIXED_PEOPLE = 300_000
_BARE_LETTERS = 5
# Territories whose names are first of all somebody else's: a saint's, an admiral's.
_NAMESAKES_LANGUAGE = "en"  # of the towns in generated/namesakes.tsv
_NAMESAKES = frozenset({"MF", "SX", "BL", "PN", "NF", "CX", "HM", "BV"})
# and cities whose names are also a woman's, a man's or a word
_NAMESAKE_CAPITALS = (
    "Malé Male Victoria Stanley Nassau Salvador Santiago Kingston Georgetown Lima Praia Suva Apia Dili Lomé Roseau"
    " Castries Sofia Juba Adelaide Mérida Marigot Hamilton Samara Phoenix Perth Mariehamn Hobart Moroni Tarawa Douglas"
    " Plymouth Jamestown Halifax Saint-Pierre Saint-Denis Kirov Salta Aden Sucre Recife Fortaleza Córdoba Chihuahua"
    " Philipsburg Cayenne The_Valley San_José San_Jose San_Juan Boa_Vista Campo_Grande Road_Town West_Island Wellington"
)
# "America" is a country, "Southern Africa" too, and "中非" the two of them: only groups with names of their own
_NAMED_GROUPS = "002 005 011 014 015 030 034 035 039 142 143 145 150 151 154 155 202 419"
_CASED = frozenset({"LATIN", "CYRILLIC", "ARMENIAN", "GREEK"})


@dataclass(slots=True, kw_only=True, eq=False)
class Sense:
    """One thing a pattern can mean. Not frozen: built by the ten thousand, changed by nobody."""

    kind: str  # name people kin city place actor leader organisation block boilerplate
    key: str  # alpha-2; of kin, where they live and whose name they bear; id of a leader or an organisation
    flags: int = 0
    tail: inflect.Tail | None = None
    written: str = ""  # as the vocabulary has it, for `=`
    place: str | None = None  # ISO 3166-2
    point: Point | None = None
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """The patterns of a language with their senses, and what its grammar says of the words around them."""

    words: Words  # the grammar; the forms are in the patterns
    script: str
    patterns: Packed[tuple[Sense, ...]]  # folded, without the space before them
    cues: frozenset[str]
    cues_after: frozenset[str]
    person_before: frozenset[str]
    person_after: frozenset[str]
    named_before: frozenset[str]
    named_after: frozenset[str]
    named_through: frozenset[str]
    state_after: frozenset[str]
    joins: frozenset[str]
    divisions_of: Mapping[str, tuple[str, ...]]  # "county": the countries that have some, likeliest first


@cache
def cities() -> tuple[tuple[str, str, str | None, Point, int, tuple[str, ...]], ...]:
    """Return the generated cities, biggest first: name, country, subdivision, point, people, forms."""
    return tuple(
        (name, country, None if sub == "-" else sub, (float(lat), float(lon)), int(people), tuple(forms.split("|")))
        for name, country, sub, lat, lon, people, forms in vocabulary.rows("generated/cities.tsv")
    )


_GRAMMAR = ("spaces", "joined", "cue_endings", "divisions_of", *_BESIDE)


@cache
def compiled(language: str) -> Lexicon:
    """Return the lexicon of a language; one nobody wrote words for has its generated names."""
    return _compiled(_own(language))


def prepare(languages: Iterable[str]) -> None:
    """Have the lexicons of these languages worked out by another process, those that are not yet."""
    if lacking := missing(languages):
        shelf.make_apart(lacking)


def missing(languages: Iterable[str]) -> tuple[str, ...]:
    """Return of which lexicons these languages need none is kept."""
    return shelf.missing(sorted({_own(language) for language in languages}))


def _own(language: str) -> str:
    known = language in vocabulary.languages() or language in _named()
    return language if known else _UNNAMED


@cache
def _named() -> frozenset[str]:
    """Return the languages that generated names are in."""
    tables = ("generated/names.tsv", "generated/capitals.tsv")
    return frozenset(language for table in tables for language, *_ in vocabulary.rows(table))


def keep(*languages: str) -> None:
    """Work out the lexicons of languages for other processes."""
    for language in languages:
        shelf.keep(language, _packed(language))


# The languages of which nothing is known share what every language has, in one file.
_UNNAMED = "und"


@cache
def _compiled(language: str) -> Lexicon:
    tails: list[inflect.Tail] = []

    def senses(rows: list[Any]) -> tuple[Sense, ...]:
        return tuple(_sense(row, tails) for row in rows)

    patterns = shelf.kept(language, lambda: _packed(language), lambda buffer: Packed(buffer, senses))
    grammar, endings = patterns.about
    tails += [inflect.Tail(tuple(map(tuple, slots))) for slots in endings]
    words = Words(language=language, **{name: _tuples(value) for name, value in grammar.items()})
    # also as written: "رئیس‌جمهور" is one word of a text and two of a folded one
    lists = {
        name: frozenset(form for cue in getattr(words, name) for form in (folding.key(cue)[1:], cue.lower()))
        for name in _BESIDE
    }
    kinds = (kind.partition("<") for kind in words.divisions_of)
    return Lexicon(
        words=words,
        script=_SCRIPTS.get(language, "LATIN"),
        patterns=patterns,
        divisions_of={word: tuple(countries.split(",")) for word, _, countries in kinds},
        **lists,
    )


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _packed(language: str) -> bytes:
    """Work out the lexicon of a language: senses as rows, the endings they may have by number."""
    words = vocabulary.words(language)
    tails: dict[tuple[tuple[str, ...], ...], int] = {}
    rows = {
        # without spaces a form matches anywhere, also at the start of a text
        pattern[1:]: [_row(sense, tails) for sense in senses]
        for pattern, senses in _table(words, _SCRIPTS.get(language, "LATIN")).items()
    }
    return pack(rows, ({name: getattr(words, name) for name in _GRAMMAR}, list(tails)))


def _row(sense: Sense, tails: dict[tuple[tuple[str, ...], ...], int]) -> tuple[object, ...]:
    tail = -1 if sense.tail is None else tails.setdefault(sense.tail.endings, len(tails))
    return sense.kind, sense.key, sense.flags, tail, sense.written, sense.place, sense.point, sense.people


def _sense(row: list[Any], tails: Sequence[inflect.Tail]) -> Sense:
    kind, key, flags, tail, written, place, point, people = row
    return Sense(
        kind=sys.intern(kind),
        key=sys.intern(key),
        flags=flags,
        tail=tails[tail] if tail >= 0 else None,
        written=written,
        place=place,
        point=None if point is None else (point[0], point[1]),
        people=people,
    )


def _table(words: Words, script: str) -> dict[str, list[Sense]]:
    table: dict[str, list[Sense]] = {}
    for form in words.forms:
        _add_written(table, form, words)
    marks = _ambiguous(words)
    # whole forms, not stems: the stem of `иракский` is `Ирак`, which is still to be added
    strong = frozenset(
        folding.key(form.text.partition("/")[0], joined=words.joined)
        for form in words.forms
        if form.section not in {"ambiguous", "hints", "namesakes"}
    )
    _add_names(table, words, script, marks, strong)
    _add_capitals(table, words, script, marks)
    _add_cities(table, words, script, marks)
    if words.language == _NAMESAKES_LANGUAGE:
        _add_namesakes(table, words)
    _prefix(table, words)
    if script == "LATIN":
        for pattern, senses in list(table.items()):
            plain = folding.bare(pattern)
            if len(plain.strip()) >= _BARE_LETTERS and plain not in table and marks.get(plain, 0) >= 0:
                table[plain] = senses
    return table


def _add(table: dict[str, list[Sense]], form: str, words: Words, sense: dict[str, object]) -> None:
    for pattern, tail in inflect.patterns(form, words):
        if not pattern.endswith(" "):  # a word that is only an ending has no stem
            table.setdefault(pattern, []).append(Sense(tail=tail, **sense))  # type: ignore[arg-type]
            if "'" in form or "ʻ" in form or "’" in form:
                table.setdefault(folding.key(pattern.replace(" ", "")), []).append(
                    Sense(tail=tail, **sense)  # type: ignore[arg-type]
                )


def _add_written(table: dict[str, list[Sense]], form: Form, words: Words) -> None:
    if form.section == "ambiguous":
        return
    flags = sum(_MARKS[mark] for mark in set(form.marks)) | (BACKED if form.section == "namesakes" else 0)
    kind = form.section if form.section in {"people", "kin", "boilerplate"} else form.section[:-1]
    sense: dict[str, object] = {"kind": kind, "key": form.key, "flags": flags, "written": form.text}
    if form.section == "cities":
        country, _, name = form.key.partition(" ")
        sense |= {"key": country, "kind": "city"} | _where(country, name)
    elif form.section in {"places", "namesakes"}:
        country, _, division = form.key.partition("-")
        sense["key"] = country
        if division:
            sense |= {"place": form.key, "point": subdivisions().get(form.key, ("", None))[1]}
        elif form.section == "places":
            sense |= _town(country, form.text)
    text = form.text + "/0" if flags & EXACT and "/" not in form.text else form.text
    if not form.text.split():
        return
    _add(table, text, words, sense)


@cache
def _gazetteer() -> dict[tuple[str, str], tuple[str | None, Point, int]]:
    found: dict[tuple[str, str], tuple[str | None, Point, int]] = {}
    for name, country, division, point, people, _ in cities():
        found.setdefault((country, folding.bare(folding.key(name))), (division, point, people))
    return found


@cache
def _aliases(country: str) -> dict[str, tuple[str | None, Point, int]]:
    """Return the cities of a country by their other names in Latin letters: Ulaanbaatar for Ulan Bator."""
    found: dict[str, tuple[str | None, Point, int]] = {}
    for _, where, division, point, people, forms in cities():
        for form in forms if where == country else ():
            if form[0] < "\u0250":
                found.setdefault(folding.bare(folding.key(form)), (division, point, people))
    return found


def _where(country: str, name: str) -> dict[str, object]:
    form = folding.bare(folding.key(name))
    found = _gazetteer().get((country, form)) or _aliases(country).get(form)
    return {} if found is None else {"place": found[0], "point": found[1], "people": found[2]}


def _town(country: str, text: str) -> dict[str, object]:
    """Return where a town lies that is written among the places of its country."""
    found = _spellings(country).get(folding.key(text.partition("/")[0]))
    return {} if found is None else {"place": found[0], "point": found[1]}


@cache
def _spellings(country: str) -> dict[str, tuple[str | None, Point]]:
    """Return the cities of a country by what they are called in any script."""
    found: dict[str, tuple[str | None, Point]] = {}
    for name, where, division, point, _, forms in cities():
        for form in (name, *forms) if where == country else ():
            found.setdefault(folding.key(form), (division, point))
    return found


def _ambiguous(words: Words) -> dict[str, int]:
    """Return the weakened generated forms, folded, with their marks; -1 is never."""
    marks: dict[str, int] = {}
    for form in words.forms:
        if form.section == "ambiguous":
            pattern = folding.key(form.text.partition("/")[0], joined=words.joined)
            added = -1 if form.key == "never" else sum(_MARKS[mark] for mark in form.key)
            marks[pattern] = -1 if -1 in {added, marks.get(pattern)} else marks.get(pattern, 0) | added
    return marks


def _add_names(
    table: dict[str, list[Sense]], words: Words, script: str, marks: dict[str, int], strong: frozenset[str]
) -> None:
    wanted = {words.language, words.language.split("-")[0] if script in {"LATIN", "CJK"} else words.language}
    for language, code, forms in vocabulary.rows("generated/names.tsv"):
        if language not in wanted:
            continue
        if code.isdigit():
            _add_groups(table, words, code, forms)
            continue
        for form in forms.split("|"):
            pattern = folding.key(form, joined=words.joined)
            weak = marks.get(pattern, 0)
            letters = form.replace(".", "")
            if weak < 0 or len(pattern) < (2 if not words.spaces else 3) or pattern in strong:
                continue
            short = letters.isupper() and len(letters) <= 4 and letters.isalpha()
            cased = script in _CASED and form[:1].isupper()
            weak |= BACKED if code in _NAMESAKES else 0
            flags = weak | (EXACT if short and cased else CAPITAL if cased and len(pattern) <= 6 else 0)
            _add(table, form + ("/0" if flags & EXACT else ""), words,
                 {"kind": "name", "key": code, "flags": flags, "written": form})  # fmt: skip


def _add_groups(table: dict[str, list[Sense]], words: Words, code: str, forms: str) -> None:
    slug = _groups().get(code)
    for form in forms.split("|") if slug else ():
        _add(table, form, words, {"kind": "group", "key": slug, "written": form})


@cache
def _groups() -> dict[str, str]:
    """Return the slugs of the M49 groups that are called by name, and whose names are of nothing else."""
    return {group.number: slug for slug, group in groups().items() if group.number in _NAMED_GROUPS.split()}


def _add_capitals(table: dict[str, list[Sense]], words: Words, script: str, marks: dict[str, int]) -> None:
    known = frozenset(table)
    for language, country, name, form in vocabulary.rows("generated/capitals.tsv"):
        if language != words.language:
            continue
        pattern = folding.key(form, joined=words.joined)
        weak = marks.get(pattern, 0)
        if pattern in known or weak < 0:
            continue
        unsure = name.replace(" ", "_") in _NAMESAKE_CAPITALS.split() or len(pattern) < (
            _SHORT_LENGTH if words.spaces else 2
        )
        flags = weak | (CAPITAL if script in _CASED else 0) | (CUED if unsure else 0)
        sense = {"kind": "city", "key": country, "flags": flags, "written": form} | _where(country, name)
        _add(table, form, words, sense)


def _add_cities(table: dict[str, list[Sense]], words: Words, script: str, marks: dict[str, int]) -> None:
    known = frozenset(table)
    cased = script in _CASED
    for _, country, division, point, people, forms in cities():
        if not words.cues and people < _PREFIXED_PEOPLE:
            continue  # nothing in this language cues a town: 80,000 patterns and a second would back others at most
        if people < _FOREIGN_PEOPLE and script == "LATIN" and words.language != "en":
            continue  # GeoNames does not say which of its Latin spellings are this language's
        for form in forms:
            if unicodedata.name(form[0], "").split(" ", 1)[0] not in script:
                continue
            pattern = folding.key(form, joined=words.joined)
            weak = marks.get(pattern, 0)
            if pattern in known or weak < 0 or len(pattern) < (3 if not words.spaces else 4):
                continue
            if "'" in form and marks.get(" " + pattern.replace(" ", ""), 0) < 0:
                continue  # "H'Uman" would also be read as "Human"
            if len(pattern) <= _SHORT_LENGTH and people < _KNOWN_PEOPLE:
                continue
            flags = weak | (CAPITAL if cased else 0) | CUED
            _add(table, form, words, {"kind": "city", "key": country, "flags": flags, "place": division,
                                      "point": point, "people": people, "written": form})  # fmt: skip


def _add_namesakes(table: dict[str, list[Sense]], words: Words) -> None:
    """Add the small towns to the forms that mean a place already: a name of nothing else stays unknown."""
    for form, codes in vocabulary.rows("generated/namesakes.tsv"):
        if folding.key(form, joined=words.joined) in table:
            for code in codes.split():
                _add_written(table, Form(section="namesakes", key=code, text=form, marks="^"), words)


def _prefix(table: dict[str, list[Sense]], words: Words) -> None:
    if not words.prefixes:
        return
    for pattern, senses in list(table.items()):
        if all(sense.people and sense.flags & CUED and sense.people < _PREFIXED_PEOPLE for sense in senses):
            continue
        if any(sense.kind == "boilerplate" or sense.flags & EXACT for sense in senses):
            continue
        for prefix in words.prefixes:
            written, _, cut = prefix.partition("<")
            folded, off = folding.key(written), folding.key(cut)[1:] if cut else ""
            if pattern[1:].startswith(off):
                table.setdefault(folded + pattern[1 + len(off) :], senses)
