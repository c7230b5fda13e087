"""The state as one file: a SQLite database, whatever the state is kept in."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, literal_column, select, text

from feeds.errors import StoreError
from feeds.store import dialect, migrate
from feeds.store.schema import metadata

ROWS_AT_ONCE = 500


def backup(engine: Engine, path: Path) -> None:
    """Write all of the state, as of one moment, to `path`; whole or not at all. Writers go on meanwhile."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        _fill(engine, partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(path)
    except OSError as exc:
        raise StoreError(f"{path}: cannot be written: {exc.strerror}") from exc
    finally:
        partial.unlink(missing_ok=True)


def restore(engine: Engine, path: Path) -> None:
    """Replace all of the state by a backup, in one transaction. Raises StoreError for a file that is none."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file")
    partial = path.with_name(path.name + ".partial")
    try:
        # a copy, because a backup of an older version is migrated before it is read
        _copy_file(path, partial)
        source = dialect.engine(f"sqlite:///{partial}")
        try:
            with dialect.told(source.url):
                _refuse_strangers(source, path)
                migrate.to_newest(source)
                with source.connect() as read, dialect.writing(engine) as written:
                    copy(read, written)
        finally:
            source.dispose()
    finally:
        for suffix in ("", "-wal", "-shm"):
            partial.with_name(partial.name + suffix).unlink(missing_ok=True)


def copy(read: Connection, written: Connection) -> None:
    """Replace every row of one database by those of another with the same tables."""
    for table in metadata.sorted_tables:
        written.execute(table.delete())
        rows = read.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
        for part in rows.mappings().partitions():
            written.execute(insert(table), [dict(row) for row in part])
        if written.dialect.name == "postgresql" and table.c[0].name == "num" and table.c.num.autoincrement is True:
            # the sequence does not see numbers that were given
            sequence = func.pg_get_serial_sequence(table.name, "num")
            highest = select(func.coalesce(func.max(table.c.num), literal_column("1"))).scalar_subquery()
            written.execute(select(func.setval(sequence, highest)))


def _fill(engine: Engine, partial: Path) -> None:
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            with closing(sqlite3.connect(partial)) as target:
                raw.driver_connection.backup(target)  # type: ignore[union-attr]
                target.execute("PRAGMA journal_mode=DELETE")  # one file, not three
        except sqlite3.Error as exc:
            raise StoreError(f"{partial}: {exc}") from exc
        finally:
            raw.close()
        return
    stranger = dialect.engine(f"sqlite:///{partial}")
    try:
        migrate.to_newest(stranger)
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as read,
            dialect.writing(stranger) as written,
        ):
            copy(read, written)
        with stranger.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE")  # type: ignore[union-attr]
    finally:
        stranger.dispose()


def _copy_file(path: Path, partial: Path) -> None:
    partial.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(partial)) as to,
        ):
            read.backup(to)
    except sqlite3.Error as exc:
        raise StoreError(f"{path}: is not a backup of this program: {exc}") from exc


def _refuse_strangers(source: Engine, path: Path) -> None:
    with source.connect() as connection:
        if not connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).scalar():
            raise StoreError(f"{path}: is not a backup of this program")
