"""HTTP/1.1 on the wire (RFC 9112): an answer's head and where its body ends, read as browsers read them.

Servers bend the rules: a length said twice, a header line without a colon, bytes after the last one
announced. What has one meaning is read with that meaning; what has two, or none, is a Trouble.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from feeds.fetch.trouble import TroubleError

MAX_HEAD_BYTES = 128 * 2**10  # honest ones with a large Content-Security-Policy have some 20
MAX_INTERIM = 32  # answers 1xx before the one that counts
MAX_LINE_BYTES = 4096  # of a chunk's size and what is said of it
HELD_BYTES = 128 * 2**10  # read ahead of whoever takes the bytes
TAKEN_BYTES = 64 * 2**10

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+([1-9]\d\d)(?:[ \t].*)?", re.IGNORECASE)
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")
_NEVER_IN_A_VALUE = bytes.maketrans(b"\r\0", b"  ")  # RFC 9110 5.5

Fields = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What an answer says before its body."""

    status: int
    fields: Fields


class Wire(asyncio.Protocol):
    """One connection: bytes come in, and are taken in order; what came before a break is not lost."""

    def __init__(self) -> None:
        self.held = bytearray()
        self._transport: asyncio.Transport | None = None
        self._ended = False
        self._broken: Exception | None = None
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport; called again when TLS is put on it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hold what came, and stop reading when nobody takes it."""
        self.held += data
        if len(self.held) > HELD_BYTES and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Nothing more will come."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come, maybe because it broke."""
        self._ended, self._broken = True, exc
        self._wake()

    async def more(self) -> bool:
        """Wait for more bytes; False when there are none to come, OSError when the connection broke."""
        if self._ended:
            if self._broken is not None:
                raise self._broken
            return False
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        before = len(self.held)
        while len(self.held) == before and not self._ended:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return len(self.held) > before or await self.more()

    def take(self, count: int) -> bytes:
        """Return the next bytes, at most so many."""
        taken = bytes(self.held[:count])
        del self.held[:count]
        return taken

    @property
    def transport(self) -> asyncio.Transport:
        """What the bytes travel by."""
        assert self._transport is not None
        return self._transport

    def write(self, data: bytes) -> None:
        """Send."""
        self.transport.write(data)

    def close(self) -> None:
        """End the connection, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


async def head(wire: Wire) -> Head:
    """Return the head of the answer that counts; what 1xx answers say is nobody's (RFC 9110 15.2)."""
    for _ in range(MAX_INTERIM + 1):
        found = _parsed(await _head_bytes(wire))
        if found.status >= 200 or found.status == 101:
            return found
    raise TroubleError("nothing but interim answers (1xx)")


async def body(wire: Wire, said: Head) -> AsyncIterator[bytes]:
    """Yield the body's bytes; TroubleError where it ends before its end (RFC 9112 6.3)."""
    if said.status in {101, 204, 304}:
        return
    codings = _values(said.fields, b"transfer-encoding")
    if codings and codings[-1].lower() == b"chunked":
        pieces = _chunked(wire)
    elif (length := _length(said.fields)) is not None and not codings:
        pieces = _exactly(wire, length)
    else:
        pieces = _rest(wire)
    async for piece in pieces:
        yield piece


async def _head_bytes(wire: Wire) -> bytes:
    looked = 0
    while True:
        while not looked and wire.held.startswith((b"\r", b"\n")):  # RFC 9112 2.2
            del wire.held[:1]
        found = _HEAD_END.search(wire.held, max(0, looked - 3))
        if found is not None and found.start() <= MAX_HEAD_BYTES:
            said = wire.take(found.end())
            return said[: found.start()]
        if not b"http/".startswith(bytes(wire.held[:5]).lower()):
            raise TroubleError("the answer is not HTTP")
        looked = len(wire.held)
        if looked > MAX_HEAD_BYTES:
            raise TroubleError(f"the answer's headers are over {MAX_HEAD_BYTES // 2**10} KiB")
        if not await wire.more():
            raise TroubleError(
                "the answer ends within its headers" if looked else "connection closed without an answer"
            )


def _parsed(said: bytes) -> Head:
    first, *lines = said.split(b"\n")
    status = _STATUS.fullmatch(first.rstrip(b"\r"))
    if status is None:
        raise TroubleError("the answer is not HTTP")
    fields: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:  # obs-fold
            name, value = fields[-1]
            fields[-1] = name, _value(value + b" " + line)
            continue
        written, colon, value = line.partition(b":")
        name = written.strip()
        if colon and _TOKEN.fullmatch(name):  # a line that is no field says nothing
            fields.append((name, _value(value)))
    return Head(status=int(status[1]), fields=tuple(fields))


def _value(written: bytes) -> bytes:
    return written.rstrip(b"\r").translate(_NEVER_IN_A_VALUE).strip(b" \t")


def _values(fields: Fields, name: bytes) -> list[bytes]:
    """Return the members of a field's list, however many lines it is on."""
    written = b",".join(value for key, value in fields if key.lower() == name)
    return [member for part in written.split(b",") if (member := part.strip())]


def _length(fields: Fields) -> int | None:
    """Return the length announced, None where there is none; said twice it counts once, two make none."""
    if not any(key.lower() == b"content-length" for key, _ in fields):
        return None
    said = set(_values(fields, b"content-length"))
    if len(said) != 1 or not (one := said.pop()).isdigit() or len(one) > 18:
        raise TroubleError("the answer's Content-Length is no length")
    return int(one)


async def _exactly(wire: Wire, count: int) -> AsyncIterator[bytes]:
    while count:
        if not wire.held and not await wire.more():
            raise TroubleError("body cut short")
        piece = wire.take(min(count, TAKEN_BYTES))
        count -= len(piece)
        yield piece


async def _rest(wire: Wire) -> AsyncIterator[bytes]:
    while wire.held or await wire.more():
        yield wire.take(TAKEN_BYTES)


async def _chunked(wire: Wire) -> AsyncIterator[bytes]:
    """Yield until the chunk of no length; the trailers after it change nothing, and nobody waits for them."""
    while True:
        size = _CHUNK.fullmatch(await _line(wire))
        if size is None:
            raise TroubleError("body cut into chunks that cannot be read")
        if not (count := int(size[1], 16)):
            return
        async for piece in _exactly(wire, count):
            yield piece
        if await _line(wire):
            raise TroubleError("body cut into chunks that cannot be read")


async def _line(wire: Wire) -> bytes:
    while (end := wire.held.find(b"\n", 0, MAX_LINE_BYTES)) < 0:
        if len(wire.held) >= MAX_LINE_BYTES:
            raise TroubleError("body cut into chunks that cannot be read")
        if not await wire.more():
            raise TroubleError("body cut short")
    return wire.take(end + 1)[:-1].rstrip(b"\r")
