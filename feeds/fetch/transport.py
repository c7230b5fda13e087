"""Connections: httpx on aiohttp, guarded, without cookies, proxies of the environment or rewritten URLs."""

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

import aiohttp
import httpx
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport

from feeds.fetch import guard

RESOLVER_THREADS = 16  # a name server that does not answer must not stop the others' names
MAX_HEADER_BYTES = 64 * 2**10  # sites with large Content-Security-Policy fields pass aiohttp's 8 KiB
KEEPALIVE_S = 15
LOOKUP_S = 5  # for a name that a proxy will resolve: networks behind one often have no names of the world


class Transports:
    """One transport for direct requests and one for each proxy, made when first needed."""

    def __init__(self, *, allowed: tuple[guard.Network, ...], concurrency: int, connect_s: float) -> None:
        self._allowed = allowed
        self._concurrency = concurrency
        self.timeout = {"connect": connect_s, "read": None, "write": None, "pool": None}
        self._tls: ssl.SSLContext | None = None
        self._made: dict[str | None, tuple[AiohttpTransport, aiohttp.ClientSession]] = {}
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="names")

    def through(self, proxy: str | None) -> httpx.AsyncBaseTransport:
        """Return the transport that leads through `proxy`, None for none."""
        made = self._made.get(proxy)
        if made is None:
            made = self._made[proxy] = self._make(proxy)
        return made[0]

    async def addresses(self, name: str) -> tuple[guard.Address, ...]:
        """Return what a name means on this machine, nothing where it is not known here in time."""
        try:
            async with asyncio.timeout(LOOKUP_S):
                found = await _Resolver(self._threads).resolve(name)
        except (OSError, TimeoutError):
            return ()
        return tuple(ip_address(one["host"].partition("%")[0]) for one in found)

    async def aclose(self) -> None:
        """Close every connection."""
        for _, session in self._made.values():
            await session.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _make(self, proxy: str | None) -> tuple[AiohttpTransport, aiohttp.ClientSession]:
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        # The operator chose the proxy, wherever it stands; what it is asked for, the client checks by name.
        factory = guard.socket_factory(self._allowed) if proxy is None else None
        connector = aiohttp.TCPConnector(
            socket_factory=factory,
            ssl=self._tls,
            limit=self._concurrency,
            resolver=_Resolver(self._threads),
            keepalive_timeout=KEEPALIVE_S,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            request_class=_Request,
            auto_decompress=False,
            trust_env=False,
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
        )
        transport = _Transport(_AsItIs(session), tls=self._tls, proxy=httpx.Proxy(proxy) if proxy else None)
        return transport, session


class _Transport(AiohttpTransport):
    """A transport that has one session for good; its parent makes an unguarded one when it doubts."""

    def __init__(self, session: "_AsItIs", *, tls: ssl.SSLContext, proxy: httpx.Proxy | None) -> None:
        super().__init__(verify=tls, proxy=proxy)
        self._session: Any = session

    def get_client(self) -> aiohttp.ClientSession:
        """Return the one session there is."""
        session: aiohttp.ClientSession = self._session
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, a byte for a character of its header values."""
        request.headers.encoding = "iso-8859-1"  # httpx would guess, and aiohttp write what it guessed in UTF-8
        return await super().handle_async_request(request)


class _Request(aiohttp.ClientRequest):
    """A request whose header values go out as the bytes that their characters stand for (RFC 9110 5.5: obs-text).

    An ETag of a server that does not know UTF-8 comes back whole; aiohttp writes UTF-8 and has no setting for it.
    """

    async def send(self, conn: Any) -> aiohttp.ClientResponse:
        if all(value.isascii() for value in self.headers.values()):
            return await super().send(conn)
        wire = conn.protocol.transport
        transport = _Instead(wire, write=lambda head: wire.write(bytes(head).decode("utf-8").encode("iso-8859-1")))
        instead: Any = _Instead(conn, protocol=_Instead(conn.protocol, transport=transport))
        return await super().send(instead)


class _Instead:
    """An object in all but what is given instead."""

    def __init__(self, of: Any, **instead: Any) -> None:
        self._of = of
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)


class _AsItIs:
    """A session that asks for a URL as it is written: yarl would turn %2F into /, and drop an empty query."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def request(self, method: str, url: str, **options: Any) -> Any:
        target = yarl.URL(url, encoded=True)
        if url.endswith("?") and not target.raw_query_string:
            target = target.with_path(f"{target.raw_path}?", encoded=True)
        try:
            target.port  # noqa: B018  # read late elsewhere, where it would look like our bug
        except ValueError as exc:
            raise aiohttp.InvalidURL(url, str(exc)) from exc
        return self._session.request(method, target, **options)


class _Resolver(AbstractResolver):
    """The system's name resolution, on threads of its own."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name; OSError when it has none."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host, port, family)

    async def close(self) -> None:
        """Nothing to close: the threads are the transports'."""


def _addresses(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as exc:  # a label that is empty or too long
        raise OSError(socket.EAI_NONAME, "no such name") from exc
    return [
        ResolveResult(
            hostname=host,
            host=str(peer[0]),
            port=port,
            family=kind,
            proto=protocol,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for kind, _, protocol, _, peer in found
    ]
