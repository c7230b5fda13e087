"""The same entry from ten sources is one entry: sketches, an index of them, decisions, and their reasons."""

from feeds.dedupe.comparing import Likeness, alike, grams, likeness
from feeds.dedupe.deciding import (
    Changed,
    Decision,
    Difference,
    New,
    SameAs,
    Unchanged,
    changes,
    decide,
    difference,
    in_order,
    lead,
)
from feeds.dedupe.guard import conflict
from feeds.dedupe.index import WINDOW, Index, Match, Refusal, evidence
from feeds.dedupe.sketching import Sketch, of_text, sketch, templates, unpack

__all__ = [
    "WINDOW",
    "Changed",
    "Decision",
    "Difference",
    "Index",
    "Likeness",
    "Match",
    "New",
    "Refusal",
    "SameAs",
    "Sketch",
    "Unchanged",
    "alike",
    "changes",
    "conflict",
    "decide",
    "difference",
    "evidence",
    "grams",
    "in_order",
    "lead",
    "likeness",
    "of_text",
    "sketch",
    "templates",
    "unpack",
]
