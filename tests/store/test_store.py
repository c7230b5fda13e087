"""What goes into the store comes out of it, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from feeds import query, store
from feeds.model import Copy, Entry, Held, Polling, Tags, Validators
from feeds.store import Kept, Outcome, Poll, Publication, Sighting, Telling, Version, Wording

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)


def kept(id_: str = "tag:a.example,2026:1", *, source: str = "a", at: datetime = NOW, content: str | None = "<p>c</p>"):
    entry = Entry(id=id_, guid="1", title='Тоқаев "қабылдады" \\', summary="<p>s</p>", content=content, published=at)
    copies = (Copy(source="b", title="T", link=None),)
    tags = Tags(countries=("KZ",), scores={"kz": 0.5}, point=(51.2, 71.4))
    return Kept(held=Held(entry=entry, source=source, first_seen=at, changed=at, tags=tags, copies=copies, story=id_))


def version(id_: str = "tag:a.example,2026:1", *, source: str = "a", key: str = "1", link: str | None = "a.example/1"):
    return Version(source=source, key=key, entry=id_, digest=b"\x01" * 16, link=link)


def wording(id_: str = "1", *, at: datetime = NOW, key: str = "1", seen: datetime = NOW, sketch: bytes = b"s\xff"):
    return Wording(entry=id_, place=(at, key, "a"), at=at, seen=seen, sketch=sketch)


def telling(id_: str, *, at: datetime = NOW, key: str = "", seen: datetime = NOW, story: str | None = None):
    place = (at, key or id_, "a")
    return Telling(entry=id_, place=place, story=story or id_, at=at, seen=seen, terms=b"t\xff", squares=2**40, names=7)


def poll(source: str = "a", **changes):
    return Poll(polling=Polling(source=source, next_poll_at=NOW), **changes)


def test_a_new_store_is_empty(state):
    assert {} == state.pollings()
    assert () == tuple(state.held())
    assert 0 == state.revision()
    assert store.Window() == state.window(NOW)


def test_a_polling_comes_back_as_it_was(state):
    polling = Polling(source="a", next_poll_at=NOW, validators=Validators(etag='W/"ä"'), window=timedelta(hours=6))

    state.save([Poll(polling=polling)])

    assert {"a": polling} == state.pollings()


def test_only_sources_whose_time_has_come_are_due_and_the_longest_due_first(state):
    state.save(
        [
            Poll(polling=Polling(source="late", next_poll_at=NOW + timedelta(microseconds=1))),
            Poll(polling=Polling(source="now", next_poll_at=NOW)),
            Poll(polling=Polling(source="before", next_poll_at=NOW - timedelta(days=1))),
            Poll(polling=Polling(source="never")),
        ]
    )

    assert ("before", "now") == state.due(NOW)


def test_a_held_entry_comes_back_whole_with_its_content_and_light_without(state):
    one = kept(content='"content":null, <p>\u2028</p>')
    state.save([poll(kept=(one,))])

    assert [one.held] == list(state.held(content=True))
    assert [replace(one.held, entry=replace(one.held.entry, content=None))] == list(state.held())


def test_an_entry_without_content_is_held_too(state):
    state.save([poll(kept=(kept(content=None),))])

    assert [kept(content=None).held] == list(state.held(content=True))


def test_a_changed_entry_replaces_the_held_one_and_keeps_its_place(state):
    first, second = kept("1"), kept("2")
    state.save([poll(kept=(first, second))])
    changed = replace(first, held=replace(first.held, story="2"))
    state.save([poll(kept=(changed,))])

    assert [changed.held, second.held] == list(state.held(content=True))


def test_entries_are_found_by_id_by_time_and_by_revision(state):
    old, new = kept("old", at=NOW - timedelta(days=9)), kept("new")
    state.save([poll(kept=(old,))])
    before = state.revision()
    state.save([poll(kept=(new,))])

    assert ["old"] == [held.entry.id for held in state.held(ids=["old", "unknown"])]
    assert ["new"] == [held.entry.id for held in state.held(since=NOW)]
    assert ["new"] == [held.entry.id for held in state.held(changed_after=before)]
    assert [] == list(state.held(changed_after=state.revision()))


def test_a_poll_that_brings_nothing_leaves_the_revision(state):
    state.save([poll(kept=(kept(),))])
    before = state.revision()
    state.save([poll(outcome=Outcome(at=NOW, line="not modified", kind="not-modified"))])

    assert before == state.revision()


def test_a_source_recognises_what_it_showed_and_nothing_of_another(state):
    state.save([poll(kept=(kept(),), versions=(version(),), shown=("1",))])

    expected = {"1": Sighting(key="1", entry="tag:a.example,2026:1", digest=b"\x01" * 16, leads=True)}
    assert expected == state.sightings("a", ["1", "2", "\ud800", "nul\0"])
    assert {} == state.sightings("b", ["1"])


def test_a_vanished_entry_stays_known(state):
    state.save([poll(kept=(kept(),), versions=(version(),), shown=("1",))])
    state.save([poll(shown=("2",))])

    assert ("2",) == state.shown("a")
    assert {"1"} == set(state.sightings("a", ["1"]))


def test_an_answer_without_a_document_leaves_what_was_shown(state):
    state.save([poll(shown=("1", "2"))])
    state.save([poll()])

    assert ("1", "2") == state.shown("a")


def test_many_links_are_looked_up_at_once_and_the_oldest_entry_answers(state):
    first, second = kept("1"), kept("2")
    state.save([poll(kept=(first, second), versions=(version("1", link="x"), version("2", key="2", link="y")))])
    state.save([poll("b", versions=(version("2", source="b", link="x"),))])

    wanted = [f"link{number}" for number in range(5000)]
    assert {"x": "1", "y": "2"} == state.by_links(["x", "y", *wanted])


def test_a_copy_is_held_whole_so_that_it_can_lead(state):
    body = Entry(id="tag:a.example,2026:1", title="B's words", content="<p>all of it</p>")
    copy = replace(version(source="b"), body=body)
    state.save([poll(kept=(kept(),), versions=(version(),)), poll("b", versions=(copy,))])

    assert {"tag:a.example,2026:1": (version(), copy)} == state.versions(["tag:a.example,2026:1"])
    assert [False] == [sighting.leads for sighting in state.sightings("b", ["1"]).values()]


def test_when_two_entries_turn_out_to_be_one_the_older_id_stays_and_the_younger_is_its_alias(state):
    older, younger = kept("old"), kept("young", source="b")
    state.save(
        [
            poll(kept=(older,), versions=(version("old"),)),
            poll("b", kept=(younger,), versions=(version("young", source="b", link="b.example/1"),)),
        ]
    )
    state.record_publications({"t": [Publication(entry="young", since=NOW, place=1, month="2026-11")]})
    before = state.revision()
    state.save([poll("b", aliases=(("young", "old"),))])

    assert {"young": "old", "old": "old"} == state.by_ids(["young", "old", "neither"])
    assert ["old"] == [held.entry.id for held in state.held(ids=["young"])]
    assert {"b.example/1": "old"} == state.by_links(["b.example/1"])
    assert [None, younger.held.entry] == [each.body for each in state.versions(["old"])["old"]]
    assert () == state.publications("t")
    assert before < state.revision()


def test_an_entry_saved_under_an_alias_replaces_the_one_that_stands(state):
    state.save([poll(kept=(kept("old"), kept("young")), aliases=(("young", "old"),))])
    again = kept("old", content="new words")
    state.save([poll(kept=(again,), versions=(version("young"),))])

    assert [again.held] == list(state.held(content=True))
    assert {"1"} == set(state.sightings("a", ["1"]))


def test_a_poll_whose_values_are_refused_costs_only_itself(state):
    bad = poll("bad", kept=(kept("bad"),), versions=(version("bad", source="bad", link="\ud800"),))

    failed = state.save([poll("a", kept=(kept("1"),)), bad, poll("c", kept=(kept("3"),))])

    assert ["bad"] == list(failed)
    assert ["1", "3"] == [held.entry.id for held in state.held()]
    assert {"a", "c"} == set(state.pollings())


def test_the_log_and_the_days_say_how_polls_went(state):
    yesterday = Outcome(at=NOW - timedelta(days=1), line="3 new of 30", kind="feed", status=200, new=3, seen=30)
    today = Outcome(at=NOW, line="timed out", kind="timeout")
    gap = Outcome(at=NOW, line="30 new: a gap", kind="feed", status=200, new=30, seen=30, gap=True)
    for outcome in (yesterday, today, gap):
        state.save([poll(outcome=outcome)])

    assert (gap, today) == state.log("a", limit=2)
    expected = (
        store.Day(day=date(2026, 11, 22), polls=1, failures=0, new=3, gaps=0),
        store.Day(day=date(2026, 11, 23), polls=2, failures=1, new=30, gaps=1),
    )
    assert {"a": expected} == state.days(NOW - timedelta(days=1))


def test_the_window_has_what_was_told_in_the_order_in_which_it_was_placed(state):
    early = NOW - timedelta(hours=1)
    gone = telling("2", seen=NOW - timedelta(days=4))
    state.save([poll(kept=(kept("1"), kept("2")), tellings=(telling("1"), gone, telling("2", at=early, story="1")))])

    window = state.window(NOW - timedelta(days=3))

    assert (("2", "1"), (early.timestamp(), NOW.timestamp()), ("1", "1")) == (
        window.told,
        window.told_at,
        window.stories,
    )
    assert ((b"t\xff",) * 2, (2**40,) * 2, (7,) * 2) == (window.terms, window.squares, window.names)


def test_stories_found_to_be_one_are_one_in_what_is_held_and_in_what_is_compared_with(state):
    entries = (kept("1"), kept("2"), Kept(held=replace(kept("3").held, story="2")), kept("4"))
    tellings = (telling("1"), telling("2"), telling("3", story="2"), telling("4"))
    state.save([poll(kept=entries, tellings=tellings)])
    before = state.revision()
    state.save([poll(tellings=(telling("4", key="5", story="1"),), joined=(("2", "1"),))])

    assert ["1", "1", "1", "4"] == [held.story for held in state.held()]
    assert ["2", "3"] == [held.entry.id for held in state.held(changed_after=before)]
    assert ("1", "1", "1", "4", "1") == state.window(NOW).stories


def test_the_window_has_every_wording_in_the_order_in_which_they_were_compared(state):
    early, late = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    gone = wording("2", seen=NOW - timedelta(days=4))
    state.save([poll(kept=(kept("1"), kept("2")), wordings=(wording("1", at=late), gone, wording("2", at=early)))])
    state.save([poll(wordings=(wording("1", at=early, sketch=b"copy"),))])

    window = state.window(NOW - timedelta(days=3))

    assert (("2", "1", "1"), (b"s\xff", b"s\xff", b"copy")) == (window.sketched, window.sketches)
    assert [one.timestamp() for one in (early, late, early)] == list(window.sketched_at)


def test_the_wordings_and_tellings_of_an_entry_that_is_the_same_as_an_older_one_are_the_older_ones(state):
    both = {"wordings": (wording("1"), wording("2")), "tellings": (telling("1"), telling("2"))}
    state.save([poll(kept=(kept("1"), kept("2")), **both)])
    state.save([poll(aliases=(("2", "1"),))])

    assert (("1", "1"), ("1", "1")) == (state.window(NOW).sketched, state.window(NOW).told)


def test_wordings_and_tellings_leave_with_their_time(state):
    old = NOW - timedelta(days=100)
    wordings = (wording("1", seen=old), wording("2"))
    tellings = (telling("1", seen=old), telling("2"))
    state.save([poll(kept=(kept("1", at=old), kept("2")), wordings=wordings, tellings=tellings)])
    state.prune(keep=timedelta(days=90), now=NOW)

    assert (("2",), ("2",)) == (state.window(old).sketched, state.window(old).told)


def test_publications_keep_their_place_and_say_when_they_left(state):
    state.save([poll(kept=(kept("1"), kept("2")))])
    first = Publication(entry="1", since=NOW, place=1, month="2026-11")
    second = Publication(entry="2", since=NOW, place=2, month="2026-11")
    state.record_publications({"t": [second, first]})
    left = replace(first, until=NOW + timedelta(days=1))
    state.record_publications({"t": [left, replace(first, entry="never held")]})

    assert (left, second) == state.publications("t")
    assert ((), ("t",)) == (state.topics_of("1"), state.topics_of("2"))


def test_marks_are_remembered_within_their_space_and_forgotten_by_none(state):
    state.mark("files", {"a.atom": "1", "b.atom": "2"})
    state.mark("files", {"a.atom": "3", "b.atom": None})

    assert {"a.atom": "3"} == state.marks("files")
    assert {} == state.marks("other")


def test_prune_lets_the_old_leave_but_not_what_is_published_or_still_shown(state):
    old = NOW - timedelta(days=100)
    ids = ("gone", "shown", "published")
    state.save(
        [
            poll(
                kept=(*(kept(id_, at=old) for id_ in ids), kept("young")),
                versions=tuple(version(id_, key=id_) for id_ in ids),
                shown=("shown",),
                aliases=(("also gone", "gone"),),
            )
        ]
    )
    state.record_publications({"t": [Publication(entry="published", since=old, place=1, month="2026-08")]})

    left = state.prune(keep=timedelta(days=90), now=NOW)

    assert 1 == left
    assert ["shown", "published", "young"] == [held.entry.id for held in state.held()]
    assert {"shown", "published"} == set(state.sightings("a", ids))
    contents = [held.entry.content for held in state.held(content=True)]
    assert [None, "<p>c</p>", "<p>c</p>"] == contents
    assert {} == state.by_ids(["also gone", "gone"])


def test_prune_forgets_old_outcomes_but_not_their_sums(state):
    state.save([poll(outcome=Outcome(at=NOW - timedelta(days=5), line="ok", kind="feed", new=2))])
    state.prune(keep=timedelta(days=90), now=NOW)

    assert () == state.log("a")
    assert [2] == [day.new for day in state.days(NOW - timedelta(days=9))["a"]]


def test_of_entries_that_a_query_cannot_match_few_are_read_and_of_those_it_matches_all(state):
    helds = [
        Held(entry=Entry(id=id_, title=title, content=content), source="a", first_seen=NOW, changed=NOW, tags=tags)
        for id_, title, content, tags in (
            ("about", "Title", None, Tags(regions=("kz",))),
            ("said", "Title", "<p>the summit</p>", Tags()),
            ("neither", "Title", "<p>words</p>", Tags(regions=("ru",))),
        )
    ]
    state.save([poll(kept=tuple(Kept(held=one) for one in helds))])

    found = state.held(content=True, matching=[query.parse("region:kz OR summit")])

    assert ["about", "said"] == [one.entry.id for one in found]
