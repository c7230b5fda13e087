"""What docs/duplicates.md claims about quality: python bench/stories.py [--wrong].

Same entry and same story on the development halves of ../shared/gold, and two streams mixed of them: all headlines
among the titles (and the texts) of 2,900 unrelated wire entries, spread over the same day and a half. Then the
tellings of tests/data/stories/apart.jsonl, alone and among the texts of those entries: of the pairs of one family
(the same event, or another that is like it), how many are found and how many found are right.
"""

import argparse
import json
import runpy
import sys
from collections import defaultdict
from datetime import datetime
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from bench.counting import Count  # noqa: E402 after the path is set
from feeds import group  # noqa: E402

GOLD = ROOT.parent / "shared" / "gold" / "dedup"
APART = ROOT / "tests" / "data" / "stories" / "apart.jsonl"
DAYS_S = 1.5 * 86400


def read(path):
    return list(map(json.loads, path.read_text("utf-8").splitlines()))


def load(name):
    return sorted(read(GOLD / name), key=lambda row: row["ts"])


def mixed(headlines, wire, *, texts):
    """The wire entries of a month, squeezed into the time of the headlines."""
    base = [row for row in wire if row["kind"] == "base"]
    first, last, begun = base[0]["ts"], base[-1]["ts"], headlines[0]["ts"]
    moved = [
        {**row, "ts": begun + (row["ts"] - first) / (last - first) * DAYS_S, "text": row["text"] if texts else ""}
        for row in base
    ]
    return sorted(headlines + moved, key=lambda row: row["ts"])


def told(name, rows, score, *, by):
    found = [{"id": one.id, "cluster": getattr(one, by)} for one in group.group(rows)]
    result = score(rows, found)
    print(f"{name:32} pair F1 {result['pair_f1']:.3f}  B3 {result['b3_f1']:.3f}  of {len(rows)} entries", flush=True)


def apart():
    rows = [{**row, "ts": datetime.fromisoformat(row["published"]).timestamp()} for row in read(APART)]
    return sorted(rows, key=lambda row: (row["ts"], row["id"]))


def paired(name, rows, *, wrong=False):
    """Of pairs of one family, those of one event that stand in one story."""
    tellings = [row for row in rows if "event" in row]
    story = {one.id: one.story for one in group.group(rows)}
    counts, outside = defaultdict(Count), 0
    for first, second in combinations(tellings, 2):
        same, together = first["event"] == second["event"], story[first["id"]] == story[second["id"]]
        if first["event"][:-1] != second["event"][:-1]:
            outside += together
            continue
        if wrong and same != together:
            print("missed" if same else "merged", first["id"], second["id"], first["title"], "|", second["title"])
        languages = {first["lang"], second["lang"]}
        kind = "across languages" if len(languages) > 1 else "Russian" if languages == {"ru"} else "one language"
        counts[kind].add([1] if same else [], [1] if together else [])
    for kind, count in sorted(counts.items()):
        print(f"{name:32} {kind:16} {count}  of {count.tp + count.fn} pairs")
    print(f"{name:32} {outside} pairs of different families together", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--wrong", action="store_true", help="name the pairs of apart.jsonl that are wrong")
    wrong = arguments.parse_args().wrong
    tellings = apart()
    paired("apart, alone", tellings, wrong=wrong)
    if not GOLD.exists():
        print("without ../shared/gold the rest cannot be measured")
        return
    score = runpy.run_path(str(GOLD / "score.py"))["score"]
    wire, headlines = load("nd_dev.jsonl"), load("stories_dev.jsonl")
    paired("apart, mixed", mixed(tellings, wire, texts=True))
    told("same entry", wire, score, by="cluster")
    told("same story, headlines", headlines, score, by="story")
    told("same story, mixed, titles", mixed(headlines, wire, texts=False), score, by="story")
    told("same story, mixed, with texts", mixed(headlines, wire, texts=True), score, by="story")


if __name__ == "__main__":
    main()
