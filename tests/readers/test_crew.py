"""Documents are read the same in another process as here, and a process that dies costs a line."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds import intake, readers, tagging
from feeds.errors import ParseError
from feeds.model import Document, Source

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCE = Source(id="a", url="https://a.example/feed", language="en")
WORDS = tagging.Wordlist()
SURROGATE = rb"""{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [
    {"id": "x\ud800y", "url": "https://a.example/1", "content_text": "Iran and Kazakhstan sign an accord"}]}"""


def rss(*titles):
    items = "".join(
        f"<item><title>{title}</title><link>https://a.example/{n}</link><guid>https://a.example/{n}</guid>"
        f"<pubDate>Mon, 23 Nov 2026 1{n}:00:00 +0500</pubDate>"
        f"<description>&lt;p&gt;{title}&lt;/p&gt;</description></item>"
        for n, title in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title>A</title><ttl>30</ttl>{items}</channel></rss>'.encode()


def document(body):
    return Document(url=SOURCE.url, body=body)


async def read(crew, body):
    return (await crew.read(document(body), source=SOURCE, known={}, now=NOW, most=100))()


@pytest.mark.parametrize("body", [rss("Iran and Kazakhstan sign an accord", "Hello"), rss(), SURROGATE])
def test_another_process_reads_what_is_read_here(body):
    async def both():
        async with (
            readers.Readers(WORDS.regions, WORDS.themes, cpus=1) as here,
            readers.Readers(WORDS.regions, WORDS.themes, first=1000, cpus=2) as there,
        ):
            return await read(here, body), await read(there, body)

    here, there = asyncio.run(both())

    assert intake.read(document(body), source=SOURCE, known={}, wordlist=WORDS, now=NOW, most=100) == here == there


@pytest.mark.parametrize(
    ("zone", "hours"),
    [(None, [5, 6]), ("Asia/Almaty", [5, 6]), ("Europe/London", [10, 11]), ("America/New_York", [15, 16])],
)
def test_the_schedule_is_told_dates_in_the_zone_that_the_editor_set_also_those_ahead_of_us(zone, hours):
    source = Source(id="a", url="https://a.example/feed", timezone=zone)
    reading = intake.read(document(rss("One", "Two")), source=source, known={}, wordlist=WORDS, now=NOW, most=100)

    assert [NOW.replace(hour=hour) for hour in hours] == list(reading.dates.values())


@pytest.mark.parametrize("cpus", [1, 2])
def test_what_is_no_feed_is_refused_with_the_reason_wherever_it_is_read(cpus):
    async def refused():
        async with readers.Readers(WORDS.regions, WORDS.themes, first=1000, cpus=cpus) as crew:
            await read(crew, b"<html><body>Not here</body></html>")

    with pytest.raises(ParseError, match=r"^a: a page instead of a feed"):
        asyncio.run(refused())


def test_processes_begin_when_many_documents_wait_and_end_with_the_pass():
    async def many():
        async with readers.Readers(WORDS.regions, WORDS.themes, cpus=2) as crew:
            found = await asyncio.gather(*(read(crew, rss(f"Story {n}")) for n in range(readers.MANY_WAITING + 5)))
            return found, len(multiprocessing.active_children())

    found, processes = asyncio.run(many())

    assert [f"Story {n}" for n in range(len(found))] == [reading.fresh[0].entry.title for reading in found]
    assert 1 == processes
    assert not multiprocessing.active_children()


def test_a_process_that_dies_costs_a_line_and_no_document():
    async def killed():
        async with readers.Readers(WORDS.regions, WORDS.themes, first=1000, cpus=2) as crew:
            await read(crew, rss("Before"))
            (process,) = multiprocessing.active_children()
            process.kill()
            after = await asyncio.gather(*(read(crew, rss(f"After {n}")) for n in range(10)))
            return after, crew.trouble

    after, trouble = asyncio.run(killed())

    assert [f"After {n}" for n in range(10)] == [reading.fresh[0].entry.title for reading in after]
    assert trouble is not None
    assert "died" in trouble


PROGRAM = f"""
import asyncio, multiprocessing, sys
from datetime import datetime, UTC
from feeds import readers, regions, themes
from feeds.model import Document, Source

async def main():
    async with readers.Readers(regions.Custom(), themes.Vocabulary(), first=1000, cpus=2) as crew:
        await crew.read(Document(url="https://a.example/", body={rss("Hello")!r}),
            source=Source(id="a", url="https://a.example/"), known={{}}, now=datetime.now(UTC), most=9)
        print(multiprocessing.active_children()[0].pid, flush=True)
        await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_its_parent_however_that_ends(number, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    parent = subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    with parent:
        child = int(parent.stdout.readline())
        parent.send_signal(number)

    assert gone(child, within_s=20)


def gone(process, *, within_s):
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
