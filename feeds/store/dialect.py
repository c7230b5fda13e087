"""What SQLite and PostgreSQL say differently: engines, upserts, sets as one parameter, reasons of failure."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import (
    URL,
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,  # noqa: A004 of the pool; the built-in one is not used here
)
from sqlalchemy.pool import StaticPool

from feeds.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

BUSY_MS = 15_000  # how long a writer waits for another before it gives up

# WAL: readers never wait for the writer. NORMAL: a power cut may cost the last commits, never the file.
# 16 MiB between checkpoints: a cold cycle writes 60, each checkpoint waits for the disk.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA temp_store=MEMORY",
)

SQLITE_REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": f"locked by another program for over {BUSY_MS // 1000} s",
    "SQLITE_LOCKED": "locked by another program",
    "SQLITE_READONLY": "may be read but not written",
    "SQLITE_CANTOPEN": "cannot be opened: check that its folder exists and may be written",
    "SQLITE_NOTADB": "is not a state of this program",
    "SQLITE_CORRUPT": "is damaged: restore a backup with `feeds restore`",
    "SQLITE_IOERR": "cannot be read or written: the disk fails",
}
POSTGRESQL_REASONS = {
    "53100": "the disk of the database is full",
    "55P03": "locked by another program",
    "25006": "may be read but not written",
    "42501": "the user may not use these tables",
}


def engine(url: str) -> Engine:
    """Return an engine for `sqlite:///path` or `postgresql+psycopg://…`; a missing folder is made.

    Raises StoreError for any other URL, and for a folder that cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as exc:
        raise StoreError(f"{url!r} is not a database URL, such as sqlite:///state/feeds.db") from exc
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed)
        case "postgresql":
            try:
                return create_engine(parsed, connect_args={"connect_timeout": 10}, pool_pre_ping=True)
            except (NoSuchModuleError, ImportError) as exc:
                raise StoreError(f"{where(parsed)}: write postgresql+psycopg://") from exc
        case other:
            raise StoreError(f"{other}: the state is kept in sqlite or postgresql+psycopg")


def _sqlite(url: URL) -> Engine:
    path = file_of(url)
    if path is None:
        made = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise StoreError(f"{path.parent}: cannot be made: {exc.strerror}") from exc
        made = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000})

    # The driver's own transactions begin late and end early; these begin where SQLAlchemy says.
    @event.listens_for(made, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(made, "begin")
    def begun(connection: Connection) -> None:
        # A reader that turns writer is refused at once when another wrote meanwhile; IMMEDIATE waits instead.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for PostgreSQL and for a database in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(url.database)


def where(url: URL) -> str:
    """Return how errors name the database: its file, or its URL without the password."""
    return str(file_of(url) or url.render_as_string(hide_password=True))


@contextmanager
def writing(made: Engine) -> Iterator[Connection]:
    """Yield a connection inside one transaction that may write; an exception rolls it back."""
    with made.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn what the database or a stored value says into one line of StoreError."""
    try:
        yield
    except SQLAlchemyError as exc:
        raise StoreError(f"{where(url)}: {reason(exc)}") from exc
    except msgspec.MsgspecError as exc:
        raise StoreError(f"{where(url)}: holds a value this program cannot read: {exc}") from exc
    except (UnicodeError, OverflowError) as exc:  # from the drivers, which SQLAlchemy lets through
        raise StoreError(f"{where(url)}: cannot hold a value: {exc}") from exc


def reason(exc: SQLAlchemyError) -> str:
    """Return why, in a few words."""
    match exc:
        case DBAPIError(orig=sqlite3.Error() as orig):
            name = getattr(orig, "sqlite_errorname", "")
            for known, words in SQLITE_REASONS.items():
                if name.startswith(known):
                    return words
        case DBAPIError(orig=orig) if getattr(orig, "sqlstate", None) in POSTGRESQL_REASONS:
            return POSTGRESQL_REASONS[orig.sqlstate]  # type: ignore[union-attr]
        case _:
            orig = None
    return " ".join(str(orig or exc).split())


def refuses_values(exc: BaseException | None) -> bool:
    """Return whether the values were at fault rather than the database: the same would fail again."""
    return not isinstance(exc, OperationalError | InterfaceError | TimeoutError)


def _insert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 40 ms that those who have SQLite need not wait

    return postgresql.insert(table)


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *, key: Iterable[str]) -> None:
    """Insert rows; where `key` is taken, replace the other columns given. All rows have the same columns."""
    if not rows:
        return
    insert = _insert(connection, table)
    key = tuple(key)
    changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), rows)


def add(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *, key: Iterable[str]) -> None:
    """Insert rows of counts; where `key` is taken, add the other columns to what is there."""
    insert = _insert(connection, table)
    key = tuple(key)
    changed = {name: table.c[name] + insert.excluded[name] for name in rows[0] if name not in key}
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), rows)


def one_of(dialect: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return `column IN` the parameter "wanted", of `listed`: one statement, however many there are."""
    wanted: BindParameter[str] = bindparam("wanted", type_=Text)
    if dialect == "sqlite":
        return column.in_(select(func.json_each(wanted).table_valued("value").c.value))
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 as above

    return column.in_(select(func.jsonb_array_elements_text(wanted.cast(postgresql.JSONB))))


def listed(wanted: Iterable[str]) -> str:
    """Return texts as the one parameter of `one_of`."""
    # A lone surrogate or a NUL (JSON feeds can carry them) is in no table: neither database holds them.
    text = json.dumps([each for each in wanted if "\0" not in each], ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()
