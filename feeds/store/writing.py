"""What one transaction of polls writes: numbers first, then each table in one batch."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from feeds.query import beginnings
from feeds.store import codec, dialect
from feeds.store.schema import (
    aliases,
    counters,
    days,
    entries,
    outcomes,
    pollings,
    publications,
    shown,
    sketches,
    tellings,
    versions,
)
from feeds.store.values import Kept, Outcome, Poll

_COUNT = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + bindparam("by"))
    .returning(counters.c.value)
)


def polls(connection: Connection, group: Sequence[Poll]) -> None:
    """Write polls of several sources. A source, a key or an id that comes twice: the last one stands."""
    _log(connection, group)
    _schedule(connection, group)
    if not any(poll.kept or poll.versions or poll.aliases or poll.wordings or poll.tellings for poll in group):
        return
    revision = advance(connection, "revision")
    known = nums(connection, _ids(group))
    _entries(connection, [kept for poll in group for kept in poll.kept], known, revision)
    _versions(connection, group, known)
    _wordings(connection, group, known)
    _tellings(connection, group, known)
    for poll in group:
        for younger, older in poll.joined:
            _join(connection, younger, older, revision)
        for younger, older in poll.aliases:
            _merge(connection, younger, older, known, revision)


def advance(connection: Connection, counter: str, by: int = 1) -> int:
    """Count up and return the new value; every other writer of it waits until this transaction ends."""
    return int(connection.execute(_COUNT, {"counter": counter, "by": by}).scalar_one())


def nums(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Return the row number of each published id that is held, by itself or as an alias."""
    wanted = {"wanted": dialect.listed(ids)}
    name = connection.dialect.name
    found = {row[0]: row[1] for row in connection.execute(_nums_of_aliases(name), wanted)}
    found.update((row[0], row[1]) for row in connection.execute(_nums(name), wanted))
    return found


@cache
def _nums(name: str) -> Select[Any]:
    return select(entries.c.id, entries.c.num).where(dialect.one_of(name, entries.c.id))


@cache
def _nums_of_aliases(name: str) -> Select[Any]:
    return select(aliases.c.id, aliases.c.entry).where(dialect.one_of(name, aliases.c.id))


def _ids(group: Sequence[Poll]) -> dict[str, None]:
    ids = {kept.held.entry.id: None for poll in group for kept in poll.kept}
    ids.update((version.entry, None) for poll in group for version in poll.versions)
    ids.update((wording.entry, None) for poll in group for wording in poll.wordings)
    ids.update((telling.entry, None) for poll in group for telling in poll.tellings)
    ids.update((id_, None) for poll in group for pair in poll.aliases for id_ in pair)
    return ids


def _log(connection: Connection, group: Sequence[Poll]) -> None:
    told = [(poll.polling.source, poll.outcome) for poll in group if poll.outcome is not None]
    if not told:
        return
    rows = [
        {"source": source, "at": codec.micros(outcome.at), "outcome": codec.encode(outcome)} for source, outcome in told
    ]
    connection.execute(insert(outcomes), rows)
    dialect.add(connection, days, [_day(source, outcome) for source, outcome in told], key=("source", "day"))


def _day(source: str, outcome: Outcome) -> dict[str, str | int]:
    return {
        "source": source,
        "day": codec.day_of(outcome.at),
        "polls": 1,
        "failures": int(outcome.kind not in {"", "feed", "not-modified"}),
        "new": outcome.new,
        "gaps": int(outcome.gap),
    }


def _schedule(connection: Connection, group: Sequence[Poll]) -> None:
    rows = [
        {
            "source": poll.polling.source,
            "next_poll_at": codec.micros(poll.polling.next_poll_at) if poll.polling.next_poll_at else None,
            "polling": codec.encode(poll.polling),
        }
        for poll in group
    ]
    dialect.upsert(connection, pollings, rows, key=("source",))
    lists = [
        {"source": poll.polling.source, "keys": codec.encode(poll.shown)} for poll in group if poll.shown is not None
    ]
    dialect.upsert(connection, shown, lists, key=("source",))


