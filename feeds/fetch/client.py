"""One question to one publisher, politely and safely: `get` returns an answer and never raises for the network."""

import asyncio
import functools
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self
from unicodedata import normalize
from urllib.parse import urlsplit

import httpx

from feeds.fetch import body, credentials, discover, guard, headers, hosts, patience, trouble, walls
from feeds.fetch.settings import ACCEPT, ACCEPT_ENCODING, Settings
from feeds.fetch.transport import Transports
from feeds.model import Answer, Document, Failure, Gone, NotModified, Polling, Source, Validators

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
WALLED = frozenset({202, 401, 403, 405, 406, 429, 503})  # what the walls of walls.toml answer with
SHUT_OUT = frozenset({403, 406})  # 406 to a client that accepts anything is a filter of clients
DIGEST_BYTES = 16
MAX_LOCATION = 8000
LARGE_AT_A_TIME = 2  # bodies; their caps together, not that of all requests, are what memory must hold


Leaving = Callable[[], Awaitable[None]]


class _Stop(Exception):  # noqa: N818
    """The chain of requests ends here, with this answer."""

    def __init__(self, answer: Failure) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@dataclass(slots=True, kw_only=True)
class _Chain:
    """Where a question has been led so far."""

    url: httpx.URL
    moved_to: str | None = None
    only_permanent: bool = True
    seen: frozenset[str] = frozenset()
    held: ExitStack | None = None


