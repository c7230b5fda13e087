"""What a pass remembers of the one before: which entries each topic could show, and which it did.

All of it can be worked out again from the state, so losing the file costs one longer pass. It is believed only
when it was left by the very pass that the state remembers as its last.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from feeds.curate import Candidate
from feeds.errors import PublishError
from feeds.render.river import Part

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pass (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS topics (
    name TEXT PRIMARY KEY, about BLOB NOT NULL, candidates BLOB NOT NULL, documents BLOB NOT NULL
);
"""


class Filed(NamedTuple):
    """An entry's place in a topic, as far as it matters still: it is there, or its archive may be open."""

    id: str
    place: int
    month: str
    since: datetime
    standing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A topic at a glance: enough to tell that nothing of it changed."""

    entries: int = 0
    fingerprint: str = ""
    months: tuple[tuple[str, str], ...] = ()  # month, fingerprint
    until: datetime | None = None  # when time alone changes it
    soil: str = ""  # what its documents stand on
    inputs: Mapping[str, str] = field(default_factory=dict)  # of its published documents; "": the subscription's


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """What a topic's documents hold, without the text."""

    shown: tuple[str, ...] = ()  # ids, in the order of the subscription document
    months: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)  # of all those ids
    folded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the entries that one stands for
    filed: tuple[Filed, ...] = ()
    last_place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One publishing pass."""

    name: str  # no other pass has it
    program: str  # digest: another one may remember other things
    ground: str  # configuration, hand and program: another one, and everything is judged anew
    revision: int
    at: datetime
    hidden: tuple[tuple[str | None, str], ...] = ()  # topic, story: hidden by the editor


_pack = msgspec.msgpack.Encoder().encode
_pass = msgspec.msgpack.Decoder(Pass).decode
_about = msgspec.msgpack.Decoder(About).decode
_candidates = msgspec.msgpack.Decoder(tuple[Candidate, ...]).decode
_documents = msgspec.msgpack.Decoder(Documents).decode


class Memory:
    """The file. What cannot be read is forgotten."""

    def __init__(self, path: Path, *, program: str) -> None:
        self._path, self._program = path, program
        self._database: sqlite3.Connection | None = None
        self._read: dict[str, Documents] = {}

    def last(self) -> Pass | None:
        """Return the last pass; None where there is none, or none that this program can read."""
        try:
            row = self._open().execute("SELECT value FROM pass").fetchone()
            last = None if row is None else _pass(row[0])
        except (sqlite3.Error, msgspec.MsgspecError):
            last = None
        if last is None or last.program != self._program:
            self.forget()
            return None
        return last

    def abouts(self) -> dict[str, About]:
        """Return every topic at a glance."""
        return {name: _about(value) for name, value in self._rows("SELECT name, about FROM topics")}

    def candidates(self) -> dict[str, tuple[Candidate, ...]]:
        """Return what each topic could show."""
        return {name: _candidates(value) for name, value in self._rows("SELECT name, candidates FROM topics")}

    def documents(self, name: str) -> Documents:
        """Return what a topic's documents hold."""
        if name not in self._read:
            (row,) = self._rows("SELECT name, documents FROM topics WHERE name = ?", name)
            self._read[name] = _documents(row[1])
        return self._read[name]

    def save(
        self,
        whole: Pass,
        abouts: Mapping[str, About],
        changed: Mapping[str, tuple[tuple[Candidate, ...], Documents]],
    ) -> None:
        """Remember a pass: all its topics at a glance, and the rest of those that changed."""
        rows = [
            (name, _pack(abouts[name]), _pack(candidates), _pack(documents))
            for name, (candidates, documents) in changed.items()
        ]
        seen = [(_pack(about), name) for name, about in abouts.items() if name not in changed]
        try:
            with self._open() as database:
                gone = [row for row in database.execute("SELECT name FROM topics") if row[0] not in abouts]
                database.executemany("DELETE FROM topics WHERE name = ?", gone)
                database.executemany("INSERT OR REPLACE INTO topics VALUES (?, ?, ?, ?)", rows)
                database.executemany("UPDATE topics SET about = ?1 WHERE name = ?2 AND about <> ?1", seen)
                database.execute("INSERT OR REPLACE INTO pass VALUES (1, ?)", (_pack(whole),))
        except sqlite3.DatabaseError as exc:
            self.forget()
            raise PublishError(f"{self._path}: {exc}") from exc

    def close(self) -> None:
        """Let the file go."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def forget(self) -> None:
        """Begin anew."""
        self.close()
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path)
            self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)
        return self._database

    def _rows(self, query: str, *values: str) -> list[tuple[str, bytes]]:
        return self._open().execute(query, values).fetchall()
