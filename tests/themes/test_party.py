"""Whose act it is when a state's own press does not say: the state's whose language it is, and nobody else's."""

from datetime import UTC, datetime

import pytest

from feeds import tagging
from feeds.model import Entry, Source

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = tagging.Wordlist()


def about(title, language, *, country=None):
    source = Source(id="s", url="https://s.example/feed", language=language, country=country)
    read = tagging.all_readings([Entry(id="1", title=title)], bodies=[""], source=source, wordlist=WORDS, now=NOW)
    return set(read[0].tags.primary)


@pytest.mark.parametrize(
    ("title", "language", "countries"),
    [
        ("Мемлекет басшысы мұнай саласының өкілдерімен кездесті", "kk", {"KZ"}),
        ("Мемлекет басшысы Түркия елшісін қабылдады", "kk", {"KZ", "TR"}),
        ("Садыр Жапаров Москвада Владимир Путин менен жолугушту", "ky", {"KG", "RU"}),
        ("Ýaponiýanyň täze ilçisi ynanç hatyny gowşurdy", "tk", {"TM", "JP"}),
    ],
)
def test_a_state_acts_in_its_own_language_without_its_name(title, language, countries):
    assert about(title, language) == countries


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Польща й Казахстан підписали угоду про реадмісію", "uk"),  # between those it names
        ("НАТО жана АКШ биргелешкен билдирүү кабыл алды", "ky"),  # an organisation is a party
        ("“Arsenal” safarda “bo‘rilar”ni yengib, peshqadamlikni mustahkamladi", "uz"),  # no state acts
        ("The head of state received the ambassador of Turkey", "en"),  # nobody's language alone
    ],
)
def test_others_relations_and_other_news_are_not_its_own(title, language):
    assert about(title, language).isdisjoint({"UA", "KG", "UZ"})


def test_a_publisher_abroad_does_not_speak_for_the_state():
    assert about("Мемлекет басшысы Түркия елшісін қабылдады", "kk", country="GB") == {"TR"}
