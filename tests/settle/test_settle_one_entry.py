"""Whatever order sources answer in, one entry is one; published twice, the older id stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import dedupe, settle, stories, urls
from feeds.intake import Read
from feeds.model import Entry, Source, Tags
from feeds.store import Sighting, Window

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
LEAD = (
    "The presidents of Kazakhstan and Uzbekistan agreed on Tuesday to share water from the Syr Darya this summer, "
    "releasing 320 million cubic metres from the Toktogul reservoir between 1 June and 31 August, officials said."
)
OTHER = (
    "Uzbekistan's football team beat Qatar three goals to nil in Tashkent, with Eldor Shomurodov scoring twice, and "
    "leads its group two points ahead of Iran before the last round of matches in October."
)


def read(source, key, text, *, minute=0, title="", link=None):
    link = link or f"https://{source}.example/{key}"
    entry = Entry(id=link, title=title or text[:40], summary=text, link=link, published=NOW + timedelta(minutes=minute))
    return Read(
        source=source,
        key=key,
        digest=b"",
        entry=entry,
        link=urls.canonical(link),
        tags=Tags(),
        sketch=dedupe.sketch(entry).pack(),
        features=stories.of_text(title=entry.title, body=text).pack(),
    )


def window(*held):
    """The live window of entries published one hour after the other."""
    ids = tuple(one.entry.id for one in held)
    times = tuple((NOW - timedelta(hours=len(held) - n)).timestamp() for n in range(len(held)))
    return settle.live(
        Window(
            sketched=ids,
            sketched_at=times,
            sketches=tuple(one.sketch for one in held),
        )
    )


def facts(*held, seen=()):
    return settle.Facts(
        sightings={
            (one.source, one.key): Sighting(key=one.key, entry=one.entry.id, digest=b"", leads=True) for one in seen
        },
        by_link={one.link: one.entry.id for one in held},
        by_id={},
    )


FIRST = read("a", "1", LEAD)
SECOND = read("b", "2", OTHER)


def test_an_entry_with_the_link_of_one_and_the_text_of_another_shows_the_two_to_be_one():
    both = read("c", "3", OTHER, title="On the pitch", link=FIRST.entry.link)
    (target,) = settle.targets([both], facts=facts(FIRST, SECOND), live=window(FIRST, SECOND), now=NOW)

    assert (FIRST.entry.id, SECOND.entry.id) == (target.entry, target.alias)


def test_a_corrected_link_keeps_the_older_of_two_ids_whichever_was_corrected():
    moved = replace(FIRST, link=SECOND.link)
    told = [
        settle.targets([moved], facts=facts(SECOND, seen=[FIRST]), live=window(*held), now=NOW)
        for held in ((FIRST, SECOND), (SECOND, FIRST))
    ]

    assert [(FIRST.entry.id, SECOND.entry.id), (SECOND.entry.id, FIRST.entry.id)] == [
        (target.entry, target.alias) for (target,) in told
    ]


def test_the_younger_id_is_saved_as_an_alias_of_the_older():
    both = read("c", "3", OTHER, title="On the pitch", link=FIRST.entry.link)
    found = settle.targets([both], facts=facts(FIRST, SECOND), live=window(FIRST, SECOND), now=NOW)
    sources = {name: Source(id=name, url=f"https://{name}.example/") for name in "abc"}
    settled = settle.fold(found, held={}, versions={}, sources=sources, now=NOW)

    assert ((SECOND.entry.id, FIRST.entry.id),) == settled["c"].aliases


@settings(deadline=None, max_examples=40)
@given(
    st.permutations(
        [
            FIRST,
            SECOND,
            read("c", "3", f"ASTANA, 12 May (Kazinform) — {LEAD}", minute=1, title="Deal on the river"),
            read("d", "4", LEAD.replace("320", "450"), minute=2),
            read("e", "5", OTHER[:110] + "…", minute=3, title="Three for nothing"),
        ]
    )
)
def test_the_order_in_which_sources_answered_decides_nothing(reads):
    found = settle.targets(reads, facts=facts(), live=window(), now=NOW)

    assert {"a": "a", "b": "b", "c": "a", "d": "d", "e": "b"} == {
        target.read.source: target.entry.removeprefix("https://")[0] for target in found
    }


@given(st.lists(st.sampled_from([LEAD, OTHER, LEAD.replace("320", "450"), OTHER[:110] + "…"]), min_size=1, max_size=6))
def test_what_was_settled_once_is_settled_the_same_again(texts):
    reads = [read("abcdef"[n], str(n), text, minute=n) for n, text in enumerate(texts)]
    live = window()
    first = settle.targets(reads, facts=facts(), live=live, now=NOW)
    by_id = {target.read.entry.id: target.entry for target in first}
    known = settle.Facts(sightings={}, by_link={}, by_id=by_id)
    again = settle.targets(reads, facts=known, live=live, now=NOW)

    assert [target.entry for target in first] == [target.entry for target in again]
    assert {"id"} == {target.reason for target in again}


def test_the_next_bulletin_joins_no_story_of_the_last_one_whoever_began_that_story():
    rates = "The National Bank set the dollar at {} som, the euro at {} som and the rouble at 1.0823 som for today."
    title = "National Bank sets official rates of the dollar and the euro"
    begun = read("a", "1", "The National Bank sets official rates: the dollar and the euro are dearer.", title=title)
    last = read("b", "2", rates.format(87.45, 100.92), title=title)
    following = read("b", "3", rates.format(87.51, 101.07), title=title, minute=24 * 60)
    live = window()
    for one in (begun, last, following):
        (target,) = settle.targets([one], facts=facts(), live=live, now=NOW)

    assert live.stories.story(begun.entry.id) == live.stories.story(last.entry.id)
    assert target.story == following.entry.id
