"""What the index tells of a feed without reading its entries again."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from feeds.model import ISO_3166_1, Feed
from feeds.render import body


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


def of(feed: Feed) -> Summary:
    """Return the summary of a feed."""
    dated = [(entry.published or body.updated(entry), entry) for entry in feed.entries]
    days = Counter(moment.date() for moment, _ in dated)
    named = [c for entry in feed.entries for c in entry.categories if c.scheme == ISO_3166_1]
    countries = Counter(category.term for category in named)
    labels = {category.term: category.label or category.term for category in named}
    return Summary(
        entries=len(feed.entries),
        sources=len({entry.source.id for entry in feed.entries if entry.source}),
        newest=max((moment for moment, _ in dated), default=None),
        days=tuple(sorted(days.items())),
        countries=tuple((code, labels[code], count) for code, count in sorted(countries.items())),
        latest=tuple((entry.title, entry.link, entry.language) for entry in feed.entries[:_LATEST]),
    )
