"""The entries with which a source's first poll would flood a topic: the old ones and the many."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from feeds.model import Read
from feeds.settle import thresholds


def backlog(reads: Iterable[Read], *, max_age: timedelta, max_entries: int, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield (Source.id, key) of those among a source's first entries that are to be known, never published."""
    newest_first = sorted(reads, key=lambda read: read.entry.published or now, reverse=True)
    for n, read in enumerate(newest_first):
        old = now - (read.entry.published or now) > max_age
        if (old and n >= thresholds.read().newest_entries) or n >= max_entries:
            yield read.source, read.key
