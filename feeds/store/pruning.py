"""What leaves the store with time, and what must stay so that nothing is published again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from feeds.store import codec, dialect, publishing, writing
from feeds.store.schema import aliases, days, entries, outcomes, publications, shown, sketches, tellings, versions

OUTCOMES_KEPT = timedelta(days=3)  # the log of single polls; `days` has the sums
DAYS_KEPT = timedelta(days=400)


def prune(connection: Connection, *, keep: timedelta, now: datetime) -> int:
    """Delete entries first seen before `now - keep` and return how many left.

    Two kinds stay: those a topic published (archives show them for ever), and those a source still
    shows; the latter lose their content, sketches and tellings, which only a fresh entry needs.
    """
    before = codec.micros(now - keep)
    old = select(entries.c.num).where(
        entries.c.first_seen < before, ~select(publications.c.entry).filter_by(entry=entries.c.num).exists()
    )
    found = connection.execute(old).scalars().all()
    still = _shown_entries(connection) if found else set()
    nums = [num for num in found if num not in still]
    if nums:
        revision = writing.advance(connection, "revision")
        publishing.mark(connection, "store", {"pruned": str(revision)})
    for start in range(0, len(nums), 500):
        part = nums[start : start + 500]
        connection.execute(delete(versions).where(versions.c.entry.in_(part)))
        connection.execute(delete(aliases).where(aliases.c.entry.in_(part)))
        connection.execute(delete(sketches).where(sketches.c.entry.in_(part)))
        connection.execute(delete(tellings).where(tellings.c.entry.in_(part)))
        connection.execute(delete(entries).where(entries.c.num.in_(part)))
    whole = entries.c.content.is_not(None)
    connection.execute(update(entries).where(entries.c.num.in_(old), whole).values(content=None))
    connection.execute(delete(sketches).where(sketches.c.seen < before))
    connection.execute(delete(tellings).where(tellings.c.seen < before))
    connection.execute(delete(outcomes).where(outcomes.c.at < codec.micros(now - OUTCOMES_KEPT)))
    connection.execute(delete(days).where(days.c.day < codec.day_of(now - DAYS_KEPT)))
    return len(nums)


def _shown_entries(connection: Connection) -> set[int]:
    found: set[int] = set()
    query = select(versions.c.entry).where(
        versions.c.source == bindparam("of_source"), dialect.one_of(connection.dialect.name, versions.c.key)
    )
    for source, keys in connection.execute(select(shown)).all():
        wanted = {"of_source": source, "wanted": dialect.listed(codec.decode_keys(keys))}
        found.update(connection.execute(query, wanted).scalars())
    return found
