"""A publishing pass: what of the state, the configuration and the editor's files reaches the folder, and when."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from feeds import explaining
from feeds.model import Tags
from tests.press.desk import CONFIG, NOON, held


def test_entries_of_a_story_stand_together_on_the_page(desk):
    desk.keep(held(1, story="s"), held(2), held(3, story="s"))
    desk.publish()
    page = desk.file("all.html")

    assert page.index("Matter 1") < page.index("Matter 3") < page.index("Matter 2")


def test_the_editors_own_language_is_read_from_the_folder_of_templates(desk):
    own = desk.folder / "own"
    own.mkdir()
    (own / "kk.json").write_text(json.dumps({"topics": "Тақырыптар"}), encoding="utf-8")
    desk.write(CONFIG.replace("site: {", "output: {templates: own}\nsite: {language: kk, "))
    desk.keep(held(1))
    desk.publish()

    assert "Тақырыптар" in desk.file("index.html")


def test_an_edited_template_is_published_at_the_next_pass(desk):
    desk.keep(held(1))
    own = desk.folder / "own"
    own.mkdir()
    desk.write(CONFIG + "\noutput: {templates: own}\n")
    desk.publish()
    (own / "removed.html").write_text("never used", encoding="utf-8")
    (own / "index.html").write_text("<p>Mine.</p>", encoding="utf-8")
    desk.publish(NOON + timedelta(minutes=1))

    assert "<p>Mine.</p>" == desk.file("index.html")


def test_a_changed_entry_keeps_its_place_and_its_id(desk):
    desk.keep(held(1), held(2))
    desk.publish()
    mended = held(2)
    desk.keep(replace(mended, entry=replace(mended.entry, title="Mended")))
    desk.publish(NOON + timedelta(minutes=1))
    items = json.loads(desk.file("all.json"))["items"]

    assert [("https://one.example/1", "Matter 1"), ("https://one.example/2", "Mended")] == [
        (item["id"], item["title"]) for item in items
    ]


def test_an_entry_found_to_be_another_leaves_the_topics_it_was_in(desk):
    desk.keep(held(1), held(2))
    desk.publish()
    desk.keep(aliases=[("https://one.example/1", "https://one.example/2")])
    desk.publish(NOON + timedelta(minutes=1))

    assert ["https://one.example/2"] == [item["id"] for item in json.loads(desk.file("all.json"))["items"]]


def test_a_changed_entry_is_read_and_rendered_alone(desk):
    desk.keep(*map(held, range(30)))
    desk.publish()
    before = desk.tree()
    late = held(7)
    desk.keep(replace(late, entry=replace(late.entry, title="Mended")))
    report = desk.publish(NOON + timedelta(minutes=1))
    changed = {path for path, body in desk.tree().items() if before[path] != body}

    assert changed == set(report.written)
    assert {"all.atom", "kazakhstan.html"} <= changed
    desk.forget()
    desk.publish(NOON + timedelta(minutes=1))
    assert "Mended" in desk.file("all.xml")


@pytest.mark.parametrize("forgetting", [False, True])
def test_the_place_of_a_merged_entry_is_never_given_again(desk, forgetting):
    desk.keep(held(1), held(2))
    desk.publish()
    desk.keep(aliases=[("https://one.example/1", "https://one.example/2")])
    desk.publish(NOON + timedelta(minutes=1))
    if forgetting:
        desk.forget()
    desk.keep(held(0))
    desk.publish(NOON + timedelta(minutes=2))

    assert {1: "https://one.example/2", 3: "https://one.example/0"} == {
        one.place: one.entry for one in desk.state.publications("all")
    }


@pytest.mark.parametrize("public", [False, True])
def test_whom_the_editor_watches_is_published_only_where_the_editor_says_so(desk, public):
    desk.write(f"{CONFIG}\noutput: {{public_status: {str(public).lower()}}}\n")
    desk.keep(held(1))
    desk.publish()
    watched = {"status.html", "status.json", "sources.opml"}

    assert watched == {path.name for path in (desk.config.private / "status").iterdir()}
    assert (watched if public else set()) == watched & desk.tree().keys()


# A burst


def items(desk):
    return [item["id"] for item in json.loads(desk.file("all.json"))["items"]]


TWENTY = "\npublish: {burst: 20, burst_every: 15m}\n"


def test_a_reader_that_comes_every_hour_misses_nothing_of_a_burst(desk):
    desk.keep(held(200))
    desk.publish()
    desk.keep(*map(held, range(180)))
    seen: set[str] = set()
    for half in range(9):
        desk.publish(NOON + timedelta(minutes=10 + 30 * half))
        if half % 2:
            seen.update(items(desk))

    assert {held(number).entry.id for number in range(180)} <= seen


def test_a_reader_with_a_short_memory_misses_nothing_of_a_burst(desk):
    desk.write(CONFIG + TWENTY)
    desk.keep(held(100))
    desk.publish()
    desk.keep(*map(held, range(90)))
    seen: set[str] = set()
    for quarter in range(1, 12):
        desk.publish(NOON + timedelta(minutes=15 * quarter))
        seen.update(items(desk)[:20])

    assert {held(number).entry.id for number in range(90)} <= seen


def test_what_a_burst_holds_up_comes_without_another_poll_and_oldest_first(desk):
    desk.write(CONFIG + TWENTY)
    desk.keep(held(100))
    desk.publish()
    desk.keep(*map(held, range(30)))
    desk.publish(NOON + timedelta(minutes=20))
    desk.publish(NOON + timedelta(minutes=30))
    early = items(desk)
    desk.publish(NOON + timedelta(minutes=35))

    assert [held(number).entry.id for number in range(10, 30)] == early[:20]
    assert 21 == len(early)
    assert [held(number).entry.id for number in range(30)] == items(desk)[:30]


def test_who_would_stand_beyond_the_limit_takes_nobodys_turn(desk):
    def scored(number, score):
        return held(number, tags=Tags(language="en", themes=("diplomacy",), scores={"diplomacy": score}))

    topic = '{slug: all, title: Strong, match: "theme:diplomacy", order: score, limit: 2}'
    desk.write(f"publish: {{burst: 2}}\n{CONFIG.partition('topics:')[0]}topics: [{topic}]\n")
    desk.keep(scored(9, 0.9))
    desk.publish()
    desk.keep(scored(3, 0.4), scored(2, 0.5), scored(1, 0.9))
    desk.publish(NOON + timedelta(minutes=5))

    assert [held(1).entry.id, held(9).entry.id] == items(desk)


def test_a_new_topic_is_published_whole(desk):
    desk.keep(*map(held, range(60)))
    desk.publish()

    assert 60 == len(items(desk))


def test_explain_says_of_an_entry_that_it_waits_its_turn(desk):
    desk.write(CONFIG + TWENTY)
    desk.keep(held(100))
    desk.publish()
    desk.keep(*map(held, range(30)))
    later = NOON + timedelta(minutes=20)
    desk.publish(later)
    reasons = {
        number: told.verdict.reasons
        for number in (0, 9, 10)
        for told in explaining.explain(desk.config, desk.state, held(number).entry.id, now=later).topics
        if told.topic == "all"
    }

    assert {
        0: ("many came at once: it waits its turn, number 10 of 10",),
        9: ("many came at once: it waits its turn, number 1 of 10",),
        10: ("matches",),
    } == reasons


def test_what_a_slow_source_brings_late_stands_on_top(desk):
    desk.keep(*map(held, range(40)))
    desk.publish()
    desk.keep(held(35.5))
    desk.publish(NOON + timedelta(minutes=1))

    assert "https://one.example/35.5" == items(desk)[0]
    assert desk.file("all.html").index("Matter 35<") < desk.file("all.html").index("Matter 35.5<")


# Regions


REGIONS = CONFIG + "\noutput: {region_feeds: true}\n"


def arrived(number, now):
    return replace(held(number), first_seen=now, changed=now)


def in_region(desk):
    return [item["id"] for item in json.loads(desk.file("regions/kz.json"))["items"]]


def test_a_new_regions_feed_is_published_whole_and_a_later_burst_is_spread(desk):
    desk.write(REGIONS + TWENTY)
    desk.keep(*map(held, range(60, 100)))
    desk.publish()
    whole = in_region(desk)
    later = NOON + timedelta(minutes=20)
    desk.keep(*(arrived(number, later) for number in range(50)))
    seen, sizes = set(whole[:20]), []
    for quarter in range(4):
        desk.publish(later + timedelta(minutes=15 * quarter))
        sizes.append(len(in_region(desk)))
        seen.update(in_region(desk)[:20])

    assert 40 == len(whole)
    assert [60, 80, 90, 90] == sizes
    assert {held(number).entry.id for number in range(50)} <= seen


def test_what_waits_for_a_regions_feed_enters_without_another_poll(desk):
    desk.write(REGIONS + TWENTY)
    desk.keep(held(100))
    desk.publish()
    later = NOON + timedelta(minutes=20)
    desk.keep(*(arrived(number, later) for number in range(30)))
    desk.publish(later)
    early = desk.publish(later + timedelta(minutes=14)).written
    desk.publish(later + timedelta(minutes=15))

    assert () == early
    assert 31 == len(in_region(desk))


def test_a_very_long_queue_of_a_region_is_through_after_eight_turns(desk):
    desk.write(REGIONS.replace("\noutput", "\npublish: {burst: 1}\noutput"))
    desk.keep(held(100))
    desk.publish()
    later = NOON + timedelta(minutes=20)
    desk.keep(*(arrived(number, later) for number in range(50)))
    desk.publish(later)
    desk.publish(later + timedelta(hours=4))

    assert 51 == len(in_region(desk))


def test_a_regions_feed_stays_when_its_entries_have_grown_old(desk):
    desk.write(REGIONS)
    desk.keep(held(1))
    desk.publish()
    desk.publish(NOON + timedelta(days=40))

    assert [] == json.loads(desk.file("regions/kz.json"))["items"]
    assert "regions/kz.html" in desk.file("index.html")


def test_provinces_have_feeds_where_the_editor_turns_them_on(desk):
    somewhere = held(1)
    somewhere = replace(somewhere, tags=replace(somewhere.tags, regions=("kz", "kz-10")))
    desk.keep(somewhere)
    desk.write(REGIONS)
    without = {path for path in desk.publish().written if path.startswith("regions/")}
    desk.write(REGIONS.replace("region_feeds: true", "region_feeds: true, province_feeds: true"))
    with_them = {path for path in desk.publish(NOON + timedelta(minutes=1)).written if path.startswith("regions/")}
    desk.write(REGIONS)
    desk.publish(NOON + timedelta(minutes=2))

    assert "regions/kz.atom" in without
    assert "regions/kz-10.atom" not in without
    assert "regions/kz-10.atom" in with_them
    assert "This feed has ended" in desk.file("regions/kz-10.atom")


def test_a_regions_feed_leaves_a_notice_when_the_editor_turns_it_off(desk):
    desk.write(REGIONS)
    desk.keep(held(1))
    desk.publish()
    desk.write(CONFIG)
    desk.publish(NOON + timedelta(days=1))

    assert "This feed has ended" in desk.file("regions/kz.atom")


# Archives


def short(limit):
    """Return a configuration of one topic that shows few entries, as JSON alone."""
    listed = CONFIG[: CONFIG.index("topics:")]
    return f"""{listed}output: {{formats: [json]}}
