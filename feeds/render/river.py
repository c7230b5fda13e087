"""The entries of a document without their text: enough to order, count and head it.

A document of a hundred entries of which one has changed is put together from the published one and that one
entry. So what is remembered of an entry is its token, which differs whenever a subscriber would see a difference,
and the few facts that heads, rivers and the index are made of.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from feeds.model import ISO_3166_1, ISO_3166_2, M49, REGION, Entry, Feed
from feeds.render import body


class Part(NamedTuple):
    """What is known of an entry without its text. A tuple, since a hundred thousand are remembered."""

    id: str
    token: str
    when: datetime  # its place in the river
    updated: datetime
    title: str
    link: str | None
    language: str | None
    story: str | None
    source: str | None  # Origin.id
    source_title: str | None
    countries: tuple[tuple[str, str], ...]  # ISO 3166-1 alpha-2, name
    places: tuple[str, ...]  # the names a reader filters by


def part(entry: Entry) -> Part:
    """Return what is remembered of an entry."""
    updated = body.updated(entry)
    source = entry.source
    return Part(
        id=entry.id,
        token=hashlib.blake2b(repr(entry).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest(),
        when=entry.published or updated,
        updated=updated,
        title=entry.title,
        link=entry.link,
        language=body.language(entry),
        story=entry.story,
        source=source.id if source else None,
        source_title=source.title if source else None,
        countries=tuple((c.term, c.label or c.term) for c in entry.categories if c.scheme == ISO_3166_1),
        places=places(entry),
    )


def places(entry: Entry) -> tuple[str, ...]:
    """Return the places an entry is about, by name: the narrow ones where there are any, else the wide.

    A country belongs to a dozen groups and organisations; naming them all on every entry tells nothing.
    """
    for schemes in ((ISO_3166_1, ISO_3166_2), (REGION,), (M49,)):
        if found := [c.label or c.term for scheme in schemes for c in entry.categories if c.scheme == scheme]:
            return tuple(dict.fromkeys(found))
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class River:
    """The entries of one document in its order, and how to read them whole."""

    parts: tuple[Part, ...]
    read: Callable[[Sequence[str]], Iterable[Entry]]  # by ids of `parts`, in the order asked
    before: tuple[tuple[str, str], ...] = ()  # id and token of every entry of the published document, in its order

    @classmethod
    def of(cls, feed: Feed) -> Self:
        """Return the river of entries that are at hand."""
        whole = {entry.id: entry for entry in feed.entries}
        return cls(parts=tuple(map(part, feed.entries)), read=lambda ids: [whole[id_] for id_ in ids])

    @property
    def newest(self) -> datetime | None:
        """When the newest change was, as its entries tell it."""
        return max((one.updated for one in self.parts), default=None)


def fingerprint(parts: Iterable[Part]) -> str:
    """Return a digest that differs whenever a document of these entries would."""
    told = "\n".join(f"{one.id}\t{one.token}" for one in parts)
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
