"""What is published where, and small things remembered by name."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from feeds.store import codec, dialect, writing
from feeds.store.schema import entries, marks, publications
from feeds.store.values import Publication


def of(connection: Connection, topic: str, ids: Iterable[str] | None) -> tuple[Publication, ...]:
    """Return every entry ever in a topic, or those of the ids, by place."""
    query = _of(connection.dialect.name, narrowed=ids is not None)
    wanted = {"of_topic": topic} | ({} if ids is None else {"wanted": dialect.listed(ids)})
    return tuple(
        Publication(
            entry=row.id,
            since=codec.moment(row.since),
            place=row.place,
            month=row.month,
            until=None if row.until is None else codec.moment(row.until),
        )
        for row in connection.execute(query, wanted)
    )


@cache
def _of(name: str, *, narrowed: bool) -> Select[Any]:
    query = (
        select(entries.c.id, publications)
        .join(entries, entries.c.num == publications.c.entry)
        .where(publications.c.topic == bindparam("of_topic"))
        .order_by(publications.c.place)
    )
    return query.where(dialect.one_of(name, entries.c.id)) if narrowed else query


def topics_of(connection: Connection, id_: str) -> tuple[str, ...]:
    """Return the topics an entry is in now, in alphabetical order."""
    query = (
        select(publications.c.topic)
        .join(entries, entries.c.num == publications.c.entry)
        .where(entries.c.id == id_, publications.c.until.is_(None))
        .order_by(publications.c.topic)
    )
    return tuple(connection.execute(query).scalars())


def record(connection: Connection, published: Mapping[str, Sequence[Publication]]) -> None:
    """Write publications by topic; one that is there is replaced, one of an entry no longer held is left out."""
    known = writing.nums(connection, {each.entry for told in published.values() for each in told})
    rows = [
        {
            "topic": topic,
            "entry": known[each.entry],
            "since": codec.micros(each.since),
            "place": each.place,
            "month": each.month,
            "until": None if each.until is None else codec.micros(each.until),
        }
        for topic, told in published.items()
        for each in told
        if each.entry in known
    ]
    dialect.upsert(connection, publications, rows, key=("topic", "entry"))


def marked(connection: Connection, space: str) -> dict[str, str]:
    """Return the marks of a space."""
    return {row[0]: row[1] for row in connection.execute(select(marks.c.name, marks.c.value).filter_by(space=space))}


def mark(connection: Connection, space: str, values: Mapping[str, str | None]) -> None:
    """Write marks; None takes one away."""
    rows = [{"space": space, "name": name, "value": value} for name, value in values.items() if value is not None]
    dialect.upsert(connection, marks, rows, key=("space", "name"))
    _unmark(connection, space, (name for name, value in values.items() if value is None))


def _unmark(connection: Connection, space: str, names: Iterable[str]) -> None:
    names = tuple(names)
    if names:
        forgotten = dialect.one_of(connection.dialect.name, marks.c.name)
        connection.execute(delete(marks).where(marks.c.space == space, forgotten), {"wanted": dialect.listed(names)})
