"""The service: APScheduler is its heartbeat, the store its schedule, signals its orders.

Every tick asks the store what is due; nothing is kept in jobs, so a restart forgets nothing.
Stopping drains: no new request is begun, those under way end or time out, what was read is saved.
AsyncIOScheduler.shutdown(wait=True) cancels running jobs (measured), so we wait ourselves.
"""

import asyncio
import contextlib
import functools
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from feeds import config as configuration
from feeds import curate, hand, pipeline, store, window
from feeds.errors import ConfigError, FeedsError

log = structlog.get_logger()

POLL_TICK = timedelta(seconds=10)
WATCH_TICK = timedelta(seconds=5)
PRUNE_TICK = timedelta(hours=6)
AT_ONCE = frozenset({"poll", "publish"})  # when the service starts, and after a reload
DRAIN = timedelta(seconds=8)  # container engines kill after ten

Clock = Callable[[], datetime]


class Service:
    """What runs between start and stop: a configuration, the state, and the ticks."""

    def __init__(self, path: Path, config: configuration.Config, state: store.Store, *, clock: Clock) -> None:
        self._path = path
        self._config = config
        self._state = state
        self._clock = clock
        self._window = window.Window(state)
        self._stamp = _stamp(path)
        self._hand: curate.Hand | None = None  # the editor's decisions as last taken over
        self._refused: tuple[str, ...] = ()  # what was wrong with them at the last look: said once
        self._stopping = asyncio.Event()
        self._busy: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler()

    async def run(self) -> None:
        """Tick until told to stop, then drain."""
        self._listen()
        self._schedule()
        self._scheduler.start()
        log.info("running", sources=len(self._config.sources), topics=len(self._config.topics))
        await self._stopping.wait()
        log.info("stopping", underway=len(self._busy))
        self._scheduler.pause()  # shutdown would cancel the jobs under way, whatever `wait` says (measured)
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=DRAIN.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._scheduler.shutdown(wait=False)
        await self._publish()
        log.info("stopped")

    def stop(self) -> None:
        """Begin no new work; `run` returns once what is under way has ended."""
        self._stopping.set()

    def reload(self) -> None:
        """Take over the configuration when it has no mistakes; else say them all and run on."""
        self._stamp = _stamp(self._path)
        try:
            config = configuration.recall(self._path)
        except ConfigError as exc:
            # A mistake of the editor's, not of ours: what is wrong, no traceback.
            log.error("configuration refused; running on with the old one", mistakes=list(exc.mistakes))  # noqa: TRY400
            return
        if config.store != self._config.store:
            log.warning("the store is another now: restart to use it")
        self._config = config
        self._schedule()
        log.info("configuration reloaded", sources=len(config.sources), topics=len(config.topics))

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.reload)

    def _schedule(self) -> None:
        ticks: tuple[tuple[str, Callable[[], Awaitable[None]], timedelta], ...] = (
            ("poll", self._poll, POLL_TICK),
            ("publish", self._publish, self._config.publish.interval),
            ("watch", self._watch, WATCH_TICK),
            ("prune", self._prune, PRUNE_TICK),
        )
        for name, tick, every in ticks:
            self._scheduler.add_job(
                functools.partial(self._tracked, tick),
                "interval",
                seconds=max(every.total_seconds(), 1),
                id=name,
                replace_existing=True,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,  # late is better than not at all
                **({"next_run_time": datetime.now(UTC)} if name in AT_ONCE else {}),
            )

    async def _tracked(self, tick: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            if not self._stopping.is_set():
                await tick()
        except FeedsError as exc:
            # The next tick tries again: a full disk or a database that is away heals by itself.
            log.error("failed; trying again at the next tick", reason=str(exc))  # noqa: TRY400 - the reason is one line
        except asyncio.CancelledError:
            if not self._stopping.is_set():
                raise
            log.info("cut short", reason="stopping")  # what it had not saved is asked again
        finally:
            self._busy.discard(task)

    async def _poll(self) -> None:
        report = await pipeline.poll(
            self._config, self._state, clock=self._clock, stop=self._stopping, over=POLL_TICK, window=self._window
        )
        self._window.rest(self._clock())
        for outcome in report.outcomes:
            log.info("polled", source=outcome.source, answer=outcome.line, new=outcome.new)
        for warning in report.warnings:
            log.warning(warning)
        self._state.mark("service", {"beat": self._clock().isoformat()})

    async def _publish(self) -> None:
        if (decisions := self._decided()) is None:
            return  # without them what is hidden or withdrawn would come out
        report = await asyncio.to_thread(
            pipeline.publish, self._config, self._state, now=self._clock(), decisions=decisions
        )
        if report.written or report.removed:
            log.info("published", written=len(report.written), removed=len(report.removed))

    def _decided(self) -> curate.Hand | None:
        """Return the editor's decisions, the last good ones while their file is wrong; None where there are none."""
        try:
            found = _decisions(self._config, self._hand)
        except ConfigError as exc:
            if exc.mistakes != self._refused:
                holds = "publishing on with the old ones" if self._hand else "nothing is published until they are right"
                log.error("decisions refused", holds=holds, file=exc.path, mistakes=list(exc.mistakes))  # noqa: TRY400
            self._refused = exc.mistakes
            return self._hand
        _tell(self._hand, found)
        self._hand, self._refused = found, ()
        return found

    async def _prune(self) -> None:
        await asyncio.to_thread(pipeline.upkeep, self._config, self._state, now=self._clock())

    async def _watch(self) -> None:
        if _stamp(self._path) != self._stamp:
            self.reload()


def _decisions(config: configuration.Config, before: curate.Hand | None) -> curate.Hand:
    """Return what the hand's file says. Raises ConfigError with every mistake.

    A file that is gone or empty may be an editor's program between two writes: taken at its word, all that was
    ever hidden or withdrawn would come out for a moment.
    """
    found = hand.load(config.hand, custom=config.regions)
    if before is not None and before.decisions and not found.decisions and not hand.says_none(config.hand):
        raise ConfigError(str(config.hand), ("is gone or empty; write [] to take every decision back",))
    return found


def _tell(before: curate.Hand | None, after: curate.Hand) -> None:
    """Log who asked what since the last look; at the start how many decisions stand."""
    if before is None:
        log.info("decisions", standing=len(after.decisions))
        return
    known, now = frozenset(before.decisions), frozenset(after.decisions)
    for event, ones, others in (("decided", after, known), ("taken back", before, now)):
        for one in ones.decisions:
            if one not in others:
                said = {key: value for key, value in asdict(one).items() if value and key not in {"at", "line"}}
                log.info(event, at=f"{one.at:%Y-%m-%dT%H:%M:%SZ}", **said)


async def run(path: Path, *, clock: Clock) -> None:
    """Run the service on the configuration at `path` until SIGTERM or SIGINT; its log goes to stderr."""
    config = configuration.recall(path)
    _speak()
    with store.open(config.store.url) as state, state.alone("run"):
        await Service(path, config, state, clock=clock).run()


def _speak() -> None:
    """Let the log be one line an event, coloured for a person only, and without the values in a traceback.

    The default prints every local variable of every frame, and a source's password is one of them.
    """
    # A tick that comes while its last one is under way is left out on purpose; APScheduler warns of each.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when the file does; None while it is away, as between an editor's two writes."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size
    return None
