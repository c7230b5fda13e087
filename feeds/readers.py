"""Documents are read beside the network: on a thread where few wait, on the other CPUs where many do.

    async with readers.Readers(config.regions, config.themes, first=never_polled, languages=theirs) as crew:
        read = await crew.read(document, source=source, known=digests, now=now, most=most)
    reading = read()

The reading is `intake.read`'s, word for word, whoever did it. Processes cost a second to start, so
they begin only when there is work for many seconds. One CPU stays for what is done with the readings.
"""

import asyncio
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from feeds import memory, shelf
from feeds.errors import ParseError
from feeds.model import Document, Reading, Source

if TYPE_CHECKING:
    from feeds.regions import Custom
    from feeds.themes import Vocabulary

# Documents read for the first time, or waiting to be read, that are worth other processes.
MANY_FIRST = 64
MANY_WAITING = 96
# Documents between two times that mapped files are let go: every 16 cost nothing that can be measured.
LET_GO_EVERY = 32
# Documents a process has before it: it need not wait for us, and what is in flight stays small.
AHEAD = 4
# Documents after which memory is given back at once.
LARGE_BYTES = 2**20


class Readers:
    """Reads documents; used inside `async with`. `trouble` tells what went wrong with the processes, if anything.

    `first` is how many sources will be read for the first time, and `languages` what these are said to be in.
    """

    def __init__(
        self,
        regions: "Custom",
        themes: "Vocabulary",
        *,
        first: int = 0,
        languages: Iterable[str] = (),
        cpus: int | None = None,
    ) -> None:
        self._said = (regions, themes)
        self._others = (len(os.sched_getaffinity(0)) if cpus is None else cpus) - 1
        self._first, self._languages = first, languages
        self._prepared: asyncio.Task[None] | None = None
        self._waiting = 0
        self._turns = asyncio.Semaphore(1)
        self._here = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._processes: ProcessPoolExecutor | None = None
        self.trouble: str | None = None

    async def __aenter__(self) -> Self:
        memory.bound()
        if self._first:
            self._prepared = asyncio.create_task(asyncio.to_thread(_prepare, self._languages))
        if self._first >= MANY_FIRST:
            self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._prepared is not None:
            await self._prepared
        ended: list[Executor] = [self._here, *([self._processes] if self._processes else ())]
        for executor in ended:
            # What is under way ends within its document; nobody waits for what is not.
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    async def read(
        self, document: Document, *, source: Source, known: Mapping[str, bytes], now: datetime, most: int
    ) -> Callable[[], Reading]:
        """Return what gives what the document holds, as `intake.read` does; raises ParseError when it is no feed.

        A reading that was made elsewhere stays packed until it is asked for: half the memory while its batch waits.
        """
        job = (document, source, dict(known), now, most)
        self._waiting += 1
        try:
            if self._prepared is not None:
                await asyncio.shield(self._prepared)
            if self._waiting >= MANY_WAITING:
                self._begin()
            async with self._turns:
                found = await self._there(job) if self._processes else None
                return found or await self._inline(job)
        finally:
            self._waiting -= 1

    def _begin(self) -> None:
        """Start the processes, where there are CPUs for them and they have not failed before."""
        if self._processes is not None or self._others < 1 or self.trouble is not None:
            return
        self._processes = ProcessPoolExecutor(
            self._others,
            # A copy of this process would copy its threads' locks, too.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_settle_in,
            initargs=self._said,
        )
        for _ in range(self._others * AHEAD - 1):
            self._turns.release()

    async def _there(self, job: "_Job") -> Callable[[], Reading] | None:
        """Return the reading of another process; None where it must be done here."""
        processes = self._processes
        assert processes is not None
        try:
            packed, reason = await asyncio.get_running_loop().run_in_executor(processes, _read_packed, job)
        except BrokenProcessPool:
            if self._processes is processes:
                self._processes = None
                self.trouble = "a reading process died; its documents were read again, without others"
            return None
        if reason is not None:
            raise ParseError(job[1].id, reason)
        return None if packed is None else partial(_unpack, packed)

    async def _inline(self, job: "_Job") -> Callable[[], Reading]:
        reading = await asyncio.get_running_loop().run_in_executor(self._here, _read, job, *self._said)
        return lambda: reading


_Job = tuple[Document, Source, Mapping[str, bytes], datetime, int]
# msgspec: a reading of thirty entries travels in 0.35 ms, by pickle in 1.2.
_pack: Callable[[Reading], bytes] = msgspec.msgpack.Encoder().encode
_unpack: Callable[[bytes], Reading] = msgspec.msgpack.Decoder(Reading).decode


def _prepare(languages: Iterable[str]) -> None:
    """Have what the languages of new sources need worked out before a document is read."""
    from feeds.regions import tagger  # noqa: PLC0415 a poll that brings nothing new does not pay for it

    tagger.prepare(languages)


_documents = itertools.count(1)


def _read(job: _Job, regions: "Custom", themes: "Vocabulary") -> Reading:
    from feeds import intake, tagging  # noqa: PLC0415 a poll that brings nothing new does not pay for them

    if next(_documents) % LET_GO_EVERY == 0:
        shelf.let_go()
    document, source, known, now, most = job
    wordlist = tagging.Wordlist(regions=regions, themes=themes)
    try:
        return intake.read(document, source=source, known=known, wordlist=wordlist, now=now, most=most)
    finally:
        if len(document.body) > LARGE_BYTES:
            memory.give_back()


# In the other processes

_said: "list[tuple[Custom, Vocabulary]]" = []


def _settle_in(regions: "Custom", themes: "Vocabulary") -> None:
    """Make ready to read; end when the parent does, however it does."""
    _said.append((regions, themes))
    memory.bound()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_packed(job: _Job) -> tuple[bytes | None, str | None]:
    """Return a reading as bytes, or why the document is no feed; neither for what cannot travel."""
    try:
        return _pack(_read(job, *_said[0])), None
    except ParseError as exc:
        return None, exc.reason
    except UnicodeEncodeError:  # a lone surrogate, which JSON feeds can carry
        return None, None
