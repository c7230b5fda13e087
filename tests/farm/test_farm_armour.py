"""What nothing on the network can do to us: each attack ends in bounded time and memory, and says what happened."""

import asyncio
import gzip
import socket
import time
import tracemalloc
import zlib
from datetime import timedelta

import brotli
import pytest
import zstandard
from publishers import LOOPBACK, START, Reply, rss

from feeds import cadence, fetch
from feeds.model import Document, Failure, Source

MIB = 2**20
FEED = rss("a", "b", "c")


def zipped(body, coding):
    match coding:
        case "gzip" | "x-gzip":
            return gzip.compress(body)
        case "br":
            return brotli.compress(body, quality=3)
        case "zstd":
            return zstandard.compress(body)
        case "deflate":
            return zlib.compress(body)
        case "raw deflate":
            return zlib.compress(body, wbits=-15)
        case _:
            raise AssertionError(coding)


def packed(body, coding, name=None):
    return Reply(body=zipped(body, coding), headers=(("Content-Encoding", name or coding.split()[-1]),))


# Addresses


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.0.9", "loopback"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("169.254.169.254", "metadata"),
        ("169.254.1.1", "link-local"),
        ("100.64.0.1", "CGNAT"),
        ("0.0.0.0", "this machine"),
        ("0.1.2.3", "private or reserved"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "private or reserved"),
        ("192.88.99.1", "not a public"),
        ("[::1]", "loopback"),
        ("[::]", "this machine"),
        ("[fe80::1]", "link-local"),
        ("[fc00::1]", "private"),
        ("[fec0::1]", "not a public"),
        ("[fd00:ec2::254]", "metadata"),
        ("[::ffff:127.0.0.1]", "IPv4-mapped"),
        ("[::ffff:8.8.8.8]", "IPv4-mapped"),
        ("[::127.0.0.1]", "IPv4-compatible"),
        ("[64:ff9b::7f00:1]", "loopback"),
        ("[64:ff9b:1::1]", "NAT64"),
        ("[2002:7f00:1::]", "loopback"),
        ("[::ffff:0:7f00:1]", "private or reserved"),
        ("[5f00::1]", "private or reserved"),
        ("[3fff::1]", "private or reserved"),
        ("\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "loopback"),
        ("2130706433", "disguise"),
        ("0x7f000001", "disguise"),
        ("0x7f.1", "disguise"),
        ("127.1", "disguise"),
        ("0177.0.0.1", "disguise"),
        ("127.0.0.1.", "disguise"),
    ],
)
def test_an_address_that_is_not_public_is_refused_with_its_reason(play, host, why):
    async def scene(farm, _):
        answer = await farm.ask("/", url=f"http://{host}:{farm.port}/", allow_networks=())

        assert ("refused", True, []) == (answer.kind, why in answer.reason, farm.requests)

    play(scene)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/f", "gopher://x/", "data:text/xml,<rss/>", "feed.xml"]
)
def test_only_http_and_https_are_asked(play, url):
    async def scene(farm, _):
        answer = await farm.ask("/", url=url)

        assert ("refused", True) == (answer.kind, "only http and https" in answer.reason)

    play(scene)


@pytest.mark.parametrize("port", [0, 65536, 99999])
def test_a_port_that_is_none_is_refused_wherever_it_stands(play, port):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(status=302, headers=(("Location", f"http://127.0.0.1:{port}/"),))
        led = await farm.ask("/f")
        written = await farm.ask("/f", url=f"http://127.0.0.1:{port}/")
        through = await farm.ask("/f", source={"proxy": f"http://127.0.0.1:{port}"})

        assert {"refused"} == {led.kind, written.kind, through.kind}
        assert f"{port} is no port" in led.reason
        assert f"{port} is no port" == written.reason

    play(scene)


def test_a_name_that_means_a_private_address_is_refused_when_it_is_connected_to(play):
    async def scene(farm, _):
        answer = await farm.ask("/", url=farm.url("/", "localhost"), allow_networks=())

        assert ("refused", True, []) == (answer.kind, "loopback" in answer.reason, farm.requests)

    play(scene)


