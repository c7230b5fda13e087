"""A loopback server that plays publishers, and a reader that asks them through simulated time."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from feeds import cadence, fetch
from feeds.model import Document, Hints, Source

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # a Monday
LOOPBACK = ("127.0.0.0/8",)


@dataclass(frozen=True, kw_only=True)
class Request:
    path: str
    headers: tuple[tuple[bytes, bytes], ...]
    at: float

    def says(self, name: str) -> bytes | None:
        found = [value for key, value in self.headers if key.lower() == name.lower().encode()]
        return found[0] if found else None


@dataclass(frozen=True, kw_only=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None  # announced; None: the true one

    def raw(self) -> bytes:
        length = len(self.body) if self.length is None else self.length
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {length}", *(f"{k}: {v}" for k, v in self.headers)]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def rss(*guids: str, title: str = "A feed", channel: str = "", dates: dict[str, datetime] | None = None) -> bytes:
    """A small RSS document; its entries are dated where `dates` says so."""
    entries = "".join(
        f"<item><guid>{guid}</guid>"
        + (f"<pubDate>{format_datetime(dates[guid])}</pubDate>" if dates and guid in dates else "")
        + f"<title>{guid}</title></item>"
        for guid in guids
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{channel}{entries}</channel></rss>".encode()


class Reader:
    """Asks one source, as the pipeline does, with the clock in the test's hand."""

    def __init__(self, source: Source, client: fetch.Client, settings: cadence.Settings) -> None:
        self.source = source
        self.polling = cadence.start(source)
        self.answer = None
        self.asked: list[float] = []  # hours after START
        self._client = client
        self._settings = settings
        self._held: set[str] = set()

    async def poll(self, hours: float = 0.0, *, all_: bool = False, hints: Hints | None = None) -> bool:
        """Poll at so many hours after START if it is due; return whether it was."""
        now = START + timedelta(hours=hours)
        if not cadence.due(self.polling, now, source=self.source, whatever_the_schedule=all_):
            return False
        self.asked.append(hours)
        known = cadence.current(self.polling, self.source)
        answer, seen = await self._client.get(self.source, known, now=now), None
        if isinstance(answer, Document) and b"<rss" not in answer.body:
            answer = fetch.not_a_feed(answer, "not a feed")
        elif isinstance(answer, Document) and answer.digest != known.digest:
            guids = re.findall(r"<guid>(.*?)</guid>", answer.body.decode("utf-8", "replace"))
            seen = cadence.Seen(
                entries=len(guids), new=len(set(guids) - self._held), hints=hints or Hints(), title="A feed"
            )
            self._held |= set(guids)
        self.answer = answer
        self.polling = cadence.after(
            known, answer, seen, source=self.source, settings=self._settings, now=now, random=0.5
        )
        return True

    async def watch(self, hours: float, *, step_minutes: float = 5, since: float = 0.0, hints: Hints | None = None):
        """Poll whenever due for so many hours; return the hours at which it was asked."""
        before = len(self.asked)
        minutes = 0.0
        while minutes <= hours * 60:
            await self.poll(since + minutes / 60, hints=hints)
            minutes += step_minutes
        return self.asked[before:]


Answering = Reply | bytes | Callable[[Request], Reply | bytes]


@dataclass
class Farm:
    port: int = 0
    answers: dict[str, Answering] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    together: int = 0
    most_together: int = 0
    delay_s: float = 0.0
    serving: set[asyncio.Task] = field(default_factory=set)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    async def ask(self, path: str, *, polling=None, now: datetime = START, url: str | None = None, **settings):
        """Ask once, with a client of its own; keys of Source go in `source`."""
        source = Source(id="s", url=url or self.url(path), **settings.pop("source", {}))
        async with fetch.Client(fetch.Settings(**{"allow_networks": LOOPBACK, **settings})) as client:
            return await client.get(source, polling or cadence.start(source), now=now)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.current_task())
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head[:-4].split(b"\r\n")
                headers = tuple((k, v.strip()) for k, _, v in (line.partition(b":") for line in lines))
                path = first.split(b" ")[1].decode()
                request = Request(path=path, headers=headers, at=asyncio.get_running_loop().time())
                self.requests.append(request)
                await self._answer(request, writer)
                if writer.is_closing():
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.together += 1
        self.most_together = max(self.together, self.most_together)
        try:
            await asyncio.sleep(self.delay_s)
            said = self.answers.get(request.path, Reply(status=404))
            said = said(request) if callable(said) else said
            if asyncio.iscoroutine(said):
                await said
            elif isinstance(said, Reply):
                writer.write(said.raw())
                if said.length is not None:
                    writer.close()
            elif isinstance(said, bytes):
                writer.write(said)
                writer.close()
            else:
                await said(writer)
        finally:
            self.together -= 1
        if not writer.is_closing():
            await writer.drain()


@pytest.fixture
def play() -> Callable[[Callable[..., Awaitable[None]]], None]:
    """Run a scene: a coroutine that takes a farm, and maybe `read`, which makes readers of its sources."""

    def run(scene: Callable[..., Awaitable[None]], **settings) -> None:
        async def whole() -> None:
            farm = Farm()
            server = await asyncio.start_server(farm.serve, "127.0.0.1", 0, limit=2**20)
            farm.port = server.sockets[0].getsockname()[1]
            try:
                async with fetch.Client(fetch.Settings(**{"allow_networks": LOOPBACK, **settings})) as client:

                    def read(path: str, *, every: timedelta = timedelta(minutes=30), url: str | None = None, **keys):
                        source = Source(id=keys.pop("id", path), url=url or farm.url(path), **keys)
                        return Reader(source, client, cadence.Settings(interval=every))

                    await scene(farm, read)
            finally:
                server.close()
                for task in farm.serving:
                    task.cancel()
                await asyncio.gather(*farm.serving, return_exceptions=True)
                await server.wait_closed()

        asyncio.run(asyncio.wait_for(whole(), 30))

    return run
