"""From the text of a query to its nodes, or to the character at which it goes wrong."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import cast, get_args

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from feeds.errors import QueryError
from feeds.query import nodes, words

_GRAMMAR = r"""
start: any
any: all (_OR all)*
all: one (_AND? one)*
?one: _NOT one -> negation
    | "(" any ")"
    | SCORE -> score
    | FIELD? VALUE ("," VALUE)* -> clause

_OR.3: /OR(?=[\s()]|$)/
_AND.3: /AND(?=[\s()]|$)/
_NOT.3: /NOT(?=[\s(]|$)|-(?=\S)/
SCORE.2: /score:?\s*(>=|<=|>|<)\s*(\d+\.?\d*|\.\d+)/
FIELD.2: /[A-Za-z_]+:/
VALUE: /"[^"]*"|(?!-)(?!(?:AND|OR|NOT)(?=[\s()]|$))[^\s()",:<>=]+/
%ignore /\s+/
"""
MAX_CHARS = 20_000
MAX_DEPTH = 100
_FIELDS = frozenset(get_args(nodes.Name)) - {"words"}
_WORDED = frozenset({"words", "title", "author", "category"})
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_SCORE = re.compile(r"score:?\s*(>=|<=|>|<)\s*([\d.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names a query may use; None lets every name of that sort through."""

    regions: frozenset[str] | None = None
    themes: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    # What an unknown region may have meant, where more is known than slugs: "iran", "kazakh".
    near_region: Callable[[str], Sequence[str]] | None = None


EVERYTHING = Known()


def parse(text: str, *, known: Known = EVERYTHING) -> nodes.Query:
    """Return the query a text says, its names checked against the known ones.

    Raises QueryError with the place of the first mistake of form, or of every name that means nothing.
    """
    if not text.strip():
        raise QueryError("the query is empty", query=text, offset=0)
    if len(text) > MAX_CHARS:
        raise QueryError(f"longer than {MAX_CHARS} characters", query=text, offset=MAX_CHARS)
    depth = 0
    for offset, character in enumerate(text):
        depth += {"(": 1, ")": -1, "-": 0}.get(character, 0)
        if depth > MAX_DEPTH:
            raise QueryError("too many brackets inside each other", query=text, offset=offset)
    try:
        tree = _parser().parse(text)
        reader = _Reader(text=text, known=known)
        root = reader.node(cast(Tree[Token], tree.children[0]))
    except UnexpectedInput as exc:
        raise _refusal(exc, text) from exc
    except RecursionError as exc:
        raise QueryError("too many parts inside each other", query=text, offset=0) from exc
    if reader.mistakes:
        (offset, reason), *more = sorted(reader.mistakes)
        raise QueryError(reason, query=text, offset=offset, more=tuple(more))
    return nodes.Query(root=root, text=text)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual")


def _refusal(exc: UnexpectedInput, text: str) -> QueryError:
    """Say in a person's words what the parser met where."""
    at_end = isinstance(exc, UnexpectedToken) and exc.token.type == "$END"
    offset = len(text.rstrip()) if at_end or exc.pos_in_stream is None else exc.pos_in_stream
    there = text[offset : offset + 1]
    if at_end:
        opened = text.count("(") > text.count(")")
        reason = "a closing bracket is missing" if opened and not _unfinished(text) else "something is missing here"
    elif there == '"':
        reason = "this quotation mark is not closed"
    elif there == ")":
        reason = "nothing stands in these brackets, or none was opened"
    elif there and there in ":<>=,":
        reason = f"{there!r} means nothing here; put the words in quotation marks"
    elif isinstance(exc, UnexpectedCharacters) and there == "-":
        reason = "a minus stands right before what it excludes"
    else:
        reason = "not expected here"
    return QueryError(reason, query=text, offset=offset)


def _unfinished(text: str) -> bool:
    return re.search(r"(?:\b(?:AND|OR|NOT)|[:,(])\s*$", text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """A tree to nodes; what is wrong with names and values is gathered, so that all of it is told at once."""

    text: str
    known: Known
    mistakes: list[tuple[int, str]] = field(default_factory=list)

    def wrong(self, offset: int, reason: str) -> None:
        """Remember a mistake and go on."""
        self.mistakes.append((offset, reason))

    def node(self, tree: Tree[Token]) -> nodes.Node:
        """Return what a branch says."""
        parts = tree.children
        match tree.data:
            case "any":
                return nodes.some(tuple(self.node(cast(Tree[Token], part)) for part in parts))
            case "all":
                return nodes.every(tuple(self.node(cast(Tree[Token], part)) for part in parts))
            case "negation":
                return nodes.Not(part=self.node(cast(Tree[Token], parts[0])))
            case "score":
                return self._score(cast(Token, parts[0]))
        return self._clause([cast(Token, part) for part in parts])

    def _score(self, token: Token) -> nodes.Score:
        found = cast(re.Match[str], _SCORE.fullmatch(token))
        bound = float(found[2])
        offset = cast(int, token.start_pos)
        if bound > 1:
            self.wrong(offset + found.start(2), "a score is between 0 and 1")
        return nodes.Score(sign=cast(nodes.Sign, found[1]), bound=bound, offset=offset)

    def _clause(self, tokens: list[Token]) -> nodes.Clause:
        offset = cast(int, tokens[0].start_pos)
        name = "words"
        if tokens[0].type == "FIELD":
            name = tokens.pop(0).rstrip(":").lower()
            if name not in _FIELDS:
                self.wrong(offset, f"no field is called {name}{_nearest(name, _FIELDS)}")
                return nodes.Clause(name="words", values=(), offset=offset)
        values, moment = [], None
        for token in tokens:
            here = cast(int, token.start_pos)
            value = " ".join(token.strip('"').split())
            if name in _WORDED:
                if not words.patterns(value):
                    self.wrong(here, "there is no word to look for in this")
            elif name in {"before", "after"}:
                moment = self._moment(value, here)
                if token is not tokens[0]:
                    self.wrong(here, f"{name}: takes one date")
            else:
                value = value if name == "source" else value.lower()
                self._check(name, value, here)
            values.append(value)
        return nodes.Clause(name=cast(nodes.Name, name), values=tuple(values), moment=moment, offset=offset)

    def _moment(self, value: str, offset: int) -> datetime | None:
        found = _DATE.fullmatch(value)
        try:
            if found is not None:
                return datetime(int(found[1]), int(found[2]), int(found[3] or 1), tzinfo=UTC)
        except ValueError:
            pass  # a day that no month has is as wrong as any other text
        self.wrong(offset, "write a date as 2026-11-23 or 2026-11")
        return None

    def _check(self, name: str, value: str, offset: int) -> None:
        if not value:
            self.wrong(offset, f"{name}: of nothing")
            return
        if name == "lang" and not _LANGUAGE.fullmatch(value):
            self.wrong(offset, "write a language as its code: ru, uz or uz-cyrl")
        known = self.known
        names = {
            "region": known.regions,
            "mentions": known.regions,
            "theme": known.themes,
            "kind": known.kinds,
            "source": known.sources,
        }.get(name)
        if names is None or value in names:
            return
        sort = "region" if name == "mentions" else name
        near = known.near_region(value) if sort == "region" and known.near_region is not None else ()
        hint = f"; did you mean {near[0]}?" if near else _nearest(value, names)
        self.wrong(offset, f"no {sort} is called {value}{hint}")


def _nearest(value: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(value, sorted(names), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""
