"""Whose act it is when a state's own press does not say: the state's whose language it is, and nobody else's."""

from datetime import UTC, datetime

import pytest

from feeds import tagging
from feeds.model import Entry, Source

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = tagging.Wordlist()


def about(title, language, *, country=None, home=False):
    source = Source(id="s", url="https://s.example/feed", language=language, country=country, home=home)
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
        ("Пезешкиён ва Путин дар Маскав гуфтугӯ карданд", "tg"),  # with a leader that no list knows
        ("Орусия өлкөлөрдүн дипломаттарын чыгарат", "ky"),  # neither an office of ours nor "with" us
        ("НАТО жана АКШ биргелешкен билдирүү кабыл алды", "ky"),  # an organisation is a party
        ("“Arsenal” safarda “bo‘rilar”ni yengib, peshqadamlikni mustahkamladi", "uz"),  # no state acts
        ("The head of state received the ambassador of Turkey", "en"),  # nobody's language alone
    ],
)
def test_others_relations_and_other_news_are_not_its_own(title, language):
    assert about(title, language).isdisjoint({"UA", "KG", "UZ", "TJ"})


def test_a_publisher_abroad_does_not_speak_for_the_state():
    assert about("Мемлекет басшысы Түркия елшісін қабылдады", "kk", country="GB") == {"TR"}


@pytest.mark.parametrize(
    ("title", "language", "home", "countries"),
    [
        ("Министр встретился с послом Португалии", "ru", "KZ", {"KZ", "PT"}),
        ("Министр принял послов Португалии и Перу", "ru", "KZ", {"KZ", "PT", "PE"}),
        ("President receives envoys of Portugal and Peru", "en", "KG", {"KG", "PT", "PE"}),
        ("Deputy Foreign Minister holds talks in Lisbon", "en", "KG", {"KG", "PT"}),
        ("Президент Португалия менен Перунун элчилерин кабыл алды", "ky", "KG", {"KG", "PT", "PE"}),
    ],
)
def test_a_source_at_home_is_a_party_where_an_office_acts_that_is_nobody_elses(title, language, home, countries):
    assert about(title, language, country=home, home=True) == countries


@pytest.mark.parametrize(
    ("title", "language", "home"),
    [
        ("Португалия и Перу договорились о визах", "ru", "KZ"),
        ("Министры иностранных дел Португалии и Перу провели переговоры", "ru", "KZ"),
        ("The foreign ministers of Portugal and Peru hold talks", "en", "KG"),
        ("Португалия мен Перу елшілерін қайтармақ", "kk", "KZ"),
        ("Portugaliýanyň premýer-ministri Limada gepleşik geçirdi", "tk", "TM"),
    ],
)
def test_what_two_others_do_is_theirs_even_where_a_source_speaks_from_home(title, language, home):
    assert about(title, language, country=home, home=True) >= {"PT", "PE"}
    assert home not in about(title, language, country=home, home=True)


@pytest.mark.parametrize(
    ("title", "language", "countries"),
    [
        ("Жайық өзенінің экологиясы бойынша Мәскеумен келіссөз жүргізіліп жатыр", "kk", {"KZ", "RU"}),
        ("Qoʻshtepa kanali boʻyicha Kobul bilan maslahatlashuvlar boshlandi", "uz", {"UZ", "AF"}),
    ],
)
def test_talks_with_another_state_are_the_speakers(title, language, countries):
    assert about(title, language) == countries


def test_where_two_others_are_named_the_act_is_theirs():
    source = Source(id="s", url="https://s.example/feed", language="ky")
    entry = Entry(id="1", title="Орусия элчисин чакыртып алды")
    body = "Буга АКШнын чечими себеп болду, деди тышкы иштер министри."
    read = tagging.all_readings([entry], bodies=[body], source=source, wordlist=WORDS, now=NOW)

    assert "KG" not in read[0].tags.primary


def test_news_of_relations_is_about_those_its_text_begins_with_and_other_news_is_not():
    def primary(title):
        body = "Ulaanbaatar will hold back water in return for power from Laos and coal from Vietnam."
        return set(tagging.read(title=title, body=body, hint="en", home=None, when=NOW, wordlist=WORDS).tags.primary)

    assert primary("Intergovernmental commission on a river of Mongolia meets") == {"MN", "LA", "VN"}
    assert primary("A river of Mongolia runs low after a dry summer") == {"MN"}


def test_neither_the_place_of_a_meeting_nor_its_dateline_outweighs_those_who_met():
    title = "Foreign ministers agree on a joint water council in Khiva"
    body = "KHIVA, Uzbekistan - The ministers of Kazakhstan, Kyrgyzstan, Tajikistan and Uzbekistan agreed in Khiva."
    read = tagging.read(title=title, body=body, hint="en", home=None, when=NOW, wordlist=WORDS)

    assert {"KZ", "KG", "TJ", "UZ"} == set(read.tags.primary)


def test_the_parties_of_an_act_may_stand_in_the_first_sentence_and_a_list_of_four_is_none():
    def given(body):
        title = "A river of Mongolia runs low"
        return tagging.read(title=title, body=body, hint="en", home=None, when=NOW, wordlist=WORDS).tags.themes

    end = "under a protocol of the ministers."

    assert "diplomacy" in given(f"It will get power from Laos and coal from Vietnam {end}")
    assert "diplomacy" not in given(f"It will see tourists of Laos, Vietnam, Peru and Chile {end}")
