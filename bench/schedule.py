"""Replay real arrival times under several schedules, at equal numbers of polls.

    python bench/schedule.py [--days 30] [--plot docs/schedule.svg] [arrivals.jsonl.gz]

A feed shows its newest `depth` entries (as many as any one capture showed for the first time).
An entry is lost when it came and went between two polls; it could have been saved when it was
to be seen for at least `min`, so that polling so often saves it without luck. The delay of an
entry is from its arrival to the poll that first shows it; delays and polls count from the
fourth day on, for every rule, losses from the first.
Rules of the peers as PEERS.md and their code have them; fixed and miniflux are scaled until
they poll as often as we do.
"""

import argparse
import bisect
import gzip
import hashlib
import json
import math
import statistics
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import cadence  # noqa: E402 after the path is set
from feeds.model import Document, NotModified, Polling, Source, Validators  # noqa: E402

ARRIVALS = Path(__file__).parents[2] / "shared" / "corpus" / "arrivals.jsonl.gz"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
LEAST, MOST = 5 * MINUTE, DAY
WARM_UP = 3 * DAY  # polls and delays count after it, for every rule; losses count from the start


@dataclass(frozen=True)
class Arrivals:
    name: str
    depth: int
    times: list[float]  # ascending, those before `start` fill the first document
    start: float
    end: float


@dataclass
class Outcome:
    polls: int
    lost: int
    savable: int
    delays: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.delays) / MINUTE

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.delays, n=20)[-1] / MINUTE


Rule = Callable[[Arrivals], Callable[[float, int, int], float]]
"""Makes, for a feed, what says how long to wait after a poll at `now` that saw `new` entries, the last at `upto`."""


def read(path: Path, days: float) -> list[Arrivals]:
    feeds = []
    for line in gzip.decompress(path.read_bytes()).splitlines():
        row = json.loads(line)
        if "first_seen" not in row:
            continue  # one capture: what came before it tells nothing about what was missed
        seen = [stamp(text) for text in row["first_seen"]]
        captures = sorted(set(seen))
        times = [
            arrival(stamp(published) if published else None, first_seen, captures)
            for published, first_seen in zip(row["published"], seen, strict=True)
        ]
        start = min(seen)
        depth = max(Counter(seen).most_common(1)[0][1], 5)
        end = min(max(times), start + days * DAY)
        feeds.append(Arrivals(row["feed"], depth, sorted(t for t in times if t <= end), start, end))
    return [feed for feed in feeds if feed.end - feed.start >= WARM_UP + DAY and len(feed.times) >= feed.depth + 10]


def arrival(published: float | None, first_seen: float, captures: list[float]) -> float:
    """When an entry came: between the capture that first showed it and the one before, by its date if that fits.

    Without a date that fits it came somewhere between the two; the later end claims least.
    """
    place = bisect.bisect_left(captures, first_seen)
    before = captures[place - 1] if place else -math.inf
    return published if published is not None and before < published <= first_seen else first_seen


