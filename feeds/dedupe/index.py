"""The live entries, searchable by sketch: by link, then by content.

Pure and in memory; the store keeps the packed sketches and `Index.load` reads 100,000 of them in
a fraction of a second, so what has left the window is left out by loading anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from feeds.dedupe import comparing
from feeds.dedupe.sketching import Sketch, bits_of, links_and_keys, settings, unpack
from feeds.postings import WEIGHT_BITS, Postings

WINDOW = timedelta(days=7)

_WEIGHT = np.uint64(WEIGHT_BITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The entry that another is the same as, and why."""

    id: str
    reason: str  # "link", "content"
    evidence: str  # one line for `feeds explain`
    also: tuple[str, ...] = ()  # ids of further entries it is the same as: those are one as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An entry that looks alike, and what kept it apart: of another event, or an update of this one."""

    id: str
    conflict: str  # "number", "name", "date or place", "headline"
    evidence: str
    apart: timedelta

    @property
    def another_event(self) -> bool:
        """Say whether not even the event is the same: a figure may be corrected within hours, a name may not."""
        return self.conflict != "number" or self.apart > timedelta(hours=settings()["match"]["update_hours"])


class Index:
    """The sketches of a window of time. A copy is added under the id of its entry."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        self._window = window.total_seconds()
        self._ids: list[str] = []
        self._packed: list[bytes] = []
        self._bits: list[int] = []
        self._times: list[float] = []  # seconds since 1970
        self._links: dict[int, int] = {}  # link -> row
        self._postings = Postings()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, id: str, sketch: Sketch, when: datetime) -> None:  # noqa: A002 - RFC 4287's word
        """Remember an entry, or another copy of it under the same id."""
        row = len(self._ids)
        self._ids.append(id)
        self._packed.append(sketch.pack())
        self._bits.append(sketch.bits)
        self._times.append(when.timestamp())
        if sketch.link:
            self._links.setdefault(sketch.link, row)
        self._postings.add(row, sketch.keys)

    def load(self, ids: Sequence[str], sketches: Sequence[bytes], times: Sequence[float]) -> None:
        """Remember stored rows (packed sketches, seconds since 1970), oldest first, at start-up."""
        if not sketches:
            return
        start = len(self._ids)
        self._ids += ids
        self._packed += sketches
        self._bits += map(bits_of, sketches)
        self._times += times
        links, keys, counts = links_and_keys(sketches)
        told = np.flatnonzero(links)[::-1]  # the oldest comes last, and stays
        known, self._links = self._links, dict(zip(links[told].tolist(), (told + start).tolist(), strict=True))
        self._links |= known
        self._postings.extend(keys, np.arange(start, len(self._ids)).repeat(counts))

    def judge(self, sketch: Sketch, when: datetime) -> tuple[Match | None, tuple[Refusal, ...]]:
        """Return the entry of the window that this is the same as, the oldest, and those that only look alike."""
        looked_at = self._looked_at(sketch, when.timestamp())
        refused = tuple(
            Refusal(
                id=self._ids[row],
                conflict=conflict,
                evidence=evidence,
                apart=abs(timedelta(seconds=self._times[row] - when.timestamp())),
            )
            for row, evidence, conflict in looked_at
            if conflict is not None
        )
        found = [(row, evidence) for row, evidence, conflict in looked_at if conflict is None]
        by_link = self._links.get(sketch.link) if sketch.link else None
        if by_link is not None:
            ids = self._others(found, self._ids[by_link])
            return Match(id=self._ids[by_link], reason="link", evidence="the same canonical link", also=ids), refused
        if not found:
            return None, refused
        row, evidence = min(found, key=lambda one: (self._times[one[0]], self._ids[one[0]]))
        id_ = self._ids[row]
        return Match(id=id_, reason="content", evidence=evidence, also=self._others(found, id_)), refused

    def find(self, sketch: Sketch, when: datetime) -> Match | None:
        """Return the entry of the window that this is the same as: the oldest, whatever came first."""
        return self.judge(sketch, when)[0]

    def refused(self, sketch: Sketch, when: datetime) -> tuple[Refusal, ...]:
        """Return the entries that look alike but differ in what matters."""
        return self.judge(sketch, when)[1]

    def in_order(self, first: str, second: str) -> tuple[str, str]:
        """Return two ids, that of the entry that was there first at the front; what left the window is older."""
        places = [self._ids.index(id_) if id_ in self._ids else -1 for id_ in (first, second)]
        return (first, second) if places[0] <= places[1] else (second, first)

    def _others(self, found: Sequence[tuple[int, str]], id_: str) -> tuple[str, ...]:
        return tuple(sorted({self._ids[row] for row, _ in found} - {id_}))

    def _looked_at(self, sketch: Sketch, at: float) -> list[tuple[int, str, str | None]]:
        """Return the alike rows with the evidence, and the conflict that keeps each apart, if any."""
        matches = settings()["match"]
        looked_at: list[tuple[int, str, str | None]] = []
        ours: frozenset[int] | None = None
        for row in self._candidates(sketch, matches):
            apart = abs(self._times[row] - at)
            if apart > self._window:
                continue
            ours = comparing.grams(sketch) if ours is None else ours
            other = unpack(self._packed[row])
            like = comparing.likeness(ours, comparing.grams(other))
            brief = sketch.brief or other.brief
            shorter = min(len(sketch.text), len(other.text))
            same = comparing.alike(like, words=shorter, brief=brief)
            same = same and not (brief and apart > matches["brief_hours"] * 3600)
            if not same and (brief or not comparing.patterned(like)):  # headlines alone are short of words
                continue
            conflict = comparing.conflict(sketch, other)
            if same or conflict is not None:
                looked_at.append((row, _evidence(like), conflict))
        return looked_at

    def _candidates(self, sketch: Sketch, matches: Mapping[str, float]) -> list[int]:
        """Return the rows that share a key and most bits, if these are enough."""
        if not sketch.keys:
            return []
        pairs, _ = self._postings.find(np.array(sketch.keys, np.uint32), at_most=int(matches["common_key"]))
        # Most rows share a phrase and nothing else: their bits tell, before anything is unpacked.
        ours, known = sketch.bits, self._bits
        length, found = ours.bit_count(), []
        of_both = matches["glance"] * matches["jaccard"] / (1 + matches["jaccard"])
        of_shorter = matches["glance"] * matches["containment"]
        for row in {*(pairs >> _WEIGHT).tolist()}:
            common = (ours & known[row]).bit_count()
            other = known[row].bit_count()
            if common >= of_both * (length + other) or common >= of_shorter * min(length, other):
                found.append((-common, row))
        return [row for _, row in sorted(found)[: int(matches["candidates"])]]


def evidence(first: Sketch, second: Sketch) -> str:
    """Return what two entries have in common, in one line for `feeds explain`."""
    if first.link and first.link == second.link:
        return "the same canonical link"
    return _evidence(comparing.likeness(comparing.grams(first), comparing.grams(second)))


def _evidence(like: comparing.Likeness) -> str:
    return f"{like.jaccard:.0%} of the word pairs are common, {like.containment:.0%} of the shorter text's"
