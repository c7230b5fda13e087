"""Brings a database to the tables this program writes, or refuses one that is newer.

The revision is compared by SQL: importing Alembic takes 0.3 s, so it happens only when behind. An
empty database is made whole from `schema`; tests hold that to be the same as every migration in turn.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text

from feeds.errors import StoreError
from feeds.store import dialect
from feeds.store.schema import REVISIONS, counters, metadata

LOCK = 0x66656564  # "feed": the advisory lock of PostgreSQL under which one process migrates


def to_newest(engine: Engine) -> None:
    """Make or migrate the tables. Raises StoreError when the database is newer than this program."""
    with engine.connect() as connection:
        if revision(connection) == REVISIONS[-1]:
            return
    with dialect.writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        match revision(connection):  # again: another process may have been first
            case None:
                create(connection)
            case known if known == REVISIONS[-1]:
                pass
            case known if known in REVISIONS:
                upgrade(connection)
            case unknown:
                raise StoreError(
                    f"{dialect.where(engine.url)}: written by a newer version of this program (revision {unknown}); "
                    f"upgrade, or restore a backup of before"
                )


def revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def create(connection: Connection) -> None:
    """Make every table in an empty database and mark it as newest."""
    metadata.create_all(connection)
    connection.execute(insert(counters), [{"name": "revision", "value": 0}, {"name": "entry", "value": 0}])
    connection.execute(
        text(
            "CREATE TABLE alembic_version "
            "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": REVISIONS[-1]})


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run the migrations up to a revision, inside the transaction of the connection."""
    from alembic import command  # noqa: PLC0415 0.3 s, needed once per upgrade
    from alembic.config import Config  # noqa: PLC0415 as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
