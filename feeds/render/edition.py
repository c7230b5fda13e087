"""Everything the site publishes at one time, as files that are only made when somebody asks for their bytes.

A pass over an unchanged site compares digests of inputs and makes nothing; so what the pipeline hands over
is cheap to know (a fingerprint) and how to get the rest (`river`, `summary`). A document of which little
changed is put together from the published one (`File.patch`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from feeds.model import Entry, Feed, Format, Site
from feeds.render import atom, digests, jsonfeed, opml, rss, site, splice, static, status, withdraw, wording
from feeds.render.place import Kind, Place, months
from feeds.render.river import River
from feeds.render.summary import Summary

_Make = Callable[[], bytes]
_FORMATS: tuple[Format, ...] = ("atom", "rss", "json", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of a feed, by when its entries entered it, for its archive document."""

    month: str  # "2026-10"
    fingerprint: str  # river.fingerprint of its parts
    river: Callable[[], River]
    basis: str | None = None  # the `inputs` of the published files that `River.before` tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed as the site publishes it: what is known without its entries, and how to get them."""

    slug: str
    title: str
    fingerprint: str  # river.fingerprint of its parts
    river: Callable[[], River]
    basis: str | None = None  # as a month's
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

    @property
    def ground(self) -> str:
        """A digest of what all files stand on: another one, and no entry is as it was published."""
        ours = (repr(self.site), sorted(self.templates.items()), repr(sorted(self.translations.items())))
        return digests.fingerprint(digests.program(), *ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of the site."""

    path: str
    inputs: str  # digest of all that `make` depends on
    make: _Make
    basis: str | None = None  # the `inputs` of the published file that `patch` is for
    patch: Callable[[bytes], bytes] | None = None  # the bytes that `make` would give, from those of that file
    keep: bool = False  # once there it stays as it is, whatever `make` would say: a closed archive
    lost: bool = False  # `make` knows less than the file that may be there: for an absent one only
    amend: Callable[[bytes], bytes] | None = None  # but for this


def tree(edition: Edition) -> Iterator[File]:
    """Yield every file of the site: what is linked to before what links to it."""
    pages = "html" in edition.site.formats
    desk = site.desk(edition.site, templates=edition.templates, translations=edition.translations)
    ground = edition.ground
    for path, content in static.files(edition.site):
        yield File(path=path, inputs=digests.fingerprint(ground, content), make=partial(bytes, content))
    for channel in edition.channels:
        yield from _channel(edition, channel, desk)
    for gone in edition.removed:
        yield from _removed(edition, gone, desk, ground)
    topics = [channel for channel in edition.channels if channel.kind == "topic"]
    listed = [(channel.title, Place(site=edition.site, slug=channel.slug)) for channel in topics]
    yield File(
        path="topics.opml",
        inputs=digests.fingerprint(ground, repr([(title, place.slug) for title, place in listed])),
        make=lambda: opml.topics(edition.site.title, listed),
    )
    if edition.site.public_status and edition.health:
        health = edition.health
        yield from (
            File(path=path, inputs=digests.fingerprint(ground, repr(health)), make=make)
            for path, make in status.files(health, desk)
        )
    if pages:
        told = [
            (channel.slug, channel.kind, channel.title, channel.description, channel.country)
            for channel in edition.channels
        ]
        yield File(
            path="index.html",
            inputs=digests.fingerprint(
                ground, repr(told), [channel.fingerprint for channel in edition.channels], edition.frame
            ),
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


def _channel(edition: Edition, channel: Channel, desk: site.Desk) -> Iterator[File]:
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
        known = held.get(month)
        document = _Document(edition, channel, place, desk, river=known.river if known else _nothing)
        yield from document.files(
            known.fingerprint if known else "",
            basis=known.basis if known else None,
            lost=place.closed and known is None,
        )
    # The running month's document is part of the chain: a feed that publishes more in a month than its
    # subscription document holds loses nothing to those who read back.
    place = Place(site=edition.site, slug=channel.slug, kind=channel.kind, previous=chain[-1] if chain else None)
    document = _Document(edition, channel, place, desk, river=channel.river)
    yield from document.files(channel.fingerprint, basis=channel.basis)


def _nothing() -> River:
    return River.of(Feed())


class _Document:
    """One document of a channel in all its formats; its entries are asked for once, when a format needs them."""

    def __init__(
        self, edition: Edition, channel: Channel, place: Place, desk: site.Desk, *, river: Callable[[], River]
    ) -> None:
        self.edition, self.channel, self.place, self.desk = edition, channel, place, desk
        self.words = wording.words(channel.language or edition.site.language, edition.translations)
        self._river = river
        self._read: dict[str, Entry] = {}

    @cached_property
    def river(self) -> River:
        return self._river()

    @cached_property
    def head(self) -> Feed:
        """The document without its entries."""
        title, channel, place = self.channel.title, self.channel, self.place
        return Feed(
            title=self.words.say("archive_of", title=title, month=self.words.month(place.month))
            if place.month
            else title,
            subtitle=channel.description,
            language=channel.language or self.edition.site.language,
            updated=self.river.newest,
        )

    def files(self, fingerprint: str, *, basis: str | None, lost: bool = False) -> Iterator[File]:
        """Yield the document in every format that the site has."""
        edition, channel, place = self.edition, self.channel, self.place
        told = (channel.title, channel.description, channel.language)
        inputs = digests.fingerprint(edition.ground, repr(place), *told, fingerprint)
        for form in _FORMATS:
            if form not in edition.site.formats:
                continue
            yield File(
                path=place.path(form),
                inputs=digests.fingerprint("closed", sorted(edition.withdrawn)) if place.closed else inputs,
                make=partial(self.make, form),
                basis=basis,
                patch=partial(self.patch, form),
                keep=place.closed,
                lost=lost,
                amend=partial(withdraw.without, form=form, ids=edition.withdrawn) if place.closed else None,
            )

    def make(self, form: Format) -> bytes:
        """Return the document, every entry made anew."""
        if form == "html":
            return self._page({})
        return self._listing(form, [one.id for one in self.river.parts])

    def patch(self, form: Format, old: bytes) -> bytes:
        """Return what `make` would, from the published document and the entries that it has not."""
        before, parts = self.river.before, self.river.parts
        if form == "html":
            kept, published = frozenset(before), splice.articles(old)
            return self._page({one.id: published[one.id] for one in parts if one[:2] in kept and one.id in published})
        pieces = splice.cut(old, form).entries
        known = dict(zip(before, pieces, strict=False)) if len(pieces) == len(before) else {}
        fresh = [one for one in parts if one[:2] not in known]
        whole = splice.cut(self._listing(form, [one.id for one in fresh]), form)
        known |= {one[:2]: piece for one, piece in zip(fresh, whole.entries, strict=True)}
        return whole.joined([known[one[:2]] for one in parts])

    def _listing(self, form: splice.Listing, ids: Sequence[str]) -> bytes:
        render = {"atom": atom.document, "rss": rss.document, "json": jsonfeed.document}[form]
        return render(replace(self.head, entries=self._entries(ids)), place=self.place, words=self.words)

    def _page(self, articles: Mapping[str, str]) -> bytes:
        fresh = self._entries([one.id for one in self.river.parts if one.id not in articles])
        return site.page(
            self.desk,
            self.head,
            place=self.place,
            parts=self.river.parts,
            articles={**articles, **site.articles(self.desk, fresh)},
        )

    def _entries(self, ids: Sequence[str]) -> tuple[Entry, ...]:
        missing = [id_ for id_ in ids if id_ not in self._read]
        self._read.update(zip(missing, self.river.read(missing), strict=True) if missing else ())
        return tuple(self._read[id_] for id_ in ids)


def _removed(edition: Edition, gone: Removed, desk: site.Desk, ground: str) -> Iterator[File]:
    place = Place(site=edition.site, slug=gone.slug, kind=gone.kind)
    places = ((channel, Place(site=edition.site, slug=channel.slug, kind=channel.kind)) for channel in edition.channels)
    successor = edition.site.redirects.get(place.name)
    to, target = next(((channel, where) for channel, where in places if where.name == successor), (None, None))
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
    inputs = digests.fingerprint(ground, repr(gone), repr(target), to.title if to else "")
    for form in (form for form in make if form in edition.site.formats):
        yield File(path=place.path(form), inputs=inputs, make=make[form])
