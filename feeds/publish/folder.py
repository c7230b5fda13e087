"""Bytes to files: each whole or not at all, and only when they changed.

A file is written beside its place, flushed to the disk, and renamed over it; so a reader, a crash or a
SIGKILL sees the old file or the new one. What was published, and from which inputs, is remembered in a
ledger; losing it costs one pass of comparing and changes nothing.
"""

import gzip
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import brotli

from feeds.errors import PublishError

_PARTIAL = ".feeds-partial-"  # and a random end: two runs never share one
_COMPRESSED = {".atom", ".xml", ".json", ".html", ".css", ".opml", ".svg"}
_MIN_COMPRESSED_BYTES = 512
_TOGETHER, _FLUSHING = 64, 8  # files flushed together, and at the same time
_VERSION = 1

Packing = Literal["gzip", "br"]
_SUFFIX: dict[Packing, str] = {"gzip": ".gz", "br": ".br"}


class Rendered(Protocol):
    """A file to be, as `render.edition.File` has it."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def inputs(self) -> str: ...  # noqa: D102
    @property
    def make(self) -> Callable[[], bytes]: ...  # noqa: D102
    @property
    def keep(self) -> bool: ...  # noqa: D102
    @property
    def basis(self) -> str | None: ...  # noqa: D102
    @property
    def patch(self) -> Callable[[bytes], bytes] | None: ...  # noqa: D102
    @property
    def lost(self) -> bool: ...  # noqa: D102
    @property
    def amend(self) -> Callable[[bytes], bytes] | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Report:
    """What a pass did, as paths in the folder."""

    written: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether a subscriber could see a difference."""
        return bool(self.written or self.removed)


