"""Pairs of entries as publishers made them: python bench/natural.py [--wrong].

Found in the captured feeds of ../shared/corpus among pairs that have much in common, and labelled by reading: a text
that was published again, or another one written to the same pattern. `natural.tsv` names each entry by its capture and
its id; the texts are the publishers'. All are taken to be of one day, which is harder than as they came.

Beside it the English development half of ../shared/gold, of which the unedited wire entries alone are compared: pairs
within a week with a quarter of their word pairs in common. An agency sent some of them twice, which is labelled there.
"""

import argparse
import csv
import functools
import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from bench.counting import Count  # noqa: E402 after the path is set
from feeds import dedupe, normalize, parse  # noqa: E402
from feeds.model import Document, Source  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
WIRE = ROOT.parent / "shared" / "gold" / "dedup" / "nd_dev.jsonl"
PAIRS = ROOT / "tests" / "data" / "dedupe" / "natural.tsv"
NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
WEEK_S, MUCH, COMMON_PHRASE = 7 * 86400, 0.25, 80


@functools.cache
def sites():
    with (CORPUS / "feeds" / "manifest.tsv").open(encoding="utf-8") as manifest:
        return {row["file"]: row["site"] for row in csv.DictReader(manifest, delimiter="\t")}


@functools.cache
def captured(file):
    """The entries of a capture by their ids."""
    _, name, *capture = file.split("/")
    url = f"https://{name.replace('_', '-') + '.example' if capture else sites()[name]}/feed"
    read = parse.feed(Document(url=url, body=(CORPUS / file).read_bytes()))
    entries = normalize.feed(read, source=Source(id="s", url=url), base=url, now=NOW).entries
    return {entry.id: entry for entry in entries}


def judged():
    """Every pair: whether it is the same entry, whether it is found to be, and the two."""
    for line in PAIRS.read_text("utf-8").splitlines()[1:]:
        label, file, id_, other_file, other_id = line.split("\t")
        first, second = captured(file)[id_], captured(other_file)[other_id]
        index = dedupe.Index()
        index.add(first.id, dedupe.sketch(first), NOW)
        yield label == "same", index.find(dedupe.sketch(second), NOW) is not None, first, second


def wire():
    """Every pair of wire entries with much in common: whether it is one entry, whether it is found, and the two."""
    rows = [row for row in map(json.loads, WIRE.read_text("utf-8").splitlines()) if row["kind"] == "base"]
    rows.sort(key=lambda row: row["ts"])
    sketches = [dedupe.of_text(title=row["title"], body=row["text"], link=row["url"]) for row in rows]
    grams = [dedupe.grams(sketch) for sketch in sketches]
    having = defaultdict(list)
    for number, said in enumerate(grams):
        for gram in said:
            having[gram].append(number)
    pairs = Counter(
        pair for numbers in having.values() if len(numbers) < COMMON_PHRASE for pair in combinations(numbers, 2)
    )
    for first, second in pairs:
        one, other = rows[first], rows[second]
        same, like = one["cluster"] == other["cluster"], dedupe.likeness(grams[first], grams[second])
        if other["ts"] - one["ts"] > WEEK_S or not (same or max(like.jaccard, like.containment) >= MUCH):
            continue
        index = dedupe.Index()
        index.add("first", sketches[first], datetime.fromtimestamp(one["ts"], UTC))
        yield same, index.find(sketches[second], datetime.fromtimestamp(other["ts"], UTC)) is not None, one, other


def told(name, judged):
    """Print how many of the pairs are judged right."""
    count, merged, apart = Count(), 0, 0
    for same, found, *_ in judged:
        count.add([1] if same else [], [1] if found else [])
        merged, apart = merged + (found > same), apart + (not same)
    print(f"{name} {count}, {merged} of {apart} look-alikes merged")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--wrong", action="store_true", help="name the pairs that are judged wrong")
    wrong = arguments.parse_args().wrong
    pairs = list(judged())
    for same, found, first, second in pairs if wrong else ():
        if same != found:
            print("missed" if same else "merged", first.id, "|", second.id, "|", first.title, "|", second.title)
    told("natural pairs", pairs)
    if WIRE.exists():
        told("an agency's own", wire())


if __name__ == "__main__":
    main()
