"""What a pass costs as sources and stored entries grow; linear is the bar, the plot goes to docs/pictures/growth.svg.

    python bench/growth.py [--sources 100,300,1000] [--stored 10000,100000,1000000] [--plot FILE]

Sources: `feeds once --all` of so many farm feeds (bench/farm.py), cold, unchanged and with a tenth changed. Stored: the
same of 100 sources, a tenth of them changed, on a state that holds so many entries of sixty days already (made-up
words, real sketches, tags by lot). CPU of all processes; the slope is that of log CPU over log size, 1 is linear.
"""

import argparse
import math
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from bench import contenders, farm, measure  # noqa: E402 after the path is set
from feeds import dedupe, store, stories  # noqa: E402
from feeds.model import Entry, Held, Polling, Tags  # noqa: E402
from feeds.store import Kept, Poll, Telling, Wording  # noqa: E402

PORT = 8302
GROUP = 2_000
DAYS = 60
POLLED = 100  # sources, while what is stored grows
COUNTRIES = ("KZ", "UZ", "KG", "TJ", "TM", "IR", "TR", "CN", "RU", "US", "DE", "FR", "IN", "JP", "BR", "AU")
CENTRAL = frozenset(COUNTRIES[:5])
THEMES = ("diplomacy", "security", "economy", "energy", "transport", "water-climate", "politics", "sport", "culture")


def stored(now: datetime, first: int) -> Iterator[tuple[Kept, Wording, Telling]]:
    """Yield entries with their wordings and tellings, without end, each another."""
    die = random.Random(first)
    words = ["".join(die.choices("abdeghiklmnoprstuvyz", k=die.randint(3, 9))) for _ in range(60_000)]
    weights = list(accumulate(1 / (rank + 8) for rank in range(len(words))))
    while True:
        written = []
        for number in range(first, first + GROUP):
            drawn = die.choices(words, cum_weights=weights, k=60)
            country, theme = die.choice(COUNTRIES), die.choice(THEMES)
            regions = (country.lower(), "central-asia") if country in CENTRAL else (country.lower(),)
            written.append((
                Entry(
                    id=f"https://stored.example/{number}", link=f"https://stored.example/{number}",
                    title=" ".join(drawn[:10]).title(), summary=f"<p>{' '.join(drawn[10:])}</p>",
                    published=now - timedelta(days=DAYS) * die.random(), language="en",
                ),
                " ".join(drawn[10:]),
                Tags(language="en", countries=(country,), primary=(country,), regions=regions, mentioned=regions,
                     themes=(theme,), scores={country.lower(): 1.0, theme: 1.0}),
            ))  # fmt: skip
        first += GROUP
        news = [
            stories.New(id=entry.id, features=stories.of_text(title=entry.title, body=body), when=entry.published)
            for entry, body, _ in written
        ]
        for (entry, body, tags), placed in zip(written, stories.Index().place(news), strict=True):
            at, link = entry.published, entry.id
            sketch = dedupe.of_text(title=entry.title, body=body, link=link).pack()
            place = (at, link, "stored")
            yield (
                Kept(held=Held(entry=entry, source="stored", first_seen=at, changed=at, tags=tags)),
                Wording(entry=link, place=place, at=at, seen=at, sketch=sketch),
                Telling(
                    entry=link, place=place, story=link, at=at, seen=at,
                    terms=placed.terms, squares=placed.squares, names=placed.names,
                ),
            )  # fmt: skip


