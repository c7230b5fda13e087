"""Pairs of entries as publishers made them: python bench/natural.py [--wrong].

Found in the captured feeds of ../shared/corpus among pairs that have much in common, and labelled by reading: a text
that was published again, or another one written to the same pattern. `natural.tsv` names each entry by its capture and
its id; the texts are the publishers'. All are taken to be of one day, which is harder than as they came.
"""

import argparse
import csv
import functools
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from bench.counting import Count  # noqa: E402 after the path is set
from feeds import dedupe, normalize, parse  # noqa: E402
from feeds.model import Document, Source  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
PAIRS = ROOT / "tests" / "data" / "dedupe" / "natural.tsv"
NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)


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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--wrong", action="store_true", help="name the pairs that are judged wrong")
    wrong = arguments.parse_args().wrong
    count, merged, apart = Count(), 0, 0
    for same, found, first, second in judged():
        count.add([1] if same else [], [1] if found else [])
        merged, apart = merged + (found > same), apart + (not same)
        if wrong and same != found:
            print("missed" if same else "merged", first.id, "|", second.id, "|", first.title, "|", second.title)
    print(f"natural pairs {count}, {merged} of {apart} look-alikes merged")


if __name__ == "__main__":
    main()