class Client:
    """Asks publishers: limits, manners and the address guard are the same for every request."""

    def __init__(self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._allowed = guard.networks(settings.allow_networks)
        self._gate = hosts.Gate(
            per_host=settings.per_host,
            spacing_s=settings.spacing.total_seconds(),
            concurrency=settings.concurrency,
        )
        self._patience = patience.Patience()
        self._large = asyncio.Semaphore(LARGE_AT_A_TIME)
        self._fixed = transport
        self._transports: Transports | None = None
        self._manners: list[tuple[bytes, bytes]] = [
            (b"User-Agent", settings.user_agent.encode("ascii", "replace")),
            (b"Accept", ACCEPT.encode()),
            (b"Accept-Encoding", ACCEPT_ENCODING.encode()),
        ]

    async def __aenter__(self) -> Self:
        self._transports = Transports(
            allowed=self._allowed,
            connect_s=self._settings.connect.total_seconds(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._transports is not None:
            await self._transports.aclose()
            self._transports = None

    async def get(
        self,
        source: Source,
        polling: Polling,
        *,
        now: datetime,
        leaving: Leaving | None = None,
        held: ExitStack | None = None,
    ) -> Answer:
        """Return what `source` answers to one question, asked with what `polling` remembers.

        `leaving` is awaited when its turn at the host has come, before the request goes out. A large
        body keeps its place among the few until `held` ends: as long as the caller has it.
        Everything the network or the publisher can do wrong is a Failure of one line; no secret is in it.
        """
        secrets: tuple[str, ...] = ()
        try:
            shown = credentials.of(source, self._settings.environment)
            secrets = shown.secrets
            answer = await self._follow(source, polling, shown, now=now, leaving=leaving, held=held)
        except _Stop as stop:
            answer = stop.answer
        except credentials.MissingVariableError as exc:
            answer = Failure(reason=str(exc), kind="refused")
        except httpx.InvalidURL:  # its text may hold a password that was taken for a port
            answer = Failure(reason=_unaskable(source.url), kind="refused")
        if isinstance(answer, Failure) and secrets:
            return Failure(
                reason=credentials.hide(answer.reason, secrets),
                status=answer.status,
                retry_after=answer.retry_after,
                kind=answer.kind,
                feed_link=answer.feed_link,
            )
        return answer

    async def _follow(
        self,
        source: Source,
        polling: Polling,
        shown: credentials.Credentials,
        *,
        now: datetime,
        leaving: Leaving | None,
        held: ExitStack | None,
    ) -> Answer:
        home = _bare(httpx.URL(source.url))
        start = polling.url if polling.url and polling.configured_url == source.url else None
        chain = _Chain(url=httpx.URL(start) if start else home, held=held)
        left_s = self._settings.deadline.total_seconds()
        clock = asyncio.get_running_loop().time
        for _ in range(self._settings.max_redirects + 1):
            self._check(chain.url)
            if source.proxy or self._settings.proxy:
                await self._check_name(chain.url)
            request = self._request(chain.url, polling, shown if credentials.same_origin(home, chain.url) else None)
            async with self._gate.enter(chain.url.host):
                if leaving is not None and not chain.seen:
                    await leaving()
                began_s = clock()  # a turn waited for is not the publisher's fault
                answer = await self._ask(request, source, chain, left_s=left_s, now=now)
                left_s -= clock() - began_s
            if answer is not None:
                return answer
        return Failure(reason=f"more than {self._settings.max_redirects} redirects", kind="redirect")

    def _check(self, url: httpx.URL) -> None:
        if url.scheme not in {"http", "https"}:
            raise _Stop(Failure(reason=f"{url.scheme or 'no scheme'}: only http and https are asked", kind="refused"))
        if not url.host:
            raise _Stop(Failure(reason=f"no host in {credentials.shown(url)}", kind="refused"))
        if not guard.is_port(url.port):
            raise _Stop(Failure(reason=f"{url.port} is no port", kind="refused"))
        reason = guard.why_not_host(url.raw_host.decode("ascii"), self._allowed)
        if reason:
            raise _Stop(Failure(reason=f"address refused: {reason}", kind="refused"))

    async def _check_name(self, url: httpx.URL) -> None:
        """Refuse a name that means a forbidden address here: the proxy will resolve it, out of our sight."""
        for address in await self._transports.addresses(url.host) if self._transports else ():
            reason = guard.why_not(address, self._allowed)
            if reason:
                raise _Stop(Failure(reason=f"address refused: {url.host} is at {reason}", kind="refused"))

    def _request(self, url: httpx.URL, polling: Polling, shown: credentials.Credentials | None) -> httpx.Request:
        known = polling.validators if polling.validators_url == str(url) else Validators()
        own = [] if shown is None else [(name.encode(), value.encode()) for name, value in shown.headers]
        replaced = {name.lower() for name, _ in own}
        said = [field for field in self._manners if field[0].lower() not in replaced]
        return httpx.Request("GET", url, headers=[*said, *headers.conditions(known), *own])

    async def _ask(
        self, request: httpx.Request, source: Source, chain: _Chain, *, left_s: float, now: datetime
    ) -> Answer | None:
        """Return the answer, or None when it led on to `chain.url`."""
        try:
            async with self._patience.within(left_s) as deadline, self._sent(request, source) as response:
                return await self._read(request, response, source, chain, deadline, now=now)
        except TimeoutError:
            seconds = self._settings.deadline.total_seconds()
            return Failure(reason=f"no complete answer within {seconds:g} s", kind="timeout")
        except body.TooLargeError as exc:
            return Failure(reason=str(exc), kind="limit")
        except body.BodyError as exc:
            return Failure(reason=str(exc), kind="network")
        except trouble.ERRORS as exc:
            return trouble.named(exc)

    @asynccontextmanager
    async def _sent(self, request: httpx.Request, source: Source) -> AsyncIterator[httpx.Response]:
        transport = self._fixed
        if transport is None:
            if self._transports is None:
                raise RuntimeError("Client is used inside `async with`")
            proxy = source.proxy or self._settings.proxy
            transport = self._transports.through(
                credentials.expand(proxy, self._settings.environment) if proxy else None
            )
        response = await transport.handle_async_request(request)
        try:
            yield response
        finally:
            await response.aclose()

    async def _read(
        self,
        request: httpx.Request,
        response: httpx.Response,
        source: Source,
        chain: _Chain,
        deadline: asyncio.Timeout,
        *,
        now: datetime,
    ) -> Answer | None:
        raw, status = response.headers.raw, response.status_code
        if status == 200:
            return await self._document(response, chain, deadline, now=now)
        if status == 304:
            if "if-none-match" not in request.headers and "if-modified-since" not in request.headers:
                return Failure(reason="304 to a question without validators", status=304, kind="status")
            return NotModified(
                validators=headers.validators(raw),
                fresh_for=headers.fresh_for(raw, now=now),
                moved_to=chain.moved_to,
            )
        if status in REDIRECTS:
            self._lead(chain, response)
            return None
        if status == 410 and chain.only_permanent:  # behind a temporary redirect it is that place that is gone
            return Gone()
        page = await self._peek(response)
        return _refusal(status, raw, page, url=chain.url, source=source, now=now)

    @asynccontextmanager
    async def _room(self, deadline: asyncio.Timeout, held: ExitStack | None) -> AsyncIterator[None]:
        await self._patience.wait(self._large, deadline)
        try:
            yield
        finally:
            if held is None:
                self._large.release()
            else:
                held.callback(self._large.release)

    async def _document(
        self, response: httpx.Response, chain: _Chain, deadline: asyncio.Timeout, *, now: datetime
    ) -> Answer:
        raw, max_bytes = response.headers.raw, self._settings.max_body_bytes
        length = headers.first(raw, b"content-length")
        if length is not None and length.isascii() and length.isdigit() and int(length) > max_bytes:
            raise body.TooLargeError(f"body over {body.megabytes(max_bytes)}: {int(length) / 2**20:.0f} MiB announced")
        content = await body.read(
            _chunks(response),
            encoding=headers.joined(raw, b"content-encoding"),
            max_bytes=max_bytes,
            room=functools.partial(self._room, deadline, chain.held),
        )
        if not content.strip():
            return Failure(reason="200 with an empty body", status=200, kind="empty")
        return Document(
            url=str(chain.url),
            body=content,
            content_type=headers.first(raw, b"content-type"),
            validators=headers.validators(raw),
            moved_to=chain.moved_to,
            fresh_for=headers.fresh_for(raw, now=now),
            digest=hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest(),
        )

    async def _peek(self, response: httpx.Response) -> bytes:
        encoding = headers.joined(response.headers.raw, b"content-encoding")
        return await body.peek(_chunks(response), encoding=encoding, max_bytes=walls.PEEK_BYTES)

    def _lead(self, chain: _Chain, response: httpx.Response) -> None:
        """Move the chain on to where the answer points; _Stop when it points nowhere or back."""
        status = response.status_code
        location = headers.location(response.headers.raw)
        if location is None or len(location) > MAX_LOCATION:
            raise _Stop(Failure(reason=f"{status} without a usable Location", status=status, kind="redirect"))
        try:
            there = _bare(chain.url.join(location))
        except httpx.InvalidURL as exc:
            reason = f"redirect ({status}) to what is {_unaskable(location)}"
            raise _Stop(Failure(reason=reason, status=status, kind="redirect")) from exc
        chain.seen |= {str(chain.url)}
        if str(there) in chain.seen:
            shown = credentials.shown(there)
            raise _Stop(Failure(reason=f"redirects in a loop at {shown}", status=status, kind="redirect"))
        try:
            self._check(there)
        except _Stop as stop:
            reason = f"redirect ({status}) to {credentials.shown(there)} refused: {stop.answer.reason}"
            raise _Stop(Failure(reason=reason, status=status, kind="refused")) from stop
        secure = not (chain.url.scheme == "https" and there.scheme == "http")
        chain.only_permanent = chain.only_permanent and status in PERMANENT and secure
        if chain.only_permanent:
            chain.moved_to = str(there)
        chain.url = there


def not_a_feed(document: Document, reason: str) -> Failure:
    """Return the failure that a document is which parse could not read: named, with the feed the page names."""
    wall = walls.name((), document.body, refused=False) if discover.is_page(document.body) else None
    if wall:
        return Failure(reason=f"a bot wall answered instead of the feed ({wall})", status=200, kind="wall")
    if discover.is_page(document.body) or "html" in (document.content_type or "").lower():
        found = discover.links(document.body, base=document.url)
        if found:
            reason = f"a page instead of a feed; it names {found[0].url}"
            return Failure(reason=reason, status=200, kind="not-a-feed", feed_link=found[0].url)
        return Failure(reason="a page (HTML) instead of a feed", status=200, kind="not-a-feed")
    return Failure(reason=reason, status=200, kind="unreadable")


def _refusal(
    status: int, raw: headers.RawHeaders, page: bytes, *, url: httpx.URL, source: Source, now: datetime
) -> Failure:
    phrase = httpx.codes.get_reason_phrase(status)
    line = f"{status} {phrase}".strip()
    kind: Literal["status", "wall", "empty"] = "status"
    wait = headers.retry_after(raw, now=now)
    wall = walls.name(raw, page, refused=True) if status in WALLED else None
    if wall:
        line, kind = f"{line}: a bot wall ({wall}) keeps us out; ask from another address or through a proxy", "wall"
    elif status in SHUT_OUT and source.username is None and not source.headers:
        line = f"{line}: the server refuses this program or this address (a bot wall?)"
        kind = "wall"
    elif status == 401:
        line = f"{line}: the source needs a user name and a password"
    elif status == 204:
        line, kind = f"{line}: an empty answer", "empty"
    found = discover.links(page, base=str(url)) if discover.is_page(page) else ()
    return Failure(
        reason=line, status=status, retry_after=wait, kind=kind, feed_link=found[0].url if found and not wall else None
    )


def _unaskable(text: str) -> str:
    """Say why a text is no URL to ask, without repeating it: what looks like a port may be a password."""
    try:
        host = normalize("NFKC", urlsplit(text).hostname or "")
    except ValueError:
        host = ""
    reason = guard.why_not_host(host)
    return f"not a URL that can be asked: {reason}" if reason else "not a URL that can be asked"


def _bare(url: httpx.URL) -> httpx.URL:
    """The URL without what is not sent: user, password and fragment."""
    return url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    # Not aiter_raw: it insists on a client's bookkeeping. The stream is what the transport handed out.
    stream = response.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        raise TypeError("an asynchronous transport is needed")
    async for chunk in stream:
        yield chunk
