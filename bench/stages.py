"""CPU of each stage a feed and an entry, on the farm's documents, in one process and without a network.

    python bench/stages.py [--feeds 100]

Feeds are read twice over: the first half loads vocabularies and fills caches and is not counted.
"""

import argparse
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from bench import farm, keeping  # noqa: E402 after the path is set
from bench.run import calibration  # noqa: E402
from feeds import (  # noqa: E402
    dedupe,
    intake,
    language,
    normalize,
    parse,
    regions,
    settle,
    store,
    stories,
    tagging,
    themes,
)
from feeds.model import Document, Source  # noqa: E402
from feeds.query import beginnings  # noqa: E402

NOW = datetime.now(UTC)
BATCH = 32
spent_s: Counter[str] = Counter()


@contextmanager
def stage(name):
    began = time.process_time()
    yield
    spent_s[name] += time.process_time() - began


def read(source, document, words):
    """Do by stages what `intake.read` does in one go."""
    with stage("parse"):
        feed = parse.feed(document, source=source.id)
    with stage("ids and digests"):
        named = normalize.ids(feed, base=document.url)
        for entry in feed.entries:
            normalize.digest(entry)
    with stage("normalize"):
        clean = normalize.feed(feed, source=source, base=document.url, now=NOW, named=named)
    entries = clean.entries
    with stage("HTML to text"):
        bodies = [tagging.plain(entry) for entry in entries]
    told = list(zip(entries, bodies, strict=True))
    with stage("language"):
        spoken = [language.identify(f"{entry.title}\n{body}", hint=entry.language) for entry, body in told]
    with stage("regions"):
        places = [
            regions.tags(
                regions.read(
                    title=entry.title, text=body, language=said, home=None, when=NOW, custom=words.regions,
                    identified=True,
                )
            )
            for (entry, body), said in zip(told, spoken, strict=True)
        ]  # fmt: skip
    with stage("themes"):
        for (entry, body), said in zip(told, spoken, strict=True):
            themes.read(title=entry.title, text=body, language=said, actors=2, words=words.themes)
    with stage("sketch"):
        for entry, body in told:
            dedupe.of_text(title=entry.title, body=body, link=entry.link).pack()
    with stage("features"):
        for (entry, body), where in zip(told, places, strict=True):
            stories.of_text(title=entry.title, body=body, countries=where.primary).pack()
    with stage("beginnings of words"):
        for entry, body in told:
            beginnings.of(entry, body=body)


def keep(state, live, batch):
    """Settle and save what was read."""
    with stage("settle"):
        _, changes = keeping.settled(state, live, batch, now=NOW)
    polls = keeping.polls(batch, changes)
    with stage("save"):
        state.save(polls)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--feeds", type=int, default=100)
    feeds = asked.parse_args().feeds
    words = tagging.Wordlist()
    documents = []
    for number in range(2 * feeds):
        url = f"https://s{number}.example/feed"
        body = farm.document(11, 1000, number, 0, NOW)
        documents.append((Source(id=f"s{number}", url=url), Document(url=url, body=body)))
    print(calibration())
    for place, (source, document) in enumerate(documents):
        if place == feeds:
            spent_s.clear()
        read(source, document, words)
    with store.open("sqlite://") as state:
        live = settle.live(state.window(NOW))
        for start in range(feeds, 2 * feeds, BATCH):
            some = documents[start : min(start + BATCH, 2 * feeds)]
            readings = [
                (source, intake.read(document, source=source, known={}, wordlist=words, now=NOW, most=500))
                for source, document in some
            ]
            keep(state, live, readings)
    print("\n| stage | ms a feed | µs an entry |\n| --- | --- | --- |")
    for name, seconds in spent_s.items():
        print(f"| {name} | {seconds / feeds * 1e3:.2f} | {seconds / feeds / farm.ENTRIES * 1e6:.0f} |")
    print(f"| together | {spent_s.total() / feeds * 1e3:.2f} | {spent_s.total() / feeds / farm.ENTRIES * 1e6:.0f} |")


if __name__ == "__main__":
    main()