topics:
  - {{slug: all, title: Everything, match: "lang:en", limit: {limit}}}
"""


def following(desk):
    """Return the ids that a reader finds who goes back from the subscription document."""
    found, path = [], "all.json"
    while path:
        document = json.loads(desk.file(path))
        found += [item["id"] for item in document["items"]]
        path = document.get("next_url", "").removeprefix("https://wire.example.org/")
    return found


def arriving(number, now):
    one = held(number)
    return replace(one, first_seen=now, entry=replace(one.entry, published=now - timedelta(seconds=number)))


def test_a_latecomer_reads_back_to_the_first_entry_of_a_topic_that_outran_its_limit(desk):
    desk.write(short(limit=6) + "publish: {burst: 0}")
    for step in range(12):
        now = NOON + timedelta(days=4 * step)
        desk.keep(*(arriving(5 * step + number, now) for number in range(5)))
        desk.publish(now)

    assert {held(number).entry.id for number in range(60)} == set(following(desk))


def test_the_archive_of_the_running_month_is_not_written_for_every_entry(desk):
    desk.write(short(limit=8))
    written = 0
    for number in range(24):
        now = NOON + timedelta(minutes=20 * number)
        desk.keep(arriving(number, now))
        written += "archive/all/2026-11.json" in desk.publish(now).written

    assert 3 <= written <= 7
