"""The language in which editors say what belongs: `region:central-asia theme:diplomacy -theme:sport`.

query.parse(text) ──► Query ──► query.matches, query.select (many at once), query.explain

nodes    what a query is made of
grammar  text to nodes, or a QueryError with its place
words    words that know their inflection
columns  many queries over many entries, as sets of bits
reasons  one query over one entry, clause by clause
"""

from typing import TYPE_CHECKING

from feeds import lazily
from feeds.query.nodes import All, Clause, Node, Not, Query, Score, Some
from feeds.query.words import plain

if TYPE_CHECKING:
    from feeds.query.columns import matches, reads_texts, select
    from feeds.query.grammar import EVERYTHING, Known, parse
    from feeds.query.reasons import Reason, explain, strength
else:
    __getattr__ = lazily.names(
        __name__,
        {
            "columns": ("matches", "reads_texts", "select"),
            "grammar": ("EVERYTHING", "Known", "parse"),
            "reasons": ("Reason", "explain", "strength"),
        },
    )

__all__ = [
    "EVERYTHING",
    "All",
    "Clause",
    "Known",
    "Node",
    "Not",
    "Query",
    "Reason",
    "Score",
    "Some",
    "explain",
    "matches",
    "parse",
    "plain",
    "reads_texts",
    "select",
    "strength",
]