def test_every_request_of_a_client_is_guarded_not_only_the_first(play):
    async def scene(farm, read):
        farm.answers["/f"] = Reply(body=FEED)
        inside, outside = read("/f"), read("/f", url=farm.url("/f", "localhost"), id="x")
        await inside.poll(0)
        await outside.poll(0)
        again = read("/f", url=farm.url("/f", "localhost"), id="y")
        await again.poll(0)

        assert (Document, "refused", "refused", 1) == (
            type(inside.answer),
            outside.answer.kind,
            again.answer.kind,
            len(farm.requests),
        )

    resolve = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        # The system's name resolution is the edge: "localhost" means a neighbour's machine here.
        elsewhere = lambda host, *a, **k: resolve("10.255.255.1" if host == "localhost" else host, *a, **k)  # noqa: E731
        patch.setattr(socket, "getaddrinfo", elsewhere)
        play(scene)


def test_a_name_that_changes_its_mind_is_checked_when_it_is_connected_to(play):
    answers = iter(["127.0.0.1", "127.0.0.2", "10.255.255.1"])
    resolve = socket.getaddrinfo

    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED, headers=(("Connection", "close"),))
        kinds = []
        for _n in range(3):
            answer = await farm.ask("/f", url=farm.url("/f", "rebind.example"), allow_networks=("127.0.0.1/32",))
            kinds.append("feed" if isinstance(answer, Document) else answer.kind)

        assert ["feed", "refused", "refused"] == kinds

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda _host, *a, **k: resolve(next(answers), *a, **k))
        play(scene)


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "http://2130706433/",
        "file:///etc/passwd",
        "ftp://x/",
    ],
)
def test_a_redirect_to_where_we_must_not_go_is_refused_and_says_so(play, location):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(status=302, headers=(("Location", location),))
        answer = await farm.ask("/f")

        assert ("refused", True, 1) == (answer.kind, "redirect" in answer.reason, len(farm.requests))

    play(scene)


def test_the_operator_may_allow_a_network(play):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED)

        assert isinstance(await farm.ask("/f", allow_networks=("127.0.0.1/32",)), Document)
        assert isinstance(await farm.ask("/f", allow_networks=("127.0.0.2/32",)), Failure)

    play(scene)


# Time


async def slowly(writer, head, tail, pause_s=0.02):
    writer.write(head)
    while not writer.is_closing():
        await asyncio.sleep(pause_s)
        writer.write(tail)
        await writer.drain()


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<rss>", b" "),
        (b"HTTP/1.1 200 OK\r\n\r\n<rss>", b"."),
        (b"HTTP/1.1 503 Busy\r\n\r\n<html>", b"."),
    ],
    ids=["silence", "slow headers", "a trickled body", "a body without end or length", "a trickled error page"],
)
def test_one_deadline_covers_headers_and_body(play, head, tail):
    async def scene(farm, _):
        farm.answers["/f"] = lambda _request: lambda writer: slowly(writer, head, tail)
        began = time.monotonic()
        answer = await farm.ask("/f", deadline=timedelta(seconds=0.4))

        assert ("timeout", "no complete answer within 0.4 s") == (answer.kind, answer.reason)
        assert time.monotonic() - began < 1.5

    play(scene)


def test_one_deadline_covers_a_whole_chain_of_redirects(play):
    async def scene(farm, _):
        farm.delay_s = 0.1
        farm.answers |= {f"/{n}": Reply(status=302, headers=(("Location", f"/{n - 1}"),)) for n in range(1, 10)}
        answer = await farm.ask("/9", deadline=timedelta(seconds=0.35))

        assert "timeout" == answer.kind

    play(scene)


def test_waiting_for_a_turn_is_not_the_publishers_time(play):
    async def scene(farm, read):
        farm.delay_s = 0.1
        farm.answers |= {f"/{n}": Reply(body=FEED) for n in range(8)}
        readers = [read(f"/{n}") for n in range(8)]
        await asyncio.gather(*(reader.poll(0) for reader in readers))

        assert {Document} == {type(reader.answer) for reader in readers}

    play(scene, deadline=timedelta(seconds=0.3))


