"""A body read and unpacked within bounds: no answer costs more memory than its cap."""

import zlib
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from typing import Protocol

import brotli
import zstandard

from feeds import text

CHUNK_BYTES = 64 * 2**10
LARGE_BYTES = 512 * 2**10  # of 256 captured feeds one is larger; those above it are read a few at a time
MAX_CODINGS = 3  # gzip in gzip happens behind proxies; more is an attack
ZSTD_WINDOW_BYTES = 8 * 2**20  # RFC 9659: what a decoder of HTTP must support, and need not exceed
GZIP_MAGIC = b"\x1f\x8b"
DOCUMENT_STARTS = (b"<?xml", b"<rss", b"<feed", b"<rdf", b"<!doctype", b"<html", b'{"')
# Said by servers that mean "not packed": a charset where a coding belongs.
NO_CODING = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit", "7bit"})


class BodyError(Exception):
    """A body that cannot be had whole: over a cap, cut short, or packed in an unknown way."""


class TooLargeError(BodyError):
    """A body over its cap, packed or unpacked."""


# Waits for a place among the large bodies, and gives it back.
Room = Callable[[], AbstractAsyncContextManager[None]]


class _Unpacker(Protocol):
    def feed(self, chunk: bytes) -> Iterator[bytes]: ...

    def whole(self) -> bool: ...


async def read(
    chunks: AsyncIterable[bytes], *, encoding: str | None, max_bytes: int, room: Room = nullcontext
) -> bytes:
    """Return the unpacked body; BodyError when it is over `max_bytes`, cut short or unreadable.

    One that grows large waits for `room`, so that many at a time cost no more memory than a few.
    """
    codings = [name for part in (encoding or "").split(",") if (name := part.strip().lower()) not in NO_CODING]
    if len(codings) > MAX_CODINGS:
        raise BodyError(f"packed {len(codings)} times over")
    raw = bytearray()
    async with AsyncExitStack() as held:
        async for chunk in chunks:
            if len(raw) <= LARGE_BYTES < len(raw) + len(chunk):
                await held.enter_async_context(room())
            raw += chunk
            if len(raw) > max_bytes:
                raise TooLargeError(f"body over {megabytes(max_bytes)}")
        body, small = bytes(raw), len(raw) <= LARGE_BYTES
        del raw
        if small and max_bytes > LARGE_BYTES:
            try:
                return _unpacked(body, codings, max_bytes=LARGE_BYTES)
            except TooLargeError:
                await held.enter_async_context(room())
        return _unpacked(body, codings, max_bytes=max_bytes)


def _unpacked(body: bytes, codings: list[str], *, max_bytes: int) -> bytes:
    for coding in reversed(codings):
        body = unpack(body, coding, max_bytes=max_bytes)
    if body.startswith(GZIP_MAGIC):  # a .gz file served as it lies
        body = unpack(body, "gzip", max_bytes=max_bytes)
    return body


async def peek(chunks: AsyncIterable[bytes], *, encoding: str | None, max_bytes: int) -> bytes:
    """Return what can be read of the beginning of a page that is not a feed, never more."""
    raw = bytearray()
    async for chunk in chunks:
        raw += chunk
        if len(raw) >= max_bytes:
            break
    coding = (encoding or "").strip().lower()
    if coding in NO_CODING:
        return bytes(raw[:max_bytes])
    out = bytearray()
    try:
        for piece in _unpacker(coding).feed(bytes(raw)):
            out += piece
            if len(out) >= max_bytes:
                break
    except (BodyError, zlib.error, brotli.error, zstandard.ZstdError):
        return bytes(out[:max_bytes])
    return bytes(out[:max_bytes])


def unpack(body: bytes, coding: str, *, max_bytes: int) -> bytes:
    """Return `body` with one content coding undone (RFC 9110 8.4); BodyError when it cannot be."""
    if _is_plain(body, coding):
        return body  # servers that name a packing and send plain text
    unpacker = _unpacker(coding)
    out = bytearray()
    try:
        for piece in unpacker.feed(body):
            out += piece
            if len(out) > max_bytes:
                raise TooLargeError(f"body over {megabytes(max_bytes)} once unpacked ({coding})")
    except (zlib.error, brotli.error, zstandard.ZstdError) as exc:
        raise BodyError(f"body is not {coding}, which it says it is") from exc
    if not unpacker.whole():
        raise BodyError(f"body cut short ({coding})")
    return bytes(out)


def _is_plain(body: bytes, coding: str) -> bool:
    """Return whether a body is not packed, whatever it says: no packing begins like a document."""
    if coding in {"gzip", "x-gzip"}:
        return not body.startswith(GZIP_MAGIC)
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(DOCUMENT_STARTS)


def megabytes(count: int) -> str:
    """Return a size as people write it."""
    return f"{count / 2**20:g} MiB" if count >= 2**20 else f"{count} bytes"


def _unpacker(coding: str) -> _Unpacker:
    match coding:
        case "gzip" | "x-gzip":
            return _Zlib(zlib.MAX_WBITS | 16)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
        case _:
            raise BodyError(f"packed in a way we do not read: {text.clean(coding)[:40]}")


class _Zlib:
    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._stream = zlib.decompressobj(bits)
        self._members = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._bits == zlib.MAX_WBITS and not _has_zlib_header(chunk):
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" without its wrapper, as many send
        while chunk:
            yield self._stream.decompress(chunk, CHUNK_BYTES)
            chunk = self._stream.unconsumed_tail
            if self._stream.eof:
                self._members += 1
                chunk = self._stream.unused_data
                if self._bits != zlib.MAX_WBITS | 16 or not chunk.startswith(GZIP_MAGIC):
                    return  # trailing padding
                self._stream = zlib.decompressobj(self._bits)
        while not self._stream.eof and (rest := self._stream.decompress(b"", CHUNK_BYTES)):
            yield rest

    def whole(self) -> bool:
        return self._stream.eof


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield self._stream.process(chunk, output_buffer_limit=CHUNK_BYTES)
        # It says that it can accept more input while it holds output back: asked until nothing comes.
        while not self._stream.is_finished() and (piece := self._stream.process(b"", output_buffer_limit=CHUNK_BYTES)):
            yield piece

    def whole(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._whole = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        reader = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES).stream_reader(
            chunk, read_across_frames=True
        )
        produced = 0
        while piece := reader.read(CHUNK_BYTES):
            produced += len(piece)
            yield piece
        self._whole = _zstd_is_whole(chunk, produced)

    def whole(self) -> bool:
        return self._whole


def _zstd_is_whole(packed: bytes, produced: int) -> bool:
    """Whether the last frame ended; the reader itself is silent about a cut one."""
    said = zstandard.frame_content_size(packed)
    if said >= 0 and produced < said:
        return False
    stream = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES).decompressobj()
    if said < 0:
        for start in range(0, len(packed), 1024):  # a kilobyte at a time keeps what it unpacks small
            stream.decompress(packed[start : start + 1024])
            if stream.eof:
                break
        return bool(stream.eof)
    return True


def _has_zlib_header(chunk: bytes) -> bool:
    return len(chunk) >= 2 and chunk[0] & 0x0F == 8 and int.from_bytes(chunk[:2], "big") % 31 == 0
