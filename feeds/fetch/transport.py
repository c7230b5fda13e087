"""Connections: each request has its own, to the address that was checked; no cookies, no proxies of the environment.

A connection that is kept may be closed by the server while we ask again on it: then either the poll
fails for nothing or the publisher is asked twice. Feeds are asked once in half an hour.
"""

import asyncio
import base64
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpx

from feeds.fetch import guard, wire
from feeds.fetch.trouble import TroubleError

RESOLVER_THREADS = 16  # a name server that does not answer must not stop the others' names
LOOKUP_S = 5  # for a name that a proxy will resolve: networks behind one often have no names of the world
NEXT_ADDRESS_S = 0.3  # RFC 8305: then the next address is tried beside the first
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a socket goes."""

    family: socket.AddressFamily
    peer: Any
    ip: guard.Address


class Transports:
    """One transport for direct requests and one for each proxy, made when first needed."""

    def __init__(self, *, allowed: tuple[guard.Network, ...], connect_s: float) -> None:
        self._allowed = allowed
        self._connect_s = connect_s
        self._tls: ssl.SSLContext | None = None
        self._made: dict[str | None, Transport] = {}
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="names")

    def through(self, proxy: str | None) -> httpx.AsyncBaseTransport:
        """Return the transport that leads through `proxy`, None for none; TroubleError when it is no proxy's URL."""
        made = self._made.get(proxy)
        if made is None:
            made = self._made[proxy] = Transport(self, _proxy(proxy) if proxy else None)
        return made

    async def addresses(self, name: str) -> tuple[guard.Address, ...]:
        """Return what a name means on this machine, nothing where it is not known here in time."""
        try:
            async with asyncio.timeout(LOOKUP_S):
                found = await self._resolved(name, 0)
        except (OSError, TimeoutError):
            return ()
        return tuple(one.ip for one in found)

    async def aclose(self) -> None:
        """End the look-ups; every connection ended with its answer."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def connected(self, host: str, port: int, *, guarded: bool) -> socket.socket:
        """Return a socket to one of the host's addresses that may be asked."""
        try:
            found = await self._resolved(host, port)
        except OSError as exc:
            raise TroubleError(f"the name {host} is not found", "dns") from exc
        refused = [guard.why_not(one.ip, self._allowed) for one in found] if guarded else [None] * len(found)
        may = [one for one, reason in zip(found, refused, strict=True) if reason is None]
        if not may:
            raise guard.RefusedError(next(filter(None, refused), "no address"))
        return await _first(may)

    async def secured(self, line: wire.Wire, host: str) -> None:
        """Put TLS on a connection, for the host's name."""
        loop, over = asyncio.get_running_loop(), line.transport
        name = host.rstrip(".")
        secure = await loop.start_tls(over, line, self._context(), server_hostname=name)
        if secure is None:
            raise TroubleError("connection closed while asking")
        line.connection_made(secure)

    async def within(self, connecting: Any) -> wire.Wire:
        """Return what connects, in the time for one connection."""
        try:
            async with asyncio.timeout(self._connect_s):
                line: wire.Wire = await connecting
                return line
        except TimeoutError as exc:
            raise TroubleError("no connection within the time for one", "timeout") from exc

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return self._tls

    async def _resolved(self, name: str, port: int) -> tuple[Address, ...]:
        try:
            ip = ip_address(name)
        except ValueError:
            return await asyncio.get_running_loop().run_in_executor(self._threads, _addresses, name, port)
        family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
        return (Address(family=family, peer=(name, port), ip=ip),)


