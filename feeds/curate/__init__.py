"""A topic's feed from the entries we hold: what belongs, what the editor overruled, what may be shown.

decisions  the editor's hand as values, and what it comes to for an entry
rights     how much of a text may be shown, and which copy leads
selection  the entries of a topic in their places, with a verdict on each
reasons    preview and explain
"""

from feeds.curate.decisions import ACTS, Act, Decision, Hand, Ruling
from feeds.curate.reasons import Explanation, Line, Preview, explain, preview
from feeds.curate.selection import Selection, Verdict, notice, topic, topics

__all__ = [
    "ACTS",
    "Act",
    "Decision",
    "Explanation",
    "Hand",
    "Line",
    "Preview",
    "Ruling",
    "Selection",
    "Verdict",
    "explain",
    "notice",
    "preview",
    "topic",
    "topics",
]
