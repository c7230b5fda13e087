"""The live entries, searchable by sketch: by link, then by content.

Pure and in memory; the store keeps the packed sketches, `Index.load` reads 100,000 of them in
about a second. Rows are kept in the order they were added and forgotten by `expire`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import numpy as np

from feeds.dedupe import comparing
from feeds.dedupe.sketching import Sketch, settings, unpack
from feeds.postings import WEIGHT_BITS, Pairs, Postings

WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The entry that another is the same as, and why."""

    id: str
    reason: str  # "link", "content"
    evidence: str  # one line for `feeds explain`
    also: tuple[str, ...] = ()  # ids of further entries it is the same as: those are one as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An entry that looks alike, and what kept it apart."""

    id: str
    conflict: str  # "number", "name", "date or place"
    evidence: str


class Index:
    """The sketches of a window of time. A copy is added under the id of its entry."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        self._window = window.total_seconds()
        self._first = 0  # the row of the lists' first element
        self._ids: list[str] = []
        self._packed: list[bytes] = []
        self._times: list[float] = []  # seconds since 1970
        self._links: dict[int, int] = {}  # link -> row
        self._postings = Postings()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, id: str, sketch: Sketch, when: datetime) -> None:  # noqa: A002 - RFC 4287's word
        """Remember an entry, or another copy of it under the same id."""
        row = self._first + len(self._ids)
        self._ids.append(id)
        self._packed.append(sketch.pack())
        self._times.append(when.timestamp())
        if sketch.link:
            self._links.setdefault(sketch.link, row)
        self._postings.add(row, sketch.keys)

    def load(self, rows: Iterable[tuple[str, bytes, datetime]]) -> None:
        """Remember stored rows (id, packed sketch, when), oldest first, at start-up."""
        start, ids = self._first + len(self._ids), len(self._ids)
        keys: list[tuple[int, ...]] = []
        for id_, packed, when in rows:
            one = unpack(packed)
            if one.link:
                self._links.setdefault(one.link, self._first + len(self._ids))
            self._ids.append(id_)
            self._packed.append(packed)
            self._times.append(when.timestamp())
            keys.append(one.keys)
        if len(self._ids) == ids:
            return
        counts = np.fromiter(map(len, keys), np.int64, len(keys))
        flat = np.fromiter(chain.from_iterable(keys), np.uint32, int(counts.sum()))
        self._postings.extend(flat, np.repeat(np.arange(start, start + len(keys), dtype=np.int64), counts))

    def find(self, sketch: Sketch, when: datetime) -> Match | None:
        """Return the entry of the window that this is the same as: the oldest, whatever came first."""
        at = when.timestamp()
        by_link = self._links.get(sketch.link) if sketch.link else None
        found = [(row, evidence) for row, evidence, conflict in self._looked_at(sketch, at) if conflict is None]
        if by_link is not None and by_link >= self._first:
            ids = self._others(found, self._ids[by_link - self._first])
            return Match(
                id=self._ids[by_link - self._first], reason="link", evidence="the same canonical link", also=ids
            )
        if not found:
            return None
        row, evidence = min(found, key=lambda one: (self._times[one[0] - self._first], self._ids[one[0] - self._first]))
        id_ = self._ids[row - self._first]
        return Match(id=id_, reason="content", evidence=evidence, also=self._others(found, id_))

    def refused(self, sketch: Sketch, when: datetime) -> tuple[Refusal, ...]:
        """Return the entries that look alike but differ in what matters, for `feeds explain`."""
        return tuple(
            Refusal(id=self._ids[row - self._first], conflict=conflict, evidence=evidence)
            for row, evidence, conflict in self._looked_at(sketch, when.timestamp())
            if conflict is not None
        )

    def expire(self, before: datetime) -> None:
        """Forget what was added before the first entry that is younger."""
        edge = before.timestamp()
        drop = next((at for at, time in enumerate(self._times) if time >= edge), len(self._times))
        if not drop:
            return
        self._first += drop
        del self._ids[:drop], self._packed[:drop], self._times[:drop]
        self._links = {link: row for link, row in self._links.items() if row >= self._first}
        self._postings.keep_from(self._first)

    def _others(self, found: Sequence[tuple[int, str]], id_: str) -> tuple[str, ...]:
        return tuple(sorted({self._ids[row - self._first] for row, _ in found} - {id_}))

    def _looked_at(self, sketch: Sketch, at: float) -> list[tuple[int, str, str | None]]:
        """Return the alike rows with the evidence, and the conflict that keeps each apart, if any."""
        matches = settings()["match"]
        if not sketch.keys:
            return []
        wanted = np.array(sketch.keys, dtype=np.uint32)
        ours, looked_at = comparing.grams(sketch), []
        for row in _most_shared(self._postings.find(wanted, at_most=matches["common_key"]), matches["candidates"]):
            place = row - self._first
            if place < 0 or abs(self._times[place] - at) > self._window:
                continue
            other = unpack(self._packed[place])
            like = comparing.likeness(ours, comparing.grams(other))
            brief = sketch.brief or other.brief
            shorter = min(len(sketch.text), len(other.text))
            if not comparing.alike(like, words=shorter, brief=brief):
                continue
            if brief and abs(self._times[place] - at) > matches["brief_hours"] * 3600:
                continue
            evidence = f"{like.jaccard:.0%} of the word pairs are common, {like.containment:.0%} of the shorter text's"
            looked_at.append((row, evidence, comparing.conflict(sketch, other)))
        return looked_at


def _most_shared(found: list[Pairs], at_most: int) -> list[int]:
    """Return the rows that share most keys; where none shares two, the latest that shares one."""
    rows = np.concatenate(found) >> np.uint64(WEIGHT_BITS)
    if not len(rows):
        return []
    rows.sort()
    again = rows[1:][rows[1:] == rows[:-1]]
    if not len(again):
        latest: list[int] = rows[-1:].tolist()
        return latest
    counts = Counter(again.tolist())
    return [row for row, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:at_most]]
