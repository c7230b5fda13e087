"""Replay real arrival times under several schedules, at equal numbers of polls.

    python bench/schedule.py [--days 30] [--intervals 30] [--plot docs/schedule.svg] [arrivals.jsonl.gz]
    python bench/schedule.py --parts [--days 30] [--intervals 30] [arrivals.jsonl.gz]

A feed shows its newest `depth` entries: as many as any one capture showed for the first time, or as many as
its documents usually held where the captures are public (bench/depths.tsv), if that is more.
An entry is lost when it came and went between two polls; it could have been saved when it was
to be seen for at least `min`, so that polling so often saves it without luck. The delay of an
entry is from its arrival to the poll that first shows it; delays and polls count from the
fourth day on, for every rule, losses from the first.
Rules of the peers as PEERS.md and their code have them; fixed and miniflux are scaled until
they poll as often as we do.

What the captures cannot tell: an entry without a date that fits came somewhere between two of
them; those of one capture are spread evenly over that time, as those with dates are (of 17,630 that
two-hourly collectors first saw, each fifth of the time has 18 to 22%). `--parts` has them all at the later
capture as well, and the depths as they were read without bench/depths.tsv. Feeds that were captured more slowly
than they turn over show only their last entries before each capture; `--parts` has the others alone. Its last
column is how many savable entries we lose with other jitter.
"""

import argparse
import bisect
import gzip
import hashlib
import heapq
import json
import math
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import cadence  # noqa: E402 after the path is set
from feeds.model import Document, NotModified, Polling, Source, Validators  # noqa: E402

ARRIVALS = Path(__file__).parents[2] / "shared" / "corpus" / "arrivals.jsonl.gz"
DEPTHS = Path(__file__).with_name(
    "depths.tsv"
)  # how many entries the documents showed, where their captures are public
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
LEAST, MOST = 5 * MINUTE, DAY
ONE_CAPTURE = 10.0  # a collector stamps the entries of one capture within milliseconds, and comes again after minutes
ZONE_FITS = 0.9  # of the dates: a zone that is wrong is wrong for nearly all
OVERTAKEN = 0.1  # of the captures shared no entry with the one before: the feed was overtaken
EQUAL, STEPS = 0.001, 8  # two rules poll equally often that differ by less; so many tries to find where
WARM_UP = 3 * DAY  # polls and delays count after it, for every rule; losses count from the start


@dataclass(frozen=True)
class Arrivals:
    name: str
    depth: int
    times: list[float]  # ascending, those before `start` fill the first document
    start: float
    end: float
    gaps: float = 0.0  # share of the captures that shared no entry with the one before


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


def read(
    path: Path, days: float, *, skip: float = 0, spread: bool = True, depths: dict[str, int] | None = None
) -> list[Arrivals]:
    """Return the feeds for some days; `depths` are those measured, no less than any one capture showed as new."""
    feeds = []
    depths = measured() if depths is None else depths
    for line in gzip.decompress(path.read_bytes()).splitlines():
        row = json.loads(line)
        if "first_seen" not in row:
            continue  # one capture: what came before it tells nothing about what was missed
        seen = captured([stamp(text) for text in row["first_seen"]])
        captures = sorted(set(seen))
        dates = in_zone([stamp(text) if text else None for text in row["published"]], seen, captures)
        times = arrivals(dates, seen, captures, spread=spread)
        start = captures[0] + skip * DAY
        counts = Counter(seen)
        depth = max(*counts.values(), depths.get(row["feed"], 0), 5)
        end = min(max(times), start + days * DAY)
        times = sorted(t for t in times if t <= end)
        gaps = sum(counts[capture] >= depth for capture in captures[1:]) / len(captures)
        feeds.append(Arrivals(row["feed"], depth, times, start, end, gaps))
    return [feed for feed in feeds if feed.end - feed.start >= WARM_UP + DAY and len(feed.times) >= feed.depth + 10]


def measured() -> dict[str, int]:
    """Return how many entries documents usually showed, where their captures are public: bench/depths.py."""
    rows = [line.split("\t") for line in DEPTHS.read_text("utf-8").splitlines()[1:]]
    return {name: int(usual) for name, usual, *_ in rows}


