"""An hour of ten thousand sources in simulated time: is each asked when it is due, and what does that cost?

    python bench/hour.py [--sources 10000] [--minutes 60]

Real requests to nginx on loopback (apt install nginx-light), real entries, the store on disk, every stage on, and the
service's own heartbeat. Only waiting is skipped: between two ticks the clock jumps, during one it runs. Sources are due
every half hour, and a tenth of them change in each half. Late is the time from when a poll was due to when its answer
was read, as a share of the interval. CPU is ours with all our processes', over the hour that was simulated.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from bench import contenders, farm  # noqa: E402 after the path is set
from feeds import config as configuration  # noqa: E402
from feeds import pipeline, service, store, window  # noqa: E402

PORT = 8301
INTERVAL = timedelta(minutes=30)
LATE_SHARE = 0.05


@dataclass(slots=True)
class Clock:
    """Runs as the wall clock does and can be put forward."""

    skipped: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the simulated time."""
        return datetime.now(UTC) + self.skipped

    def skip_to(self, when: datetime) -> None:
        """Let the time until then have passed."""
        self.skipped += max(when - self.now(), timedelta())


@dataclass(slots=True)
class Tally:
    """What the hour showed."""

    late: list[float] = field(default_factory=list)  # shares of the interval
    answers: Counter = field(default_factory=Counter)
    written: int = 0
    cpu_s: float = 0.0
    most_mib: float = 0.0


def cpu_s() -> float:
    """Return the CPU of this process and of every child that has ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


async def hour(config, state, clock: Clock, folder: Path, *, minutes: int) -> Tally:
    """Tick as the service does until the minutes have passed."""
    tally = Tally()
    begins = clock.now()
    ends = begins + timedelta(minutes=minutes)
    advances = [begins, begins + INTERVAL]
    publishes = begins
    kept = window.Window(state)
    while (now := clock.now()) < ends:
        if advances and now >= advances[0]:
            advances.pop(0)
            farm.advance(folder)
        was = state.pollings()
        spent = cpu_s()
        report = await pipeline.poll(config, state, clock=clock.now, window=kept)
        kept.rest(clock.now())
        if clock.now() >= publishes:
            tally.written += len(pipeline.publish(config, state, now=clock.now()).written)
            publishes = clock.now() + config.publish.interval
        tally.cpu_s += cpu_s() - spent
        asked = state.pollings() if report.outcomes else {}
        for outcome in report.outcomes:
            before, after = was[outcome.source], asked[outcome.source]
            tally.answers[outcome.kind] += 1
            tally.late.append((after.last_polled_at - before.next_poll_at) / INTERVAL)
        tally.most_mib = max(tally.most_mib, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        clock.skip_to(now + service.POLL_TICK)
    return tally


def main() -> None:
    """Read the command line, warm up, simulate, report."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sources", type=int, default=10_000)
    asked.add_argument("--minutes", type=int, default=60)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hour") as made:
        work = Path(made)
        work.chmod(0o755)  # nginx, started by root, reads as another user
        farm.generate(work / "farm", told.sources)
        (work / "feeds").mkdir()
        ours = contenders.present(ROOT)[0]
        ours.prepare(work / "feeds", farm.urls(told.sources, PORT))
        config = configuration.load(work / "feeds" / "config.yaml")
        config = replace(config, poll=replace(config.poll, interval=INTERVAL, min=INTERVAL, max=INTERVAL))
        (work / "feeds" / "state").mkdir(exist_ok=True)
        clock = Clock()
        with farm.served(work / "farm", PORT), store.open(config.store.url) as state:
            began, spent = time.monotonic(), cpu_s()
            asyncio.run(pipeline.poll(config, state, clock=clock.now))
            pipeline.publish(config, state, now=clock.now())
            print(
                f"{told.sources} sources, cold: {time.monotonic() - began:.0f} s, {cpu_s() - spent:.0f} s CPU",
                flush=True,
            )
            clock.skip_to(min(polling.next_poll_at for polling in state.pollings().values()))
            os.truncate(work / "farm" / "access.log", 0)
            tally = asyncio.run(hour(config, state, clock, work / "farm", minutes=told.minutes))
            requests = len((work / "farm" / "access.log").read_text().splitlines())
    late = sorted(tally.late)
    print(
        json.dumps(
            {
                "polls": len(late),
                "requests at the server": requests,
                "answers": dict(tally.answers),
                "late, median share of the interval": round(late[len(late) // 2], 4),
                "late, 99 of 100": round(late[len(late) * 99 // 100], 4),
                "late, worst": round(late[-1], 4),
                "later than 5%": sum(share > LATE_SHARE for share in late),
                "files written": tally.written,
                "CPU s": round(tally.cpu_s, 1),
                "share of one core": round(tally.cpu_s / (told.minutes * 60), 4),
                "peak MiB of the main process": round(tally.most_mib),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
