"""Entries about one event stand together as they come, across scripts where names allow; others do not."""

import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import stories

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
QUAKE = [
    "Earthquake of magnitude 5.8 shakes Naryn region, Kyrgyzstan",
    "Kyrgyzstan earthquake: Naryn villagers spend night outdoors",
    "Naryn earthquake damages 40 houses in Kyrgyzstan",
]
OTHERS = ["Tashkent opens second airport terminal", "Baku and Brussels sign gas supply memorandum"]


def placed(index, titles, *, start=0, now=NOW):
    return [one.story for one in index.place([new(n, title, now=now) for n, title in enumerate(titles, start)])]


def new(n, title, body="", countries=(), *, now=NOW):
    features = stories.of_text(title=title, body=body, countries=countries)
    return stories.New(id=str(n), features=features, when=now + timedelta(minutes=n))


def test_headlines_of_one_event_are_one_story_and_others_are_their_own():
    assert ["0", "0", "0", "3", "4"] == placed(stories.Index(), QUAKE + OTHERS)


def test_a_story_crosses_scripts_by_its_names():
    titles = ["Tokayev meets Mirziyoyev in Samarkand", "Токаев встретился с Мирзиёевым в Самарканде"]

    assert ["0", "0"] == placed(stories.Index(), titles)


def test_chinese_of_both_kinds_tells_one_story():
    titles = ["台风海棠逼近福建 沿海停航128条航线", "颱風海棠逼近福建 沿海128條航線停航"]

    assert ["0", "0"] == placed(stories.Index(), titles)


def test_one_country_in_two_scripts_makes_no_story_of_two_events():
    port = new(0, "Dredgers deepen Aktau harbour in Kazakhstan", countries=("KZ",))
    theft = new(1, "Қазақстан: шетел азаматы ұрлыққа күдікті", countries=("KZ",))

    assert ["0", "1"] == [one.story for one in stories.Index().place([port, theft])]


def test_the_name_of_a_country_is_the_country_that_tags_name_in_every_language():
    def keys(title, countries=()):
        packed = stories.of_text(title=title, body="", countries=countries).packed
        return {int.from_bytes(packed[at : at + 4], sys.byteorder) >> 8 for at in range(4, len(packed), 4)}

    country = keys("", ("KZ",))
    assert all(country <= keys(title) for title in ("Kazakhstan", "Казахстан", "Қазақстан", "قزاقستان", "哈萨克斯坦"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("Медведь напал на рыбака на Камчатке", "Мужчина умер на берегу реки в Мильковском районе. Зверя ищут."),
            ("На Камчатке хищник задрал рыболова", "Трагедия случилась у села Мильково, медведя разрешили отстрелять."),
        ),
        (
            ("Shell to cut a fifth of exploration jobs", "Chief executive Wael Sawan told hundreds of staff to go."),
            ("Hundreds of geologists to leave Shell", "One in five exploration roles goes, as Sawan wants savings."),
        ),
    ],
)
def test_two_tellings_in_other_words_are_one_story_when_names_and_rare_words_are_shared(first, second):
    told = [new(0, *first), new(1, *second)]

    assert ["0", "0"] == [one.story for one in stories.Index().place(told)]


def test_words_that_everybody_says_draw_an_entry_less_than_two_that_nobody_said_also_in_a_young_index():
    people, derrick = "Family and friends helped people of the city", "Derrick of Zhanaozen collapsed"
    both = "People and friends of the city saw Zhanaozen derrick"

    assert ["0", "1", "1"] == placed(stories.Index(), [people, derrick, both])


def test_of_a_long_text_what_tells_most_is_compared_wherever_it_stands_in_the_opening():
    usual = "people in this part of the country have always known what it means to live with very little money"
    told = [
        new(0, "A long day of work", f"{usual} until Zhanaozen saw its derrick collapse on Galymzhan Ersainov's crew."),
        new(
            1,
            "What came of it",
            f"Galymzhan Ersainov's crew left Zhanaozen's derrick before the collapse: {usual}",
        ),
    ]

    assert ["0", "0"] == [one.story for one in stories.Index().place(told)]


def test_two_stories_that_later_tellings_find_to_be_one_are_joined_under_the_older_id():
    index = stories.Index()
    titles = [
        "Flood cuts road to Khorog",
        "Pamir villages without power after mudflow",
        "Flood cuts Khorog road, mudflow leaves Pamir villages without power",
        "Khorog flood and Pamir mudflow: road cut, villages without power",
    ]
    told = placed(index, titles)

    assert ["0", "1"] == told[:2]
    assert {"0"} == {index.story(str(n)) for n in range(4)}


def test_a_story_to_which_nothing_was_added_for_days_is_over():
    index = stories.Index()
    placed(index, QUAKE)

    assert ["9"] == placed(index, QUAKE[:1], start=9, now=NOW + timedelta(days=5))


def again(index, news, told):
    """A new index that has read what another stored of the entries it placed."""
    loaded = stories.Index()
    loaded.load(
        ids=[one.id for one in news],
        stories=[index.story(one.id) for one in news],
        terms=[one.terms for one in told],
        times=[one.when.timestamp() for one in news],
        squares=[one.squares for one in told],
        names=[one.names for one in told],
    )
    return loaded


WORDS = [
    "Naryn",
    "Нарын",
    "Khorog",
    "Хорог",
    "flood",
    "наводнение",
    "quake",
    "землетрясение",
    "road",
    "дорога",
    "40",
    "12",
    "Kyrgyzstan",
    "Кыргызстан",
]
tellings = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=40)


@settings(deadline=None)
@given(tellings, st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_any_split_into_passes_and_processes_gives_the_stories_of_one_pass(titles, passes, restarts):
    news = [new(n, title) for n, title in enumerate(titles)]
    whole = stories.Index()
    expected = whole.place(news)

    index, told = stories.Index(), []
    edges = sorted({0, len(news)} | {n for n in passes | restarts if n < len(news)})
    for start, end in pairwise(edges):
        if start in restarts:
            index = again(index, news[:start], told)
        told += index.place(news[start:end])

    assert expected == told
    assert [whole.story(one.id) for one in news] == [index.story(one.id) for one in news]


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_entry_has_a_story_that_began_no_later_than_it(titles):
    found = placed(stories.Index(), titles)

    assert all(int(story) <= n and found[int(story)] == story for n, story in enumerate(found))


@given(st.text(max_size=200), st.text(max_size=200))
def test_features_survive_the_store(title, body):
    features = stories.of_text(title=title, body=body, countries=("KZ",))

    assert features == stories.unpack(features.pack())
