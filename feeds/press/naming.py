"""The sources as subscribers are told of them: where the editor gives no title, the feed's own; and the page it names.

A title with a date in it, or a link that goes round, must not write every file anew at every poll: by what a feed was
first known it stays known, and something else takes its place after a week at the earliest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from feeds.config import Config
from feeds.model import Polling, Source
from feeds.store import Store

SPACE = "sources"  # where the store keeps by what each address is known
STAYS = timedelta(days=7)


class Known(NamedTuple):
    """By what the feed at an address is known."""

    title: str | None
    link: str | None
    since: datetime
    before: int = 0  # how often it was known by something else


_known = msgspec.json.Decoder(Known).decode


def retold(state: Store) -> list[tuple[str, str]]:
    """Return what is no longer known as it was: of these, entries that did not change are to be told anew."""
    return sorted((url, told) for url, told in state.marks(SPACE).items() if _known(told).before)


def sources(config: Config, state: Store, pollings: Mapping[str, Polling], *, now: datetime) -> tuple[Source, ...]:
    """Return the sources with the title and the link that their feeds give them, and remember these."""
    known = {url: _known(told) for url, told in state.marks(SPACE).items()}
    fresh = dict(_fresh(config, pollings, known, now=now))
    state.mark(SPACE, {url: msgspec.json.encode(one).decode() for url, one in fresh.items()})
    known |= {url: one for url, one in fresh.items() if not one.before}  # what takes a place begins at the next pass
    return tuple(
        replace(source, title=source.title or known[source.url].title, link=known[source.url].link)
        if source.url in known
        else source
        for source in config.sources
    )


def _fresh(
    config: Config, pollings: Mapping[str, Polling], known: Mapping[str, Known], *, now: datetime
) -> Iterator[tuple[str, Known]]:
    for source in config.sources:
        polling = pollings.get(source.id)
        if polling is None or polling.configured_url not in {None, source.url} or not (polling.title or polling.link):
            continue
        before = known.get(source.url)
        if before is None:
            yield source.url, Known(polling.title, polling.link, now)
        elif (before.title, before.link) != (polling.title, polling.link) and now - before.since >= STAYS:
            yield source.url, Known(polling.title, polling.link, now, before.before + 1)
