"""`feeds group`: one answer a record, in order; a copy stands in the story of its entry."""

from feeds.group import Grouped, group

TEXT = (
    "Kazakhstan and Uzbekistan agreed on Tuesday to share water from the Syr Darya this summer, releasing 320 million "
    "cubic metres from the Toktogul reservoir between 1 June and 31 August, officials said."
)


def record(id_, title, text, ts):
    return {"id": id_, "title": title, "text": text, "url": f"https://{id_}.example/1", "ts": ts}


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
    said = "the emergency ministry said."
    osh = f"A fire in a market in Osh was put out within two hours on Sunday. Nobody was hurt, {said}"
    talas = f"A fire in a market of Talas was extinguished after an hour on Sunday. Nobody was injured, {said}"
    records = [
        record("a", "Fire in a market in Osh put out", osh, 1_780_000_000),
        record("b", "Fire in a market in Talas put out", talas, 1_780_001_000),
    ]

    assert ["a", "b"] == [one.story for one in group(records)]


def test_the_next_bulletin_is_another_story_also_where_the_last_one_stands_in_a_story_begun_by_another():
    title = "National Bank sets official rates of the dollar and the euro"
    begun = "The National Bank sets official rates: the dollar and the euro are dearer in som today than a week ago."
    rates = "The National Bank set the dollar at {} som, the euro at {} som and the rouble at 1.0823 som for today."
    records = [
        record("a", title, begun, 1_780_000_000),
        record("b", title, rates.format(87.45, 100.92), 1_780_000_100),
        record("c", title, rates.format(87.51, 101.07), 1_780_090_000),
    ]

    assert ["a", "a", "c"] == [one.story for one in group(records)]


def test_nothing_in_is_nothing_out():
    assert not list(group([]))
