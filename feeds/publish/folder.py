"""Bytes to files: each whole or not at all, and only when they changed."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import brotli
import deflate

from feeds.errors import PublishError
from feeds.publish import landing
from feeds.publish.landing import Landing
from feeds.publish.ledgers import Ledger

_COMPRESSED = {".atom", ".xml", ".json", ".html", ".css", ".opml", ".svg"}
_MIN_COMPRESSED_BYTES = 512

Packing = Literal["gzip", "br"]
_SUFFIX: dict[Packing, str] = {"gzip": ".gz", "br": ".br"}
_PACKED = "packed"  # in the place of inputs: a copy that follows its file


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


def write(folder: Path, files: Iterable[Rendered], *, known: Ledger, compress: tuple[Packing, ...] = ()) -> Report:
    """Bring a folder to what the files say, in their order, and remove what this ledger published and they lack.

    A file whose inputs, size and time are those of the ledger is not made; one whose bytes are already there
    is not written. Archives are never removed. Raises PublishError, naming the path.
    """
    writing = _Writing(folder, known, compress)
    try:
        with Landing() as under_way:
            for file in files:
                writing.take(file, under_way)
        writing.clear()
        known.save()
    except OSError as exc:
        raise PublishError(f"{exc.filename or folder}: {exc.strerror or exc}") from exc
    return Report(tuple(writing.written), writing.unchanged, tuple(writing.removed))


class _Writing:
    """A folder on its way to what the files say."""

    def __init__(self, folder: Path, known: Ledger, compress: tuple[Packing, ...]) -> None:
        self._folder, self._known, self._compress = folder, known, compress
        self._present = _sweep(folder)
        self._wanted: set[str] = set()
        self.written: list[str] = []
        self.removed: list[str] = []
        self.unchanged = 0

    def take(self, file: Rendered, under_way: Landing) -> None:
        """Bring one file, and its packed copies, to what they shall be."""
        self._wanted.add(file.path)
        before = self._present.get(file.path)
        if before and self._current(file, before):
            self.unchanged += 1
            return
        target = self._folder / file.path
        old = _read(target) if before else None
        vouched = before is not None and self._known.files.get(file.path) == (file.basis, *before)
        body = _body(file, old, vouched=vouched)
        if body == old:
            self.unchanged += 1
            self._record(file)
        else:
            under_way.put(target, body, partial(self._record, file))
            self.written.append(file.path)
        self._pack(file, body, under_way, changed=body != old)

    def _current(self, file: Rendered, before: tuple[int, int]) -> bool:
        """Tell whether a file, with its packed copies, was made of these inputs and left alone since."""
        if self._known.files.get(file.path) != (file.inputs, *before):
            return False
        names = (file.path + _SUFFIX[packing] for packing in self._compress)
        copies = {name for name in names if name in self._known.files}
        if not copies <= self._present.keys():
            return False
        self._wanted |= copies
        return True

    def _record(self, file: Rendered) -> None:
        stat = (self._folder / file.path).stat()
        self._known.record(file.path, (file.inputs, stat.st_size, stat.st_mtime_ns))

    def _pack(self, file: Rendered, body: bytes, under_way: Landing, *, changed: bool) -> None:
        """Bring a file's packed copies to it: a host that serves one must not serve what the file was once."""
        wanted = self._compress if _compressible(file, body) else ()
        for packing, suffix in _SUFFIX.items():
            path = file.path + suffix
            if packing in wanted:
                self._wanted.add(path)
                packed = _packed(body, packing)
                record = partial(self._known.record, path, (_PACKED, 0, 0))
                # A run that was killed between the two left the copy of what the file was before.
                if path in self._present and _read(self._folder / path) == packed:
                    record()
                else:
                    under_way.put(self._folder / path, packed, record)
            elif changed and path in self._present and path not in self._known.files:
                self._remove(path)  # nobody remembers who packed it, and it is of what the file was before

    def clear(self) -> None:
        """Remove what is published no longer; archives stay, but for packed copies that would not follow them."""
        for path in sorted(self._known.files):
            if path in self._wanted:
                continue
            if not path.startswith("archive/") or self._known.files[path][0] == _PACKED:
                self._remove(path)

    def _remove(self, path: str) -> None:
        (self._folder / path).unlink(missing_ok=True)
        self._known.forget(path)
        self.removed.append(path)


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


def _sweep(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and mtime of every file, and remove what a killed run left half written."""
    found: dict[str, tuple[int, int]] = {}
    start = len(str(folder)) + 1
    for entry in _walk(folder):
        if entry.name.startswith(landing.PARTIAL):
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


def _compressible(file: Rendered, body: bytes) -> bool:
    """Archives are left as they are: free hosts limit the number of files."""
    return not file.keep and Path(file.path).suffix in _COMPRESSED and len(body) >= _MIN_COMPRESSED_BYTES


def _packed(body: bytes, packing: Packing) -> bytes:
    # Not zlib: its stream is another in zlib-ng, and gzip's header in Python 3.13. These bring their own, pinned.
    packed = deflate.gzip_compress(body, 9) if packing == "gzip" else brotli.compress(body, quality=9)
    return bytes(packed)
