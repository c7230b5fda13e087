"""Single stages for people and measuring programs: what `feeds parse`, `tag`, `opml`, `discover` answer."""

import html
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from feeds import cadence, fetch, manners, normalize, parse, query, regions, tagging
from feeds.config import Config
from feeds.errors import FeedsError, FetchError
from feeds.model import Document, Entry, Feed, Held, Source

MAX_FILE_BYTES = 50 * 2**20
ADHOC = "command-line"  # the source that a document given by hand belongs to


def _file(where: str) -> Document:
    path = Path(where)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FetchError(where, f"over {MAX_FILE_BYTES // 2**20} MiB")
        return Document(url=path.absolute().as_uri(), body=path.read_bytes())
    except OSError as exc:
        raise FetchError(where, exc.strerror or str(exc)) from exc


async def document(where: str, *, config: Config | None, now: datetime) -> Document:
    """Return the document at a path or an http(s) URL; raises FetchError."""
    if not where.startswith(("http://", "https://")):
        return _file(where)
    source = Source(id=ADHOC, url=where)
    async with fetch.Client(manners.settings(config)) as client:
        match await client.get(source, cadence.start(source), now=now):
            case Document() as found:
                return found
            case answer:
                raise FetchError(where, getattr(answer, "reason", "410 Gone"))


async def parsed(where: str, *, config: Config | None, now: datetime) -> Feed:
    """Return the feed at a path or URL as it would be published; raises FetchError or ParseError."""
    found = await document(where, config=config, now=now)
    source = Source(id=ADHOC, url=found.url)
    return normalize.feed(parse.feed(found, source=where), source=source, base=found.url, now=now)


def opml_as_yaml(document: bytes, config: Config | None) -> str:
    """Return the feeds of an OPML file that the configuration lacks, as a `sources:` list in YAML.

    Broken XML is read as far as it goes: 80 of 118 OPML files of a popular list are not XML (PEERS.md).
    """
    known = {source.url for source in config.sources} if config else set()
    taken = {source.id for source in config.sources} if config else set()
    try:
        root = etree.fromstring(document, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as exc:
        raise FeedsError(f"not OPML: {exc}") from exc
    if root is None or root.tag != "opml":
        raise FeedsError("not OPML: there is no <opml> in it")
    sources = []
    for outline in root.iter("outline"):
        url, title = outline.get("xmlUrl"), outline.get("title") or outline.get("text")
        url = url.replace("feed://", "http://", 1) if url else None
        if not url or url in known or not url.startswith(("http://", "https://")):
            continue
        known.add(url)
        name = _slug(title or url, taken)
        sources.append({"id": name, "url": url} | ({"title": title} if title else {}))
    return yaml.safe_dump({"sources": sources}, allow_unicode=True, sort_keys=False)


def _slug(text: str, taken: set[str]) -> str:
    """Return an id made of the text that nothing has yet, and take it."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split()
    base = "-".join(words)[:40].strip("-") or "source"
    name, n = base, 2
    while name in taken:
        name, n = f"{base}-{n}", n + 1
    taken.add(name)
    return name


async def discovered(url: str, *, config: Config | None, now: datetime) -> tuple[fetch.FeedLink, ...]:
    """Return the feeds that the page at a URL names; the URL itself when it is one already."""
    found = await document(url, config=config, now=now)
    if fetch.is_page(found.body):
        return fetch.links(found.body, base=found.url)
    parse.feed(found, source=url)
    return (fetch.FeedLink(url=found.url, title=None),)


def tagger(config: Config | None, *, now: datetime) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what answers one line of `feeds tag`: {id, title, text, lang?, home?} to its tags and topics."""
    wordlist = tagging.Wordlist(regions=config.regions, themes=config.themes) if config else tagging.Wordlist()
    topics = config.topics if config else ()
    queries = tuple(query.parse(topic.match) for topic in topics)

    def answer(record: Mapping[str, Any]) -> dict[str, Any]:
        title, body = str(record.get("title") or ""), str(record.get("text") or "")
        tags = tagging.read(
            title=title,
            body=body[: tagging.MAX_TAGGED_CHARS],
            hint=_text(record, "lang"),
            home=_country(record),
            when=None,
            wordlist=wordlist,
        ).tags
        entry = Entry(id=str(record["id"]), title=title, summary=html.escape(body), language=tags.language)
        held = Held(entry=entry, source=ADHOC, first_seen=now, changed=now, tags=tags)
        return {
            "id": record["id"],
            "language": tags.language,
            "countries": list(tags.countries),
            "primary": list(tags.primary),
            "regions": list(tags.regions),
            "themes": list(tags.themes),
            "topics": [t.slug for t, q in zip(topics, queries, strict=True) if query.matches(q, held)],
        }

    return answer


def _text(record: Mapping[str, Any], key: str) -> str | None:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        raise FeedsError(f"{record['id']}: {key} is {value!r}, not a text")
    return value or None


def _country(record: Mapping[str, Any]) -> str | None:
    code = _text(record, "home")
    if code is not None and code.lower() not in regions.known():
        raise FeedsError(f"{record['id']}: home is {code!r}, not a country (ISO 3166-1)")
    return code and code.upper()
