"""A burst is spread: so many entries enter a topic in so long, the oldest first, and the others wait their turn.

A bot that looks every quarter of an hour and remembers the newest twenty then sees every one. What a queue
of many hours would hold up longer than it is worth goes faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feeds.curate import Candidate
from feeds.press.memory import Filed

# A queue is let through in at most about so many turns.
TURNS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Whose turn it is in a topic at one time."""

    filed: Sequence[Filed]
    limit: int  # of the topic
    burst: int
    every: timedelta
    now: datetime

    def waiting(self, ordered: Sequence[Candidate]) -> frozenset[str]:
        """Return which candidates, given in the topic's order, have to wait."""
        if self.filed and min(one.since for one in self.filed) == self.now:
            return frozenset()  # a feed that begins at this very time: nobody has read it yet
        entering = self._entering(ordered)
        lately = len(self._lately())
        most = max(self.burst, -(-(len(entering) + lately) // TURNS))
        return frozenset(one.id for one in entering[max(0, most - lately) :])

    def next(self, entered: int) -> datetime:
        """Return when the next may enter, where some wait and `entered` have entered now."""
        return min([*self._lately(), *([self.now] if entered else [])], default=self.now) + self.every

    def _lately(self) -> list[datetime]:
        """Return when those entered that count still; what the topic began with was no burst."""
        began = min((one.since for one in self.filed), default=self.now)
        return [one.since for one in self.filed if one.since > max(began, self.now - self.every)]

    def _entering(self, ordered: Sequence[Candidate]) -> list[Candidate]:
        """Return what would enter now, oldest first: what is new and stands before the last of the known."""
        known, entering, places = {one.id for one in self.filed}, [], 0
        for one in ordered:
            if one.id not in known:
                entering.append(one)
            elif (places := places + 1) == self.limit:
                break
        return sorted(entering, key=lambda one: (one.when, one.id))
