"""What goes into the store and what comes out of it, beyond the values of `feeds.model`."""

from dataclasses import dataclass
from datetime import date, datetime

from feeds.model import Entry, Held, Polling


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry to hold: new, or to replace what is held under the same id.

    `beginnings` are those of the entry's words, worked out here where None.
    """

    held: Held  # held.entry.id is the published id
    beginnings: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text by which copies of an entry are known: its own, a copy's, or that of a changed version."""

    entry: str  # the published id; an alias is followed
    place: tuple[datetime, str, str]  # what orders the wordings of one save
    at: datetime  # published, or seen when the publisher did not say
    seen: datetime
    sketch: bytes  # opaque here: dedupe's packed sketch, which comes back as it is in `Window`


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a new entry adds to its story. It comes back as it is in `Window`."""

    entry: str  # the published id
    place: tuple[datetime, str, str]  # what orders the tellings of one save
    story: str  # as it stands when all of this save are placed
    at: datetime  # published, or seen when the publisher did not say
    seen: datetime
    terms: bytes  # opaque here: stories' weighed terms
    squares: int
    names: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An entry as one source says it: that source's own words for what we hold under `entry`."""

    source: str  # Source.id
    key: str  # what the source calls it: its guid, or what normalize uses instead
    entry: str  # the published id it is a version of; an alias is followed
    digest: bytes  # of what the source said last, before normalize: equal means unchanged
    link: str | None = None  # canonical, so that another source's version finds it
    body: Entry | None = None  # normalized, of a copy, full enough to lead; None: the held entry has its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What is remembered of an entry of one source, to recognise it unread."""

    key: str
    entry: str  # the published id
    digest: bytes
    leads: bool  # the held entry is this source's version


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One line of a source's log: how one poll went."""

    at: datetime
    line: str  # for the editor
    kind: str = ""  # "feed", "not-modified", "gone", or Failure.kind
    status: int | None = None  # HTTP
    new: int = 0  # entries never seen before
    seen: int = 0  # entries in the document
    gap: bool = False  # nothing in it was known: entries were missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Everything one poll of one source changes; saved whole or not at all.

    `shown` is every key in the document; None (a 304, a failure) leaves it as it was.
    `aliases` are pairs (an id published in error, the older id that stays): the entry of the
    first is merged into the second, and the first is known as an alias for ever.
    `joined` are pairs of stories, the first of which is part of the second from now on.
    """

    polling: Polling
    outcome: Outcome | None = None
    kept: tuple[Kept, ...] = ()
    versions: tuple[Version, ...] = ()
    shown: tuple[str, ...] | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    wordings: tuple[Wording, ...] = ()
    tellings: tuple[Telling, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The live window as columns, oldest first: what dedupe compares with, then what stories do.

    `sketched` and `sketched_at` are as long as `sketches`, of which an entry has one for each of its wordings.
    The columns after them have a row for each entry placed in a story.
    """

    sketched: tuple[str, ...] = ()  # ids
    sketched_at: tuple[float, ...] = ()  # epoch seconds, published or seen
    sketches: tuple[bytes, ...] = ()
    told: tuple[str, ...] = ()  # ids
    told_at: tuple[float, ...] = ()  # epoch seconds, published or seen
    stories: tuple[str, ...] = ()
    terms: tuple[bytes, ...] = ()
    squares: tuple[int, ...] = ()
    names: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day (UTC) of one source."""

    day: date
    polls: int
    failures: int
    new: int
    gaps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An entry in a topic: since when, and where it stands there for ever."""

    entry: str  # the published id
    since: datetime
    place: int  # counts up within the topic; never given twice
    month: str  # of its archive: "2026-11"
    until: datetime | None = None  # when it left (withdrawn, no longer matched); None: it is there
