"""Who held which office when, and how long ago that was last made sure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from feeds.regions import vocabulary

_REMEMBERED = timedelta(days=365)  # a leader still stands for the country this long after leaving
_MOST_NAMED = 5
_REVIEW_EVERY = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """One office-holder of leaders.tsv."""

    id: str
    country: str
    office: str
    since: date
    until: date | None
    reviewed: date
    name: str

    def stands(self, when: date) -> bool:
        """Tell whether a text of that day that names the leader speaks of the country."""
        return self.since - _REMEMBERED <= when and (self.until is None or when <= self.until + _REMEMBERED)


@cache
def leaders() -> Mapping[str, Leader]:
    """Return the leaders by id."""
    return {
        id_: Leader(
            id=id_,
            country=country,
            office=office,
            since=date.fromisoformat(since),
            until=None if until == "-" else date.fromisoformat(until),
            reviewed=date.fromisoformat(reviewed),
            name=name,
        )
        for id_, country, office, since, until, reviewed, name in vocabulary.rows("leaders.tsv")
    }


def stale(now: datetime) -> tuple[str, ...]:
    """Return one warning when office-holders were last reviewed over half a year before `now`, else nothing."""
    oldest: dict[str, date] = {}
    for leader in leaders().values():
        oldest[leader.country] = min(leader.reviewed, oldest.get(leader.country, leader.reviewed))
    old = {country: reviewed for country, reviewed in oldest.items() if now.date() - reviewed > _REVIEW_EVERY}
    if not old:
        return ()
    whose = " ".join(sorted(old)) if len(old) <= _MOST_NAMED else f"{len(old)} countries"
    return (f"office-holders of {whose} were last reviewed on {min(old.values())} (feeds/data/regions/leaders.tsv)",)