def once(ours: contenders.Contender, folder: Path) -> float:
    """Return the CPU seconds of a pass."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return measure.run(ours.poll(folder), environment=environment, log=folder / "log").cpu_s


def by_sources(work: Path, ours: contenders.Contender, sizes: list[int]) -> dict[str, list[float]]:
    """Return CPU seconds of each kind of pass at each number of sources."""
    cost = {"cold": [], "unchanged": [], "a tenth changed": []}
    for size in sizes:
        farm.generate(work / "farm", size)
        folder = work / f"sources{size}"
        folder.mkdir()
        ours.prepare(folder, farm.urls(size, PORT))
        with farm.served(work / "farm", PORT):
            cost["cold"].append(once(ours, folder))
            cost["unchanged"].append(once(ours, folder))
            farm.advance(work / "farm")
            cost["a tenth changed"].append(once(ours, folder))
        print(
            f"{size:>9} sources  " + "  ".join(f"{name} {taken[-1]:.2f} s" for name, taken in cost.items()), flush=True
        )
    return cost


def by_stored(work: Path, ours: contenders.Contender, sizes: list[int]) -> dict[str, list[float]]:
    """Return CPU seconds of a pass over a hundred sources at each number of stored entries."""
    cost = {"a tenth changed": [], "unchanged": []}
    folder = work / "stored"
    folder.mkdir()
    farm.generate(work / "farm", POLLED)
    ours.prepare(folder, farm.urls(POLLED, PORT))
    with farm.served(work / "farm", PORT):
        once(ours, folder)
        reached = 0
        for size in sizes:
            entries = stored(datetime.now(UTC), reached)
            with store.open(f"sqlite:///{folder}/state/feeds.db") as state:
                while reached < size:
                    kept, wordings, told = zip(*islice(entries, min(GROUP, size - reached)), strict=True)
                    polling = Polling(source="stored")
                    failed = state.save([Poll(polling=polling, kept=kept, wordings=wordings, tellings=told)])
                    if failed:
                        raise SystemExit(str(failed))
                    reached += len(kept)
            once(ours, folder)  # publishes what was put in
            farm.advance(work / "farm")
            cost["a tenth changed"].append(once(ours, folder))
            cost["unchanged"].append(once(ours, folder))
            print(
                f"{size:>9} stored   " + "  ".join(f"{name} {taken[-1]:.2f} s" for name, taken in cost.items()),
                flush=True,
            )
    return cost


def slope(sizes: list[int], taken: list[float]) -> float:
    """Return the growth over the last two sizes, where what a process costs at all matters least."""
    return math.log(taken[-1] / taken[-2]) / math.log(sizes[-1] / sizes[-2]) if len(sizes) > 1 else math.nan


def plot(path: Path, panels: list[tuple[str, list[int], dict[str, list[float]]]]) -> None:
    """Draw one panel each, both axes logarithmic."""
    import matplotlib as mpl  # noqa: PLC0415 only where it is asked for

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels), 3.6), layout="constrained")
    for axis, (name, sizes, cost) in zip(axes, panels, strict=True):
        for label, taken in cost.items():
            axis.loglog(sizes, taken, marker="o", label=label)
        axis.set(xlabel=name, ylabel="CPU seconds of a pass")
        axis.grid(alpha=0.3)
        axis.legend()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Read the command line, measure, print the slopes, draw."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sources", default="100,300,1000,3000,10000")
    asked.add_argument("--stored", default="10000,30000,100000,300000,1000000")
    asked.add_argument("--plot", type=Path)
    told = asked.parse_args()
    panels = []
    with tempfile.TemporaryDirectory(prefix="growth") as made:
        work = Path(made)
        work.chmod(0o755)  # nginx, started by root, reads as another user
        ours = contenders.present(ROOT)[0]
        for name, sizes, run in (("sources", told.sources, by_sources), ("stored entries", told.stored, by_stored)):
            asked_sizes = [int(size) for size in sizes.split(",") if size]
            if asked_sizes:
                panels.append((name, asked_sizes, run(work, ours, asked_sizes)))
    for name, sizes, cost in panels:
        for label, taken in cost.items():
            print(f"{name}, {label}: slope {slope(sizes, taken):.2f}")
    if told.plot:
        plot(told.plot, panels)


if __name__ == "__main__":
    main()
