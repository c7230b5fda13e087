"""Start times that do not herd: a batch's sources spread over a span, those of one host far apart."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from feeds.model import Source


def spread(sources: Sequence[Source], over: timedelta) -> tuple[timedelta, ...]:
    """Return for each source how long to wait before its start, less than `over`.

    The sources of each host are spread evenly over the whole span, and hosts are shifted
    against each other, so neither a publisher nor we see a burst.
    """
    hosts = [(urlsplit(source.url).hostname or source.id).lower() for source in sources]
    totals = Counter(hosts)
    order = {host: place for place, host in enumerate(totals)}
    nth: Counter[str] = Counter()
    starts: list[timedelta] = []
    for host in hosts:
        shift = order[host] / len(order)
        starts.append(over * ((nth[host] + shift) / totals[host]))
        nth[host] += 1
    return tuple(starts)
