"""A people that lives in another state than the one that bears its name is of the state where it lives."""

import pytest

from feeds import regions


@pytest.mark.parametrize(
    ("language", "title", "countries"),
    [
        ("en", "Turkmen Front wants the post back; Turkmens hold two seats", {"IQ"}),
        ("en", "Wakhan Kyrgyz ask for a school", {"AF"}),
        ("ru", "Афганских узбеков приняли в Анкаре; узбеки просили о школах", {"AF", "TR"}),
        ("ky", "Памир кыргыздары кышка даярданууда", {"AF"}),
        ("uz", "Afgʻoniston oʻzbeklari maktab soʻradi", {"AF"}),
        ("tk", "Eýran türkmenleri täze mekdep gurdy", {"IR"}),
        ("tr", "Suriye Türkmen Meclisi toplandı, Türkmenler okul istedi", {"SY"}),
        ("fa", "جبهه ترکمن عراق خواستار انتخابات شد", {"IQ"}),
        ("ar", "الجبهة التركمانية ترفض القرار", {"IQ"}),
    ],
)
def test_a_people_abroad_is_of_the_country_where_it_lives(language, title, countries):
    assert set(regions.read(title=title, language=language).countries) == countries


def test_a_word_for_the_people_beside_their_country_alone_is_theirs():
    reading = regions.read(title="Turkmen villages near Aleppo shelled", language="en")

    assert reading.countries == ("SY",)
    assert "a people of another country here" in {one.why for one in reading.passed}


@pytest.mark.parametrize(
    "title",
    ["Ashgabat invites the Iraqi Turkmens, says the Turkmen minister", "Turkmenistan and Iraq sign a Turkmen gas deal"],
)
def test_the_state_of_that_name_counts_where_anything_else_names_it(title):
    assert set(regions.read(title=title, language="en").countries) == {"TM", "IQ"}


def test_a_border_and_a_visit_are_between_two_states():
    assert set(regions.read(title="Uzbek-Afghan border opens", language="en").countries) == {"UZ", "AF"}
    assert set(regions.read(title="Uzbek delegation in Kabul", language="en").countries) == {"UZ", "AF"}
