"""What docs/duplicates.md claims about quality on ../shared/gold: python bench/stories.py.

Same entry and same story on the development halves, and two streams mixed of them: all headlines among the
titles (and the texts) of 2,900 unrelated wire entries, spread over the same day and a half.
"""

import json
import runpy
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import group  # noqa: E402 after the path is set

GOLD = Path(__file__).parents[2] / "shared" / "gold" / "dedup"
DAYS_S = 1.5 * 86400


def load(name):
    return sorted(map(json.loads, (GOLD / name).read_text("utf-8").splitlines()), key=lambda row: row["ts"])


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


def main():
    score = runpy.run_path(str(GOLD / "score.py"))["score"]
    wire, headlines = load("nd_dev.jsonl"), load("stories_dev.jsonl")
    told("same entry", wire, score, by="cluster")
    told("same story, headlines", headlines, score, by="story")
    told("same story, mixed, titles", mixed(headlines, wire, texts=False), score, by="story")
    told("same story, mixed, with texts", mixed(headlines, wire, texts=True), score, by="story")


if __name__ == "__main__":
    main()
