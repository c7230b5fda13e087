"""The whole pipeline on captured feeds: one pass over a folder of documents, or one poll a snapshot of a series.

    python bench/captured.py corpus ../shared/corpus/feeds [--into FOLDER]
    python bench/captured.py replay ../shared/corpus/series

`corpus` serves every document on loopback, runs `feeds once --all` on them and compares the entries of each feed
with its manifest; what it published stays in FOLDER/public. `replay` polls each series snapshot by snapshot with
simulated time and counts entries lost, doubled or returned, and files written when a snapshot did not change.
"""

import argparse
import asyncio
import contextlib
import csv
import functools
import json
import os
import sys
import tempfile
import threading
from collections import Counter
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from feeds import config, normalize, parse, pipeline, store  # noqa: E402 after the path is set
from feeds.errors import ParseError  # noqa: E402
from feeds.model import Document  # noqa: E402

CONFIG = """
site: {{title: Captured, url: "https://captured.example/"}}
output: {{folder: public, region_feeds: {regions}, province_feeds: {regions}, public_status: true}}
store: {{url: "sqlite:///feeds.db"}}
poll: {{allow_networks: [127.0.0.0/8], per_host: 16, first_max_age: 36500d, first_max_entries: 100000}}
sources:
{sources}
topics:
- {{slug: everything, title: Everything, match: "after:1990-01-01", max_age: 36500d, limit: 1000}}
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def deployment(folder, names, port, *, regions=False):
    sources = "\n".join(
        f"- {{id: s{n}, url: {json.dumps(f'http://127.0.0.1:{port}/{name}')}}}" for n, name in enumerate(names)
    )
    (folder / "config.yaml").write_text(CONFIG.format(sources=sources, regions=str(regions).lower()), encoding="utf-8")
    return config.load(folder / "config.yaml", {})


def corpus(where, into=None):
    """Return a line a feed that yielded another number of entries than its manifest says, and the totals."""
    rows = {row["file"]: row for row in csv.DictReader((where / "manifest.tsv").open(encoding="utf-8"), delimiter="\t")}
    now = datetime.now(UTC)
    server = serve(where)
    with contextlib.nullcontext(into) if into else tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        loaded = deployment(folder, list(rows), server.server_address[1], regions=True)
        with store.open(loaded.store.url) as state:
            report = asyncio.run(pipeline.poll(loaded, state, clock=lambda: now, everything=True))
            published = pipeline.publish(loaded, state, now=now)
    server.shutdown()
    lines, wanted, seen = [], 0, 0
    for file, outcome in zip(rows, report.outcomes, strict=True):
        expected = int(rows[file]["items"])
        wanted, seen = wanted + expected, seen + outcome.seen
        if outcome.kind != "feed" or outcome.seen != expected:
            lines.append(f"{file}\t{expected}\t{outcome.seen}\t{outcome.line}")
    kinds = Counter(outcome.kind for outcome in report.outcomes)
    totals = {
        "feeds": len(rows),
        "answers": dict(kinds),
        "expected": wanted,
        "seen": seen,
        "new": sum(o.new for o in report.outcomes),
        "folded": sum(o.folded for o in report.outcomes),
        "seconds": round(report.seconds, 1),
        "files": len(published.written),
    }
    return lines, totals


def replay(where):
    """Return a line a series: snapshots, entries shown, lost, doubled, returned, and writes without a change."""
    return [one_series(series) for series in sorted(path for path in where.iterdir() if path.is_dir())]


def one_series(series):
    snapshots = sorted(series.glob("*.xml"))
    with tempfile.TemporaryDirectory() as name:
        folder, served = Path(name), Path(name) / "served"
        served.mkdir()
        server = serve(served)
        loaded = deployment(folder, ["feed.xml"], server.server_address[1])
        shown, held, idle_writes, refused, last = set(), set(), 0, 0, None
        with store.open(loaded.store.url) as state:
            for snapshot in snapshots:
                now = datetime.strptime(snapshot.stem, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
                body = snapshot.read_bytes()
                (served / "feed.xml").write_bytes(body)
                os.utime(served / "feed.xml", (now.timestamp(), now.timestamp()))  # Last-Modified, in whole seconds
                told = asyncio.run(
                    pipeline.poll(loaded, state, clock=functools.partial(lambda at: at, now), everything=True)
                )
                report = pipeline.publish(loaded, state, now=now)
                idle_writes += bool(report.written) and body == last
                last = body
                refused += told.outcomes[0].kind not in {"feed", "not-modified"}
                shown |= keys(body)
            helds = list(state.held())
            versions = state.versions([one.entry.id for one in helds])
            held = {version.key for found in versions.values() for version in found}
            titles = Counter((one.entry.title, one.entry.link) for one in helds)
        server.shutdown()
    return {
        "series": series.name,
        "snapshots": len(snapshots),
        "no feed": refused,
        "shown": len(shown),
        "lost": len(shown - held),
        "held": len(helds),
        "doubled": sum(count - 1 for count in titles.values()),
        "idle writes": idle_writes,
    }


def keys(body):
    try:
        feed = parse.feed(Document(url="http://127.0.0.1/feed.xml", body=body))
    except ParseError:
        return set()
    return set(normalize.keys(feed, normalize.ids(feed, base="http://127.0.0.1/feed.xml")))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["corpus", "replay"])
    parser.add_argument("where", type=Path)
    parser.add_argument("--into", type=Path, help="a folder for what is published")
    asked = parser.parse_args()
    if asked.what == "corpus":
        lines, totals = corpus(asked.where, asked.into)
        print("\n".join(lines))
        print(json.dumps(totals, indent=1))
    else:
        for line in replay(asked.where):
            print(json.dumps(line))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
