"""Entries about one event stand together as they come, across scripts where names allow; others do not."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
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
    return [
        index.place(f"{n}", stories.of_text(title=title, body=""), now + timedelta(minutes=n))
        for n, title in enumerate(titles, start)
    ]


def test_headlines_of_one_event_are_one_story_and_others_are_their_own():
    assert ["0", "0", "0", "3", "4"] == placed(stories.Index(), QUAKE + OTHERS)


def test_a_story_crosses_scripts_by_its_names():
    titles = ["Tokayev meets Mirziyoyev in Samarkand", "Токаев встретился с Мирзиёевым в Самарканде"]

    assert ["0", "0"] == placed(stories.Index(), titles)


def test_one_country_in_two_scripts_makes_no_story_of_two_events():
    index = stories.Index()
    port = stories.of_text(title="Dredgers deepen Aktau harbour in Kazakhstan", body="", countries=("KZ",))
    theft = stories.of_text(title="Қазақстан: шетел азаматы ұрлыққа күдікті", body="", countries=("KZ",))

    assert ["port", "theft"] == [index.place("port", port, NOW), index.place("theft", theft, NOW)]


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
    index = stories.Index()
    told = [stories.of_text(title=title, body=body) for title, body in (first, second)]

    assert ["0", "0"] == [index.place(str(n), one, NOW) for n, one in enumerate(told)]


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
    assert {"0"} == {index.standing(story) for story in told}


def test_a_story_to_which_nothing_was_added_for_days_is_over():
    index = stories.Index()
    placed(index, QUAKE)

    assert ["9"] == placed(index, QUAKE[:1], start=9, now=NOW + timedelta(days=5))


def test_a_restart_forgets_nothing():
    first, again = stories.Index(), stories.Index()
    found = placed(first, QUAKE + OTHERS)
    again.load(
        found,
        [stories.of_text(title=title, body="").pack() for title in QUAKE + OTHERS],
        [NOW.timestamp()] * len(found),
    )
    later = ["Naryn earthquake: Kyrgyzstan counts damaged houses", "Tashkent airport terminal opens to passengers"]

    assert placed(first, later, start=9) == placed(again, later, start=9)


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_entry_has_a_story_that_began_no_later_than_it(titles):
    found = placed(stories.Index(), titles)

    assert all(int(story) <= n and found[int(story)] == story for n, story in enumerate(found))


@given(st.text(max_size=200), st.text(max_size=200))
def test_features_survive_the_store(title, body):
    features = stories.of_text(title=title, body=body, countries=("KZ",))

    assert features == stories.unpack(features.pack())
