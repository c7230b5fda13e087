"""What docs/duplicates.md claims about speed and memory: nice python bench/duplicates.py [LIVE].

Made-up entries (a title, 50 words, Zipf's law over 60,000 words) fill both indexes with LIVE entries;
then 5,000 more are sketched, looked up and added, one core, everything included. Beside the mean stands the
fastest of the chunks of 100: what the core does while nobody else wants it.
"""

import random
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import dedupe, stories  # noqa: E402 after the path is set

NOW = datetime(2026, 5, 12, tzinfo=UTC)
MORE = 5000
CHUNK = 100


def words(count, seed=1):
    rng = random.Random(seed)
    made = ["".join(rng.choices("abdeghiklmnoprstuvyz", k=rng.randint(3, 9))) for _ in range(count)]
    return made, [1 / (rank + 8) for rank in range(count)]


def entries(count):
    vocabulary, weights = words(60_000)
    rng = random.Random(2)
    drawn = rng.choices(vocabulary, weights, k=count * 60)
    for number in range(count):
        one = drawn[number * 60 : number * 60 + 60]
        yield " ".join(one[:10]).title() + f" {number}", " ".join(one[10:]), f"https://x.example/{number}"


def measure(name, index, rows, *, make, put):
    live = rows[:-MORE]
    stored, times = [make(row).pack() for row in live], [(NOW - timedelta(seconds=1)).timestamp()] * len(live)
    ids = [str(number) for number in range(len(live))]
    tracemalloc.start()
    held = type(index)()
    held.load([str(number) for number in range(len(stored))], [bytes(bytearray(one)) for one in stored], times)
    memory = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    del held
    start = time.process_time()
    index.load(ids, stored, times)
    loaded = time.process_time() - start
    took = []
    for first in range(len(live), len(rows), CHUNK):
        start = time.process_time()
        for number, row in enumerate(rows[first : first + CHUNK], first):
            put(index, number, make(row))
        took.append(time.process_time() - start)
    mean, best = MORE / sum(took), CHUNK / min(took)
    print(
        f"{name}: {len(live)} live, load {loaded:.2f} s, {mean:,.0f} entries/s (best {best:,.0f}), {memory:.0f} MB",
        flush=True,
    )


def main():
    live = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rows = list(entries(live + MORE))

    def put_entry(index, number, sketch):
        match = index.find(sketch, NOW)
        if match is None:
            index.add(str(number), sketch, NOW)
        else:
            index.add_wording(match.id, sketch, NOW)

    measure(
        "same entry",
        dedupe.Index(),
        rows,
        make=lambda row: dedupe.of_text(title=row[0], body=row[1], link=row[2]),
        put=put_entry,
    )
    for name, body in (("same story, headlines", False), ("same story, with texts", True)):
        measure(
            name,
            stories.Index(),
            rows,
            make=lambda row, body=body: stories.of_text(title=row[0], body=row[1] if body else ""),
            put=lambda index, number, features: index.place(str(number), features, NOW),
        )


if __name__ == "__main__":
    main()
