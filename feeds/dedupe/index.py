"""The live entries, searchable by sketch: by link, then by content.

Pure and in memory; the store keeps the packed sketches and `Index.load` reads 100,000 of them in
a fraction of a second: the index is what it was, and what has left the window is left out.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from feeds.dedupe import comparing, guard
from feeds.dedupe.chains import Chains
from feeds.dedupe.sketching import BITS, Sketch, bits_of, link_of, links_and_keys, unpack
from feeds.dedupe.vocabulary import settings
from feeds.rows import Rows

WINDOW = timedelta(days=7)
MAX_WORDINGS = 16  # of an entry, beside its first: those of a page that changes with every poll would have no end
_LOW = 2**32 - 1


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
    """The sketches of a window of time. A copy, or another wording, is added under the id of its entry."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        self._window = window.total_seconds()
        self._ids: list[str] = []
        self._packed = Rows()
        self._bits: list[int] = []
        self._times = array("d")  # seconds since 1970
        self._wordings: dict[str, int] = {}  # id -> how many there are beside the first, if any
        self._links = Chains(width=1)  # low half of a link -> rows
        self._rows = Chains(width=int(settings()["sketch"]["keys"]))

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, id: str, sketch: Sketch, when: datetime) -> None:  # noqa: A002 - RFC 4287's word
        """Remember an entry."""
        self._ids.append(id)
        self._packed.append(sketch.pack())
        self._bits.append(sketch.bits)
        self._times.append(when.timestamp())
        self._links.add((sketch.link & _LOW,) if sketch.link else ())
        self._rows.add(sketch.keys)

    def add_wording(self, id: str, sketch: Sketch, when: datetime) -> bool:  # noqa: A002 - as above
        """Remember a copy of an entry, or what it says now; False when that is known, or too many are."""
        count = self._wordings.get(id, 0)
        if count >= MAX_WORDINGS or self._is_known(id, sketch):
            return False
        self._wordings[id] = count + 1
        self.add(id, sketch, when)
        return True

    def _is_known(self, id_: str, sketch: Sketch) -> bool:
        packed = sketch.pack()
        rows = self._rows.find(sketch.keys, at_most=int(settings()["match"]["common_key"]))
        return any(self._packed[row] == packed and self._ids[row] == id_ for row in rows)

    def rename(self, younger: str, older: str) -> None:
        """Let what was added under one id stand under another: the two entries are one."""
        self._ids = [older if id_ == younger else id_ for id_ in self._ids]
        self._wordings = _beside_the_first(self._ids)

    def load(self, ids: Sequence[str], sketches: Sequence[bytes], times: Sequence[float]) -> None:
        """Remember stored rows (packed sketches, seconds since 1970), oldest first, at start-up."""
        if not sketches:
            return
        self._ids += ids
        self._wordings = _beside_the_first(self._ids)
        self._packed.extend(sketches)
        self._bits += map(bits_of, sketches)
        self._times.extend(times)
        links, keys, counts = links_and_keys(sketches)
        told = links != 0
        self._links.extend((links[told] & np.uint64(_LOW)).astype(np.uint32), told.astype(np.int64))
        self._rows.extend(keys, counts)

    def judge(self, sketch: Sketch, when: datetime) -> tuple[Match | None, tuple[Refusal, ...]]:
        """Return the entry of the window that this is the same as, the oldest, and those that only look alike."""
        at = when.timestamp()
        looked_at = self._looked_at(sketch, at)
        by_link = self._by_link(sketch.link)
        if not looked_at and by_link is None:
            return None, ()
        refused = tuple(
            Refusal(
                id=self._ids[row],
                conflict=conflict,
                evidence=evidence,
                apart=abs(timedelta(seconds=self._times[row] - at)),
            )
            for row, evidence, conflict in looked_at
            if conflict is not None
        )
        found = [(row, evidence) for row, evidence, conflict in looked_at if conflict is None]
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

    def _by_link(self, link: int) -> int | None:
        """Return the first row with a link."""
        if not link:
            return None
        rows = self._links.find((link & _LOW,), at_most=len(self._ids) + 1)
        return min((row for row in rows if link_of(self._packed[row]) == link), default=None)

    def _others(self, found: Sequence[tuple[int, str]], id_: str) -> tuple[str, ...]:
        return tuple(sorted({self._ids[row] for row, _ in found} - {id_}))

    def _looked_at(self, sketch: Sketch, at: float) -> list[tuple[int, str, str | None]]:
        """Return the alike rows with the evidence, and the conflict that keeps each apart, if any."""
        matches = settings()["match"]
        looked_at: list[tuple[int, str, str | None]] = []
        rows = self._candidates(sketch, matches)
        ours = comparing.grams(sketch) if rows else frozenset[int]()
        for row in rows:
            apart = abs(self._times[row] - at)
            if apart > self._window:
                continue
            other = unpack(self._packed[row])
            like = comparing.likeness(ours, comparing.grams(other))
            brief = sketch.brief or other.brief
            same = comparing.alike(like, sketch, other)
            same = same or (not brief and comparing.reworded(like, sketch, other))
            same = same and comparing.begin_alike(like, sketch, other)
            same = same or (not brief and comparing.retold(like, sketch, other))
            same = same and not (brief and apart > matches["brief_hours"] * 3600)
            if not same and (brief or not comparing.patterned(like)):  # headlines alone are short of words
                continue
            conflict = guard.conflict(sketch, other)
            if same or conflict is not None:
                looked_at.append((row, _evidence(like), conflict))
        return looked_at

    def _candidates(self, sketch: Sketch, matches: Mapping[str, float]) -> list[int]:
        """Return the rows that share a key and most bits, if these are enough."""
        if not sketch.keys:
            return []
        # Most rows share a phrase and nothing else: their bits tell, before anything is unpacked. So many of BITS two
        # texts have in common by chance.
        ours, known, at_least = sketch.bits, self._bits, matches["glance"]
        length = ours.bit_count()
        found = []
        for row in self._rows.find(sketch.keys, at_most=int(matches["common_key"])):
            theirs = known[row]
            common, other = (ours & theirs).bit_count(), theirs.bit_count()
            if common - length * other / BITS >= at_least * (length + other):
                found.append((-common, row))
        return [row for _, row in sorted(found)[: int(matches["candidates"])]]


def _beside_the_first(ids: Iterable[str]) -> dict[str, int]:
    return {id_: count - 1 for id_, count in Counter(ids).items() if count > 1}


def evidence(first: Sketch, second: Sketch) -> str:
    """Return what two entries have in common, in one line for `feeds explain`."""
    if first.link and first.link == second.link:
        return "the same canonical link"
    return _evidence(comparing.likeness(comparing.grams(first), comparing.grams(second)))


def _evidence(like: comparing.Likeness) -> str:
    return f"{like.jaccard:.0%} of the word pairs are common, {like.containment:.0%} of the shorter text's"