def stamp(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def replay(feed: Arrivals, rule: Rule) -> tuple[int, set[int], list[float]]:
    """Return the polls, the entries lost and the delays of those that were not."""
    wait = rule(feed)
    now, upto, polls = feed.start, bisect.bisect_right(feed.times, feed.start), 0
    wait_s = wait(now, 0, upto)
    lost: set[int] = set()
    delays: list[float] = []
    while (now := now + wait_s) <= feed.end:
        arrived = bisect.bisect_right(feed.times, now)
        visible = max(upto, arrived - feed.depth)
        lost.update(range(upto, visible))
        if now > feed.start + WARM_UP:
            polls += 1
            delays.extend(now - feed.times[index] for index in range(visible, arrived))
        new, upto = arrived - visible, arrived
        wait_s = wait(now, new, upto)
    return polls, lost, delays


def savable(feed: Arrivals, index: int) -> bool:
    return feed.times[index + feed.depth] - feed.times[index] >= LEAST


def measure(feeds: list[Arrivals], rule: Rule) -> Outcome:
    whole = Outcome(0, 0, 0, [])
    for feed in feeds:
        polls, lost, delays = replay(feed, rule)
        whole.polls += polls
        whole.lost += len(lost)
        whole.savable += sum(savable(feed, index) for index in lost)
        whole.delays += delays
    return whole


def fixed(wait_s: float) -> Rule:
    return lambda _feed: lambda _now, _new, _upto: wait_s


def miniflux(factor: float) -> Rule:
    """entry_frequency: a week divided by the week's entries, 5 minutes to 24 hours."""

    def of(feed: Arrivals) -> Callable[[float, int, int], float]:
        def wait(now: float, _new: int, upto: int) -> float:
            weekly = upto - bisect.bisect_left(feed.times, now - 7 * DAY)
            return min(max(7 * DAY / (weekly * factor), LEAST), MOST) if weekly else MOST

        return wait

    return of


def commafeed() -> Rule:
    """Half of the mean gap between the entries a document shows, 5 minutes to 4 hours."""

    def of(feed: Arrivals) -> Callable[[float, int, int], float]:
        def wait(_now: float, _new: int, upto: int) -> float:
            shown = feed.times[max(0, upto - feed.depth) : upto]
            if len(shown) < 2:
                return 4 * HOUR
            return min(max((shown[-1] - shown[0]) / (len(shown) - 1) / 2, LEAST), 4 * HOUR)

        return wait

    return of


def media_cloud() -> Rule:
    """The share of known entries decides: an hour more, an hour less; 10 minutes to 24 hours."""

    def of(feed: Arrivals) -> Callable[[float, int, int], float]:
        wait_s = 12 * HOUR

        def wait(_now: float, new: int, upto: int) -> float:
            nonlocal wait_s
            known = 1 - new / max(min(feed.depth, upto), 1)
            if known >= 0.67:
                wait_s += HOUR
            elif known < 0.33:
                wait_s -= HOUR
            wait_s = min(max(wait_s, 10 * MINUTE), DAY)
            return wait_s

        return wait

    return of


def ours(interval_s: float) -> Rule:
    settings = cadence.Settings(
        interval=timedelta(seconds=interval_s), min=timedelta(seconds=LEAST), max=timedelta(seconds=MOST)
    )

    def of(feed: Arrivals) -> Callable[[float, int, int], float]:
        source = Source(id=feed.name, url="https://example.org/feed")
        polling: Polling = cadence.start(source)

        def wait(now: float, new: int, upto: int) -> float:
            nonlocal polling
            moment = datetime.fromtimestamp(now, UTC)
            if polling.polls and not new:
                answer: Document | NotModified = NotModified()
                seen = None
            else:
                shown = feed.times[max(0, upto - feed.depth) : upto]
                dates = tuple(datetime.fromtimestamp(t, UTC) for t in shown)
                first = not polling.polls
                new = len(shown) if first else new
                answer = Document(url=source.url, body=b"", digest=str(upto), validators=Validators(etag=str(upto)))
                seen = cadence.Seen(
                    entries=len(shown), new=new, dates=dates, new_dates=dates[len(dates) - new :], title=feed.name
                )
            luck = int.from_bytes(hashlib.blake2b(f"{feed.name} {now}".encode(), digest_size=4).digest()) / 2**32
            polling = cadence.after(polling, answer, seen, source=source, settings=settings, now=moment, random=luck)
            if polling.next_poll_at is None:
                raise AssertionError("a feed that answers is asked again")
            return (polling.next_poll_at - moment).total_seconds()

        return wait

    return of


def matched(
    feeds: list[Arrivals], rule: Callable[[float], Rule], polls: int, least: float, most: float, *, rises: bool
) -> float:
    """Return the parameter at which a rule polls as often as wanted, by bisection."""
    for _ in range(14):
        middle = (least * most) ** 0.5
        more = sum(replay(feed, rule(middle))[0] for feed in feeds) > polls
        if more == rises:
            most = middle
        else:
            least = middle
    return (least * most) ** 0.5


def row(name: str, outcome: Outcome) -> str:
    return (
        f"| {name} | {outcome.polls:,} | {outcome.lost} | {outcome.savable} "
        f"| {outcome.median:.1f} | {outcome.p95:.0f} | {statistics.mean(outcome.delays) / MINUTE:.1f} |"
    )


def plot(path: Path, curves: dict[str, list[Outcome]]) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "feeds"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for name, outcomes in curves.items():
        style = "o-" if len(outcomes) > 1 else "x"
        axes.plot([o.polls for o in outcomes], [o.median for o in outcomes], style, label=name)
    axes.set(xscale="log", yscale="log", xlabel="polls", ylabel="median delay, minutes")
    axes.legend()
    axes.grid(visible=True, which="both", alpha=0.3)
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("arrivals", nargs="?", type=Path, default=ARRIVALS)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--intervals", type=float, nargs="+", default=[30], help="ours, minutes")
    options = parser.parse_args()
    feeds = read(options.arrivals, options.days)
    print(f"{len(feeds)} feeds, {sum(len(f.times) for f in feeds):,} entries, {options.days:g} days at most")
    print()
    print("| rule | polls | lost | could have been saved | median, min | 95th, min | mean, min |")
    print("|---|---|---|---|---|---|---|")
    curves: dict[str, list[Outcome]] = {"ours": [], "fixed": [], "miniflux": []}
    for minutes in options.intervals:
        own = measure(feeds, ours(minutes * MINUTE))
        every = matched(feeds, fixed, own.polls, MINUTE, 3 * DAY, rises=False)
        factor = matched(feeds, miniflux, own.polls, 0.001, 1000, rises=True)
        curves["ours"].append(own)
        curves["fixed"].append(measure(feeds, fixed(every)))
        curves["miniflux"].append(measure(feeds, miniflux(factor)))
        print(row(f"ours, interval {minutes:g} min", own))
        print(row(f"fixed, {every / MINUTE:.1f} min", curves["fixed"][-1]))
        print(row(f"miniflux, factor {factor:.2f}", curves["miniflux"][-1]))
    for name, rule in (
        ("miniflux, as it comes", miniflux(1)),
        ("CommaFeed", commafeed()),
        ("Media Cloud", media_cloud()),
    ):
        curves[name] = [measure(feeds, rule)]
        print(row(name, curves[name][0]))
    if options.plot:
        plot(options.plot, curves)


if __name__ == "__main__":
    main()
