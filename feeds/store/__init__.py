"""All that is remembered between two polls, in SQLite or PostgreSQL.

    with store.open("sqlite:///state/feeds.db") as state:
        with state.alone("once"):
            pollings = state.pollings()
            known = state.sightings(source.id, keys)       # unread if the digest is equal
            same = state.by_links(links)                   # canonical link -> published id
            failed = state.save(polls)                     # a transaction; a bad source costs only itself
        for held in state.held(since=week_ago): ...

Nothing here assumes one process: every question is its own short transaction, a save is atomic, and
its revision becomes visible in order. No row and no third-party object leaves this package; what goes
wrong is a StoreError of one line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from feeds.errors import StoreError
from feeds.model import Held, Polling
from feeds.query import Query
from feeds.store import backup, dialect, locking, migrate, pruning, publishing, reading, signing, writing
from feeds.store.values import Day, Kept, Outcome, Poll, Publication, Sighting, Telling, Version, Window, Wording

__all__ = [
    "Day",
    "Kept",
    "Outcome",
    "Poll",
    "Publication",
    "Sighting",
    "Store",
    "Telling",
    "Version",
    "Window",
    "Wording",
    "groups",
    "open",
]

# Entries in memory while all of them are looked at: 100,000 with their texts are half a gigabyte.
HELD_AT_ONCE = 2_000


def open(url: str) -> "Store":  # noqa: A001 read as `store.open`, as `gzip.open` is
    """Return the store at a database URL, its tables made or migrated.

    `sqlite:///relative/path`, `sqlite:////absolute/path`, `sqlite://` (in memory) or
    `postgresql+psycopg://…`. Raises StoreError when it cannot be opened or is newer than this program.
    """
    engine = dialect.engine(url)
    try:
        with dialect.told(engine.url):
            migrate.to_newest(engine)
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


def groups(helds: Iterable[Held]) -> Iterator[list[Held]]:
    """Yield held entries so many at a time that they take little memory."""
    left = iter(helds)
    while group := list(islice(left, HELD_AT_ONCE)):
        yield group


class Store:
    """The state. Every method may raise StoreError; methods may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the database go; SQLite folds its log into the file."""
        self._engine.dispose()

    def alone(self, command: str) -> AbstractContextManager[None]:
        """Hold the state for `once` or `run`; raises StoreError, naming the holder, when another does."""
        return locking.alone(self._engine, command)

    # Polling

    def pollings(self) -> dict[str, Polling]:
        """Return what is remembered of every source ever polled, by Source.id."""
        with self._reading() as connection:
            return reading.all_pollings(connection)

    def due(self, now: datetime) -> tuple[str, ...]:
        """Return the ids of polled sources with next_poll_at at or before `now`, the longest due first.

        A source that was never polled is not here: the store has not heard of it.
        """
        with self._reading() as connection:
            return reading.due(connection, now)

    def shown(self, source: str) -> tuple[str, ...]:
        """Return the keys of the source's last document, in its order."""
        with self._reading() as connection:
            return reading.shown_keys(connection, source)

    def sightings(self, source: str, keys: Iterable[str]) -> dict[str, Sighting]:
        """Return what is remembered of each key this source has shown, vanished ones too; one query."""
        with self._reading() as connection:
            return reading.sightings(connection, source, keys)

    def by_links(self, links: Iterable[str]) -> dict[str, str]:
        """Return canonical link -> published id of the oldest entry with a version there; one query."""
        with self._reading() as connection:
            return reading.by_links(connection, links)

    def by_ids(self, ids: Iterable[str]) -> dict[str, str]:
        """Return id -> the id that stands, for those that are held: itself, or where its alias leads."""
        with self._reading() as connection:
            return reading.by_ids(connection, ids)

    def window(self, since: datetime) -> Window:
        """Return the wordings and tellings seen at or after `since`, as dedupe and stories compare with them."""
        with self._reading() as connection:
            return reading.window(connection, since)

    def save(self, polls: Sequence[Poll]) -> dict[str, StoreError]:
        """Write polls in one transaction and return what could not be written, by Source.id.

        When the values of one poll are refused (not when the database is), all are rolled back and
        written again one transaction each, so that a source costs only itself. Raises StoreError
        when the database cannot be written at all: then nothing of `polls` was.
        Give a poll of every source at most once; an entry must be in the same poll as, or saved
        before, the versions and aliases that name it.
        """
        if not polls:
            return {}
        try:
            self._write(polls)
        except StoreError as exc:
            if not dialect.refuses_values(exc.__cause__):
                raise
            if len(polls) == 1:
                return {polls[0].polling.source: exc}
        else:
            return {}
        failed: dict[str, StoreError] = {}
        for poll in polls:
            failed.update(self.save((poll,)))
        return failed

    # What is held

    def revision(self) -> int:
        """Return a number that grows with every save or prune that changed what may be published."""
        with self._reading() as connection:
            return reading.revision(connection)

    def held(
        self,
        *,
        ids: Sequence[str] | None = None,
        since: datetime | None = None,
        changed_after: int | None = None,
        content: bool = False,
        matching: Sequence[Query] = (),
    ) -> Iterator[Held]:
        """Yield held entries in the order they came, without `entry.content` unless it is asked for.

        `ids` (aliases are followed), `since` (first seen at or after) and `changed_after` (saved in a
        later revision) narrow it together. With `matching`, most of those that none of the queries
        match as the store has them are left out. Read to the end or close it: it holds a snapshot open.
        """
        with self._reading() as connection:
            yield from reading.held(
                connection, ids=ids, since=since, changed_after=changed_after, content=content, matching=matching
            )

    def merged(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the ids that were found to be the same as one of these and lead to it now."""
        with self._reading() as connection:
            return reading.merged(connection, ids)

    def versions(self, ids: Iterable[str]) -> dict[str, tuple[Version, ...]]:
        """Return every source's version of the entries by the id that stands, in the order they came."""
        with self._reading() as connection:
            return reading.versions_of(connection, ids)

    # Status

    def log(self, source: str, *, limit: int = 20) -> tuple[Outcome, ...]:
        """Return the last outcomes of a source, newest first; prune keeps three days of them."""
        with self._reading() as connection:
            return reading.log(connection, source, limit)

    def days(self, since: datetime) -> dict[str, tuple[Day, ...]]:
        """Return the sums of each day (UTC) by Source.id, oldest first; days without a poll are left out."""
        with self._reading() as connection:
            return reading.daily(connection, since)

    # What is published

    def publications(self, topic: str, *, entries: Iterable[str] | None = None) -> tuple[Publication, ...]:
        """Return every entry that is or was in the topic, or those of the ids given, by place."""
        with self._reading() as connection:
            return publishing.of(connection, topic, entries)

    def topics_of(self, entry: str) -> tuple[str, ...]:
        """Return the topics that the entry with this published id is in now."""
        with self._reading() as connection:
            return publishing.topics_of(connection, entry)

    def record_publications(self, published: Mapping[str, Sequence[Publication]]) -> None:
        """Write publications by topic that are new or differ, in one transaction; the others stay as they are."""
        if any(published.values()):
            with self._writing() as connection:
                publishing.record(connection, published)

    def marks(self, space: str) -> dict[str, str]:
        """Return what was marked in a space, such as the digest of each published file by its path."""
        with self._reading() as connection:
            return publishing.marked(connection, space)

    def mark(self, space: str, values: Mapping[str, str | None]) -> None:
        """Remember texts by name within a space, in one transaction; None forgets one."""
        if values:
            with self._writing() as connection:
                publishing.mark(connection, space, values)

    # Upkeep

    def prune(self, *, keep: timedelta, now: datetime) -> int:
        """Let entries first seen before `now - keep` leave, with old log lines; return how many left.

        What a topic published stays, and what a source still shows stays recognisable.
        """
        with self._writing() as connection:
            return pruning.prune(connection, keep=keep, now=now)

    def sign(self) -> int:
        """Make the beginnings of words, by which queries pass entries over, where they are missing; return how many."""
        with self._writing() as connection:
            return signing.sign(connection)

    def backup(self, path: Path) -> None:
        """Write all of the state, as of one moment, to one file: a SQLite database, from either kind."""
        with dialect.told(self._engine.url):
            backup.backup(self._engine, path)

    def restore(self, path: Path) -> None:
        """Replace all of the state by that of a backup, whichever kind it was taken from."""
        with dialect.told(self._engine.url):
            backup.restore(self._engine, path)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with dialect.told(self._engine.url), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with dialect.told(self._engine.url), dialect.writing(self._engine) as connection:
            yield connection

    def _write(self, polls: Sequence[Poll]) -> None:
        with self._writing() as connection:
            writing.polls(connection, polls)
