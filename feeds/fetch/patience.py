"""Deadlines of the wall clock, and a moment's grace where we were busy when one passed: what has come is taken in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TICK_S = 0.1
HICCUP_S = 0.05  # a tick so late is a busy machine's; more is our own work between two awaits
GRACE_S = 0.5  # once a deadline: a machine that is busy all the time makes none longer


class Patience:
    """Hands out deadlines, and moves those that passed while the event loop was held up, or are about to.

    A document that takes seconds to read holds the loop; without this, every answer that came
    meanwhile would be called late the moment the loop is free.
    """

    def __init__(self) -> None:
        self._deadlines: dict[asyncio.Timeout, bool] = {}  # those under way, and whether they had their grace
        self._tick: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[asyncio.Timeout]:
        """Raise TimeoutError when the block takes longer than so many seconds."""
        async with asyncio.timeout(max(seconds, 0)) as deadline:
            self._deadlines[deadline] = False
            if self._tick is None:
                self._wind()
            try:
                yield deadline
            finally:
                del self._deadlines[deadline]

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
        now_s = asyncio.get_running_loop().time()
        if now_s - expected_s > HICCUP_S:
            for deadline, had_grace in self._deadlines.items():
                when_s = deadline.when()
                if when_s is not None and when_s < now_s + GRACE_S and not had_grace and not deadline.expired():
                    deadline.reschedule(now_s + GRACE_S)
                    self._deadlines[deadline] = True
        self._tick = None
        if self._deadlines:
            self._wind()