class Transport(httpx.AsyncBaseTransport):
    """Sends a request on a connection of its own, directly or through a proxy."""

    def __init__(self, all_: Transports, proxy: httpx.Proxy | None) -> None:
        self._all = all_
        self._proxy = proxy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer as soon as its head is there; what goes wrong is a TroubleError or an OSError."""
        line = await self._all.within(self._connected(request.url))
        try:
            line.write(self._bytes(request))
            said = await wire.head(line)
        except BaseException:
            line.close()
            raise
        return httpx.Response(said.status, headers=list(said.fields), stream=_Body(line, said), request=request)

    async def _connected(self, url: httpx.URL) -> wire.Wire:
        host, port = _host(url), url.port or PORTS[url.scheme]
        if self._proxy is None:
            line = await _line(await self._all.connected(host, port, guarded=True))
        else:
            line = await self._at_proxy(self._proxy)
        try:
            if url.scheme == "https":
                if self._proxy is not None:
                    netloc = url.netloc.decode("ascii")
                    await self._tunnel(self._proxy, line, netloc if url.port else f"{netloc}:443")
                await self._all.secured(line, host)
        except BaseException:
            line.close()
            raise
        return line

    async def _at_proxy(self, proxy: httpx.Proxy) -> wire.Wire:
        host, port = _host(proxy.url), proxy.url.port or PORTS[proxy.url.scheme]
        try:
            # The operator chose the proxy, wherever it stands; what it is asked for, the client checks by name.
            line = await _line(await self._all.connected(host, port, guarded=False))
            if proxy.url.scheme == "https":
                await self._all.secured(line, host)
        except (TroubleError, OSError) as exc:
            raise TroubleError("the proxy cannot be reached") from exc
        return line

    async def _tunnel(self, proxy: httpx.Proxy, line: wire.Wire, authority: str) -> None:
        asked = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n".encode("ascii")
        line.write(asked + _authorization(proxy) + b"\r\n")
        said = await wire.head(line)
        if not 200 <= said.status < 300:
            raise TroubleError(f"the proxy answered {said.status}")

    def _bytes(self, request: httpx.Request) -> bytes:
        target, own = request.url.raw_path, b""
        if self._proxy is not None and request.url.scheme == "http":
            target, own = b"http://" + request.url.netloc + target, _authorization(self._proxy)
        fields = b"".join(name + b": " + value + b"\r\n" for name, value in request.headers.raw)
        return b"GET " + target + b" HTTP/1.1\r\n" + fields + own + b"Connection: close\r\n\r\n"


class _Body(httpx.AsyncByteStream):
    def __init__(self, line: wire.Wire, said: wire.Head) -> None:
        self._line, self._said = line, said

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in wire.body(self._line, self._said):
            yield piece

    async def aclose(self) -> None:
        self._line.close()


def _host(url: httpx.URL) -> str:
    """Return the host as it is connected to: ASCII, an IPv6 address without its brackets."""
    return url.raw_host.decode("ascii").strip("[]")


def _proxy(url: str) -> httpx.Proxy:
    try:
        proxy = httpx.Proxy(url)
    except (ValueError, httpx.InvalidURL) as exc:
        raise TroubleError("the proxy's address is none", "refused") from exc
    if proxy.url.scheme not in PORTS or not proxy.url.host:
        raise TroubleError("only proxies of http and https are known", "refused")
    if not guard.is_port(proxy.url.port):
        raise TroubleError("the proxy's address is none", "refused")
    return proxy


def _authorization(proxy: httpx.Proxy) -> bytes:
    if proxy.raw_auth is None:
        return b""
    return b"Proxy-Authorization: Basic " + base64.b64encode(b":".join(proxy.raw_auth)) + b"\r\n"


async def _line(sock: socket.socket) -> wire.Wire:
    _, line = await asyncio.get_running_loop().create_connection(wire.Wire, sock=sock)
    return line


async def _first(addresses: Sequence[Address]) -> socket.socket:
    """Return a socket to whichever address answers first, each tried a moment after the one before."""
    if len(addresses) == 1:
        return await _socket(addresses[0])
    trying: set[asyncio.Task[socket.socket]] = set()
    failed: OSError | None = None
    left = list(addresses)
    try:
        while left or trying:
            if left:
                trying.add(asyncio.create_task(_socket(left.pop(0))))
            done, trying = await asyncio.wait(
                trying, timeout=NEXT_ADDRESS_S if left else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                error = task.exception()
                if error is None:
                    return task.result()
                if not isinstance(error, OSError):
                    raise error
                failed = failed or error
    finally:
        for task in trying:
            task.cancel()
            task.add_done_callback(_let_go)
    raise failed or OSError("no address")


def _let_go(task: "asyncio.Task[socket.socket]") -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().close()


async def _socket(address: Address) -> socket.socket:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, address.peer)
    except BaseException:
        sock.close()
        raise
    return sock


def _addresses(host: str, port: int) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as exc:  # a label that is empty or too long
        raise OSError(socket.EAI_NONAME, "no such name") from exc
    return tuple(
        Address(family=family, peer=peer, ip=ip_address(str(peer[0]).partition("%")[0]))
        for family, _, _, _, peer in found
        if family in {socket.AF_INET, socket.AF_INET6}
    )
