"""Manners towards a host: so many requests at a time, so far apart, however many feeds it has."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Lets requests through to hosts; hostnames count, ports do not."""

    def __init__(self, *, per_host: int, spacing_s: float, concurrency: int) -> None:
        self._per_host = per_host
        self._spacing_s = spacing_s
        self._all = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def enter(self, hostname: str) -> AsyncIterator[None]:
        """Wait for a turn at `hostname`, and hold it until the block ends."""
        name = hostname.lower().rstrip(".")
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host(self._per_host)
        host.users += 1
        try:
            # The host first: a thousand feeds of one host must not take every turn there is.
            async with host.turns:
                await self._space(host)
                async with self._all:
                    yield
        finally:
            host.users -= 1
            if host.users == 0 and host.next_start_s <= time.monotonic():
                self._hosts.pop(name, None)

    async def _space(self, host: "_Host") -> None:
        if self._spacing_s <= 0:
            return
        async with host.starting:
            await asyncio.sleep(host.next_start_s - time.monotonic())
            host.next_start_s = time.monotonic() + self._spacing_s


class _Host:
    def __init__(self, per_host: int) -> None:
        self.turns = asyncio.Semaphore(per_host)
        self.starting = asyncio.Lock()
        self.next_start_s = 0.0
        self.users = 0
