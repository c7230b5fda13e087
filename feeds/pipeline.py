"""Where the stages meet. Read this first.

    Source ── fetch ──► Document ── parse ──► Feed of Entry ── normalize ──► Entry
       ── dedupe ──► Entry (new | changed | same as) ── tag ──► Entry with regions, themes, language
       ── store ──► … ── curate(Topic) ──► Feed ── render ──► bytes ── publish ──► files

One direction, one type per hop (`feeds.model`). parse, normalize, dedupe, tag, curate, render
and cadence are pure: `now` is an argument. fetch, store, publish, config and service touch the
world. `poll` is the drawing's first two lines, `publish` the third. Between them stand

    intake   what one document says: parse, normalize, tag, sketch   (pure, one job a document)
    readers  where that is done: beside the network, on the other CPUs when there is much
    settle   what that is to what we hold: new, changed, same as     (pure, one batch of sources)
    window   what we hold of the last days, which a service keeps in memory between its passes
    press    what subscribers get: curate, render, publish           (one pass over what changed)
"""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feeds import cadence, fetch, manners, readers
from feeds.config import Config
from feeds.errors import ParseError, StoreError
from feeds.model import Answer, Document, Polling, Read, Reading, Source
from feeds.press import PublishReport, warnings
from feeds.press import issue as publish
from feeds.store import Outcome, Poll, Sighting, Store
from feeds.window import Window

if TYPE_CHECKING:
    from feeds import settle

__all__ = ["PollReport", "Polled", "PublishReport", "poll", "publish", "upkeep", "warnings"]

# Sources whose entries are settled together, in the order of the configuration.
BATCH = 32
# Batches under way at a time: bounds memory, and one slow source holds up no more than its own batch.
AHEAD_BATCHES = 4
# One mark for a batch whose requests leave within so long; a request that its host held back longer has its own.
MARKED_AHEAD = timedelta(seconds=2)

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How one source answered and what it brought."""

    source: str
    kind: str
    line: str
    seen: int = 0
    new: int = 0
    changed: int = 0
    folded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """One polling pass."""

    outcomes: tuple[Polled, ...] = ()
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One source of a pass: what it answered and what that held (None: the bytes of last time, or nothing)."""

    source: Source
    polling: Polling
    answer: Answer
    read: Callable[[], Reading] | None = None  # what gives the reading
    reading: Reading | None = None


async def poll(
    config: Config,
    state: Store,
    *,
    clock: Callable[[], datetime],
    sources: Sequence[str] | None = None,
    everything: bool = False,
    stop: asyncio.Event | None = None,
    over: timedelta = timedelta(),
    window: Window | None = None,
    tell: Tell | None = None,
) -> PollReport:
    """Ask the sources that are due and keep what they say, a transaction a source.

    `sources` narrows to those ids and `everything` overrules the schedule; `stop` ends the pass
    after what is under way, and the first requests are spread `over` so long. `window` is one that the
    last pass has used. Only a failing store raises (StoreError): a source costs itself.
    """
    began, now = time.monotonic(), clock()
    pollings = state.pollings()
    asked = [
        (source, cadence.current(pollings.get(source.id) or cadence.start(source), source))
        for source in config.sources
        if sources is None or source.id in sources
    ]
    due = [pair for pair in asked if cadence.due(pair[1], now, source=pair[0], whatever_the_schedule=everything)]
    outcomes: list[Polled] = []
    window = window or Window(state)
    bounds = cadence.Settings(
        interval=config.poll.interval,
        min=config.poll.min,
        max=config.poll.max,
        typical=cadence.typical(pollings[source.id] for source in config.sources if source.id in pollings),
    )
    new = [source for source, polling in due if not polling.polls]
    async with readers.Readers(
        config.regions, config.themes, first=len(new), languages={one.language for one in new if one.language}
    ) as crew:
        async for batch in _batches(config, state, due, crew, clock=clock, stop=stop, over=over):
            # Beside the network, which goes on asking.
            outcomes += await asyncio.to_thread(_keep, config, state, batch, bounds=bounds, window=window, now=clock())
            if tell is not None:
                tell(len(outcomes), len(due), batch[-1].source.id)
    warnings = () if crew.trouble is None else (crew.trouble,)
    return PollReport(outcomes=tuple(outcomes), seconds=time.monotonic() - began, warnings=warnings)


