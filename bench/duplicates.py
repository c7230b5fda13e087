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
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import dedupe, stories  # noqa: E402 after the path is set

NOW = datetime(2026, 5, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(seconds=1)
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


def measure(name, rows, *, load, put):
    live = len(rows) - MORE
    stored = load(rows[:live])
    tracemalloc.start()
    held = stored(copied=True)
    memory = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    del held
    start = time.process_time()
    index = stored(copied=False)
    loaded = time.process_time() - start
    took = []
    for first in range(live, len(rows), CHUNK):
        start = time.process_time()
        put(index, first, rows[first : first + CHUNK])
        took.append(time.process_time() - start)
    mean, best = MORE / sum(took), CHUNK / min(took)
    print(
        f"{name}: {live} live, load {loaded:.2f} s, {mean:,.0f} entries/s (best {best:,.0f}), {memory:.0f} MB",
        flush=True,
    )


def load_entries(rows):
    stored = [dedupe.of_text(title=row[0], body=row[1], link=row[2]).pack() for row in rows]
    times = [BEFORE.timestamp()] * len(rows)

    def loaded(*, copied):
        index = dedupe.Index()
        index.load(list(map(str, range(len(rows)))), bytes_of(stored, copied=copied), times)
        return index

    return loaded


def put_entries(index, first, rows):
    for number, row in enumerate(rows, first):
        sketch = dedupe.of_text(title=row[0], body=row[1], link=row[2])
        match = index.find(sketch, NOW)
        if match is None:
            index.add(str(number), sketch, NOW)
        else:
            index.add_wording(match.id, sketch, NOW)


def load_stories(rows, *, body):
    first = stories.Index()
    told = put_stories(first, 0, rows, when=BEFORE, body=body)
    ids = list(map(str, range(len(rows))))
    by_story = list(map(first.story, ids))

    def loaded(*, copied):
        index = stories.Index()
        index.load(
            ids=list(map(str, range(len(rows)))),
            stories=by_story,
            terms=bytes_of([one.terms for one in told], copied=copied),
            times=[BEFORE.timestamp()] * len(rows),
            squares=[one.squares for one in told],
            names=[one.names for one in told],
        )
        return index

    return loaded


def put_stories(index, first, rows, *, body, when=NOW):
    return index.place(
        [
            stories.New(id=str(number), features=stories.of_text(title=row[0], body=row[1] if body else ""), when=when)
            for number, row in enumerate(rows, first)
        ]
    )


def bytes_of(stored, *, copied):
    return [bytes(bytearray(one)) for one in stored] if copied else stored


def main():
    live = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rows = list(entries(live + MORE))

    measure("same entry", rows, load=load_entries, put=put_entries)
    for name, body in (("same story, headlines", False), ("same story, with texts", True)):
        measure(name, rows, load=partial(load_stories, body=body), put=partial(put_stories, body=body))


if __name__ == "__main__":
    main()
