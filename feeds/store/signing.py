"""The beginnings of words that no save has made: of entries held before there were any, or before they were made so."""

from sqlalchemy import Connection, bindparam, func, or_, select, update

from feeds.query import beginnings
from feeds.store import codec, publishing
from feeds.store.schema import entries

MOST = 20_000  # in one go: some two seconds
_SIGNED = beginnings.MADE.hex()


def sign(connection: Connection) -> int:
    """Make what is missing or was made otherwise, of the newest entries first; return of how many."""
    if _all_made(connection):
        return 0
    made_now = func.substr(entries.c.beginnings, 1, len(beginnings.MADE)) == beginnings.MADE
    unmade = (
        select(entries.c.num, entries.c.held, entries.c.content)
        .where(or_(entries.c.beginnings.is_(None), ~made_now))
        .order_by(entries.c.num.desc())
        .limit(MOST)
    )
    found = [
        {"at_num": num, "made": beginnings.of(codec.with_content(codec.decode_held(held), content).entry)}
        for num, held, content in connection.execute(unmade)
    ]
    if found:
        row = update(entries).where(entries.c.num == bindparam("at_num")).values(beginnings=bindparam("made"))
        connection.execute(row, found)
    if len(found) < MOST:
        publishing.mark(connection, "store", {"signed": _SIGNED})
    return len(found)


def _all_made(connection: Connection) -> bool:
    """Say whether nothing is missing since it was last looked for: every save makes its own; a million take a second.

    Another version of this program would have left the newest entry otherwise.
    """
    if publishing.marked(connection, "store").get("signed") != _SIGNED:
        return False
    newest = connection.execute(select(entries.c.beginnings).order_by(entries.c.num.desc()).limit(1)).scalar()
    return newest is not None and newest.startswith(beginnings.MADE)
