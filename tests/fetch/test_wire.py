"""An answer as its bytes come: heads read as browsers read them, bodies that end where they say."""

import asyncio

import pytest

from feeds.fetch import wire
from feeds.fetch.trouble import TroubleError

OK = b"HTTP/1.1 200 OK\r\n"
FEED = b"<rss version='2.0'><channel/></rss>"
LENGTH = b"Content-Length: %d\r\n" % len(FEED)
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


class Pipe(asyncio.Transport):
    """A transport that goes nowhere, and tells whether it is read from."""

    def __init__(self):
        super().__init__()
        self.reading, self.aborted = True, False

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def abort(self):
        self.aborted = True


def hear(*pieces, broken=None):
    """Return the head and the body of what comes in these pieces, each once what came before is used up."""

    async def run():
        line = wire.Wire()
        line.connection_made(Pipe())

        async def come():
            for piece in pieces:
                line.data_received(piece)
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            if broken is None:
                line.eof_received()
            line.connection_lost(broken)

        coming = asyncio.create_task(come())
        said = await wire.head(line)
        body = b"".join([piece async for piece in wire.body(line, said)])
        await coming
        return said, body

    return asyncio.run(asyncio.wait_for(run(), 5))


@pytest.mark.parametrize(
    "said",
    [
        OK + LENGTH + b"\r\n" + FEED,
        OK + LENGTH + b"\r\n" + FEED + b"bytes nobody announced",
        OK + LENGTH + b"\r\n" + FEED + b"\r\n",
        OK + LENGTH + LENGTH + b"\r\n" + FEED,
        OK + b"Content-Length: %d, %d\r\n\r\n" % (len(FEED), len(FEED)) + FEED,
        OK + b"content-length:%d\r\n\r\n" % len(FEED) + FEED,
        OK + b"\r\n" + FEED,
        b"HTTP/1.0 200 OK\r\n\r\n" + FEED,
        b"HTTP/1.1 200\r\n\r\n" + FEED,
        b"HTTP/1.1 200 D\xe9j\xe0\r\n\r\n" + FEED,
        b"HTTP/2 200\r\n\r\n" + FEED,
        b"HTTP/1.1 200 OK\n" + LENGTH.replace(b"\r", b"") + b"\n" + FEED,
        b"\r\n\r\n" + OK + b"\r\n" + FEED,
        OK + b"no colon\r\n: no name\r\nX(Y): no token\r\nX\xe9: y\r\n" + LENGTH + b"\r\n" + FEED,
        OK + LENGTH.replace(b":", b" :") + b"\r\n" + FEED,
        OK + b"Content-Length:\r\n %d\r\n\r\n" % len(FEED) + FEED + b"more",
        OK + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n23\r\n" + FEED + b"\r\n0\r\n\r\n",
        OK + b"Content-Length: 1\r\nTransfer-Encoding: identity\r\n\r\n" + FEED,
        OK + b"Transfer-Encoding: gzip, Chunked\r\n\r\n23\r\n" + FEED + b"\r\n0\r\n\r\n",
        CHUNKED + b"23;name=value\r\n" + FEED + b'\r\n0\r\nETag: "trailer"\r\n\r\n',
        CHUNKED + b"023  \r\n" + FEED + b"\r\n000\r\n",
        CHUNKED + b"5\n" + FEED[:5] + b"\n1e\n" + FEED[5:] + b"\n0\n\n",
        CHUNKED + b"23\r\n" + FEED + b"\r\n0\r\n\r\nbytes after the end",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"\r\n" + FEED,
        b'HTTP/1.1 103 Early Hints\r\nETag: "early"\r\n\r\n' * 32 + OK + b"\r\n" + FEED,
    ],
)
def test_what_has_one_meaning_is_read_with_it_in_whatever_pieces_it_comes(said):
    whole, by_byte = hear(said), hear(*(said[n : n + 1] for n in range(len(said))))

    assert (200, FEED) == (whole[0].status, whole[1])
    assert whole == by_byte
    assert b"etag" not in {name.lower() for name, _ in whole[0].fields}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "connection closed without an answer"),
        (b"\r\n", "connection closed without an answer"),
        (b"SSH-2.0-OpenSSH\r\n", "the answer is not HTTP"),
        (b"HTTQ/1.1 200 OK\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 099 OK\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 200OK\r\n\r\n", "the answer is not HTTP"),
        (OK + b"X: y\r\n", "the answer ends within its headers"),
        (OK + b"X: " + b"y" * 140_000 + b"\r\n\r\n", "the answer's headers are over 128 KiB"),
        (OK + b"X: y\r\n" * 30_000 + b"\r\n", "the answer's headers are over 128 KiB"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 33, "nothing but interim answers (1xx)"),
        (OK + b"Content-Length: 9\r\nContent-Length: 8\r\n\r\n" + FEED, "the answer's Content-Length is no length"),
        (OK + b"Content-Length: -9\r\n\r\n" + FEED, "the answer's Content-Length is no length"),
        (OK + b"Content-Length: +9\r\n\r\n" + FEED, "the answer's Content-Length is no length"),
        (OK + b"Content-Length: \r\n\r\n" + FEED, "the answer's Content-Length is no length"),
        (OK + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n" + FEED, "the answer's Content-Length is no length"),
        (OK + b"Content-Length: 99\r\n\r\n" + FEED, "body cut short"),
        (OK + b"Content-Length: " + b"9" * 18 + b"\r\n\r\n" + FEED, "body cut short"),
        (CHUNKED + b"99\r\n" + FEED, "body cut short"),
        (CHUNKED + b"23\r\n" + FEED + b"\r\n", "body cut short"),
        (CHUNKED, "body cut short"),
        (CHUNKED + b"zz\r\n", "body cut into chunks that cannot be read"),
        (CHUNKED + b"-5\r\n", "body cut into chunks that cannot be read"),
        (CHUNKED + b"5\r\n" + FEED + b"\r\n0\r\n\r\n", "body cut into chunks that cannot be read"),
        (CHUNKED + b"f" * 16 + b"\r\n", "body cut into chunks that cannot be read"),
        (CHUNKED + b"5;" + b"x" * 5000, "body cut into chunks that cannot be read"),
    ],
)
def test_what_has_no_meaning_or_two_is_told(said, reason):
    with pytest.raises(TroubleError) as caught:
        hear(said)

    assert (reason, "network") == (caught.value.reason, caught.value.kind)


