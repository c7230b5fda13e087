"""Read every captured feed and print what came of it: `python bench/corpus.py [FOLDER]`.

The folder holds feeds and a manifest.tsv; by default ../shared/corpus/feeds beside the project.
"""

import csv
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import normalize, parse  # noqa: E402 after the path is set
from feeds.errors import ParseError  # noqa: E402
from feeds.model import Document, Source  # noqa: E402
from feeds.parse import encoding, repair, strict  # noqa: E402

FOLDER = Path(__file__).parents[1] / ".." / "shared" / "corpus" / "feeds"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    totals: Counter[str] = Counter()
    print(f"{'expected':>8} {'read':>5} {'kept':>5} {'path':8} {'ms':>7}  file, where something is to be said")
    with (folder / "manifest.tsv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            base = f"https://{row['site']}/feed"
            body = (folder / row["file"]).read_bytes()
            began = time.process_time()
            try:
                read = parse.feed(Document(url=base, body=body))
            except ParseError as exc:
                print(f"{row['items']:>8} {'-':>5} {'-':>5} {'-':8} {'-':>7}  {row['file']}: {exc}")
                totals["refused"] += 1
                continue
            parsed = time.process_time()
            kept = normalize.feed(read, source=Source(id="s", url=base), base=base, now=NOW)
            ended = time.process_time()
            text = encoding.decode(body).lstrip("\ufeff \t\r\n\0")
            path = "strict" if strict.feed(repair.mend(text)) else "lenient"
            totals.update(
                {
                    "feeds": 1,
                    path: 1,
                    "expected": int(row["items"]),
                    "read": len(read.entries),
                    "kept": len(kept.entries),
                    "parse ms": round(1000 * (parsed - began)),
                    "normalize ms": round(1000 * (ended - parsed)),
                }
            )
            remarks = list(read.dropped)
            if len(kept.entries) != len(read.entries):
                remarks.append(f"{len(read.entries) - len(kept.entries)} given twice")
            if remarks or len(read.entries) != int(row["items"]):
                spent = 1000 * (ended - began)
                said = f"{row['file']}: {'; '.join(remarks)}"
                print(f"{row['items']:>8} {len(read.entries):>5} {len(kept.entries):>5} {path:8} {spent:7.1f}  {said}")
    print(", ".join(f"{name} {count}" for name, count in totals.items()))


if __name__ == "__main__":
    main()
