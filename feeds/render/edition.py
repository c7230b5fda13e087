"""Everything the site publishes at one time, as files that are only made when somebody asks for their bytes.

A pass over an unchanged site compares digests of inputs and makes nothing; so what the pipeline hands over
is cheap to know (a fingerprint) and how to get the rest (`feed`, `summary`).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from importlib import resources
from typing import Any

from feeds.model import Entry, Feed, Format, Site
from feeds.render import atom, jsonfeed, opml, rss, site, static, status, withdraw, wording
from feeds.render.place import Kind, Place, months
from feeds.render.summary import Summary

_Make = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of a feed, by when its entries entered it, for its archive document."""

    month: str  # "2026-10"
    fingerprint: str
    feed: Callable[[], Feed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed as the site publishes it: what is known without its entries, and how to get them."""

    slug: str
    title: str
    fingerprint: str  # another one whenever `feed` would answer otherwise
    feed: Callable[[], Feed]
    summary: Callable[[], Summary]
    kind: Kind = "topic"
    country: str | None = None  # ISO 3166-1 alpha-2, of a country's feed: the map links to it
    description: str | None = None
    language: str | None = None
    first_month: str | None = None  # of the chain of archives, on disk or in the store; None: no archives
    months: tuple[Month, ...] = ()  # those whose entries are still held


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A feed that was published once and is no longer in the configuration."""

    slug: str
    title: str
    since: datetime  # when it was found removed: remembered by the caller, so that the notice never changes
    kind: Kind = "topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The site at one time."""

    site: Site
    channels: tuple[Channel, ...]
    month: str  # the running one, UTC: those before it are closed
    removed: tuple[Removed, ...] = ()
    withdrawn: frozenset[str] = frozenset()  # entry ids that must leave closed archives too
    frame: tuple[str, ...] = ()  # ISO 3166-1 alpha-2 codes the map frames; none: the world
    health: status.Health | None = None  # for the status pages, where the site publishes them
    templates: Mapping[str, str] = field(default_factory=dict)  # the editor's, by name
    translations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the editor's, by language


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of the site."""

    path: str
    inputs: str  # digest of all that `make` depends on
    make: _Make
    keep: bool = False  # once there it stays as it is, whatever `make` would say: a closed archive
    lost: bool = False  # `make` knows less than the file that may be there: for an absent one only
    amend: Callable[[bytes], bytes] | None = None  # but for this


def tree(edition: Edition) -> Iterator[File]:
    """Yield every file of the site: what is linked to before what links to it."""
    pages = "html" in edition.site.formats
    desk = site.desk(edition.site, templates=edition.templates, translations=edition.translations)
    ground = _digest(
        _program(), repr(edition.site), sorted(edition.templates.items()), repr(sorted(edition.translations.items()))
    )
    for path, content in static.files(edition.site):
        yield File(path=path, inputs=_digest(ground, content), make=partial(bytes, content))
    for channel in edition.channels:
        yield from _channel(edition, channel, desk, ground)
    for gone in edition.removed:
        yield from _removed(edition, gone, desk, ground)
    topics = [channel for channel in edition.channels if channel.kind == "topic"]
    listed = [(channel.title, Place(site=edition.site, slug=channel.slug)) for channel in topics]
    yield File(
        path="topics.opml",
        inputs=_digest(ground, repr([(title, place.slug) for title, place in listed])),
        make=lambda: opml.topics(edition.site.title, listed),
    )
    if edition.site.public_status and edition.health:
        health = edition.health
        yield from (
            File(path=path, inputs=_digest(ground, repr(health)), make=make)
            for path, make in status.files(health, desk)
        )
    if pages:
        told = [
            (channel.slug, channel.kind, channel.title, channel.description, channel.country)
            for channel in edition.channels
        ]
        yield File(
            path="index.html",
            inputs=_digest(ground, repr(told), [channel.fingerprint for channel in edition.channels], edition.frame),
            make=lambda: site.index(
                desk,
                rows=[
                    site.Row(
                        place=Place(site=edition.site, slug=channel.slug, kind=channel.kind),
                        title=channel.title,
                        description=channel.description,
                        country=channel.country,
                        summary=channel.summary(),
                    )
                    for channel in edition.channels
                ],
                frame=edition.frame,
            ),
        )


def _channel(edition: Edition, channel: Channel, desk: site.Desk, ground: str) -> Iterator[File]:
    held = {month.month: month for month in channel.months}
    chain: tuple[str, ...] = ()
    if edition.site.archives and channel.kind == "topic" and channel.first_month:
        chain = months(channel.first_month, edition.month)
    for number, month in enumerate(chain):
        place = Place(
            site=edition.site,
            slug=channel.slug,
            month=month,
            closed=month < edition.month,
            previous=chain[number - 1] if number else None,
            following=chain[number + 1] if number + 1 < len(chain) else None,
        )
        fingerprint = held[month].fingerprint if month in held else ""
        feed = held[month].feed if month in held else Feed
        known = None if place.closed else _digest(fingerprint)
        yield from _documents(
            edition,
            channel,
            place,
            feed=_Once(feed),
            desk=desk,
            inputs=_digest(ground, channel.slug, channel.title, repr(place), known),
            lost=place.closed and month not in held,
        )
    # The running month's document is part of the chain: a feed that publishes more in a month than its
    # subscription document holds loses nothing to those who read back.
    place = Place(site=edition.site, slug=channel.slug, kind=channel.kind, previous=chain[-1] if chain else None)
    inputs = _digest(ground, repr(place), channel.title, channel.description, channel.language, channel.fingerprint)
    yield from _documents(edition, channel, place, feed=_Once(channel.feed), desk=desk, inputs=inputs)


def _documents(
    edition: Edition, channel: Channel, place: Place, *, feed: "_Once", desk: site.Desk, inputs: str, lost: bool = False
) -> Iterator[File]:
    words = wording.words(channel.language or edition.site.language, edition.translations)

    def whole() -> Feed:
        found = feed()
        return replace(
            found,
            title=channel.title
            if not place.month
            else words.say("archive_of", title=channel.title, month=words.month(place.month)),
            subtitle=found.subtitle or channel.description,
            language=channel.language or found.language or edition.site.language,
        )

    make: dict[Format, _Make] = {
        "atom": lambda: atom.document(whole(), place=place, words=words),
        "rss": lambda: rss.document(whole(), place=place, words=words),
        "json": lambda: jsonfeed.document(whole(), place=place, words=words),
        "html": lambda: site.page(desk, whole(), place=place),
    }
    for form in (form for form in make if form in edition.site.formats):
        yield File(
            path=place.path(form),
            inputs=_digest("closed", sorted(edition.withdrawn)) if place.closed else inputs,
            make=make[form],
            keep=place.closed,
            lost=lost,
            amend=partial(withdraw.without, form=form, ids=edition.withdrawn) if place.closed else None,
        )


def _removed(edition: Edition, gone: Removed, desk: site.Desk, ground: str) -> Iterator[File]:
    place = Place(site=edition.site, slug=gone.slug, kind=gone.kind)
    successor = edition.site.redirects.get(gone.slug)
    to = next(
        (channel for channel in edition.channels if channel.slug == successor and channel.kind == gone.kind), None
    )
    target = Place(site=edition.site, slug=to.slug, kind=to.kind) if to else None
    words = desk.words
    notice = Entry(
        id=place.notice_id,
        link=target.page_url if target else edition.site.url,
        title=words.say("removed_title", title=gone.title),
        content=f"<p>{words.say('moved_text', title=to.title) if to else words.say('removed_text')}</p>",
        published=gone.since,
    )
    feed = Feed(title=gone.title, entries=(notice,), language=edition.site.language)
    make: dict[Format, _Make] = {
        "atom": lambda: atom.document(feed, place=place, words=words),
        "rss": lambda: rss.document(feed, place=place, words=words),
        "json": lambda: jsonfeed.document(feed, place=place, words=words),
        "html": lambda: site.removed(
            desk, title=gone.title, place=place, to=(to.title, target) if to and target else None
        ),
    }
    inputs = _digest(ground, repr(gone), repr(target), to.title if to else "")
    for form in (form for form in make if form in edition.site.formats):
        yield File(path=place.path(form), inputs=inputs, make=make[form])


class _Once:
    """A feed fetched once for all its formats."""

    def __init__(self, fetch: Callable[[], Feed]) -> None:
        self._fetch = fetch
        self._feed: Feed | None = None

    def __call__(self) -> Feed:
        if self._feed is None:
            self._feed = self._fetch()
        return self._feed


def fingerprint(*parts: object) -> str:
    """Return a short digest of what tells two states apart; order matters."""
    return _digest(*parts)


def _digest(*parts: object) -> str:
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


@cache
def _program() -> str:
    """Return a digest of what renders: another version of the program may write other bytes."""
    ours = hashlib.blake2b(digest_size=16)
    root = resources.files("feeds")
    folders = [root / "render", root / "render" / "templates", root / "data" / "i18n", root / "data" / "map"]
    for folder in folders:
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.is_file() and not file.name.endswith(".pyc"):
                ours.update(file.name.encode() + b"\0" + file.read_bytes())
    return ours.hexdigest()
