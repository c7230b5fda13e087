"""Opening, migrating, excluding, failing and backing up, on both databases."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text, update

from feeds import query, store, stories
from feeds.errors import StoreError
from feeds.model import Entry, Held, Polling
from feeds.store import Kept, Poll, Publication, Version, dialect, migrate, schema

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def polled(number: int) -> Poll:
    id_ = f"tag:a.example,2026:{number}"
    held = Held(entry=Entry(id=id_, title="Т", content="<p>c</p>"), source="a", first_seen=NOW, changed=NOW)
    copy = Version(source="b", key=str(number), entry=id_, digest=b"\xff\x00", body=held.entry)
    version = replace(copy, source="a", body=None)
    return Poll(polling=Polling(source="a", next_poll_at=NOW), kept=(Kept(held=held),), versions=(version, copy))


def everything(state: store.Store):
    ids = [held.entry.id for held in state.held()]
    return (
        list(state.held(content=True)),
        state.versions(ids),
        state.pollings(),
        state.publications("t"),
        state.marks("files"),
        state.revision(),
    )


def test_the_migrations_and_the_tables_of_an_empty_database_are_the_same(url):
    engine = dialect.engine(url)
    with dialect.writing(engine) as connection:
        migrate.upgrade(connection)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), schema.metadata)
        revision = migrate.revision(connection)
        names = {name for name in inspect(connection).get_table_names() if name != "alembic_version"}
    engine.dispose()

    assert [] == differences
    assert schema.REVISIONS[-1] == revision
    assert set(schema.metadata.tables) == names


def test_sketches_of_before_become_the_wordings_of_their_entries(url, opened):
    engine = dialect.engine(url)
    with dialect.writing(engine) as connection:
        migrate.upgrade(connection, "0001")
        row = {"id": "1", "b": b"", "sketch": b"s\xff", "at": int(NOW.timestamp() * 1_000_000)}
        connection.execute(
            text(
                "INSERT INTO entries (num, id, source, first_seen, revision, digest, sketch, features, held) "
                "VALUES (1, :id, 'a', :at, 1, :b, :sketch, :b, :b)"
            ),
            row,
        )
    engine.dispose()
    window = opened(url).window(datetime(2026, 1, 1, tzinfo=UTC))

    assert (("1",), (b"s\xff",), (NOW.timestamp(),)) == (window.sketched, window.sketches, window.sketched_at)


def test_entries_of_before_are_found_by_their_words_and_upkeep_makes_their_beginnings(url, opened):
    asked = [query.parse("c"), query.parse("nothing")]
    state = opened(url)
    state.save([polled(1), replace(polled(2), polling=Polling(source="b"))])
    engine = dialect.engine(url)
    with dialect.writing(engine) as connection:
        connection.execute(update(schema.entries).values(beginnings=None))

    assert [2, 2] == [len(list(state.held(matching=[one], content=True))) for one in asked]
    assert [2, 0] == [state.sign(), state.sign()]
    with dialect.writing(engine) as connection:
        connection.execute(update(schema.entries).values(beginnings=b"\xff\xff"))
    assert [2, 2] == [len(list(state.held(matching=[one], content=True))) for one in asked]
    assert [2, 0] == [state.sign(), state.sign()]
    assert [2, 0] == [len(list(state.held(matching=[one], content=True))) for one in asked]
    engine.dispose()


def test_an_entry_keeps_its_place_and_its_words_when_beginnings_are_added(url, opened):
    engine = dialect.engine(url)
    with dialect.writing(engine) as connection:
        migrate.upgrade(connection, "0002")
        row = {"id": "1", "b": b"x\xff\0\0", "at": int(NOW.timestamp() * 1_000_000)}
        connection.execute(
            text(
                "INSERT INTO entries (num, id, source, first_seen, revision, digest, features, held, content) "
                "VALUES (7, :id, 'a', :at, 1, :b, :b, :b, 'c')"
            ),
            row,
        )
    engine.dispose()
    opened(url)
    engine = dialect.engine(url)
    with engine.connect() as connection:
        kept = connection.execute(select(schema.entries)).one()
    engine.dispose()

    assert (7, "1", b"x\xff\0\0", "c", None) == (kept.num, kept.id, kept.held, kept.content, kept.beginnings)


def test_stories_of_before_are_the_sums_of_what_their_entries_told(url, opened):
    quake = stories.of_text(title="Earthquake shakes Naryn in Kyrgyzstan", body="").pack()
    flood = stories.of_text(title="Flood cuts road to Khorog", body="").pack()
    engine = dialect.engine(url)
    with dialect.writing(engine) as connection:
        migrate.upgrade(connection, "0002")
        rows = [(1, None, quake, 0), (2, "1", quake, 0), (3, None, flood, 0), (4, None, b"", 0), (5, None, quake, 30)]
        for num, story, features, days in rows:
            at = int((NOW - timedelta(days=days)).timestamp() * 1_000_000)
            row = {"num": num, "id": str(num), "story": story, "at": at, "b": b"", "features": features}
            connection.execute(
                text(
                    "INSERT INTO entries (num, id, source, first_seen, revision, story, digest, features, held) "
                    "VALUES (:num, :id, 'a', :at, 1, :story, :b, :features, :b)"
                ),
                row,
            )
    engine.dispose()
    window = opened(url).window(datetime(2026, 1, 1, tzinfo=UTC))

    assert (("1", "2", "3"), ("1", "1", "3")) == (window.told, window.stories)
    assert window.squares[1] == 0
    assert [4 * 255**2, 255**2] == pytest.approx([window.squares[0], window.squares[2]], rel=0.02)
    assert len(quake) == len(window.terms[0])


def test_a_database_made_by_migrations_counts_from_nought(url, opened):
    engine = dialect.engine(url)
    with dialect.writing(engine) as connection:
        migrate.upgrade(connection)
    engine.dispose()
    state = opened(url)
    state.save([polled(1)])

    assert 1 == state.revision()


def test_the_revisions_listed_are_those_of_the_migrations():
    folder = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))

    assert list(schema.REVISIONS) == [script.revision for script in folder.walk_revisions()][::-1]


def test_a_state_written_by_a_newer_version_is_refused_and_left_alone(url, opened):
    opened(url).close()
    engine = dialect.engine(url)
    with dialect.writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    engine.dispose()

    with pytest.raises(StoreError, match=r"newer version.*ffff"):
        store.open(url)


def test_opening_does_not_import_alembic(tmp_path):
    program = "import sys; from feeds import store; store.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    asked = [sys.executable, "-c", program, f"sqlite:///{tmp_path}/feeds.db"]

    assert ["False\n"] * 2 == [subprocess.check_output(asked, text=True) for _ in range(2)]


def test_two_commands_on_one_state_exclude_each_other_and_say_who(url, opened):
    first, second = opened(url), opened(url)

    with (
        first.alone("run"),
        pytest.raises(StoreError, match=rf"in use by feeds run, process {os.getpid()}"),
        second.alone("once"),
    ):
        pytest.fail("held twice")
    with second.alone("once"):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path, opened):
    url = f"sqlite:///{tmp_path}/feeds.db"
    program = (
        "import sys, time; from feeds import store\n"
        "with store.open(sys.argv[1]).alone('run'): print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    child.kill()
    child.wait()
    child.stdout.close()

    with opened(url).alone("once"):
        pass


def test_a_kill_in_the_middle_of_writing_loses_nothing_committed_and_tears_nothing(tmp_path, opened):
    url = f"sqlite:///{tmp_path}/feeds.db"
    program = (
        "import sys; sys.path[:0] = ['tests/store']\n"
        "from feeds import store; from test_upkeep import polled\n"
        "with store.open(sys.argv[1]) as state:\n"
        "    for number in range(10**6):\n"
        "        state.save([polled(number)]); print(number, flush=True)"
    )
    root = Path(__file__).parents[2]
    child = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True, cwd=root)
    child.stdout.readline()
    time.sleep(0.2)
    child.send_signal(signal.SIGKILL)
    told = child.stdout.read().split("\n")
    child.stdout.close()
    child.wait()
    state = opened(url)
    ids = [held.entry.id for held in state.held()]

    assert int(told[-2]) + 1 <= len(ids)
    assert set(ids) == set(state.versions(ids))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_of_either_kind_restores_into_either(kind, url, tmp_path, opened, request):
    other = f"sqlite:///{tmp_path}/other.db" if kind == "sqlite" else request.getfixturevalue("other_postgresql")
    state = opened(url)
    state.save([polled(1), replace(polled(2), aliases=(("young", "tag:a.example,2026:1"),), shown=("1",))])
    state.record_publications({"t": [Publication(entry="tag:a.example,2026:2", since=NOW, place=7, month="2026-11")]})
    state.mark("files", {"t.atom": "1"})
    before = everything(state)
    state.backup(tmp_path / "kept" / "feeds.backup")
    restored = opened(other)
    restored.save([polled(9)])
    restored.restore(tmp_path / "kept" / "feeds.backup")

    assert before == everything(restored)
    restored.save([polled(3)])
    assert ["1", "2", "3"] == [held.entry.id[-1] for held in restored.held()]
    assert ["feeds.backup"] == [path.name for path in (tmp_path / "kept").iterdir()]


def test_a_file_that_is_no_backup_is_refused_and_the_state_stays(url, tmp_path, opened):
    state = opened(url)
    state.save([polled(1)])
    (tmp_path / "text").write_text("not a database, but long enough to be read as one" * 40)
    with sqlite3.connect(tmp_path / "stranger") as stranger:
        stranger.execute("CREATE TABLE t (x)")
    stranger.close()

    for name in ("text", "stranger", "missing"):
        with pytest.raises(StoreError, match=name):
            state.restore(tmp_path / name)
    assert 1 == len(list(state.held()))


def test_a_full_disk_is_one_clear_line_and_loses_nothing_committed(tmp_path, opened):
    state = opened(f"sqlite:///{tmp_path}/feeds.db")
    state.save([polled(1)])
    with state._engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))
    many = [replace(polled(number), polling=Polling(source=f"s{number}")) for number in range(2, 500)]

    with pytest.raises(StoreError, match=r"feeds\.db: the disk is full$"):
        state.save(many)
    assert 1 == len(list(state.held()))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://x/y", "kept in sqlite or postgresql"),
        ("postgresql+psycopg://u:secret@127.0.0.1:1/x", "127.0.0.1:1/x"),
        ("sqlite:////proc/none/feeds.db", "cannot be made"),
    ],
)
def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(url, words):
    with pytest.raises(StoreError, match=words) as caught:
        store.open(url)

    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "feeds.db").write_text("not a database, but long enough to be read as one" * 40)

    with pytest.raises(StoreError, match=r"feeds\.db: is not a state of this program"):
        store.open(f"sqlite:///{tmp_path}/feeds.db")


def test_a_store_in_memory_needs_no_file(opened):
    state = opened("sqlite://")
    state.save([polled(1)])

    with state.alone("once"):
        assert 1 == len(list(state.held()))
