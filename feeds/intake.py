"""A document becomes entries that are read, cleaned, tagged and sketched: one pure job a document.

    Document ── parse ──► Feed of Entry ── normalize ──► Entry ── tag, sketch ──► Read

Everything in is a value and everything out is one, so `read` runs in a process pool as it is.
What the source said last, word for word, is known by its digest and is not done again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feeds import dedupe, normalize, parse, stories, tagging, urls
from feeds.model import Document, Entry, Read, Reading, Source
from feeds.query import beginnings


def read(
    document: Document,
    *,
    source: Source,
    known: Mapping[str, bytes],
    wordlist: tagging.Wordlist,
    now: datetime,
    most: int,
) -> Reading:
    """Return what a document holds; an entry whose digest is in `known` under its key is passed over.

    Raises ParseError when the document is no feed.
    """
    feed = parse.feed(document, source=source.id)
    if len(feed.entries) > most:
        left = f"more than {most} entries: the rest was not read"
        feed = replace(feed, entries=feed.entries[:most], dropped=(left,))
    digests: dict[str, bytes] = {}
    dates: dict[str, datetime] = {}
    named = normalize.ids(feed, base=document.url)
    keys = normalize.keys(feed, named)
    for key, entry in zip(keys, feed.entries, strict=True):
        # An entry that is given twice is known by both of its wordings.
        digests[key] = digests.get(key, b"") + normalize.digest(entry)
        said = normalize.moment(entry.published, source) if entry.published is not None else None
        if said is not None:
            dates[key] = said
    unread = {id_: key for id_, key in zip(named, keys, strict=True) if known.get(key) != digests[key]}
    clean = normalize.feed(feed, source=source, base=document.url, now=now, only=unread, named=named)
    where = normalize.stand_in(feed, document.url)
    links = Counter(entry.link for entry in feed.entries)
    shared = frozenset(
        urls.canonical(absolute)
        for link, count in links.items()
        if link and count > 1 and (absolute := urls.absolute(link, where))
    )
    templates = zip(named, dedupe.templates(feed.entries), strict=True)
    marks = {id_: _Mark(key=key, digest=digests[key]) for id_, key in unread.items()}
    marks |= {id_: replace(marks[id_], template=True) for id_, template in templates if template and id_ in marks}
    return Reading(
        feed=replace(clean, entries=()),
        shown=tuple(digests),
        fresh=tuple(_reads(clean.entries, marks, shared, source=source, wordlist=wordlist, now=now)),
        dates=dates,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """What its document says of an entry beside its words."""

    key: str
    digest: bytes
    template: bool = False


def _reads(
    entries: Sequence[Entry],
    marks: Mapping[str, _Mark],
    shared: frozenset[str],
    *,
    source: Source,
    wordlist: tagging.Wordlist,
    now: datetime,
) -> Iterator[Read]:
    """Yield the entries with all that was read of them, worked out a stage at a time."""
    bodies = [tagging.plain(entry) for entry in entries]  # once, for all that read them
    readings = tagging.all_readings(entries, bodies=bodies, source=source, wordlist=wordlist, now=now)
    tags = [one.tags for one in readings]
    told = list(zip(entries, bodies, strict=True))
    links = [urls.canonical(entry.link) if entry.link else None for entry in entries]
    links = [None if link in shared else link for link in links]  # one that several entries share tells none of them
    sketches = [
        dedupe.of_text(title=entry.title, body=body, link=link, template=marks[entry.id].template).pack()
        for (entry, body), link in zip(told, links, strict=True)
    ]
    features = [
        stories.of_text(title=entry.title, body=body, countries=one.primary).pack()
        for (entry, body), one in zip(told, tags, strict=True)
    ]
    for (entry, body), link, one, sketch, feature in zip(told, links, tags, sketches, features, strict=True):
        yield Read(
            source=source.id,
            key=marks[entry.id].key,
            digest=marks[entry.id].digest,
            entry=entry,
            link=link,
            tags=one,
            sketch=sketch,
            features=feature,
            beginnings=beginnings.of(entry, body=body if len(body) < tagging.MAX_TAGGED_CHARS else None),
        )
