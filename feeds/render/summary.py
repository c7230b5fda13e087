"""What the index tells of a feed without reading its entries again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from feeds.render.river import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many entries, from how many sources, how new, on which days, about which countries."""

    entries: int = 0
    sources: int = 0
    newest: datetime | None = None
    days: tuple[tuple[date, int], ...] = ()  # oldest first
    countries: tuple[tuple[str, str, int], ...] = ()  # ISO 3166-1 alpha-2, name, entries; by code
    latest: tuple[tuple[str, str | None, str | None], ...] = ()  # (title, link, language), newest first

    def plain(self) -> dict[str, Any]:
        """Return the summary as JSON can hold it."""
        return {
            "entries": self.entries,
            "sources": self.sources,
            "newest": self.newest.isoformat() if self.newest else None,
            "days": [[day.isoformat(), count] for day, count in self.days],
            "countries": [list(told) for told in self.countries],
            "latest": [list(told) for told in self.latest],
        }

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Self:
        """Return the summary that `plain` wrote."""
        return cls(
            entries=plain["entries"],
            sources=plain["sources"],
            newest=datetime.fromisoformat(plain["newest"]) if plain["newest"] else None,
            days=tuple((date.fromisoformat(day), count) for day, count in plain["days"]),
            countries=tuple((code, label, count) for code, label, count in plain["countries"]),
            latest=tuple((title, link, language) for title, link, language in plain["latest"]),
        )


_LATEST = 3


def of(parts: Sequence[Part]) -> Summary:
    """Return the summary of a feed's entries."""
    days = Counter(one.when.date() for one in parts)
    named = [country for one in parts for country in one.countries]
    countries = Counter(code for code, _ in named)
    labels = dict(named)
    return Summary(
        entries=len(parts),
        sources=len({one.source for one in parts if one.source}),
        newest=max((one.when for one in parts), default=None),
        days=tuple(sorted(days.items())),
        countries=tuple((code, labels[code], count) for code, count in sorted(countries.items())),
        latest=tuple((one.title, one.link, one.language) for one in parts[:_LATEST]),
    )
