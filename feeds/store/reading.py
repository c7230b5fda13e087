"""What polling, curate, preview and status ask of the store."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, null, select

from feeds.model import Entry, Held, Polling
from feeds.query import Query
from feeds.store import codec, dialect
from feeds.store.glance import Glance
from feeds.store.schema import (
    aliases,
    counters,
    days,
    entries,
    outcomes,
    pollings,
    shown,
    sketches,
    tellings,
    versions,
)
from feeds.store.values import Day, Outcome, Sighting, Version, Window

ROWS_AT_ONCE = 1_000  # fetched together; bounds memory while 100,000 stream past


def all_pollings(connection: Connection) -> dict[str, Polling]:
    """Return what is remembered of every source."""
    rows = connection.execute(select(pollings.c.source, pollings.c.polling))
    return {row[0]: codec.decode_polling(row[1]) for row in rows}


def due(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Return the sources whose time has come, the longest due first."""
    query = (
        select(pollings.c.source)
        .where(pollings.c.next_poll_at <= codec.micros(now))
        .order_by(pollings.c.next_poll_at, pollings.c.source)
    )
    return tuple(connection.execute(query).scalars())


_SHOWN = select(shown.c["keys"]).where(shown.c.source == bindparam("of_source"))


def shown_keys(connection: Connection, source: str) -> tuple[str, ...]:
    """Return the keys of the last document of a source."""
    found = connection.execute(_SHOWN, {"of_source": source}).scalar()
    return codec.decode_keys(found) if found is not None else ()


def sightings(connection: Connection, source: str, keys: Iterable[str]) -> dict[str, Sighting]:
    """Return what is remembered of those of the keys that this source has shown before."""
    rows = connection.execute(
        _sightings(connection.dialect.name), {"of_source": source, "wanted": dialect.listed(keys)}
    )
    return {
        key: Sighting(key=key, entry=entry, digest=digest, leads=bool(bodiless) and lead == source)
        for key, entry, digest, bodiless, lead in rows
    }


@cache  # the statements asked at every poll are made once: making one takes longer than running it
def _sightings(name: str) -> Select[Any]:
    return (
        select(versions.c.key, entries.c.id, versions.c.digest, versions.c.body.is_(None), entries.c.source)
        .join(entries, entries.c.num == versions.c.entry)
        .where(versions.c.source == bindparam("of_source"), dialect.one_of(name, versions.c.key))
    )


def by_links(connection: Connection, links: Iterable[str]) -> dict[str, str]:
    """Return the published id behind each canonical link that some source's version carries: the oldest."""
    rows = connection.execute(_by_links(connection.dialect.name), {"wanted": dialect.listed(links)})
    return {row[0]: row[1] for row in rows}


@cache
def _by_links(name: str) -> Select[Any]:
    return (
        select(versions.c.link, entries.c.id)
        .join(entries, entries.c.num == versions.c.entry)
        .where(dialect.one_of(name, versions.c.link))
        .order_by(entries.c.num.desc())
    )


def by_ids(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return the id that stands for each of the ids that is held: itself, or where its alias leads."""
    wanted = {"wanted": dialect.listed(ids)}
    name = connection.dialect.name
    found = {row[0]: row[1] for row in connection.execute(_by_aliases(name), wanted)}
    found.update((row[0], row[0]) for row in connection.execute(_by_ids(name), wanted))
    return found


@cache
def _by_ids(name: str) -> Select[Any]:
    return select(entries.c.id).where(dialect.one_of(name, entries.c.id))


@cache
def _by_aliases(name: str) -> Select[Any]:
    return (
        select(aliases.c.id, entries.c.id)
        .join(entries, entries.c.num == aliases.c.entry)
        .where(dialect.one_of(name, aliases.c.id))
    )


def merged(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Return the aliases of entries."""
    query = (
        select(aliases.c.id)
        .join(entries, entries.c.num == aliases.c.entry)
        .where(dialect.one_of(connection.dialect.name, entries.c.id))
    )
    return frozenset(connection.execute(query, {"wanted": dialect.listed(ids)}).scalars())


def held(
    connection: Connection,
    *,
    ids: Sequence[str] | None,
    since: datetime | None,
    changed_after: int | None,
    content: bool,
    matching: Sequence[Query] = (),
) -> Iterator[Held]:
    """Yield held entries, oldest first, decoded as they are asked for."""
    wanted: dict[str, str] = {}
    # Texts are most of a table: of entries that are glanced at, they are read after it.
    told = entries.c.beginnings if matching else entries.c.content if content else null()
    query: Select[Any] = select(entries.c.held, told, entries.c.num)
    if ids is not None:
        query = query.where(dialect.one_of(connection.dialect.name, entries.c.id))
        wanted["wanted"] = dialect.listed(by_ids(connection, ids).values())
    if since is not None:
        query = query.where(entries.c.first_seen >= codec.micros(since))
    if changed_after is not None:
        query = query.where(entries.c.revision > changed_after)
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query.order_by(entries.c.num), wanted)
    look = Glance(matching)
    for part in rows.partitions():
        if matching:
            likely = [row for row in part if look(row[0], row[1])]
            texts = _contents(connection, [row[2] for row in likely]) if content else {}
            yield from (codec.with_content(codec.decode_held(row[0]), texts.get(row[2])) for row in likely)
        else:
            yield from (codec.with_content(codec.decode_held(row[0]), row[1]) for row in part)


