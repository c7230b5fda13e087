"""Who has which place in a topic, and in which month's archive it stands: given once, never again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from feeds import curate
from feeds.curate import Candidate
from feeds.model import Topic
from feeds.press.memory import Documents, Filed
from feeds.press.stock import Stock
from feeds.store import Publication, Store

PLACES = "places"  # where the store keeps the last place that each topic gave
# The archive of a month is open while it runs, and is made a last time after it.
OPEN = timedelta(days=31)
FOREVER = timedelta(days=36_500)

Months = tuple[tuple[str, tuple[str, ...]], ...]


def past(state: Store, slug: str, *, now: datetime) -> Documents:
    """Return what the state knows of a topic's places, where nothing else is remembered of it."""
    published = state.publications(slug)
    recent = _oldest_open(now)
    return Documents(
        filed=tuple(
            Filed(one.entry, one.place, one.month, one.since, standing=one.until is None)
            for one in published
            if one.until is None or one.month >= recent
        ),
        # The last place may have been given to what was merged or has left the store since.
        last_place=max(int(state.marks(PLACES).get(slug, 0)), *(one.place for one in published), 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """A topic's places after a pass, and which of them are new, have ended or come back."""

    filed: Mapping[str, Filed]
    last: int
    publications: tuple[Publication, ...] = ()


class Filing:
    """The places and archives of one pass."""

    def __init__(self, stock: Stock, *, now: datetime) -> None:
        self._stock, self._now = stock, now
        self._month, self._recent = f"{now.astimezone(UTC):%Y-%m}", _oldest_open(now)

    def places(self, slug: str, filed: Mapping[str, Filed], ids: Sequence[str], last_place: int) -> Places:
        """Return who has which place when a topic shows these ids."""
        here = frozenset(ids)
        new = [id_ for id_ in reversed(ids) if id_ not in filed]
        back = self._back(slug, new)
        after = dict(filed)
        for id_ in new:
            if id_ in back:
                after[id_] = Filed(id_, back[id_].place, back[id_].month, back[id_].since, standing=True)
            else:
                last_place += 1
                after[id_] = Filed(id_, last_place, self._month, self._now, standing=True)
        after |= {id_: one._replace(standing=id_ in here) for id_, one in filed.items()}
        publications = tuple(
            Publication(
                entry=one.id,
                since=one.since,
                place=one.place,
                month=one.month,
                until=None if one.standing else self._now,
            )
            for id_, one in after.items()
            if id_ not in filed or filed[id_] != one
        )
        last = max(last_place, *(one.place for one in after.values()), 0)
        return Places(filed=after, last=last, publications=publications)

    def _back(self, slug: str, ids: Sequence[str]) -> dict[str, Publication]:
        """Return those that were in the topic before, and whose archive was closed since."""
        last = self._stock.last
        # What came after the last pass cannot have been published by one.
        old = [id_ for id_ in ids if last is None or not self._stock.came_after(id_, last)]
        return {one.entry: one for one in self._stock.state.publications(slug, entries=old)} if old else {}

    def kept(self, places: Places) -> tuple[Filed, ...]:
        """Return the places that matter still."""
        return tuple(one for one in places.filed.values() if one.standing or one.month >= self._recent)

    def archived(
        self, topic: Topic, candidates: Iterable[Candidate], filed: Mapping[str, Filed], shown: Collection[str]
    ) -> curate.Placed:
        """Return what the feed's limits have dropped and archives that may be open still hold."""
        here = frozenset(shown)
        dropped = [
            one for one in candidates if one.id in filed and filed[one.id].month >= self._recent and one.id not in here
        ]
        if not dropped:
            return curate.Placed(shown=())
        wide = replace(topic, limit=len(dropped), max_age=FOREVER, per_source_a_day=None, min_score=None)
        return curate.place(wide, dropped, now=self._now, published={one.id for one in dropped})

    def months(self, limit: int, filed: Iterable[Filed], archived: Collection[str], shown: Collection[str]) -> Months:
        """Return the archives that can still be made, newest first within each.

        The document of the running month takes what the subscription document still shows in blocks of half of
        that one's length: nobody misses it there, and a month is not written again for every new entry.
        """
        here, block = frozenset(shown), max(1, limit // 2)
        at_hand = here | frozenset(archived)
        last = max((one.place for one in filed), default=0) // block
        months: dict[str, list[str]] = {}
        for one in sorted(filed, key=lambda one: -one.place):
            months.setdefault(one.month, [])
            if one.id in at_hand and (one.month < self._month or one.id not in here or one.place // block < last):
                months[one.month].append(one.id)
        return tuple((month, tuple(ids)) for month, ids in sorted(months.items()) if ids)


def _oldest_open(now: datetime) -> str:
    """Return the oldest month whose archive may be made anew."""
    return f"{now.astimezone(UTC) - OPEN:%Y-%m}"
