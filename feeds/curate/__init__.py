"""A topic's feed from the entries we hold: what belongs, what the editor overruled, what may be shown.

decisions  the editor's hand as values, and what it comes to for an entry
rights     how much of a text may be shown, and which copy leads
judging    what the entry and the hand alone decide: candidates, and why the others are none
placing    which candidates are shown, and in which order
showing    an entry as subscribers see it
selection  all of these together: the entries of a topic in their places, with a verdict on each
reasons    preview and explain
"""

from typing import TYPE_CHECKING

from feeds import lazily
from feeds.curate.decisions import ACTS, Act, Decision, Hand, Ruling, links

if TYPE_CHECKING:
    from feeds.curate.judging import Candidate, Judge, Verdict, hidden_stories, judged, judges
    from feeds.curate.placing import Placed, Shown, Spread, place
    from feeds.curate.reasons import Explanation, Line, Preview, explain, preview
    from feeds.curate.selection import Selection, topic, topics
    from feeds.curate.showing import notice, open_to_all, shown
else:
    __getattr__ = lazily.names(
        __name__,
        {
            "judging": ("Candidate", "Judge", "Verdict", "hidden_stories", "judged", "judges"),
            "placing": ("Placed", "Shown", "Spread", "place"),
            "reasons": ("Explanation", "Line", "Preview", "explain", "preview"),
            "selection": ("Selection", "topic", "topics"),
            "showing": ("notice", "open_to_all", "shown"),
        },
    )

__all__ = [
    "ACTS",
    "Act",
    "Candidate",
    "Decision",
    "Explanation",
    "Hand",
    "Judge",
    "Line",
    "Placed",
    "Preview",
    "Ruling",
    "Selection",
    "Shown",
    "Spread",
    "Verdict",
    "explain",
    "hidden_stories",
    "judged",
    "judges",
    "links",
    "notice",
    "open_to_all",
    "place",
    "preview",
    "shown",
    "topic",
    "topics",
]
