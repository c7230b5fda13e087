"""One query over one entry: which clause holds, which fails, and what in the entry says so."""

import operator
from dataclasses import dataclass
from functools import cached_property

from feeds import text
from feeds.model import Held
from feeds.query import nodes, words

MAX_TEXT_CHARS = 20_000
# A region or theme that was given without a strength (an editor's correction) is certain.
CERTAIN = 1.0
_SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A clause, whether it holds, and what of the entry it was found in; `parts` for AND, OR and NOT."""

    clause: str
    held: bool
    matched: tuple[str, ...] = ()
    parts: "tuple[Reason, ...]" = ()


class View:
    """What queries look at in an entry, each part worked out when first asked for."""

    def __init__(self, held: Held) -> None:
        self.held = held

    @cached_property
    def language(self) -> str | None:
        """The language that decides the endings."""
        return self.held.tags.language or self.held.entry.language

    @cached_property
    def title(self) -> str:
        """The title, plain."""
        return words.plain(self.held.entry.title)

    @cached_property
    def body(self) -> str:
        """Title, summary and content, plain: what a bare word is looked for in."""
        entry = self.held.entry
        parts = (readable(part) for part in (entry.summary, entry.content) if part)
        return words.plain(" | ".join((entry.title, *parts)))

    @cached_property
    def authors(self) -> str:
        """The authors' names, plain."""
        return words.plain(" | ".join(author.name for author in self.held.entry.authors))

    @cached_property
    def categories(self) -> str:
        """The publisher's categories, plain."""
        return words.plain(" | ".join(c.label or c.term for c in self.held.entry.categories))

    def haystack(self, name: str) -> str:
        """Return the plain text that a field of words looks in."""
        match name:
            case "title":
                return self.title
            case "author":
                return self.authors
            case "category":
                return self.categories
        return self.body


def readable(markup: str) -> str:
    """Return the text in which words are looked for."""
    markup = markup[:MAX_TEXT_CHARS]
    return text.from_html(markup) if is_markup(markup) else markup


def is_markup(written: str) -> bool:
    """Say whether tags or entities may stand in it."""
    return "<" in written or "&" in written


def found(clause: nodes.Clause, view: View) -> tuple[str, ...]:
    """Return what in the entry the clause holds by; empty when it fails."""
    held = view.held
    match clause.name:
        case "words" | "title" | "author" | "category":
            haystack = view.haystack(clause.name)
            hits = (words.find(words.patterns(value), haystack, view.language) for value in clause.values)
            return tuple(hit for hit in hits if hit is not None)
        case "before" | "after":
            when = held.entry.published or held.first_seen
            holds = clause.moment is not None and (when < clause.moment) == (clause.name == "before")
            return (when.strftime("%Y-%m-%d %H:%M"),) if holds else ()
        case "lang":
            own = (view.language or "").lower()
            return tuple(own for value in clause.values if own == value or own.startswith(value + "-"))
    return tuple(value for value in clause.values if value in named(clause.name, held))


def named(name: str, held: Held) -> tuple[str, ...]:
    """Return the slugs or ids that a field of names compares with."""
    tags = held.tags
    match name:
        case "region":
            return tags.regions
        case "mentions":
            return tags.mentioned + tags.regions
        case "theme":
            return tags.themes
        case "kind":
            return tags.kinds
    return (held.source, *(copy.source for copy in held.copies))


def explain(query: nodes.Query, held: Held) -> Reason:
    """Return every clause with whether it holds and the matched text, in the shape of the query."""
    return _reason(query.root, View(held), query)


def _reason(node: nodes.Node, view: View, query: nodes.Query) -> Reason:
    match node:
        case nodes.Clause():
            hits = found(node, view)
            return Reason(clause=str(node), held=bool(hits), matched=hits)
        case nodes.Score():
            score = _strength(query.root, view)
            return Reason(clause=str(node), held=passes(node, score), matched=(f"{score:.2f}",))
        case nodes.Not():
            inner = _reason(node.part, view, query)
            return Reason(clause=str(node), held=not inner.held, matched=inner.matched, parts=inner.parts)
    parts = tuple(_reason(part, view, query) for part in node.parts)
    holds = all(part.held for part in parts) if isinstance(node, nodes.All) else any(part.held for part in parts)
    matched = tuple(hit for part in parts if part.held and not part.clause.startswith("-") for hit in part.matched)
    return Reason(clause=str(node), held=holds, matched=tuple(dict.fromkeys(matched)), parts=parts)


def strength(query: nodes.Query, held: Held) -> float:
    """Return how strongly the entry is what the query asks for, 0 to 1: the weakest region or theme it needs."""
    return _strength(query.root, View(held))


def passes(node: nodes.Score, score: float) -> bool:
    """Say whether a strength is on the right side of the bound."""
    return bool(_SIGNS[node.sign](score, node.bound))


def _strength(node: nodes.Node, view: View) -> float:
    match node:
        case nodes.Clause(name="region" | "theme"):
            scores = view.held.tags.scores
            return max((scores.get(slug, CERTAIN) for slug in found(node, view)), default=0.0)
        case nodes.Clause():
            return CERTAIN if found(node, view) else 0.0
        case nodes.All():
            return min(_strength(part, view) for part in node.parts)
        case nodes.Some():
            return max(_strength(part, view) for part in node.parts)
    return CERTAIN
