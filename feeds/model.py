"""The values that pass between the stages: RFC 4287's nouns, frozen.

Times are aware UTC. `None` means that the publisher did not say. Sequences are tuples,
so a value can be hashed, compared and sent to another process as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Self

ISO_3166_1 = "urn:iso:std:iso:3166:-1"
ISO_3166_2 = "urn:iso:std:iso:3166:-2"
M49 = "urn:un:m49"
THEME = "urn:feeds:theme"
REGION = "urn:feeds:region"  # a set of the editor's own

Rights = Literal["headline", "excerpt", "full", "never"]
Format = Literal["atom", "rss", "json", "html"]


# What a source is and what it said


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One feed the editor reads, as config.yaml has it."""

    id: str
    url: str
    title: str | None = None
    link: str | None = None  # the page that its feed names; no key of the configuration
    language: str | None = None  # BCP 47
    country: str | None = None  # ISO 3166-1 alpha-2: where the publisher is
    home: bool = False  # an entry that names no place is about `country`
    rights: Rights = "excerpt"
    label: str | None = None  # shown to subscribers: "state media"
    rights_line: str | None = None  # shown to subscribers: "© 2026 X, by permission"
    paywalled: bool = False  # an open copy leads where there is one
    preference: int = 0  # the higher leads among copies of one entry
    hold: bool = False  # its entries wait for `feeds release`
    interval: timedelta | None = None  # overrules poll.interval
    ignore_hints: bool = False  # the editor overrules the publisher's ttl, skipHours and max-age
    timezone: str | None = None  # for a clock that is wrong: dates without or with a false zone
    headers: Mapping[str, str] = field(default_factory=dict)
    username: str | None = None
    password: str | None = None
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """RFC 4287 4.2.2; a region or a theme is one, by its scheme."""

    term: str
    scheme: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """RFC 4287 3.2."""

    name: str
    email: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """RSS 2.0 <enclosure>, Atom link rel=enclosure, JSON Feed attachment."""

    url: str
    type: str | None = None
    length: int | None = None  # bytes
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """atom:source (RFC 4287 4.2.11): the feed an entry came from."""

    id: str
    title: str
    link: str | None = None
    updated: datetime | None = None
    label: str | None = None
    rights: str | None = None
    paywalled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The same entry as another source gave it: "also reported by"."""

    source: str  # Source.id
    title: str
    link: str | None
    source_title: str | None = None
    published: datetime | None = None
    paywalled: bool = False

    @classmethod
    def of(cls, entry: "Entry", source: str, known: Source | None) -> Self:
        """Return an entry as "also reported by" lists it: of the source with this id, as far as it is known."""
        return cls(
            source=source,
            title=entry.title,
            link=entry.link,
            source_title=None if known is None else known.title,
            published=entry.published,
            paywalled=known is not None and known.paywalled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed.

    parse fills what the publisher said; normalize makes `id` final, the title plain text,
    summary and content safe HTML, links absolute and the dates sane; curate adds what
    subscribers see beyond that: `source`, `copies`, `note`, `why`, `corrected`.
    """

    id: str  # final after normalize; published for ever
    guid: str | None = None  # what the publisher called it, byte for byte
    link: str | None = None
    title: str = ""
    summary: str | None = None
    content: str | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    rights: str | None = None
    source: Origin | None = None
    copies: tuple[Copy, ...] = ()
    note: str | None = None
    why: tuple[str, ...] = ()
    corrected: datetime | None = None
    point: tuple[float, float] | None = None  # latitude, longitude
    story: str | None = None  # filled by curate: Held.story, so that pages can group


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed says about when to ask again."""

    ttl: timedelta | None = None  # <ttl>, sy:updatePeriod / updateFrequency: the larger
    skip_hours: frozenset[int] = frozenset()  # UTC
    skip_days: frozenset[int] = frozenset()  # Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, read from a source or about to be published."""

    entries: tuple[Entry, ...] = ()
    id: str | None = None
    title: str | None = None
    subtitle: str | None = None
    link: str | None = None
    language: str | None = None
    updated: datetime | None = None
    rights: str | None = None
    hints: Hints = Hints()
    next_page: str | None = None  # RFC 5005
    hub: str | None = None  # WebSub
    dropped: tuple[str, ...] = ()  # entries that could not be read, and why
    cut: bool = False  # the document ends before its root element does


