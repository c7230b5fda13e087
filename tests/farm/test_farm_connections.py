"""What holds of connections: one for each request, to an address that was checked, by a certificate that is valid."""

import asyncio
import base64
import contextlib
import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from publishers import LOOPBACK, START, Reply, rss

from feeds import cadence, fetch
from feeds.model import Document, Source

DATA = Path(__file__).parents[1] / "data" / "tls"  # keys for tests; `good` and `expired` are signed by `ca`
FEED = rss("a", "b", "c")


def whole(body=FEED):
    return Reply(body=body).raw()


def test_a_server_that_closes_without_an_answer_is_asked_once(play):
    async def scene(farm, _):
        farm.answers["/f"] = b""
        answer = await farm.ask("/f")

        assert ("connection closed without an answer", 1) == (answer.reason, len(farm.requests))

    play(scene)


def test_a_server_that_keeps_a_connection_and_then_closes_it_is_asked_once_a_poll(play):
    async def scene(farm, read):
        farm.answers |= {"/f": Reply(body=FEED), "/g": b""}
        await read("/f").poll(0)
        silent = read("/g")
        await silent.poll(0)

        assert ("connection closed without an answer", ["/f", "/g"]) == (
            silent.answer.reason,
            [request.path for request in farm.requests],
        )

    play(scene)


def test_a_server_that_closes_after_each_answer_without_saying_so_is_read_every_time(play):
    async def scene(farm, read):
        async def and_gone(writer):
            writer.write(whole())
            await asyncio.sleep(0.002)  # while the next of its feeds is being asked for
            writer.close()

        farm.answers |= {f"/{n}": lambda _request: and_gone for n in range(30)}
        readers = [read(f"/{n}") for n in range(30)]
        await asyncio.gather(*(reader.poll(0) for reader in readers))

        assert {Document} == {type(reader.answer) for reader in readers}
        assert 30 == len(farm.requests)

    play(scene)


def test_a_request_says_that_nothing_follows_it(play):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED)
        await farm.ask("/f")

        assert b"close" == farm.requests[0].says("Connection")

    play(scene)


def test_bytes_beyond_those_announced_are_nobodys(play):
    async def scene(farm, _):
        farm.answers["/f"] = whole() + b"<!-- cached in 3 ms -->" * 10_000

        assert FEED == (await farm.ask("/f")).body

    play(scene)


@pytest.mark.parametrize("line", [b"HTTP/1.1 200 D\xe9j\xe0 vu", b"HTTP/1.1 200 \xff\xfe", b"HTTP/1.1 200"])
def test_what_a_status_line_says_in_words_is_nobodys(play, line):
    async def scene(farm, _):
        farm.answers["/f"] = line + b"\r\n\r\n" + FEED

        assert FEED == (await farm.ask("/f")).body

    play(scene)


def test_interim_answers_are_passed_over_and_end(play):
    hint = b'HTTP/1.1 103 Early Hints\r\nETag: "early"\r\n\r\n'

    async def scene(farm, _):
        farm.answers |= {"/f": hint * 3 + whole(), "/endless": hint * 1000}
        answer = await farm.ask("/f")

        assert (FEED, None) == (answer.body, answer.validators.etag)
        assert "nothing but interim answers (1xx)" == (await farm.ask("/endless")).reason

    play(scene)


def test_a_client_that_has_ended_asks_nothing_and_leaves_no_thread(play):
    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED)
        source = Source(id="s", url=farm.url("/f", "localhost"))
        async with fetch.Client(fetch.Settings(allow_networks=LOOPBACK)) as client:
            await client.get(source, cadence.start(source), now=START)
            looking = [thread for thread in threading.enumerate() if thread.name.startswith("names")]
        with pytest.raises(RuntimeError):
            await client.get(source, cadence.start(source), now=START)
        for thread in looking:
            await asyncio.to_thread(thread.join, 5)

        assert looking
        assert not [thread for thread in looking if thread.is_alive()]

    play(scene)


# Addresses


@pytest.fixture
def meaning(monkeypatch):
    """Let a name mean these addresses: the system's name resolution is the edge."""
    resolve = socket.getaddrinfo

    def mean(*addresses):
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda _host, *rest, **keys: [found for one in addresses for found in resolve(one, *rest, **keys)],
        )

    return mean


def test_of_several_addresses_the_one_that_answers_is_asked(play, meaning):
    meaning("127.0.0.9", "127.0.0.1")  # nobody listens at the first

    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED)

        assert isinstance(await farm.ask("/f", url=farm.url("/f", "two.example")), Document)

    play(scene)


def test_of_several_addresses_one_that_must_not_be_asked_is_not(play, meaning):
    meaning("127.0.0.1", "127.0.0.2")

    async def scene(farm, _):
        farm.answers["/f"] = Reply(body=FEED)
        url = farm.url("/f", "two.example")
        allowed = await farm.ask("/f", url=url, allow_networks=("127.0.0.1/32",))
        refused = await farm.ask("/f", url=url, allow_networks=("127.0.0.2/32",))

        assert (Document, "network") == (type(allowed), refused.kind)
        assert 1 == len(farm.requests)

    play(scene)


def test_several_dead_addresses_are_one_failure(play, meaning):
    meaning("127.0.0.8", "127.0.0.9")

    async def scene(farm, _):
        assert "connection refused" == (await farm.ask("/f", url=farm.url("/f", "two.example"))).reason

    play(scene)


