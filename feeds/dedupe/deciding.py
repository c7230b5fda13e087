"""What an entry of a poll is: new, a change, nothing new, or a copy of another.

The decisions in order: what its publisher called it, its link, its content. An answer depends
on the entry and on what is held, never on the order in which a poll lists its entries.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

from feeds import text, urls
from feeds.dedupe.index import Index, Match
from feeds.dedupe.sketching import Sketch
from feeds.model import Entry

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """Nothing that is held is the same entry."""

    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A version of a held entry in which a reader would see something else: `what` names the fields."""

    entry: Entry  # under the id it has been published with
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A held entry, seen again."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAs:
    """A copy of an entry that another source, or the same under another id, has given already."""

    entry: Entry
    match: Match


Decision = New | Changed | Unchanged | SameAs


def decide(entry: Entry, sketch: Sketch, *, when: datetime, known: Entry | None, index: Index) -> Decision:
    """Return what a normalised entry is. `known`: what is held under this source and guid, if anything is."""
    if known is not None:
        what = changes(known, entry)
        return Changed(entry=replace(entry, id=known.id), what=what) if what else Unchanged(id=known.id)
    match = index.find(sketch, when)
    return SameAs(entry=entry, match=match) if match is not None else New(entry=entry)


def changes(before: Entry, after: Entry) -> tuple[str, ...]:
    """Return the fields in which a reader would see a difference, markup, tracking and white space aside."""
    seen = {
        "title": (text.clean(before.title), text.clean(after.title)),
        "summary": (_seen(before.summary), _seen(after.summary)),
        "content": (_seen(before.content), _seen(after.content)),
        "link": (urls.canonical(before.link or ""), urls.canonical(after.link or "")),
        "authors": (tuple(p.name for p in before.authors), tuple(p.name for p in after.authors)),
        "enclosures": (
            tuple(urls.canonical(e.url) for e in before.enclosures),
            tuple(urls.canonical(e.url) for e in after.enclosures),
        ),
    }
    return tuple(name for name, (old, new) in seen.items() if old != new)


def _seen(markup: str | None) -> str:
    return text.from_html(markup) if markup else ""


def _length(markup: str | None) -> int:
    """Return how much there is to read: remembered, since every further copy of a story asks for those before it."""
    if not markup:
        return 0
    key = blake2b(markup.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    length = _LENGTHS.get(key)
    if length is None:
        if len(_LENGTHS) >= _MOST_LENGTHS:
            _LENGTHS.clear()
        length = _LENGTHS[key] = len(_seen(markup))
    return length


_LENGTHS: dict[bytes, int] = {}
_MOST_LENGTHS = 8192  # 100 bytes each


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries of a poll in the one order in which they are decided, whatever order they came in."""
    return tuple(sorted(entries, key=lambda e: (e.published or e.updated or _LAST, e.id, e.link or "", e.title)))


def lead(copies: Sequence[Entry], *, preference: Sequence[int] = (), paywalled: Sequence[bool] = ()) -> int:
    """Return the place of the copy that leads.

    An open copy goes before a paywalled one, then the source the editor prefers, then the earliest
    complete copy, else the fullest; complete is at least half as long as the fullest.
    """
    lengths = [_length(one.content) + _length(one.summary) for one in copies]
    fullest = max(lengths, default=0)

    def rank(place: int) -> tuple[bool, int, bool, datetime, int, str]:
        one = copies[place]
        return (
            bool(paywalled) and paywalled[place],
            -preference[place] if preference else 0,
            lengths[place] * 2 < fullest,
            one.published or _LAST,
            -lengths[place],
            one.id,
        )

    return min(range(len(copies)), key=rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A stretch of words that one text has where the other has others: "" where it has none."""

    first: str
    second: str


def difference(first: Entry, second: Entry) -> tuple[Difference, ...]:
    """Return where the titles and texts of two entries differ, word by word, in reading order."""
    return tuple(
        Difference(first=" ".join(ours[a:b]), second=" ".join(theirs[c:d]))
        for ours, theirs in zip(_texts(first), _texts(second), strict=True)
        for code, a, b, c, d in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
        if code != "equal"
    )


def _texts(entry: Entry) -> tuple[list[str], list[str]]:
    body = max(_seen(entry.summary), _seen(entry.content), key=len)
    return entry.title.split(), body.split()[:400]
