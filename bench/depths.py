"""How many entries the feeds of arrivals.jsonl.gz showed, from the public repositories that captured them.

    git clone https://github.com/OWNER/NAME FOLDER/OWNER+NAME     (for each repository of bench/depths.tsv)
    python bench/depths.py FOLDER [--days 40]

Prints bench/depths.tsv anew: for each feed the usual (median) number of entries over its first days, the least and
the most, of some sixty captures. The arrivals tell only which entries were new; a document that never turned over
between two captures is deeper than that, and nobody can tell by how much.
"""

import argparse
import re
import statistics
import subprocess
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from bench import schedule  # noqa: E402 after the path is set

ENTRY = re.compile(rb"<(?:item|entry)[ >]")
SAMPLES = 60
HEAD = "feed\tusual\tleast\tmost\tcaptures\trepository\tpath"


def lengths(clone: Path, path: str, start: float, end: float) -> tuple[int, list[int]]:
    """Return how many captures of a document there are in a span, and what some of them hold."""
    told = git(clone, "log", "--format=%H %ct", "--reverse", "--", path).decode()
    captures = [line.split() for line in told.splitlines()]
    inside = [commit for commit, moment in captures if start <= float(moment) <= end]
    some = inside[:: max(len(inside) // SAMPLES, 1)]
    return len(inside), [len(ENTRY.findall(git(clone, "show", f"{commit}:{path}"))) for commit in some]


def git(clone: Path, *words: str) -> bytes:
    # A document that a capture deleted is none: it holds nothing.
    return subprocess.run(["git", "-C", str(clone), *words], capture_output=True, check=False).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("arrivals", nargs="?", type=Path, default=schedule.ARRIVALS)
    parser.add_argument("--days", type=float, default=40)
    options = parser.parse_args()
    spans = {feed.name: feed for feed in schedule.read(options.arrivals, options.days)}
    print(HEAD)
    for row in schedule.DEPTHS.read_text("utf-8").splitlines()[1:]:
        name, *_, repository, path = row.split("\t")
        clone = options.folder / repository.replace("/", "+")
        count, found = lengths(clone, path, spans[name].start - schedule.MINUTE, spans[name].end)
        usual = int(statistics.median(found))
        print(name, usual, min(found), max(found), count, repository, path, sep="\t", flush=True)


if __name__ == "__main__":
    main()
