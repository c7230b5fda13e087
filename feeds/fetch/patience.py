"""Deadlines that count the publisher's time and not ours: while we are busy, no answer is late."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TICK_S = 0.1
HICCUP_S = 0.05  # a tick so late is a busy machine's; more is our own work between two awaits


class Patience:
    """Hands out deadlines, and moves them all when the event loop was held up.

    A document that takes seconds to read holds the loop; without this, every answer that was
    under way meanwhile would be called late the moment the loop is free.
    """

    def __init__(self) -> None:
        self._deadlines: set[asyncio.Timeout] = set()
        self._tick: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[asyncio.Timeout]:
        """Raise TimeoutError when the block takes longer than so many seconds of a free loop."""
        async with asyncio.timeout(max(seconds, 0)) as deadline:
            self._deadlines.add(deadline)
            if self._tick is None:
                self._wind()
            try:
                yield deadline
            finally:
                self._deadlines.discard(deadline)

    async def wait(self, turn: asyncio.Semaphore, deadline: asyncio.Timeout) -> None:
        """Wait for a turn of ours while `deadline` stands still."""
        clock, ends_s = asyncio.get_running_loop().time, deadline.when()
        began_s = clock()
        deadline.reschedule(None)
        await turn.acquire()
        if ends_s is not None:
            deadline.reschedule(ends_s + clock() - began_s)

    def _wind(self) -> None:
        loop = asyncio.get_running_loop()
        expected_s = loop.time() + TICK_S
        self._tick = loop.call_at(expected_s, self._ticked, expected_s)

    def _ticked(self, expected_s: float) -> None:
        late_s = asyncio.get_running_loop().time() - expected_s
        if late_s > HICCUP_S:
            for deadline in self._deadlines:
                when_s = deadline.when()
                if when_s is not None and not deadline.expired():
                    deadline.reschedule(when_s + late_s)
        self._tick = None
        if self._deadlines:
            self._wind()
