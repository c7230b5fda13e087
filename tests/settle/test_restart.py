"""A restart forgets nothing: what an entry is found to be is the same in one process and in several."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench import keeping
from feeds import dedupe, store, stories, urls
from feeds.intake import Read
from feeds.model import Entry, Feed, Reading, Source, Tags
from feeds.window import Window

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
SOURCES = tuple(Source(id=name, url=f"https://{name}.example/feed") for name in "abcd")
LEADS = (
    "The presidents of Kazakhstan and Uzbekistan agreed on Tuesday to share water from the Syr Darya this summer",
    "releasing 320 million cubic metres from the Toktogul reservoir between 1 June and 31 August, officials said",
    "farmers in the Turkistan region had warned of a third dry year in a row after the snow had melted early",
    "engineers will open the sluices in three steps and publish the level of the river every Friday evening",
    "the commission meets again in Tashkent in autumn to count what was let through and what reached the fields",
)


def text(first, last):
    """Some of the sentences: neighbours have most in common, the ends nothing."""
    return ". ".join(LEADS[min(first, last) : max(first, last) + 1])


texts = st.builds(text, st.integers(0, 4), st.integers(0, 4))
seen = st.tuples(
    st.sampled_from(SOURCES), st.integers(0, 3), texts, st.sampled_from([None, None, "1", "2"]), st.integers(0, 9 * 24)
)


def read(source, number, said, link, hours):
    key = f"https://{source.id}.example/{number}"
    entry = Entry(
        id=key,
        title=said[:40],
        summary=said,
        link=f"https://x.example/{link}" if link else key,
        published=NOW - timedelta(hours=hours) if hours else None,
    )
    return Read(
        source=source.id,
        key=key,
        digest=said.encode(),
        entry=entry,
        link=urls.canonical(entry.link),
        tags=Tags(),
        sketch=dedupe.sketch(entry).pack(),
        features=stories.of_text(title=entry.title, body=said).pack(),
    )


def settled(polls, *, restarts, every=timedelta(minutes=1)):
    """What every poll's entries were found to be, by a process that lives on or one that starts anew at each poll."""
    told = []
    with store.open("sqlite://") as state:
        window = Window(state)
        for n, poll in enumerate(polls):
            if n in restarts:
                window = Window(state)
            reads = list({(one[0].id, one[1]): read(*one) for one in poll}.values())
            batch = [
                (source, Reading(feed=Feed(), shown=(), fresh=fresh, dates={}))
                for source in SOURCES
                if (fresh := tuple(one for one in reads if one.source == source.id))
            ]
            now = NOW + n * every
            found, changes = keeping.settled(state, window.live(now), batch, now=now)
            told.append(
                [(one.read.source, one.read.key, one.entry, one.reason, one.alias, one.placed) for one in found]
            )
            assert {} == state.save(keeping.polls(batch, changes))
            window.saved()
            told.append([(held.entry.id, held.story) for held in state.held()])
    return told


A, B, _, D = SOURCES
# An entry that another source's copy makes one with an older entry, in the poll in which it changes itself.
JOINED = [
    [(B, 1, text(2, 3), None, 196), (D, 2, text(0, 1), "1", 104)],
    [(A, 0, text(1, 4), "1", 52), (D, 2, text(1, 3), "1", 10)],
    [(B, 2, text(1, 3), "1", 114)],
]


polled = st.lists(st.lists(seen, min_size=1, max_size=4), min_size=2, max_size=6)


@settings(deadline=None, max_examples=60)
@example(JOINED, {1, 2}, 0)
@given(polled, st.sets(st.integers(1, 5)), st.integers(0, 60))
def test_a_restart_at_any_point_changes_nothing_of_entries_and_stories(polls, restarts, hours):
    every = timedelta(hours=hours, minutes=1)  # with sixty, the last poll is twelve days after the first

    assert settled(polls, restarts=frozenset(), every=every) == settled(polls, restarts=restarts, every=every)


TITLES = (
    "Flood cuts road to Khorog",
    "Pamir villages without power after mudflow",
    "Flood cuts Khorog road, mudflow leaves Pamir villages without power",
    "Khorog flood and Pamir mudflow: road cut, villages without power",
    "Pamir villages: power is back after mudflow",
    "Наводнение в Хороге: дорога на Памир перекрыта",
    "Tashkent opens second airport terminal",
)
headlines = st.tuples(st.sampled_from(SOURCES), st.sampled_from(TITLES), st.integers(0, 48))


@settings(deadline=None, max_examples=40)
@example([[(A, TITLES[0], 4), (A, TITLES[1], 3), (B, TITLES[2], 2)], [(B, TITLES[4], 0)]], {1})
@example([[(A, title, 9 - n)] for n, title in enumerate(TITLES)], {4})
@given(st.lists(st.lists(headlines, min_size=1, max_size=5), min_size=2, max_size=6), st.sets(st.integers(1, 5)))
def test_stories_that_were_joined_stay_one_after_a_restart(polls, restarts):
    entries = [
        [(source, f"{n}-{m}", title, None, hours) for m, (source, title, hours) in enumerate(poll)]
        for n, poll in enumerate(polls)
    ]

    assert settled(entries, restarts=frozenset()) == settled(entries, restarts=restarts)


def test_an_entry_that_shows_two_stories_to_be_one_changes_those_held_already():
    polls = [[(A, str(n), title, None, 9 - n)] for n, title in enumerate(TITLES[:4])]
    held = settled(polls, restarts={1, 2, 3})[1::2]

    assert 2 == len({story for _, story in held[1]})
    assert {"https://a.example/0"} == {story for _, story in held[3]}
