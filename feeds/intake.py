"""A document becomes entries that are read, cleaned, tagged and sketched: one pure job a document.

    Document ── parse ──► Feed of Entry ── normalize ──► Entry ── tag, sketch ──► Read

Everything in is a value and everything out is one, so `read` runs in a process pool as it is.
What the source said last, word for word, is known by its digest and is not done again.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
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
    feed = replace(feed, entries=feed.entries[:most])
    digests: dict[str, bytes] = {}
    dates: dict[str, datetime] = {}
    named = normalize.ids(feed, base=document.url)
    for key, entry in zip(named, feed.entries, strict=True):
        # An entry that is given twice is known by both of its wordings.
        digests[key] = digests.get(key, b"") + normalize.digest(entry)
        if entry.published is not None:
            dates[key] = entry.published
    unread = {key for key, digest in digests.items() if known.get(key) != digest}
    clean = normalize.feed(feed, source=source, base=document.url, now=now, only=unread, named=named)
    links = Counter(entry.link for entry in feed.entries)
    templates = dedupe.templates([f"{entry.title}\n{entry.summary or entry.content or ''}" for entry in feed.entries])
    written = {key for key, template in zip(named, templates, strict=True) if template}
    shared = {urls.canonical(link) for link, count in links.items() if link and count > 1}
    return Reading(
        feed=replace(clean, entries=()),
        shown=tuple(digests),
        # A link that several entries share tells none of them.
        fresh=tuple(
            replace(read, link=None) if read.link in shared else read
            for read in _reads(clean.entries, digests, written, source=source, wordlist=wordlist, now=now)
        ),
        dates=dates,
    )


def _reads(
    entries: Sequence[Entry],
    digests: Mapping[str, bytes],
    templates: Container[str],
    *,
    source: Source,
    wordlist: tagging.Wordlist,
    now: datetime,
) -> Iterator[Read]:
    """Yield the entries with all that was read of them, worked out a stage at a time; `templates` are ids."""
    bodies = [tagging.plain(entry) for entry in entries]  # once, for all that read them
    readings = tagging.all_readings(entries, bodies=bodies, source=source, wordlist=wordlist, now=now)
    tags = [one.tags for one in readings]
    told = list(zip(entries, bodies, strict=True))
    sketches = [
        dedupe.of_text(title=entry.title, body=body, link=entry.link, template=entry.id in templates).pack()
        for entry, body in told
    ]
    features = [
        stories.of_text(title=entry.title, body=body, countries=one.primary).pack()
        for (entry, body), one in zip(told, tags, strict=True)
    ]
    for (entry, body), one, sketch, feature in zip(told, tags, sketches, features, strict=True):
        yield Read(
            source=source.id,
            key=entry.id,
            digest=digests[entry.id],
            entry=entry,
            link=urls.canonical(entry.link) if entry.link else None,
            tags=one,
            sketch=sketch,
            features=feature,
            beginnings=beginnings.of(entry, body=body if len(body) < tagging.MAX_TAGGED_CHARS else None),
        )