def captured(seen: list[float]) -> list[float]:
    """Return for each entry when the capture began that first showed it: a collector stamps entries one by one."""
    began: dict[float, float] = {}
    last = -math.inf
    for moment in sorted(set(seen)):
        began[moment] = began[last] if moment - last <= ONE_CAPTURE else moment
        last = moment
    return [began[moment] for moment in seen]


def between(captures: list[float], capture: float) -> float:
    """Return when the capture before was, that did not show the entry yet."""
    place = bisect.bisect_left(captures, capture)
    return captures[place - 1] if place else -math.inf


def in_zone(dates: list[float | None], seen: list[float], captures: list[float]) -> list[float | None]:
    """Return the dates, moved by the hours by which they are all wrong where nearly all fit then."""
    known = [(date, capture, between(captures, capture)) for date, capture in zip(dates, seen, strict=True) if date]

    def fitting(off_s: float) -> float:
        return sum(before < date + off_s <= capture for date, capture, before in known) / len(known)

    if not known or fitting(0) >= ZONE_FITS:
        return dates
    best = max((hours * HOUR for hours in range(-14, 15)), key=fitting)
    return [date + best if date else None for date in dates] if fitting(best) >= ZONE_FITS else dates


def arrivals(
    dates: list[float | None], seen: list[float], captures: list[float], *, spread: bool = True
) -> list[float]:
    """When entries came: between the capture that first showed each and the one before, by its date if that fits.

    Without a date that fits it came somewhere between the two: those of one capture at even distances, or
    without `spread` all at the later end.
    """
    times, undated = [], Counter[float]()
    for date, capture in zip(dates, seen, strict=True):
        if date is not None and between(captures, capture) < date <= capture:
            times.append(date)
        else:
            undated[capture] += 1
    for capture, count in undated.items():
        before = between(captures, capture)
        step = (capture - before) / count if spread and before > -math.inf else 0.0
        times.extend(capture - step * place for place in range(count))
    return times