async def _batches(
    config: Config,
    state: Store,
    due: Sequence[tuple[Source, Polling]],
    crew: readers.Readers,
    *,
    clock: Callable[[], datetime],
    stop: asyncio.Event | None,
    over: timedelta,
) -> AsyncIterator[list[_Asked]]:
    """Yield the answers in batches of sources in the configuration's order, whatever order they came in."""
    began = time.monotonic()
    starts = cadence.spread([source for source, _ in due], over) if over else (timedelta(),) * len(due)
    async with fetch.Client(manners.settings(config)) as client:

        async def ask(source: Source, polling: Polling, start: timedelta, marked_s: float) -> _Asked | None:
            async def leaving() -> None:
                if time.monotonic() - marked_s > MARKED_AHEAD.total_seconds():
                    await asyncio.to_thread(_mark, state, [(source, polling)], now=clock())

            await _until(began + start.total_seconds(), stop)
            if stop is not None and stop.is_set():
                return None
            with contextlib.ExitStack() as held:
                try:
                    answer = await client.get(source, polling, now=clock(), leaving=leaving, held=held)
                    asked = _Asked(source=source, polling=polling, answer=answer)
                    return await _read(config, state, crew, asked, now=clock())
                except StoreError:
                    raise
                except Exception as exc:  # noqa: BLE001 - whatever we did not foresee costs this source and no other
                    return _Asked(source=source, polling=polling, answer=fetch.unforeseen(exc))

        underway: list[list[asyncio.Task[_Asked | None]]] = []
        try:
            for n in range(0, len(due), BATCH):
                batch = due[n : n + BATCH]
                marked_s = time.monotonic()
                await asyncio.to_thread(_mark, state, batch, now=clock())
                tasks = zip(batch, starts[n : n + BATCH], strict=True)
                underway.append([asyncio.create_task(ask(*pair, start, marked_s)) for pair, start in tasks])
                if len(underway) == AHEAD_BATCHES:
                    yield await _ended(underway.pop(0))
            while underway:
                yield await _ended(underway.pop(0))
        finally:
            for task in (task for batch in underway for task in batch):
                task.cancel()


async def _until(moment_s: float, stop: asyncio.Event | None) -> None:
    """Wait for a moment of the monotonic clock, or for the order to stop."""
    left_s = moment_s - time.monotonic()
    if left_s > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for((stop or asyncio.Event()).wait(), left_s)


def _mark(state: Store, batch: Sequence[tuple[Source, Polling]], *, now: datetime) -> None:
    """Remember that these are asked about now: killed before the answers are saved, we do not ask again at once."""
    state.save([Poll(polling=replace(polling, last_polled_at=now + MARKED_AHEAD)) for _, polling in batch])


async def _ended(tasks: Sequence[asyncio.Task[_Asked | None]]) -> list[_Asked]:
    return [asked for asked in await asyncio.gather(*tasks) if asked is not None]


async def _read(config: Config, state: Store, crew: readers.Readers, asked: _Asked, *, now: datetime) -> _Asked:
    """Return what was asked with its document read; one that is no feed becomes the failure it is."""
    document = asked.answer
    if not isinstance(document, Document):
        return asked
    # A batch waits for its slowest source: it must not hold the bodies of all the others meanwhile.
    asked = replace(asked, answer=replace(document, body=b""))
    if document.digest == asked.polling.digest:
        return asked
    source = asked.source
    seen = state.sightings(source.id, state.shown(source.id)) if asked.polling.polls else {}
    try:
        read = await crew.read(
            document,
            source=source,
            known={key: sighting.digest for key, sighting in seen.items()},
            now=now,
            most=config.poll.max_entries,
        )
    except ParseError as exc:
        return replace(asked, answer=fetch.not_a_feed(document, exc.reason))
    return replace(asked, read=read)


def _keep(
    config: Config,
    state: Store,
    batch: Sequence[_Asked],
    *,
    bounds: cadence.Settings,
    window: Window,
    now: datetime,
) -> list[Polled]:
    """Settle a batch and save it; return how each source did."""
    batch = [replace(asked, reading=asked.read(), read=None) if asked.read else asked for asked in batch]
    fresh = [read for asked in batch if asked.reading is not None for read in asked.reading.fresh]
    seen = {
        (asked.source.id, key): sighting
        for asked in batch
        if asked.reading is not None and asked.reading.fresh
        for key, sighting in state.sightings(asked.source.id, _names(asked.reading.fresh)).items()
    }
    settled = _settle(config, state, batch, fresh, seen, window=window, now=now) if fresh else {}
    polls, outcomes = [], []
    for asked in batch:
        poll, outcome = _poll(asked, settled.get(asked.source.id), seen, bounds=bounds, now=now)
        polls.append(poll)
        outcomes.append(outcome)
    failed = state.save(polls)
    if fresh and not failed:
        window.saved()
    return [
        replace(outcome, kind="store", line=str(failed[outcome.source])) if outcome.source in failed else outcome
        for outcome in outcomes
    ]


