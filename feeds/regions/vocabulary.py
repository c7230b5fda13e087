"""Reads the words of a language, as feeds/data/regions/README.md has them, into values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from feeds.errors import FeedsError

SECTIONS = frozenset(
    [
        "grammar",
        "classes",
        "names",
        "people",
        "kin",
        "cities",
        "places",
        "actors",
        "leaders",
        "organisations",
        "groups",
        "hints",
        "namesakes",
        "blocks",
        "ambiguous",
        "boilerplate",
    ]
)
_LISTS = frozenset({"blocks", "boilerplate"})
_GRAMMAR = frozenset(
    {
        "inflect",
        "spaces",
        "joined",
        "prefixes",
        "cues",
        "cues-after",
        "cue-endings",
        "person-before",
        "person-after",
        "named-before",
        "named-after",
        "state-after",
        "joins",
        "named-through",
        "divisions-of",
    }
)
_MARKED = re.compile(r"([=^@?]*)(.*)", re.DOTALL)
_KEYS = {
    "names": re.compile(r"[A-Z]{2}"),
    "people": re.compile(r"[A-Z]{2}"),
    "kin": re.compile(r"[A-Z]{2} [A-Z]{2}"),
    "cities": re.compile(r"[A-Z]{2}( .+)?"),
    "places": re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?"),
    "actors": re.compile(r"[A-Z]{2}"),
    "leaders": re.compile(r"[a-z0-9-]+"),
    "organisations": re.compile(r"[a-z0-9-]+"),
    "groups": re.compile(r"[a-z-]+"),
    "hints": re.compile(r"[A-Z]{2}"),
    "namesakes": re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?"),
    "ambiguous": re.compile(r"never|[=^@?]+"),
}
FOLDER = resources.files("feeds") / "data" / "regions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """One class: the citation endings that belong to it, and the slots of endings in their place."""

    name: str
    citations: tuple[str, ...]  # "*" is any word
    slots: tuple[tuple[str, ...], ...]
    added: bool  # added to the word, not put in the place of the citation ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form as written: the section, the key before the colon, the marks and the words."""

    section: str
    key: str
    text: str
    marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a words file says."""

    language: str
    every: bool = False  # every word of a form inflects, not the last alone
    spaces: bool = True
    joined: str = ""  # letters after which an apostrophe is part of the word
    prefixes: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    cues_after: tuple[str, ...] = ()
    cue_endings: tuple[str, ...] = ()
    person_before: tuple[str, ...] = ()
    person_after: tuple[str, ...] = ()
    named_before: tuple[str, ...] = ()
    named_after: tuple[str, ...] = ()
    state_after: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    named_through: tuple[str, ...] = ()
    divisions_of: tuple[str, ...] = ()  # "county<US,GB"
    classes: tuple[Endings, ...] = ()
    forms: tuple[Form, ...] = ()


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a words file."""
    return frozenset(file.name.removesuffix(".txt") for file in (FOLDER / "words").iterdir() if ".txt" in file.name)


@cache
def words(language: str) -> Words:
    """Return the words of a language; one without a file has none."""
    if language not in languages():
        return Words(language=language)
    found, wrong = _parse(language, _lines(language))
    if wrong:
        raise FeedsError(f"words/{language}.txt: {wrong[0]}")
    return found


def mistakes(language: str) -> tuple[str, ...]:
    """Return every mistake of a words file, each with its line."""
    return tuple(f"words/{language}.txt:{wrong}" for wrong in _parse(language, _lines(language))[1])


def rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a table of feeds/data/regions, comments left out."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _lines(language: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a words file with their numbers, comments gone and continued lines joined."""
    number, joined = 0, ""
    text = (FOLDER / "words" / f"{language}.txt").read_text(encoding="utf-8")
    for place, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(^|\s)#.*", "", raw).rstrip()
        if not line:
            continue
        if line[0].isspace():
            joined += " " + line.strip()
            continue
        if joined:
            yield number, joined
        number, joined = place, line
    if joined:
        yield number, joined


def _parse(language: str, lines: Iterator[tuple[int, str]]) -> tuple[Words, list[str]]:
    section, grammar = "", dict[str, str]()
    classes: list[Endings] = []
    forms: list[Form] = []
    wrong: list[str] = []
    for number, line in lines:
        if line.startswith("["):
            section = line.strip("[] ")
            if section not in SECTIONS:
                wrong.append(f"{number}: no section is called [{section}]")
        elif section in _LISTS:
            forms += _forms(section, "", line)
        elif section == "classes":
            try:
                classes.append(_class(line))
            except ValueError:
                wrong.append(f"{number}: a class is `name < citation endings : endings`")
        elif (key := line.partition(":")[0].strip()) and ":" not in line:
            wrong.append(f"{number}: `KEY: forms` expected, not {line[:40]!r}")
        elif section == "grammar":
            if key not in _GRAMMAR:
                wrong.append(f"{number}: the grammar has no {key!r}")
            grammar[key] = line.partition(":")[2].strip()
        elif section in _KEYS:
            if not _KEYS[section].fullmatch(key):
                wrong.append(f"{number}: {key!r} is no key of [{section}]")
            forms += _forms(section, key, line.partition(":")[2])
        elif not section:
            wrong.append(f"{number}: before the first section")
    many = {name: tuple(grammar.get(name, "").split()) for name in _GRAMMAR}
    return Words(
        language=language,
        every=grammar.get("inflect") == "every",
        spaces=grammar.get("spaces") != "no",
        joined="".join(many["joined"]),
        prefixes=many["prefixes"],
        cues=many["cues"],
        cues_after=many["cues-after"],
        cue_endings=many["cue-endings"],
        person_before=many["person-before"],
        person_after=many["person-after"],
        named_before=many["named-before"],
        named_after=many["named-after"],
        state_after=many["state-after"],
        joins=many["joins"],
        named_through=many["named-through"],
        divisions_of=many["divisions-of"],
        classes=tuple(classes),
        forms=tuple(forms),
    ), wrong


def _class(line: str) -> Endings:
    head, body = line.split(":", 1)
    name, citations = head.split("<", 1)
    slots = [slot.split() for slot in body.strip().removeprefix("+").split("/")]
    return Endings(
        name=name.strip(),
        citations=tuple(citations.split()),
        slots=tuple(tuple("" if ending == "-" else ending for ending in slot) for slot in slots),
        added=body.strip().startswith("+"),
    )


def _forms(section: str, key: str, body: str) -> Iterator[Form]:
    for written in re.split("[,،、，]", body):
        if (match := _MARKED.match(written.strip())) and match[2]:
            yield Form(section=section, key=key, text=match[2].strip(), marks=match[1])
