"""A burst is spread: so many entries enter a feed in so long, the oldest first, and the others wait their turn.

A bot that looks every quarter of an hour and remembers the newest twenty then sees every one. What a queue
of many hours would hold up longer than it is worth goes faster. A topic goes by what it published and when; of a
region's feed nothing is kept, so it goes by when entries were first seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Protocol

from feeds.config import Config
from feeds.curate import Candidate
from feeds.model import Topic
from feeds.press.memory import Documents, Filed

# A queue is let through in at most about so many turns.
TURNS = 8


class Queue(Protocol):
    """Whose turn it is in a feed at one time."""

    def waiting(self, ordered: Sequence[Candidate]) -> tuple[str, ...]:
        """Return which candidates, given in the feed's order, have to wait, the first of the queue first."""

    def next(self) -> datetime:
        """Return when the next may enter, where some wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The queue of a topic."""

    filed: Sequence[Filed]
    limit: int  # of the topic
    burst: int
    every: timedelta
    now: datetime

    def waiting(self, ordered: Sequence[Candidate]) -> tuple[str, ...]:
        """As Queue has it."""
        if self.filed and min(one.since for one in self.filed) == self.now:
            return ()  # a feed that begins at this very time: nobody has read it yet
        entering = [one.id for one in self._entering(ordered)]
        lately = len(self._lately())
        turns = max(0, max(self.burst, -(-(len(entering) + lately) // TURNS)) - lately)
        # Who would stand beyond the limit takes nobody's turn.
        for number in range(turns, len(entering)):
            waiting = frozenset(entering[number:])
            shown = islice((one.id for one in ordered if one.id not in waiting), self.limit)
            if len(frozenset(entering[:number]).intersection(shown)) >= turns:
                return tuple(entering[number:])
        return ()

    def next(self) -> datetime:
        """As Queue has it."""
        return min(self._lately(), default=self.now) + self.every

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


@dataclass(frozen=True, kw_only=True)
class Stream:
    """The queue of a region's feed: the same from whatever is held, with nothing remembered."""

    candidates: Iterable[Candidate]
    began: datetime  # what was seen by then was there from the beginning
    burst: int
    every: timedelta
    now: datetime

    @cached_property
    def _entering(self) -> dict[str, datetime]:
        """When each may enter, in the order of the queue."""
        late = sorted(
            (one for one in self.candidates if one.first_seen > self.began and one.withdrawn is None), key=arrival
        )
        moments: list[datetime] = []
        for number, one in enumerate(late):
            turn = moments[number - self.burst] + self.every if number >= self.burst else one.first_seen
            moments.append(min(max(one.first_seen, turn), one.first_seen + TURNS * self.every))
        return {one.id: moment for one, moment in zip(late, moments, strict=True)}

    def waiting(self, ordered: Sequence[Candidate]) -> tuple[str, ...]:
        """As Queue has it."""
        here = {one.id for one in ordered}
        return tuple(id_ for id_, moment in self._entering.items() if moment > self.now and id_ in here)

    def next(self) -> datetime:
        """As Queue has it."""
        return min(moment for moment in self._entering.values() if moment > self.now)


def of(config: Config, topic: Topic, past: Documents, *, now: datetime) -> Turns | None:
    """Return a topic's queue; None: everybody may enter, as into one that nobody has read yet."""
    burst = size(config, topic)
    if not burst or not past.last_place:
        return None
    return Turns(filed=past.filed, limit=topic.limit, burst=burst, every=config.publish.burst_every, now=now)


def size(config: Config, topic: Topic) -> int:
    """Return how many entries may enter a topic at a time, 0 for any number.

    Half of what it holds every half hour: a reader that comes every hour finds all of them.
    """
    burst = config.publish.burst
    return -(-topic.limit // 2) if burst is None else burst


def arrival(one: Candidate) -> tuple[datetime, datetime, str]:
    """Return what tells which of two entries came first."""
    return one.first_seen, one.when, one.id