def test_many_large_bodies_are_read_a_few_at_a_time_and_none_is_late_for_it(play):
    large = FEED + b" " * 2**20

    async def scene(farm, _):
        async def halting(writer):
            writer.write(Reply(body=large).raw()[: 2**20])
            await writer.drain()
            await asyncio.sleep(0.5)
            writer.write(Reply(body=large).raw()[2**20 :])

        farm.answers["/f"] = lambda _request: halting
        settings = fetch.Settings(allow_networks=LOOPBACK, deadline=timedelta(seconds=2), per_host=30)
        async with fetch.Client(settings) as client:
            sources = [Source(id=str(n), url=farm.url(f"/f?{n}")) for n in range(12)]
            farm.answers |= {f"/f?{n}": farm.answers["/f"] for n in range(12)}
            answers = await asyncio.gather(
                *(client.get(source, cadence.start(source), now=START) for source in sources)
            )

        assert {len(large)} == {len(getattr(answer, "body", b"")) for answer in answers}

    play(scene)


@pytest.mark.parametrize("under_way_s", [0.05, 0.3])
def test_answers_are_not_late_because_we_were_busy(play, under_way_s):
    async def scene(farm, read):
        farm.delay_s = under_way_s + 0.1
        farm.answers["/f"] = Reply(body=FEED)
        reader = read("/f")
        asking = asyncio.create_task(reader.poll(0))
        await asyncio.sleep(under_way_s)
        time.sleep(0.9)  # noqa: ASYNC251 - a large document is read meanwhile
        await asking

        assert isinstance(reader.answer, Document)

    play(scene, deadline=timedelta(seconds=0.8))


def test_a_machine_that_is_always_busy_makes_no_deadline_longer_than_a_moment(play):
    async def scene(farm, _):
        farm.answers["/f"] = lambda _request: lambda writer: slowly(writer, b"HTTP/1.1 200 OK\r\n\r\n", b" ")
        began_s = time.monotonic()
        asking = asyncio.create_task(farm.ask("/f", deadline=timedelta(seconds=0.6)))
        while not asking.done() and time.monotonic() - began_s < 10:
            await asyncio.sleep(0.1)
            time.sleep(0.3)  # noqa: ASYNC251 - what else is to be done, again and again

        assert "timeout" == (await asking).kind
        assert time.monotonic() - began_s < 3

    play(scene)


# Size


async def endless(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss>")
    while not writer.is_closing():
        writer.write(b"x" * 65536)
        await writer.drain()


def test_an_endless_body_ends_at_the_cap(play):
    async def scene(farm, _):
        farm.answers["/f"] = lambda _request: endless
        answer = await farm.ask("/f", max_body_bytes=MIB)

        assert ("limit", "body over 1 MiB") == (answer.kind, answer.reason)

    play(scene)


def test_a_body_of_50_megabytes_is_refused_by_what_it_announces(play):
    async def scene(farm, _):
        farm.answers["/f"] = b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n<rss>"
        answer = await farm.ask("/f")

        assert ("limit", True) == (answer.kind, "50 MiB announced" in answer.reason)

    play(scene)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_a_bomb_ends_at_the_cap_in_bounded_memory(play, coding):
    bomb = packed(b"\0" * (60 * MIB), coding)

    async def scene(farm, _):
        farm.answers["/f"] = bomb
        tracemalloc.start()
        answer = await farm.ask("/f")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert ("limit", True) == (answer.kind, peak < 30 * MIB)

    play(scene)


def test_a_bomb_within_a_bomb_ends_at_the_cap(play):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(
            body=gzip.compress(gzip.compress(b"\0" * (30 * MIB))), headers=(("Content-Encoding", "gzip, gzip"),)
        )

        assert "limit" == (await farm.ask("/f")).kind

    play(scene)


def test_a_body_packed_again_and_again_is_refused(play):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED, headers=(("Content-Encoding", ", ".join(["gzip"] * 9)),))

        assert "packed 9 times over" == (await farm.ask("/f")).reason

    play(scene)


