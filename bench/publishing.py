"""How long a publish pass takes over 300 topics of 100 entries each, as files: cold, unchanged, and 1% changed.

    nice python bench/publishing.py [topics] [entries]

Measured is render and publish alone: which entries a topic has is known (the store and curate have benchmarks of
their own). "1% of topics" changes every entry of three topics; "1% of entries" changes one entry of every topic,
the worst case, since every file of every topic has to be written again.
"""

import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from feeds import publish
from feeds.model import ISO_3166_1, THEME, Category, Copy, Entry, Feed, Origin, Site
from feeds.render import edition, summary

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CODES = (("KZ", "Kazakhstan"), ("IR", "Iran"), ("TJ", "Tajikistan"), ("UZ", "Uzbekistan"), ("TM", "Turkmenistan"))


def entry(topic, number):
    code, label = CODES[number % len(CODES)]
    return Entry(
        id=f"https://source.example/{topic}/{number}",
        link=f"https://source.example/{topic}/{number}",
        title=f"Officials of {label} met in the capital to discuss matter {number} of {topic}",
        summary="<p>" + "Both sides said that the talks would go on next month. " * 6 + "</p>",
        categories=(
            Category(term=code, scheme=ISO_3166_1, label=label),
            Category(term="diplomacy", scheme=THEME, label="Diplomacy"),
        ),
        published=NOON - timedelta(minutes=37 * number),
        language="en",
        source=Origin(id=f"https://source.example/{number % 40}", title=f"Source {number % 40}"),
        copies=(Copy(source="other", title="", link="https://other.example/", source_title="Other"),),
        why=("region: the capital in the title",),
        story=f"{topic}-{number // 2}",
    )


def channel(topic, entries, fingerprint, known):
    feed = Feed(entries=entries)
    note = partial(known.recall, f"summary:{topic}:{fingerprint}", lambda: summary.of(feed).plain())
    return edition.Channel(
        slug=topic,
        title=topic,
        fingerprint=fingerprint,
        feed=lambda: feed,
        summary=lambda: summary.Summary.read(note()),
    )


def main(topics=300, entries=100):
    site = Site(title="Wire", url="https://wire.example.org/")
    feeds = {f"t{n}": tuple(entry(f"t{n}", k) for k in range(entries)) for n in range(topics)}
    corrected = {name: tuple(replace(one, note="Corrected.") for one in told) for name, told in feeds.items()}
    one_each = {name: (replace(told[3], note="Corrected."), *told[1:]) for name, told in feeds.items()}
    few = {**feeds, **{name: corrected[name] for name in list(feeds)[: max(1, topics // 100)]}}
    with tempfile.TemporaryDirectory() as folder:
        for name, told, mark in (
            ("cold", feeds, "1"),
            ("unchanged", feeds, "1"),
            ("1% of topics", few, "2"),
            ("unchanged", few, "2"),
            ("1% of entries, in every topic", one_each, "3"),
        ):
            wall, cpu = time.perf_counter(), time.process_time()
            known = publish.ledger(Path(folder) / "published.json")
            channels = tuple(
                channel(slug, found, "1" if found is feeds[slug] else mark, known) for slug, found in told.items()
            )
            whole = edition.Edition(site=site, month="2026-11", channels=channels)
            report = publish.write(Path(folder) / "public", edition.tree(whole), known=known)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(
                f"{name:30} {len(report.written):5} written {report.unchanged:5} not   {wall:6.2f} s   {cpu:6.2f} s CPU"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
