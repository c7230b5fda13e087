"""What a feed costs does not creep up: CPU as a ratio to a loop of plain Python, the same on any machine."""

import time
from datetime import UTC, datetime

import pytest

from bench import farm, keeping
from feeds import intake, settle, store, tagging
from feeds.model import Document, Source

FEEDS = 8  # read at a time, of 30 entries each
ROUNDS = 3  # the best counts: a busy minute is nobody's regression
SEED = 11
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = tagging.Wordlist()

# As measured; a machine under load comes to a quarter more.
HEADROOM = 1.75
READ = 5.0  # loops a feed: parse, normalize, tag, sketch
REREAD = 0.3  # a document of which nothing is new: parse, ids, digests
KEEP = 0.9  # settle and save


@pytest.fixture(scope="module")
def costs():
    """CPU a feed in loops: the best of the rounds, each of which reads feeds of its own."""
    spent = {"loop": [], "read": [], "reread": [], "keep": []}
    for round_ in range(ROUNDS, 2 * ROUNDS):
        read(documents(round_), {})  # vocabularies are loaded once a process
    with store.open("sqlite://") as state:
        live = settle.live(state.window(NOW))
        for round_ in range(ROUNDS):
            asked = documents(round_)
            spent["loop"].append(timed(loop)[0])
            seconds, readings = timed(lambda asked=asked: read(asked, {}))
            spent["read"].append(seconds)
            known = [{one.key: one.digest for one in reading.fresh} for reading in readings]
            spent["reread"].append(timed(lambda asked=asked, known=known: read(asked, known))[0])
            spent["keep"].append(timed(lambda asked=asked, readings=readings: keep(state, live, asked, readings))[0])
    best = {name: min(seconds) for name, seconds in spent.items()}
    return {name: seconds / FEEDS / best["loop"] for name, seconds in best.items()}


def documents(round_):
    return [
        (
            Source(id=f"s{number}", url=f"https://s{number}.example/feed"),
            Document(
                url=f"https://s{number}.example/feed",
                body=farm.document(SEED, 1000, number, 0, NOW),
            ),
        )
        for number in range(round_ * FEEDS, (round_ + 1) * FEEDS)
    ]


def timed(work):
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def loop():
    """Do what plain Python does: names, numbers, texts and a table."""
    seen = {}
    for number in range(60_000):
        word = f"w{number * 7919 % 5003}"
        seen[word] = seen.get(word, 0) + len(word.upper())
    return sum(seen.values())


def read(asked, known):
    return [
        intake.read(document, source=source, known=known[place] if known else {}, wordlist=WORDS, now=NOW, most=500)
        for place, (source, document) in enumerate(asked)
    ]


def keep(state, live, asked, readings):
    batch = [(source, reading) for (source, _), reading in zip(asked, readings, strict=True)]
    _, changes = keeping.settled(state, live, batch, now=NOW)
    failed = state.save(keeping.polls(batch, changes))

    assert not failed


def test_reading_a_feed_costs_what_it_did(costs):
    assert READ * HEADROOM > costs["read"]


def test_a_document_of_which_nothing_is_new_costs_a_look(costs):
    assert REREAD * HEADROOM > costs["reread"]


def test_settling_and_saving_a_feed_costs_what_it_did(costs):
    assert KEEP * HEADROOM > costs["keep"]