# What a source answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """ETag and Last-Modified, opaque, a character for a byte (RFC 9110 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A complete 200 answer. `moved_to` is where the permanent redirects it began with ended."""

    url: str  # where it was in the end: the base of its relative links
    body: bytes  # unpacked
    content_type: str | None = None
    validators: Validators = Validators()
    moved_to: str | None = None
    fresh_for: timedelta | None = None  # Cache-Control max-age or Expires
    digest: str | None = None  # BLAKE2b of `body`, hex; equal to Polling.digest: nothing to parse


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """304. The validators it carried refresh the stored ones; None keeps those."""

    validators: Validators = Validators()
    fresh_for: timedelta | None = None
    moved_to: str | None = None  # as Document's


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """410: the publisher asks us to stop."""


FailureKind = Literal[
    "status",
    "network",
    "dns",
    "tls",
    "timeout",
    "limit",
    "refused",
    "redirect",
    "wall",
    "not-a-feed",  # a page in its place
    "unreadable",  # neither a feed nor a page
    "empty",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Anything else: one line for the editor, and what the publisher asked of us."""

    reason: str
    status: int | None = None
    retry_after: timedelta | None = None
    kind: FailureKind = "network"
    feed_link: str | None = None  # a page instead of a feed: the feed it names


Answer = Document | NotModified | Gone | Failure


# What is remembered, and what was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """All that is remembered about asking one source; only `cadence` changes it, the store keeps it.

    Facts, not judgements: `cadence.state` says from these whether a source is quiet, frozen or failing.
    """

    source: str  # Source.id
    configured_url: str | None = None  # Source.url when `url` was proven; an edited one forgets all that hung on it

    # What the next request says
    url: str | None = None  # where permanent redirects were proven to lead; None: Source.url
    validators: Validators = Validators()  # of the last complete 200 that was a feed
    validators_url: str | None = None  # that gave them: said to no other (RFC 9110 8.8)
    digest: str | None = None  # of that body

    # A permanent redirect not yet proven
    candidate: str | None = None
    candidate_count: int = 0  # polls in a row that ended there and were this feed; 0: it is another one
    candidate_since: datetime | None = None

    # When
    next_poll_at: datetime | None = None  # None: never asked, due at once
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None  # a feed, or 304
    last_new_at: datetime | None = None  # a poll that brought an entry we had not seen
    changed_at: datetime | None = None  # a body with another digest
    retry_until: datetime | None = None  # Retry-After: not before, not even with --all
    gone: bool = False  # 410: not asked again until its URL is edited
    because: str = ""  # why next_poll_at is when it is, in a few words

    # The last answer
    answer: str = ""  # one line for the editor
    kind: str = ""  # "feed", "not-modified", "gone", or Failure.kind; "" before the first
    status: int | None = None  # HTTP
    feed_link: str | None = None  # a page instead of a feed: the feed it names
    failures: int = 0  # in a row

    # What the feed said of itself
    title: str | None = None
    link: str | None = None
    hints: Hints = Hints()

    # What was learned
    polls: int = 0  # successful ones
    entries: int | None = None  # in the last document
    usual_entries: float | None = None  # running mean of `entries`
    rate: float | None = None  # entries a day, learned
    window: timedelta | None = None  # how long an entry stays in the feed when it is busiest, learned
    half_since: datetime | None = None  # since when the newer half of the last document came
    surprised_at: datetime | None = None  # a poll that brought far more than was expected
    rhythm: tuple[float, ...] = ()  # entries by hour of day, UTC: 24 of weekdays, then 24 of weekends; or empty
    longest_silence: timedelta | None = None  # between two entries, learned
    newest: datetime | None = None  # date of the newest entry, clamped to when it was seen
    learning_since: datetime | None = None  # the first successful poll
    skew: timedelta | None = None  # how far new entries are dated ahead of us (or, negative, behind), smoothed
    skew_count: int = 0  # polls in a row that said so
    gaps: int = 0  # polls that shared no entry with what we held
    gap_at: datetime | None = None
    gap_lost: int = 0  # entries probably lost in the last gap, estimated
    expected_loss: float | None = None  # entries a day lost because the publisher's hints outlast the window


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What an entry is about, as published; the evidence is found again by `feeds explain`."""

    language: str | None = None
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, all that are named
    primary: tuple[str, ...] = ()  # those it is about, most first
    regions: tuple[str, ...] = ()  # slugs: primary countries, what lies above them, and known places below
    mentioned: tuple[str, ...] = ()  # slugs of all that are named, and what lies above
    themes: tuple[str, ...] = ()  # slugs, most first
    kinds: tuple[str, ...] = ()  # slugs of what editors disagree on: telegram, forum, company ...
    scores: Mapping[str, float] = field(default_factory=dict)  # slug of a region or theme -> strength, 0 to 1
    point: tuple[float, float] | None = None


# What a document held


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An entry as one source says it now, with all that is decided by its own words."""

    source: str  # Source.id
    key: str  # what the source calls it
    digest: bytes  # of what the source said, before normalize
    entry: Entry
    link: str | None  # canonical; None where it does not tell this entry from another of the document
    tags: Tags
    sketch: bytes
    features: bytes
    beginnings: bytes | None = None  # of its words, as `query.beginnings` tells them


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one document held. `feed` is without entries: those that need a look are `fresh`."""

    feed: Feed
    shown: tuple[str, ...]  # the key of every entry, in the document's order
    fresh: tuple[Read, ...]  # new, or said differently than last time
    dates: Mapping[str, datetime]  # key -> the publisher's date


# What is held


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An entry as the store holds it: what leads, its copies, its tags, its story."""

    entry: Entry
    source: str  # Source.id of the copy that leads
    first_seen: datetime
    changed: datetime  # when something a reader would see last changed; first_seen if never
    tags: Tags = Tags()
    copies: tuple[Copy, ...] = ()
    story: str | None = None  # the id of the story's first entry
    backlog: bool = False  # older than a first poll may bring: known, never published


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A feed the editor publishes."""

    slug: str
    title: str
    match: str  # the query, as written
    description: str | None = None
    language: str | None = None
    limit: int = 100
    max_age: timedelta = timedelta(days=30)
    per_source_a_day: int | None = None
    one_per_story: bool = False
    min_score: float | None = None
    order: Literal["newest", "score"] = "newest"
    hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where and how the feeds are published, as config.yaml's `site` and `output` have it."""

    title: str
    url: str  # absolute, ends in a slash; links are made of it, ids never
    id: str = ""  # tells apart sites that publish a topic of one slug; part of every feed's id, never to be changed
    description: str | None = None
    language: str = "en"  # of the pages and of topics that name none
    contact: str | None = None  # an e-mail address
    formats: tuple[Format, ...] = ("atom", "rss", "json", "html")
    archives: bool = True  # RFC 5005, by month
    region_feeds: bool = False
    province_feeds: bool = False  # of ISO 3166-2 subdivisions, too
    public_status: bool = False  # the status page tells whom the editor watches
    map: str | None = "world"  # or the slug of the region it frames; None: no map
    hub: str | None = None  # WebSub
    compress: tuple[Literal["gzip", "br"], ...] = ()  # copies beside the files, for hosts that serve them
    search: str | None = None  # address of a search page that the index links to
    redirects: Mapping[str, str] = field(
        default_factory=dict
    )  # removed feed -> the one that follows: "old", "regions/old"
