"""What a schedule could reach that knew beforehand what ours has to learn, at given numbers of polls.

    python bench/reach.py [--days 40] [--skip 0] 94625 69040 48040 41997

It knows each feed's rate at every hour of working days and of weekends, from the same days it is then measured
on, and when each document turns over: it asks just before, and no sooner, so that losing nothing costs the
fewest polls. All other polls go to the liveliest hours of the liveliest feeds from which a share of all entries
come, to these alike and at least five minutes apart: the median delay is least then. Of several shares and
distances the best is told that polls no more often than wanted. What beats it has to know more than the hour: the
minute, or that a burst has begun.
"""

import argparse
import itertools
import math
import sys
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from bench import schedule  # noqa: E402 after the path is set

SHARES = (0.52, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)  # of all entries, from the liveliest hours
WAITS_MIN = (5, 6, 7, 8, 10, 12)
HOURS, DAYS, EPOCH_WEEKDAY = 24, 7, 3


def hourly(feed: schedule.Arrivals) -> dict[tuple[bool, int], float]:
    """Return how many entries a day came at each hour, of working days and of weekends."""
    came = [hour_of(moment) for moment in feed.times if moment > feed.start]
    passed = [
        hour_of(feed.start + n * schedule.HOUR) for n in range(math.ceil((feed.end - feed.start) / schedule.HOUR))
    ]
    return {hour: HOURS * came.count(hour) / passed.count(hour) for hour in set(passed)}


def hour_of(moment: float) -> tuple[bool, int]:
    days, seconds = divmod(moment, schedule.DAY)
    return (days + EPOCH_WEEKDAY) % DAYS >= 5, int(seconds // schedule.HOUR)


def cut(feeds: list[schedule.Arrivals], rates: dict[str, dict[tuple[bool, int], float]], share: float) -> float:
    """Return the rate from which on the hours are counted that a share of all entries come from."""
    found = sorted(
        (rates[feed.name].get(hour_of(moment), 0.0) for feed in feeds for moment in feed.times if moment > feed.start),
        reverse=True,
    )
    return found[round(share * len(found)) - 1]


def foreseen(feed: schedule.Arrivals, now: float, upto: int) -> float:
    """Return how long the feed can be left alone without losing an entry that could be saved."""
    for index in range(upto, len(feed.times) - feed.depth):
        if schedule.savable(feed, index):
            return max(feed.times[index + feed.depth] - 1 - now, 1.0)
    return schedule.MOST


def knowing(rates: dict[str, dict[tuple[bool, int], float]], least: float, wait_s: float) -> schedule.Rule:
    def of(feed: schedule.Arrivals) -> Callable[[float, int, int], float]:
        rate = rates[feed.name]

        def lively(now: float) -> float:
            moment = now + wait_s
            while rate.get(hour_of(moment), 0.0) < least and moment < now + schedule.MOST:
                moment = (moment // schedule.HOUR + 1) * schedule.HOUR
            return moment - now

        return lambda now, _new, upto: min(lively(now), foreseen(feed, now, upto))

    return of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("polls", type=int, nargs="+")
    parser.add_argument("--arrivals", type=Path, default=schedule.ARRIVALS)
    parser.add_argument("--days", type=float, default=40)
    parser.add_argument("--skip", type=float, default=0, help="days at the start of each feed's captures")
    options = parser.parse_args()
    feeds = schedule.read(options.arrivals, options.days, skip=options.skip)
    rates = {feed.name: hourly(feed) for feed in feeds}
    found = [
        (
            schedule.measure(feeds, knowing(rates, cut(feeds, rates, share), wait * schedule.MINUTE)),
            f"{wait} min where {share:.0%} come from",
        )
        for share, wait in itertools.product(SHARES, WAITS_MIN)
    ]
    print("| polls | median, min | miniflux | less | savable lost | asked every |")
    print("|---|---|---|---|---|---|")
    for polls in options.polls:
        best, how = min(((one, how) for one, how in found if one.polls <= polls), key=lambda pair: pair[0].median)
        _, weekly = schedule.matched(feeds, schedule.miniflux, polls, 1.0)
        less = 1 - best.median / weekly.median
        print(f"| {polls:,} | {best.median:.1f} | {weekly.median:.1f} | {100 * less:.0f}% | {best.savable} | {how} |")


if __name__ == "__main__":
    main()