@dataclass(slots=True)
class Ledger:
    """What was published from which inputs, and small things worth not working out again."""

    path: Path | None = None  # None: remembered by nobody
    files: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # path -> inputs, bytes, mtime in ns
    notes: dict[str, Any] = field(default_factory=dict)  # JSON values, by a key of the caller's
    _asked: set[str] = field(default_factory=set)
    _dirty: bool = False

    def recall(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what is noted under a key ("kind:name"), made when it is not.

        When a kind is asked for in a pass, its keys that nobody asked for are forgotten by `save`.
        """
        self._asked.add(key)
        if key not in self.notes:
            self.notes[key] = make()
            self._dirty = True
        return self.notes[key]

    def save(self) -> None:
        """Write the ledger where it was read from, if it changed."""
        kinds = {key.split(":")[0] for key in self._asked}
        for key in [key for key in self.notes if key.split(":")[0] in kinds and key not in self._asked]:
            del self.notes[key]
            self._dirty = True
        if not (self._dirty and self.path):
            return
        whole = {"version": _VERSION, "files": self.files, "notes": self.notes}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _replace(self.path, json.dumps(whole, separators=(",", ":")).encode())
        self._dirty = False

    def record(self, path: str, known: tuple[str, int, int]) -> None:
        """Remember what a file was made of."""
        if self.files.get(path) != known:
            self.files[path] = known
            self._dirty = True

    def forget(self, path: str) -> None:
        """Forget a file that is no longer published."""
        self._dirty = self.files.pop(path, None) is not None or self._dirty


def ledger(path: Path) -> Ledger:
    """Return the ledger of a file; an empty one where it is absent, torn or of another version."""
    try:
        whole = json.loads(path.read_bytes())
        if whole["version"] != _VERSION:
            return Ledger(path)
        files = {name: (str(known[0]), int(known[1]), int(known[2])) for name, known in whole["files"].items()}
        return Ledger(path, files, dict(whole["notes"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Ledger(path)


def write(folder: Path, files: Iterable[Rendered], *, known: Ledger, compress: tuple[Packing, ...] = ()) -> Report:
    """Bring a folder to what the files say, in their order, and remove what this ledger published and they lack.

    A file whose inputs, size and time are those of the ledger is not made; one whose bytes are already there
    is not written. Archives are never removed. Raises PublishError, naming the path.
    """
    present = _sweep(folder)
    written: list[str] = []
    removed: list[str] = []
    wanted: set[str] = set()
    unchanged = 0
    try:
        with _Landing() as landing:
            for file in files:
                wanted.add(file.path)
                target = folder / file.path
                before = present.get(file.path)
                copies = _copies(file.path, known, compress)
                if before and known.files.get(file.path) == (file.inputs, *before) and copies <= present.keys():
                    unchanged += 1
                    wanted.update(copies)
                    continue
                old = _read(target) if before else None
                vouched = before is not None and known.files.get(file.path) == (file.basis, *before)
                body = _body(file, old, vouched=vouched)
                record = partial(_record, known, file, target)
                if body == old:
                    unchanged += 1
                    record()
                else:
                    landing.put(target, body, record)
                    written.append(file.path)
                for packing in compress if _compressible(file, body) else ():
                    packed = file.path + _SUFFIX[packing]
                    wanted.add(packed)
                    if body != old or packed not in present:
                        landing.put(
                            folder / packed, _pack(body, packing), partial(known.record, packed, ("packed", 0, 0))
                        )
        for path in sorted(known.files):
            if path not in wanted and not path.startswith("archive/"):
                (folder / path).unlink(missing_ok=True)
                known.forget(path)
                removed.append(path)
        known.save()
    except OSError as exc:
        raise PublishError(f"{exc.filename or folder}: {exc.strerror or exc}") from exc
    return Report(tuple(written), unchanged, tuple(removed))


def _record(known: Ledger, file: Rendered, target: Path) -> None:
    stat = target.stat()
    known.record(file.path, (file.inputs, stat.st_size, stat.st_mtime_ns))


def months(folder: Path, slug: str) -> tuple[str, ...]:
    """Return the months ("2026-10") whose archive documents of a topic are in the folder, oldest first."""
    archive = folder / "archive" / slug
    if not archive.is_dir():
        return ()
    return tuple(sorted({file.name.split(".")[0] for file in archive.iterdir() if not file.name.startswith(".")}))


def _body(file: Rendered, old: bytes | None, *, vouched: bool) -> bytes:
    """Return what a file shall be; `vouched`: the old bytes are those that its patch is for."""
    if old is not None and (file.lost or (file.keep and _closed(old))):
        return file.amend(old) if file.amend else old
    body = file.patch(old) if old is not None and vouched and file.patch else file.make()
    return file.amend(body) if file.amend else body


def _closed(document: bytes) -> bool:
    """Tell whether an archive document on the disk is the final one, whatever the ledger knows (RFC 5005 4)."""
    marks = (b"<fh:archive", b'"archive": true', b'<html class="closed"')
    return any(mark in document for mark in marks)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


class _Landing:
    """Files on their way: written beside their places, flushed together, then renamed in the order they came.

    A disk flushes fifty files together in a third of the time that they take one by one.
    """

    def __init__(self) -> None:
        self._under_way: list[tuple[Path, Path, Callable[[], None]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._land()
        finally:
            for beside, _, _ in self._under_way:
                beside.unlink(missing_ok=True)

    def put(self, target: Path, body: bytes, landed: Callable[[], None]) -> None:
        """Begin to bring bytes to their place; `landed` is called when they are there."""
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(_PARTIAL + secrets.token_hex(8))
        self._under_way.append((beside, target, landed))
        try:
            beside.write_bytes(body)
        except OSError as exc:
            raise PublishError(f"{target}: {exc.strerror or exc}") from exc
        if len(self._under_way) == _TOGETHER:
            self._land()

    def _land(self) -> None:
        if len(self._under_way) == 1:
            _flush(self._under_way[0][0])
        else:
            with ThreadPoolExecutor(_FLUSHING) as flushing:
                list(flushing.map(_flush, [beside for beside, _, _ in self._under_way]))
        while self._under_way:
            beside, target, landed = self._under_way[0]
            beside.replace(target)
            del self._under_way[0]
            landed()


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _replace(target: Path, body: bytes) -> None:
    """Put bytes in their place, whole or not at all."""
    with _Landing() as landing:
        landing.put(target, body, lambda: None)


def _sweep(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and mtime of every file, and remove what a killed run left half written."""
    found: dict[str, tuple[int, int]] = {}
    start = len(str(folder)) + 1
    for entry in _walk(folder):
        if entry.name.startswith(_PARTIAL):
            Path(entry.path).unlink(missing_ok=True)
            continue
        stat = entry.stat(follow_symlinks=False)
        found[entry.path[start:]] = (stat.st_size, stat.st_mtime_ns)
    return found


def _walk(folder: Path | str) -> Iterator["os.DirEntry[str]"]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    except OSError as exc:
        raise PublishError(f"{folder}: {exc.strerror or exc}") from exc
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        else:
            yield entry


def _copies(path: str, known: Ledger, compress: tuple[Packing, ...]) -> set[str]:
    """Return the packed copies a file has and should go on having."""
    return {path + _SUFFIX[packing] for packing in compress if path + _SUFFIX[packing] in known.files}


def _compressible(file: Rendered, body: bytes) -> bool:
    """Archives are left as they are: free hosts limit the number of files."""
    return not file.keep and Path(file.path).suffix in _COMPRESSED and len(body) >= _MIN_COMPRESSED_BYTES


def _pack(body: bytes, packing: Packing) -> bytes:
    # mtime=0: the clock is not part of what is published.
    packed: bytes = gzip.compress(body, 9, mtime=0) if packing == "gzip" else brotli.compress(body, quality=9)
    return packed
