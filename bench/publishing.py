"""How long a publish pass takes over 300 topics and 100,000 stored entries: store, curate, render, write.

    nice python bench/publishing.py [topics] [entries stored] [folder]

Each topic matches some 130 of the stored entries and shows 100 of them, with archives. A pass in a process of its
own publishes everything; then nothing changed; then 1% of the stored entries changed (nine of ten are new, one is
corrected), three times; then the same with all that is remembered between two passes lost. The folder is where state
and output are, a memory disk for one that shall not wait for the disk.
"""

import itertools
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
COUNTRIES = ("kz uz tm tj kg ir ru cn tr az am ge af pk in mn", "by ua pl de fr gb us jp kr sa ae qa iq il")
COUNTRIES = tuple(code for line in COUNTRIES for code in line.split())
THEMES = (
    *("diplomacy", "economy-trade", "energy", "crime", "transport"),
    *("water-climate", "security", "health", "rights-law", "culture"),
)
TEXT = "officials said that the talks about transit water and trade would go on next month in the capital"
WORDS = tuple(TEXT.split(" "))


def config_text(folder, topics):
    pairs = itertools.islice(itertools.cycle(itertools.product(COUNTRIES, THEMES)), topics)
    sources = "".join(f"  - {{id: s{n}, url: 'https://s{n}.example/feed', title: Source {n}}}\n" for n in range(40))
    listed = "".join(
        f"  - {{slug: t{n}, title: Topic {n}, match: 'region:{country} theme:{theme} -title:astrology'}}\n"
        for n, (country, theme) in enumerate(pairs)
    )
    site = "site: {title: Wire, url: 'https://wire.example.org/'}\n"
    return f"{site}store: {{url: 'sqlite:///{folder}/feeds.db'}}\nsources:\n{sources}topics:\n{listed}"


def held(number, seen, dice):
    from feeds.model import Entry, Held, Tags  # noqa: PLC0415 after the path is set

    # Two of five entries are of a topic.
    country, theme = (dice.choice(COUNTRIES), dice.choice(THEMES)) if number % 5 < 2 else ("br", "sport")
    text = " ".join(dice.choices(WORDS, k=60))
    return Held(
        entry=Entry(
            id=f"https://s{number % 40}.example/{number}",
            link=f"https://s{number % 40}.example/{number}",
            title=" ".join(dice.choices(WORDS, k=9)).capitalize(),
            summary=f"<p>{text}.</p>",
            published=seen - timedelta(minutes=dice.randrange(60)),
            language="en",
        ),
        source=f"s{number % 40}",
        first_seen=seen,
        changed=seen,
        tags=Tags(language="en", regions=(country,), countries=(country.upper(),), themes=(theme,)),
        story=f"story-{number // 3}",
    )


def keep(state, helds):
    from feeds.model import Polling  # noqa: PLC0415
    from feeds.store import Kept, Poll  # noqa: PLC0415

    state.save([Poll(polling=Polling(source="s0"), kept=tuple(Kept(held=one) for one in helds))])


def publish(folder, minutes):
    """One pass in a process of its own, as `feeds once` is."""
    done = subprocess.run(
        [sys.executable, __file__, "--pass", str(folder), str(minutes)], capture_output=True, text=True, check=False
    )
    print(done.stdout.strip() or done.stderr, flush=True)


def one_pass(folder, minutes):
    from feeds import config, press, store  # noqa: PLC0415

    loaded = config.load(Path(folder) / "config.yaml", environ={})
    with store.open(loaded.store.url) as state:
        wall, cpu = time.perf_counter(), time.process_time()
        report = press.issue(loaded, state, now=NOON + timedelta(minutes=float(minutes)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{len(report.written):5} written {report.unchanged:5} not   "
        f"{wall:6.2f} s   {cpu:6.2f} s CPU   {peak} MB at most"
    )


def main(topics=300, entries=100_000, folder=None):
    from feeds import config, store  # noqa: PLC0415

    topics, entries, dice = int(topics), int(entries), random.Random(1)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        home = Path(name)
        (home / "config.yaml").write_text(config_text(home, topics), encoding="utf-8")
        loaded = config.load(home / "config.yaml", environ={})
        numbers = itertools.count()
        spread = timedelta(days=29) / entries
        with store.open(loaded.store.url) as state:
            for start in range(0, entries, 10_000):
                count = min(10_000, entries - start)
                keep(
                    state,
                    [held(next(numbers), NOON - spread * (entries - start - n), dice) for n in range(count)],
                )
        print("all", end="           ", flush=True)
        publish(home, 0)
        print("unchanged", end="     ", flush=True)
        publish(home, 1)
        for round_ in range(1, 4):
            now = NOON + timedelta(minutes=20 * round_)
            few = entries // 1000
            with store.open(loaded.store.url) as state:
                known = list(itertools.islice(state.held(since=NOON - timedelta(days=round_)), few))
                mended = [replace(one, entry=replace(one.entry, title="Corrected"), changed=now) for one in known]
                keep(state, [*mended, *(held(next(numbers), now, dice) for _ in range(9 * few))])
            print("1% changed", end="    ", flush=True)
            publish(home, 20 * round_)
        for path in home.glob("state/press.db*"):
            path.unlink()
        print("all forgotten", end=" ", flush=True)
        with store.open(loaded.store.url) as state:
            keep(state, [held(next(numbers), NOON + timedelta(minutes=70), dice)])
        publish(home, 80)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pass"]:
        one_pass(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
