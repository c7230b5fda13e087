"""One `once` or `run` at a time on one state: flock beside the SQLite file, an advisory lock on PostgreSQL."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select, text

from feeds.errors import StoreError
from feeds.store import dialect

KEY = 0x66656565  # of the advisory lock; migrations use the one below

_HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND objid = :key AND granted "
    "AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def alone(engine: Engine, command: str) -> Iterator[None]:
    """Hold the state for one command; StoreError names who holds it already. The system frees it on a crash."""
    name = f"feeds {command}, process {os.getpid()} on {socket.gethostname()}"
    path = dialect.file_of(engine.url)
    if path is not None:
        with _flock(path.with_name(path.name + ".lock"), name):
            yield
    elif engine.dialect.name == "postgresql":
        with _advisory(engine, name):
            yield
    else:
        yield  # a database in memory is this process's own


@contextmanager
def _flock(path: Path, name: str) -> Iterator[None]:
    try:
        handle = path.open("a+", encoding="utf-8")
    except OSError as exc:
        raise StoreError(f"{path}: cannot be opened: {exc.strerror}") from exc
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            handle.seek(0)
            raise StoreError(_taken(handle.read().strip())) from exc
        handle.truncate(0)
        handle.write(name + "\n")
        handle.flush()
        yield
        handle.truncate(0)


@contextmanager
def _advisory(engine: Engine, name: str) -> Iterator[None]:
    # 63 bytes are what PostgreSQL keeps of a name
    with dialect.told(engine.url), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.set_config("application_name", name[:63], False)))
        if not connection.execute(select(func.pg_try_advisory_lock(KEY))).scalar_one():
            raise StoreError(_taken(str(connection.execute(_HOLDER, {"key": KEY}).scalar() or "")))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(KEY)))


def _taken(holder: str) -> str:
    return f"the state is in use by {holder or 'another process'}: stop it first, or let it do the work"