def _entries(connection: Connection, kept: Sequence[Kept], known: dict[str, int], revision: int) -> None:
    new = list(dict.fromkeys(each.held.entry.id for each in kept if each.held.entry.id not in known))
    if new:
        last = advance(connection, "entry", len(new))
        known.update(zip(new, range(last - len(new) + 1, last + 1), strict=True))
    fresh = set(new)
    rows = {each.held.entry.id: _row(each, known[each.held.entry.id], revision) for each in kept}
    inserted = [row for id_, row in rows.items() if id_ in fresh]
    if inserted:
        connection.execute(insert(entries), inserted)
    # by number, so that an entry saved under an alias replaces the one that stands, under the id that stands
    replaced = [
        {"at_num": row["num"], **{name: row[name] for name in row if name not in {"num", "id"}}}
        for id_, row in rows.items()
        if id_ not in fresh
    ]
    if replaced:
        connection.execute(update(entries).where(entries.c.num == bindparam("at_num")), replaced)


def _row(kept: Kept, num: int, revision: int) -> dict[str, str | int | bytes | None]:
    held, content = codec.held_apart(kept.held)
    return {
        "num": num,
        "id": kept.held.entry.id,
        "source": kept.held.source,
        "first_seen": codec.micros(kept.held.first_seen),
        "revision": revision,
        "beginnings": beginnings.of(kept.held.entry) if kept.beginnings is None else kept.beginnings,
        "held": held,
        "content": content,
    }


def _versions(connection: Connection, group: Sequence[Poll], known: dict[str, int]) -> None:
    rows = [
        {
            "source": version.source,
            "key": version.key,
            "entry": known[version.entry],
            "digest": version.digest,
            "link": version.link,
            "body": None if version.body is None else codec.encode(version.body),
        }
        for poll in group
        for version in poll.versions
    ]
    dialect.upsert(connection, versions, rows, key=("source", "key"))


def _wordings(connection: Connection, group: Sequence[Poll], known: dict[str, int]) -> None:
    told = sorted((wording for poll in group for wording in poll.wordings), key=lambda wording: wording.place)
    rows = [
        {
            "entry": known[wording.entry],
            "at": codec.micros(wording.at),
            "seen": codec.micros(wording.seen),
            "sketch": wording.sketch,
        }
        for wording in told
    ]
    if rows:
        connection.execute(insert(sketches), rows)


def _tellings(connection: Connection, group: Sequence[Poll], known: dict[str, int]) -> None:
    told = sorted((telling for poll in group for telling in poll.tellings), key=lambda telling: telling.place)
    rows = [
        {
            "entry": known[telling.entry],
            "story": telling.story,
            "at": codec.micros(telling.at),
            "seen": codec.micros(telling.seen),
            "terms": telling.terms,
            "squares": telling.squares,
            "names": telling.names,
        }
        for telling in told
    ]
    if rows:
        connection.execute(insert(tellings), rows)


def _join(connection: Connection, younger: str, older: str, revision: int) -> None:
    told = select(tellings.c.entry).where(tellings.c.story == younger)
    rows = connection.execute(select(entries.c.num, entries.c.held).where(entries.c.num.in_(told))).all()
    for num, text in rows:
        held = codec.decode_held(text)
        if held.story == younger:  # else an entry that was found to be another's copy: its story is that one's
            changed = {"held": codec.encode(replace(held, story=older)), "revision": revision}
            connection.execute(update(entries).where(entries.c.num == num).values(changed))
    connection.execute(update(tellings).where(tellings.c.story == younger).values(story=older))


def _merge(connection: Connection, younger: str, older: str, known: dict[str, int], revision: int) -> None:
    gone, stays = known.get(younger), known[older]
    if gone is not None and gone != stays:
        row = connection.execute(select(entries.c.held, entries.c.content).where(entries.c.num == gone)).one()
        lost = codec.with_content(codec.decode_held(row.held), row.content)
        # the words that led are now a copy's
        connection.execute(
            update(versions)
            .where(versions.c.entry == gone, versions.c.source == lost.source, versions.c.body.is_(None))
            .values(body=codec.encode(lost.entry))
        )
        connection.execute(update(versions).where(versions.c.entry == gone).values(entry=stays))
        connection.execute(update(sketches).where(sketches.c.entry == gone).values(entry=stays))
        connection.execute(update(tellings).where(tellings.c.entry == gone).values(entry=stays))
        connection.execute(update(aliases).where(aliases.c.entry == gone).values(entry=stays))
        connection.execute(delete(publications).where(publications.c.entry == gone))
        connection.execute(delete(entries).where(entries.c.num == gone))
        connection.execute(update(entries).where(entries.c.num == stays).values(revision=revision))
    if younger != older:
        dialect.upsert(connection, aliases, [{"id": younger, "entry": stays}], key=("id",))
        known[younger] = stays