def _contents(connection: Connection, nums: Sequence[int]) -> dict[int, str | None]:
    found = connection.execute(select(entries.c.num, entries.c.content).where(entries.c.num.in_(nums)))
    return {row[0]: row[1] for row in found}


def versions_of(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[Version, ...]]:
    """Return every source's version of the entries, by the id that stands, in the order they came."""
    query = (
        select(versions, entries.c.id)
        .join(entries, entries.c.num == versions.c.entry)
        .where(dialect.one_of(connection.dialect.name, entries.c.id))
        .order_by(versions.c.num)
    )
    wanted = {"wanted": dialect.listed(by_ids(connection, ids).values())}
    found: dict[str, list[Version]] = {}
    for row in connection.execute(query, wanted):
        body: Entry | None = None if row.body is None else codec.decode_entry(row.body)
        found.setdefault(row.id, []).append(
            Version(source=row.source, key=row.key, entry=row.id, digest=row.digest, link=row.link, body=body)
        )
    return {id_: tuple(each) for id_, each in found.items()}


def window(connection: Connection, since: datetime) -> Window:
    """Return what dedupe and stories compare with: the wordings and tellings seen since then."""
    rows = _seen(connection, since, sketches.c.entry, entries.c.id, sketches.c.at, sketches.c.sketch, named=True)
    nums, sketched, sketched_at, packed = _columns(rows, 4)
    ids = dict(zip(nums, sketched, strict=True))
    rows = _seen(
        connection,
        since,
        tellings.c.entry,
        tellings.c.at,
        tellings.c.story,
        tellings.c.terms,
        tellings.c.squares,
        tellings.c.names,
    )
    # To look an entry up costs more than its row here, since it lies among its text; nearly all were met already.
    if unmet := {row[0] for row in rows} - ids.keys():
        ids |= _ids(connection, sorted(unmet))
        rows = [row for row in rows if row[0] in ids]
    nums, told_at, stories, terms, squares, names = _columns(rows, 6)
    told = tuple(map(ids.__getitem__, nums))
    return Window(
        sketched=sketched,
        sketched_at=tuple(time / 1_000_000 for time in sketched_at),
        sketches=packed,
        told=told,
        told_at=tuple(time / 1_000_000 for time in told_at),
        stories=stories,
        terms=terms,
        squares=squares,
        names=names,
    )


def _seen(
    connection: Connection, since: datetime, *columns: Column[Any], named: bool = False
) -> Sequence[tuple[Any, ...]]:
    """Return columns of a table whose rows were seen since then; `named`: with the entries they are of."""
    of = columns[0].table
    query = select(*columns).where(of.c.seen >= codec.micros(since)).order_by(of.c.num)
    if named:
        query = query.join_from(of, entries, entries.c.num == of.c.entry)
    with connection.execute(query) as result:
        assert result.cursor is not None
        # The driver's own rows: tens of thousands of SQLAlchemy's cost as much as reading them does.
        found: Sequence[tuple[Any, ...]] = result.cursor.fetchall()
        return found


def _ids(connection: Connection, nums: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(nums), ROWS_AT_ONCE):
        query = select(entries.c.num, entries.c.id).where(entries.c.num.in_(nums[start : start + ROWS_AT_ONCE]))
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * count


def revision(connection: Connection) -> int:
    """Return the number of saves so far that changed what may be published."""
    return int(connection.execute(select(counters.c.value).where(counters.c.name == "revision")).scalar_one())


def log(connection: Connection, source: str, limit: int) -> tuple[Outcome, ...]:
    """Return the last outcomes of a source, newest first."""
    query = (
        select(outcomes.c.outcome)
        .where(outcomes.c.source == source)
        .order_by(outcomes.c.at.desc(), outcomes.c.num.desc())
        .limit(limit)
    )
    return tuple(codec.decode_outcome(each) for each in connection.execute(query).scalars())


def daily(connection: Connection, since: datetime) -> dict[str, tuple[Day, ...]]:
    """Return the days of every source from that day on, oldest first; a day without a poll is left out."""
    query = select(days).where(days.c.day >= codec.day_of(since)).order_by(days.c.source, days.c.day)
    found: dict[str, list[Day]] = {}
    for source, day, polls, failures, new, gaps in connection.execute(query):
        at = (codec.EPOCH + timedelta(days=day)).date()
        found.setdefault(source, []).append(Day(day=at, polls=polls, failures=failures, new=new, gaps=gaps))
    return {source: tuple(each) for source, each in found.items()}