def test_an_address_that_does_not_answer_does_not_hold_up_the_next(play, meaning):
    async def scene(farm, _):
        with socket.socket() as full:  # a queue that is full answers nobody
            full.bind(("127.0.0.7", farm.port))
            full.listen(0)
            with socket.create_connection(("127.0.0.7", farm.port)), socket.socket() as second:
                second.setblocking(False)
                second.connect_ex(("127.0.0.7", farm.port))
                farm.answers["/f"] = Reply(body=FEED)
                meaning("127.0.0.7", "127.0.0.1")
                url = farm.url("/f", "two.example")

                assert isinstance(await farm.ask("/f", url=url, deadline=timedelta(seconds=5)), Document)

    play(scene)


def test_a_connection_that_is_not_made_in_its_time_is_told(play):
    async def scene(farm, _):
        with socket.socket() as full:
            full.bind(("127.0.0.7", 0))
            full.listen(0)
            with socket.create_connection(full.getsockname()), socket.socket() as second:
                second.setblocking(False)
                second.connect_ex(full.getsockname())
                url = f"http://127.0.0.7:{full.getsockname()[1]}/"
                answer = await farm.ask("/f", url=url, connect=timedelta(seconds=0.2))

                assert ("timeout", "no connection within the time for one") == (answer.kind, answer.reason)

    play(scene)


def test_an_ipv6_address_is_asked_as_it_is_written(play):
    async def scene(farm, _):
        heard = []

        async def serve(reader, writer):
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(whole())
            writer.close()

        try:
            server = await asyncio.start_server(serve, "::1", 0)
        except OSError:
            pytest.skip("no IPv6 on this machine")
        async with server:
            port = server.sockets[0].getsockname()[1]
            answer = await farm.ask("", url=f"http://[::1]:{port}/f", allow_networks=("::1/128",))

        assert isinstance(answer, Document)
        assert f"Host: [::1]:{port}\r\n".encode() in heard[0]

    play(scene)


# TLS


def speaking(name):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(DATA / f"{name}.pem")
    return context


async def secure(reader, writer):
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(whole())
        await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    ("certificate", "host", "reason"),
    [
        ("good", "localhost", None),
        ("good", "127.0.0.1", None),
        ("expired", "localhost", "certificate not valid: certificate has expired"),
        ("good", "127.0.0.2", "certificate not valid: IP address mismatch"),
        ("of nobody known", "localhost", "certificate not valid: unable to get local issuer"),
    ],
)
def test_a_certificate_is_valid_or_named_for_what_it_is_not(play, monkeypatch, certificate, host, reason):
    if certificate == "of nobody known":
        certificate = "good"
    else:
        monkeypatch.setenv("SSL_CERT_FILE", str(DATA / "ca.pem"))

    async def scene(farm, _):
        async with await asyncio.start_server(secure, "0.0.0.0", 0, ssl=speaking(certificate)) as server:
            port = server.sockets[0].getsockname()[1]
            answer = await farm.ask("", url=f"https://{host}:{port}/f")

        if reason is None:
            assert FEED == answer.body
        else:
            assert ("tls", True) == (answer.kind, answer.reason.startswith(reason))

    play(scene)


# Proxies


async def tunnel(reader, writer, port, heard, status=b"200 Connection established"):
    heard.append(await reader.readuntil(b"\r\n\r\n"))
    writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n")
    if not status.startswith(b"200"):
        writer.close()
        return
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)

    async def pipe(source, target):
        try:
            while data := await source.read(65536):
                target.write(data)
        finally:
            target.close()

    await asyncio.gather(pipe(reader, far_writer), pipe(far_reader, writer), return_exceptions=True)


def test_https_goes_through_a_proxys_tunnel_and_is_checked_by_the_name_asked_for(play, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(DATA / "ca.pem"))

    async def scene(farm, _):
        heard = []
        async with await asyncio.start_server(secure, "127.0.0.1", 0, ssl=speaking("good")) as far:
            port = far.sockets[0].getsockname()[1]
            async with await asyncio.start_server(lambda r, w: tunnel(r, w, port, heard), "127.0.0.1", 0) as near:
                proxy = f"http://user:s3cret@127.0.0.1:{near.sockets[0].getsockname()[1]}"
                answer = await farm.ask("", url="https://localhost/f", proxy=proxy)
                other = await farm.ask("", url="https://news.example/f", proxy=proxy)

        assert FEED == answer.body
        assert heard[0].startswith(b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n")
        assert b"Proxy-Authorization: Basic " + base64.b64encode(b"user:s3cret") + b"\r\n" in heard[0]
        assert "tls" == other.kind

    play(scene)


def test_a_proxy_that_refuses_or_is_not_there_is_told(play):
    async def scene(farm, _):
        heard = []
        no = b"407 Proxy Authentication Required"
        async with await asyncio.start_server(lambda r, w: tunnel(r, w, 0, heard, no), "127.0.0.1", 0) as near:
            proxy = f"http://127.0.0.1:{near.sockets[0].getsockname()[1]}"
            refused = await farm.ask("", url="https://news.example/f", proxy=proxy)
        absent = await farm.ask("", url="http://news.example/f", proxy=proxy)
        strange = await farm.ask("", url="http://news.example/f", proxy="socks5://127.0.0.1:1")

        assert "the proxy answered 407" == refused.reason
        assert "the proxy cannot be reached" == absent.reason
        assert ("refused", "only proxies of http and https are known") == (strange.kind, strange.reason)

    play(scene)


def test_a_plain_request_through_a_proxy_names_the_whole_url_and_who_asks(play):
    async def scene(farm, _):
        farm.answers["http://feeds.example/one?"] = Reply(body=FEED)
        proxy = farm.url("").replace("//", "//user:s3cret@")
        answer = await farm.ask("", url="http://feeds.example/one?", proxy=proxy)

        assert isinstance(answer, Document)
        assert b"Basic " + base64.b64encode(b"user:s3cret") == farm.requests[0].says("Proxy-Authorization")
        assert b"feeds.example" == farm.requests[0].says("Host")

    play(scene)