def test_the_fields_are_the_bytes_that_came_without_the_spaces_around():
    said, _ = hear(OK + b'ETag:  "\xe9 x" \t\r\nX-Two: a\r\n\t b\r\nx-two: c\rd\0e\r\n\r\n')

    assert ((b"ETag", b'"\xe9 x"'), (b"X-Two", b"a \t b"), (b"x-two", b"c d e")) == said.fields


@pytest.mark.parametrize("status", [204, 304, 101])
def test_some_answers_have_no_body_whatever_they_say(status):
    assert b"" == hear(b"HTTP/1.1 %d X\r\n" % status + LENGTH + b"\r\n" + FEED)[1]


def test_what_came_before_a_break_is_read_and_a_body_without_a_length_is_not_whole():
    reset = ConnectionResetError(104, "reset")

    assert FEED == hear(OK + LENGTH + b"\r\n" + FEED, broken=reset)[1]
    with pytest.raises(ConnectionResetError):
        hear(OK + b"\r\n" + FEED, broken=reset)


def test_no_more_is_read_ahead_than_somebody_takes():
    async def run():
        pipe, line = Pipe(), wire.Wire()
        line.connection_made(pipe)
        line.data_received(OK + b"\r\n" + b"x" * (wire.HELD_BYTES - len(OK) - 2))
        reading = [pipe.reading]
        line.data_received(b"x")
        reading.append(pipe.reading)
        said = await wire.head(line)
        pieces = wire.body(line, said)
        taken = [len(await anext(pieces)) for _ in range(2)]
        reading.append(pipe.reading)
        waiting = asyncio.ensure_future(anext(pieces))
        await asyncio.sleep(0)
        reading.append(pipe.reading)
        waiting.cancel()
        line.close()
        return reading, taken, pipe.aborted

    reading, taken, aborted = asyncio.run(run())

    assert [True, False, False, True] == reading
    assert [wire.TAKEN_BYTES, wire.HELD_BYTES - len(OK) - 1 - wire.TAKEN_BYTES] == taken
    assert aborted
