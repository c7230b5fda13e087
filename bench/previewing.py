"""What a preview of a rule over 100,000 stored entries costs, and 200 topics over 30,000 entries.

    nice python bench/previewing.py [entries] [characters of content]

The entries are the items of tests/data/topics in 17 languages, again and again, each in other words by its number.
Every number is the CPU of a process of its own from its start to its end, as a person at the terminal waits for it,
the least of five: the wall clock tells more of the machine's neighbours. The topics are answered within one process.
"""

import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

NOW = datetime.now(UTC)
RULES = (
    "region:kz theme:transport",
    "region:kz,uz theme:energy,water-climate -theme:sport",
    "lang:ru theme:diplomacy",
    "title:Tokayev",
    "uranium",
    '"Middle Corridor","Orta Koridor","Срединный коридор"',
    "visit* OR саммит OR kelishuv OR zirve",
    "region:central-asia theme:diplomacy -theme:sport",
)
TOPICS, OVER = 200, 30_000
CONFIG = """\
site: {title: Bench, url: "https://wire.example/"}
store: {url: "sqlite:///feeds.db"}
sources: [{id: one, url: "https://one.example/feed"}]
topics: [{slug: kz, title: Kazakhstan, match: "region:kz"}]
"""


def helds(count, content):
    from feeds import tagging  # noqa: PLC0415 after the path is set
    from feeds.model import Entry, Held  # noqa: PLC0415

    items = [
        json.loads(line)
        for name in ("apart", "apart2", "apart3")
        for line in (ROOT / f"tests/data/topics/{name}.jsonl").read_text("utf-8").splitlines()
    ]
    words = tagging.Wordlist()
    read = [
        tagging.read(title=i["title"], body=i["text"], hint=i["lang"], home=None, when=NOW, wordlist=words).tags
        for i in items
    ]
    for number, (item, tags) in zip(range(count), itertools.cycle(zip(items, read, strict=True)), strict=False):
        seen = NOW - timedelta(seconds=20 * number)
        text = f"<p>{item['text']} {number}</p>"
        yield Held(
            entry=Entry(
                id=f"https://one.example/{number}",
                link=f"https://one.example/{number}",
                title=f"{item['title']} {number}",
                summary=text,
                content=(text * (content // len(text) + 1))[:content].rpartition("<")[0] or None,
                published=seen,
                language=item["lang"],
            ),
            source="one", first_seen=seen, changed=seen, tags=tags,
        )  # fmt: skip


def fill(entries, content):
    from feeds import config, store  # noqa: PLC0415
    from feeds.model import Polling  # noqa: PLC0415
    from feeds.store import Kept, Poll  # noqa: PLC0415

    Path("config.yaml").write_text(CONFIG, "utf-8")
    with store.open(config.load(Path("config.yaml"), environ={}).store.url) as state:
        every = helds(entries, content)
        while some := tuple(Kept(held=one) for one in itertools.islice(every, 1000)):
            state.save([Poll(polling=Polling(source="one"), kept=some)])


def cpu_of(rule):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "feeds", "preview", "--match", rule, "--since", "60d", "--json"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def topics():
    from feeds import query, themes  # noqa: PLC0415

    held = list(helds(OVER, 0))
    pairs = itertools.product(("kz", "uz", "kg", "tj", "tm", "ru", "cn", "tr", "ir", "az"), sorted(themes.slugs()))
    wordy = itertools.cycle(("visit*", '"foreign minister"', "саммит", "kelishuv", "title:шекара", "-title:astrology"))
    named = itertools.islice(zip(itertools.cycle(pairs), wordy, strict=False), TOPICS)
    asked = [
        query.parse(f"region:{region} theme:{theme} {word}" if number % 2 else f"region:{region} OR {word}")
        for number, ((region, theme), word) in enumerate(named)
    ]
    best = min(timed(lambda: query.select(asked, held)) for _ in range(5))
    print(f"{len(asked)} topics over {len(held):,} entries: {best:.2f} s CPU")


def timed(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def main(entries=100_000, content=0):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        fill(int(entries), int(content))
        print(f"preview over {int(entries):,} entries with {int(content):,} characters of content, s CPU")
        for rule in RULES:
            print(f"{min(cpu_of(rule) for _ in range(5)):6.2f}  {rule}", flush=True)
        os.chdir(ROOT)
    topics()


if __name__ == "__main__":
    main(*sys.argv[1:])