def _names(fresh: Sequence[Read]) -> set[str]:
    """Return what entries may have been remembered by: a guid that was on several of them was none."""
    return {name for read in fresh for name in (read.key, read.entry.id)}


def _settle(
    config: Config,
    state: Store,
    batch: Sequence[_Asked],
    fresh: Sequence[Read],
    seen: Mapping[tuple[str, str], Sighting],
    *,
    window: Window,
    now: datetime,
) -> "dict[str, settle.Settled]":
    from feeds import settle  # noqa: PLC0415 numpy and more, which a poll that brings nothing new does not need

    facts = settle.Facts(
        sightings=seen,
        by_link=state.by_links({read.link for read in fresh if read.link is not None}),
        by_id=state.by_ids({read.entry.id for read in fresh}),
    )
    found = settle.targets(fresh, facts=facts, live=window.live(now), now=now)
    old = [target.entry for target in found if target.reason != "new"]
    return settle.fold(
        found,
        held={held.entry.id: held for held in state.held(ids=old, content=True)} if old else {},
        versions=state.versions(old) if old else {},
        sources={source.id: source for source in config.sources},
        now=now,
        backlog=frozenset(
            one
            for asked in batch
            if asked.reading is not None and not asked.polling.polls
            for one in settle.backlog(
                asked.reading.fresh,
                max_age=config.poll.first_max_age,
                max_entries=config.poll.first_max_entries,
                now=now,
            )
        ),
    )


def _poll(
    asked: _Asked,
    change: "settle.Settled | None",
    seen: Mapping[tuple[str, str], Sighting],
    *,
    bounds: cadence.Settings,
    now: datetime,
) -> tuple[Poll, Polled]:
    """Return what to save of one source's poll, and how to tell it."""
    reading, source = asked.reading, asked.source
    saw = None
    if reading is not None:
        # A publisher that renames its entries at every turn has nothing new to say, and leaves no gap.
        renamed = change.renamed if change is not None else frozenset[str]()
        unseen = (read for read in reading.fresh if not {(source.id, name) for name in _names([read])} & seen.keys())
        new = {read.key for read in unseen} - renamed
        saw = cadence.Seen(
            entries=len(reading.shown),
            new=len(new),
            dates=tuple(reading.dates.values()),
            new_dates=tuple(date for key, date in reading.dates.items() if key in new),
            hints=reading.feed.hints,
            title=reading.feed.title,
            link=reading.feed.link,
            left=next(iter(reading.feed.dropped), None),
            cut=reading.feed.cut,
        )
    polling = cadence.after(
        asked.polling,
        asked.answer,
        saw,
        source=source,
        settings=bounds,
        now=now,
        random=random.random(),  # noqa: S311 - spreads polls, guards nothing
    )
    shown = reading.shown if reading is not None else None
    poll = Poll(
        polling=polling,
        outcome=Outcome(
            at=now,
            line=polling.answer,
            kind=polling.kind,
            status=polling.status,
            new=saw.new if saw else 0,
            seen=len(shown or ()),
            gap=polling.gap_at == now,
        ),
        shown=shown,
    )
    told = Polled(source=source.id, kind=polling.kind, line=polling.answer, seen=len(shown or ()))
    if change is None:
        return poll, told
    return (
        replace(
            poll,
            kept=change.kept,
            versions=change.versions,
            aliases=change.aliases,
            wordings=change.wordings,
            tellings=change.tellings,
            joined=change.joined,
        ),
        replace(told, new=change.new, changed=change.changed, folded=change.folded),
    )


def upkeep(config: Config, state: Store, *, now: datetime) -> int:
    """Let entries leave that are older than `store.keep`; return how many did. Those that stay are made ready."""
    left = state.prune(keep=config.store.keep, now=now)
    state.sign()
    return left