# Packing


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "br", "zstd", "deflate", "raw deflate"])
def test_a_packed_body_is_unpacked(play, coding):
    async def scene(farm, _):
        farm.answers["/f"] = packed(FEED, coding)

        assert FEED == (await farm.ask("/f")).body

    play(scene)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate", "raw deflate"])
@pytest.mark.parametrize("entries", [1000, 3000, 30_000])
def test_a_packed_body_is_unpacked_however_large_within_the_cap(play, coding, entries):
    body = rss(*(f"{n} {n * n} {n**3}" for n in range(entries)))

    async def scene(farm, _):
        farm.answers["/f"] = packed(body, coding)

        assert body == (await farm.ask("/f")).body

    play(scene)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_a_packed_body_that_was_cut_short_is_no_document(play, coding):
    body = zipped(bytes(range(256)) * 40, coding)

    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=body[: len(body) * 2 // 3], headers=(("Content-Encoding", coding),))

        assert "network" == (await farm.ask("/f")).kind

    play(scene)


def test_a_zstd_stream_that_does_not_say_its_size_is_read_whole_or_not_at_all(play):
    maker = zstandard.ZstdCompressor().compressobj()
    body = maker.compress(bytes(range(256)) * 40) + maker.flush()

    async def scene(farm, _):
        farm.answers["/whole"] = Reply(body=body, headers=(("Content-Encoding", "zstd"),))
        farm.answers["/cut"] = Reply(body=body[:-9], headers=(("Content-Encoding", "zstd"),))

        assert bytes(range(256)) * 40 == (await farm.ask("/whole")).body
        assert "network" == (await farm.ask("/cut")).kind

    play(scene)


@pytest.mark.parametrize(
    "name",
    ["gzip", "br", "zstd", "deflate", "gzip, br", "utf-8", "UTF8", "identity", "none", "binary", "8bit", "7bit", ""],
)
def test_a_plain_body_is_read_whatever_packing_it_claims(play, name):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED, headers=(("Content-Encoding", name),))

        assert FEED == (await farm.ask("/f")).body

    play(scene)


def test_packings_named_on_two_lines_are_one_list(play):
    async def scene(farm, _):
        lines = (("Content-Encoding", "gzip"), ("Content-Encoding", "br"))
        farm.answers["/f"] = Reply(body=zipped(zipped(FEED, "gzip"), "br"), headers=lines)

        assert FEED == (await farm.ask("/f")).body

    play(scene)


def test_a_gzip_file_and_one_of_several_members_are_unpacked(play):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=gzip.compress(FEED[:20]) + gzip.compress(FEED[20:]))

        assert FEED == (await farm.ask("/f")).body

    play(scene)


@pytest.mark.parametrize("name", ["compress", "exi", "bogus"])
def test_an_unknown_packing_is_a_failure_that_names_it(play, name):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED[::-1], headers=(("Content-Encoding", name),))

        assert name in (await farm.ask("/f")).reason

    play(scene)


# Broken servers


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x16\x03\x01garbage\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss></rss>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n  \n ",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 206 Partial\r\nContent-Length: 6\r\n\r\n<rss/>",
        b"HTTP/1.1 999 Nope\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 300 Choices\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_broken_answer_is_a_failure_of_one_line(play, said):
    async def scene(farm, _):
        farm.answers["/f"] = said
        answer = await farm.ask("/f", deadline=timedelta(seconds=2))

        assert isinstance(answer, Failure)
        assert answer.reason
        assert "\n" not in answer.reason

    play(scene)


def test_large_headers_of_honest_sites_are_read(play):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED, headers=(("Content-Security-Policy", "x" * 20_000),))

        assert FEED == (await farm.ask("/f")).body

    play(scene)


def test_a_server_that_speaks_no_tls_is_named_as_such(play):
    async def plain(reader, writer):
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def scene(farm, _):
        async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            answer = await farm.ask("", url=f"https://127.0.0.1:{port}/f")

        assert "tls" == answer.kind

    play(scene)
