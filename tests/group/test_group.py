"""`feeds group`: one answer a record, in order; a copy stands in the story of its entry."""

from feeds.group import Grouped, group

TEXT = (
    "Kazakhstan and Uzbekistan agreed on Tuesday to share water from the Syr Darya this summer, releasing 320 million "
    "cubic metres from the Toktogul reservoir between 1 June and 31 August, officials said."
)


def record(id_, title, text, ts):
    return {"id": id_, "title": title, "text": text, "url": f"https://x.example/{id_}", "ts": ts}


def test_copies_share_a_cluster_and_tellings_a_story():
    records = [
        record("a", "Neighbours agree on Syr Darya water", TEXT, 1_780_000_000),
        record("b", "Deal on the river", f"TASHKENT (Reuters) - {TEXT}", 1_780_000_100),
        record("c", "Syr Darya water: what neighbours agreed", "Kazakhstan and Uzbekistan share water.", 1_780_000_200),
        record("d", "Neighbours agree on Syr Darya water", TEXT.replace("320", "450"), 1_780_030_000),
    ]

    assert [
        Grouped(id="a", cluster="a", story="a"),
        Grouped(id="b", cluster="a", story="a"),
        Grouped(id="c", cluster="c", story="a"),
        Grouped(id="d", cluster="d", story="a"),
    ] == list(group(records))


def test_the_next_bulletin_is_another_story_and_a_risen_toll_is_the_same():
    rates = (
        "The National Bank set the dollar at 87.45 som, the euro at 100.92 som and the rouble at 1.0823 som for today."
    )
    flood = (
        "A mudflow in the Pamir killed 12 people and cut the road to Khorog on Sunday, the emergency committee said."
    )
    records = [
        record("a", "Official rates of the National Bank", rates, 1_780_000_000),
        record("b", "Mudflow in the Pamir", flood, 1_780_000_100),
        record("c", "Mudflow in the Pamir", flood.replace("12", "19"), 1_780_020_000),
        record("d", "Official rates of the National Bank", rates.replace("87.45", "87.51"), 1_780_090_000),
    ]

    assert [("a", "a"), ("b", "b"), ("c", "b"), ("d", "d")] == [(one.id, one.story) for one in group(records)]


def test_two_events_told_to_one_pattern_are_two_stories():
    pattern = "{0} beat {1} two goals to nil in the national league on Sunday. {2} scored for the winners, {3} saw red."
    records = [
        record("a", "Kairat beat Tobol", pattern.format("Kairat", "Tobol", "Satpayev", "Zharynbetov"), 1_780_000_000),
        record("b", "Astana beat Aktobe", pattern.format("Astana", "Aktobe", "Karimov", "Kerimzhanov"), 1_780_001_000),
    ]

    assert ["a", "b"] == [one.story for one in group(records)]


def test_the_next_bulletin_is_another_story_also_where_the_last_one_stands_in_a_story_begun_by_another():
    rates = "The National Bank set the dollar at {0} som, the euro at {1} som and the rouble at 1.0823 som for today."
    records = [
        record("a", "National Bank sets the dollar at 87.45 som", "Dollar at 87.45, euro at 100.92.", 1_780_000_000),
        record("b", "National Bank sets the dollar at 87.45 som", rates.format(87.45, 100.92), 1_780_000_100),
        record("c", "National Bank sets the dollar at 87.51 som", rates.format(87.51, 101.07), 1_780_090_000),
    ]

    assert ["a", "a", "c"] == [one.story for one in group(records)]


def test_nothing_in_is_nothing_out():
    assert not list(group([]))