def stamp(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def replay(feed: Arrivals, rule: Rule, whole: Outcome) -> Iterator[float]:
    """Poll a feed to its end and add to the outcome what came of it; yield before each poll when it is, from the start.

    An entry is lost that came and went between two polls.
    """
    wait = rule(feed)
    now, upto = feed.start, bisect.bisect_right(feed.times, feed.start)
    wait_s = wait(now, 0, upto)
    while (now := now + wait_s) <= feed.end:
        yield now - feed.start
        arrived = bisect.bisect_right(feed.times, now)
        visible = max(upto, arrived - feed.depth)
        whole.lost += visible - upto
        whole.savable += sum(savable(feed, index) for index in range(upto, visible))
        if now > feed.start + WARM_UP:
            whole.polls += 1
            whole.delays.extend(now - feed.times[index] for index in range(visible, arrived))
        new, upto = arrived - visible, arrived
        wait_s = wait(now, new, upto)


def savable(feed: Arrivals, index: int) -> bool:
    return feed.times[index + feed.depth] - feed.times[index] >= LEAST


def measure(feeds: list[Arrivals], rule: Rule) -> Outcome:
    """Poll all feeds side by side, as one deployment would: all begin on the same day."""
    whole = Outcome(0, 0, 0, [])
    for _ in heapq.merge(*(replay(feed, rule, whole) for feed in feeds)):
        pass
    return whole


def fixed(factor: float) -> Rule:
    """An hour divided by the factor, whatever comes."""
    return lambda _feed: lambda _now, _new, _upto: HOUR / factor


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


def ours(interval_s: float, luck: int = 0) -> Rule:
    settings = cadence.Settings(
        interval=timedelta(seconds=interval_s), min=timedelta(seconds=LEAST), max=timedelta(seconds=MOST)
    )
    known: dict[str, Polling] = {}  # of the feeds that are polled side by side

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
            dice = hashlib.blake2b(f"{feed.name} {now} {luck}".encode(), digest_size=4).digest()
            polling = known[feed.name] = cadence.after(
                polling,
                answer,
                seen,
                source=source,
                settings=replace(settings, typical=cadence.typical(known.values())),
                now=moment,
                random=int.from_bytes(dice) / 2**32,
            )
            if polling.next_poll_at is None:
                raise AssertionError("a feed that answers is asked again")
            wait_s = (polling.next_poll_at - moment).total_seconds()
            if now + wait_s > feed.end:
                del known[feed.name]
            return wait_s

        return wait

    return of


def matched(feeds: list[Arrivals], rule: Callable[[float], Rule], polls: int, usual: float) -> tuple[float, Outcome]:
    """Return the factor at which a rule polls as often as wanted, by secants, and what comes of it.

    Where nothing bounds a rule its polls go with its factor, which is the first guess.
    """
    known: list[tuple[float, float]] = []
    factor, slope = math.log(usual), 1.0
    while True:
        outcome = measure(feeds, rule(math.exp(factor)))
        short = math.log(polls / max(outcome.polls, 1))
        known.append((factor, short))
        if abs(short) < EQUAL or len(known) == STEPS:
            return math.exp(factor), outcome
        if len(known) > 1:
            (before, was), (at, now_short) = known[-2:]
            slope = max((was - now_short) / (at - before), 0.2) if at != before else slope
        factor += short / slope


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


def parts(path: Path, days: float) -> dict[str, list[Arrivals]]:
    """Return the feeds in several ways, so that no single one is tuned to."""
    feeds = sorted(read(path, days), key=lambda feed: feed.name)
    return {
        "all feeds": feeds,
        f"the next {days:g} days": read(path, days, skip=days),
        "every other feed": feeds[0::2],
        "the other half": feeds[1::2],
        "captured before they turned over": [feed for feed in feeds if feed.gaps < OVERTAKEN],
        "undated entries at the later capture": read(path, days, spread=False),
        "and depths by what was new alone": read(path, days, spread=False, depths={}),
        "documents half as deep": [replace(feed, depth=max(feed.depth // 2, 5)) for feed in feeds],
    }


def compared(name: str, feeds: list[Arrivals], interval_s: float) -> str:
    """Return a line that sets our schedule against fixed and miniflux at equal polls."""
    own = measure(feeds, ours(interval_s))
    _, every = matched(feeds, fixed, own.polls, 1.0)
    _, weekly = matched(feeds, miniflux, own.polls, 1.0)
    less = 1 - own.median / min(every.median, weekly.median)
    others = [measure(feeds, ours(interval_s, luck)).savable for luck in range(1, 5)]
    return (
        f"| {name} | {len(feeds)} | {own.polls:,} | {own.median:.1f} | {every.median:.1f} | {weekly.median:.1f} "
        f"| {100 * less:.0f}% | {own.savable} / {every.savable} / {weekly.savable} "
        f"| {min(own.savable, *others)}-{max(own.savable, *others)} |"
    )


def parted(path: Path, days: float, minutes: float) -> None:
    print(
        f"| interval {minutes:g} min, equal polls | feeds | polls | ours, median min | fixed | miniflux "
        "| less than the best | savable lost: ours / fixed / miniflux | ours, five times |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, some in parts(path, days).items():
        print(compared(name, some, minutes * MINUTE), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("arrivals", nargs="?", type=Path, default=ARRIVALS)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--skip", type=float, default=0, help="days at the start of each feed's captures")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--intervals", type=float, nargs="+", default=[30], help="ours, minutes")
    parser.add_argument("--parts", action="store_true", help="the feeds in several ways instead, at the first interval")
    options = parser.parse_args()
    if options.parts:
        parted(options.arrivals, options.days, options.intervals[0])
        return
    feeds = read(options.arrivals, options.days, skip=options.skip)
    print(f"{len(feeds)} feeds, {sum(len(f.times) for f in feeds):,} entries, {options.days:g} days at most")
    print()
    print("| rule | polls | lost | could have been saved | median, min | 95th, min | mean, min |")
    print("|---|---|---|---|---|---|---|")
    curves: dict[str, list[Outcome]] = {"ours": [], "fixed": [], "miniflux": []}
    for minutes in options.intervals:
        own = measure(feeds, ours(minutes * MINUTE))
        hourly, every = matched(feeds, fixed, own.polls, HOUR / (minutes * MINUTE))
        factor, weekly = matched(feeds, miniflux, own.polls, 1.0)
        for name, outcome in (("ours", own), ("fixed", every), ("miniflux", weekly)):
            curves[name].append(outcome)
        print(row(f"ours, interval {minutes:g} min", own))
        print(row(f"fixed, {HOUR / hourly / MINUTE:.1f} min", every))
        print(row(f"miniflux, factor {factor:.2f}", weekly), flush=True)
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
