"""Which of the countries an entry names it is about."""

import pytest

from feeds import regions


@pytest.mark.parametrize(
    ("language", "title", "text", "countries"),
    [
        (
            "en",
            "Mongolia and Russia agree on the Selenga",
            "In Moscow the Russian minister said that Russia would share its measurements, as the Kremlin wants.",
            {"MN", "RU"},
        ),
        (
            "ru",
            "Монголия и Россия будут вместе измерять Селенгу",
            "В Москве российский министр сообщил, что Россия передаст данные; об этом просили и в Кремле.",
            {"MN", "RU"},
        ),
    ],
)
def test_a_title_that_names_two_is_about_both_however_often_the_text_returns_to_one(language, title, text, countries):
    assert set(regions.read(title=title, text=text, language=language).primary) == countries


def test_a_country_whose_leader_acts_at_the_beginning_is_not_named_in_passing_and_those_listed_after_are():
    reading = regions.read(
        title="Новый посол во Вьетнаме",
        text="Указ подписал Касым-Жомарт Токаев. Дипломат будет работать также в Лаосе и Камбодже.",
        language="ru",
    )

    assert set(reading.primary) == {"VN", "KZ"}
    assert {"LA", "KH"} <= set(reading.countries)
