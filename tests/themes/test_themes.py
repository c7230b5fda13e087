"""What a headline is about, and which words say so."""

import re
from dataclasses import dataclass, field
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import themes
from feeds.themes import vocabulary

FILES = sorted(
    entry.name for entry in resources.files("feeds").joinpath("data/themes").iterdir() if entry.name.endswith(".txt")
)


@dataclass(frozen=True)
class Change:
    slug: str
    add: dict = field(default_factory=dict)
    veto: tuple = ()


@pytest.mark.parametrize("name", FILES)
def test_every_line_of_a_vocabulary_can_be_used(name):
    lines = resources.files("feeds").joinpath(f"data/themes/{name}").read_text("utf-8").splitlines()

    assert len(list(vocabulary.terms(lines))) > 50


def found(lines, title, tag="en"):
    language = vocabulary.compiled(tuple(vocabulary.terms(["[diplomacy]", *lines])), tag)
    haystack = vocabulary.plain(title)
    return {
        language.terms[check.term].written
        for pattern, start, end in language.automaton.find_matches_as_indexes(haystack, overlapping=True)
        for check in language.checks[pattern]
        if (any(check.whole.finditer(haystack)) if check.whole else not check.ending or " " in haystack[end : end + 4])
    }


@given(
    words=st.lists(
        st.sampled_from(["وزير", "والوزير", "خارجية", "بوزير", "الخارجيه", "لقاء", "وزيرها", "|"]), max_size=9
    ),
    term=st.sampled_from(["وزير~", "وزير", "وزير~ خارجية~", "لقاء|وزير .. خارجية", "*زير"]),
)
def test_a_phrase_is_found_where_its_expression_would_find_it(words, term):
    haystack = f" {' '.join(words)} "
    checks = vocabulary.compiled(tuple(vocabulary.terms(["[diplomacy]", f"2 {term}"])), "ar").checks
    (phrase,) = {check.whole for some in checks for check in some}

    assert [one.span() for one in re.finditer(phrase.expression, haystack)] == [
        one.span() for one in phrase.finditer(haystack)
    ]


@pytest.mark.parametrize(
    ("term", "title", "tag"),
    [
        ("talks", "Talks resume", "en"),
        ("visit~", "He visited us", "en"),
        ("саммит*", "На саммитах", "ru"),
        ("foreign minister~", "Foreign ministers meet", "en"),
        ("министр~ иностранных дел", "Министра иностранных дел ждут", "ru"),
        ("met .. minister", "Met in the morning with minister", "en"),
        ("visit~|trip .. counterpart|colleague", "Trip to his colleague", "en"),
        ("*abkommen", "Handelsabkommen unterzeichnet", "de"),
        ("وزير~ خارجية~", "والتقى بوزير الخارجية", "ar"),
        ("访问", "董军将访问俄罗斯", "zh"),
        ("访问", "董軍將訪問俄羅斯", "zh"),
        ("访问 .. 会晤", "他访问俄罗斯并会晤普京", "zh"),
        ("o‘zaro", "O'zaro muzokara", "uz"),
        ("élysée", "A l'Elysee", "fr"),
    ],
)
def test_a_term_is_found(term, title, tag):
    assert {term} == found([f"3 {term}"], title, tag)


@pytest.mark.parametrize(
    ("term", "title"),
    [
        ("talks", "Stalks"),
        ("visit~", "A visitation"),
        ("met .. minister", "Met one two three four five six minister"),
        ("foreign minister", "Foreign ministers"),
    ],
)
def test_a_term_is_not_found(term, title):
    assert not found([f"3 {term}"], title)


def test_a_comma_parts_terms_of_the_same_weight():
    terms = tuple(vocabulary.terms(["[sport]", "3 football, world cup  # games"]))

    assert [("football", 3.0), ("world cup", 3.0)] == [(term.written, term.weight) for term in terms]


@pytest.mark.parametrize("line", ["three words", "3", "[no-such-theme]"])
def test_a_line_that_cannot_be_used_is_refused_with_its_number(line):
    with pytest.raises(ValueError, match="line 2"):
        list(vocabulary.terms(["[sport]", line]))


def test_a_headline_of_diplomacy_is_diplomacy():
    reading = themes.read(title="Foreign minister pays official visit to Tashkent", language="en")

    assert reading.themes[0] == "diplomacy"


def test_two_actors_tip_the_balance():
    title = "Talks with Tashkent on trucks"

    assert ("diplomacy" in themes.read(title=title, actors=2).themes, False) == (
        True,
        "diplomacy" in themes.read(title=title, actors=1).themes,
    )


@pytest.mark.parametrize("title", ["Tokayev extends condolences to Erdogan", "Путин поздравил Рахмона"])
def test_a_telegram_between_leaders_is_relations_though_none_of_its_words_is(title):
    assert "diplomacy" in themes.read(title=title, actors=2).themes


@pytest.mark.parametrize("title", ["Bishkek trader jailed for sanctions evasion", "В Бишкеке осудили за обход санкций"])
def test_who_got_round_sanctions_is_trade_and_no_relations(title):
    given = themes.read(title=title, actors=2).themes

    assert "economy-trade" in given
    assert "diplomacy" not in given


@pytest.mark.parametrize(
    ("title", "actors", "theme", "bystander"),
    [
        ("Schoolchildren hospitalised with measles", 0, "health", "society"),
        ("Teenagers win World Cup", 0, "sport", "society"),
        ("Parliament ratifies treaty with Tajikistan", 2, "diplomacy", "politics-domestic"),
        ("В Бишкеке ограбили банк", 0, "crime", "economy-trade"),
    ],
)
def test_what_happened_is_the_theme_and_not_who_was_there(title, actors, theme, bystander):
    given = themes.read(title=title, actors=actors).themes

    assert theme in given
    assert bystander not in given


def test_who_is_there_is_the_theme_where_much_speaks_of_it():
    given = themes.read(title="Schoolchildren and teachers of village schools fall ill with measles").themes

    assert ("health", "society") == tuple(sorted(given))


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("پزشکیان به دوشنبه رفت", "health"),  # Pezeshkian: "of the physicians"
        ("Токаев поздравил с Днём образования КНР", "society"),  # education, or founding
        ("Erhöhte Kosten für private Haushalte", "politics-domestic"),
    ],
)
def test_a_name_or_a_second_sense_is_of_no_theme(title, theme):
    assert theme not in themes.read(title=title).themes


def test_a_mask_hides_the_words_it_covers():
    reading = themes.read(title="Vaccine diplomacy", language="en")

    assert "diplomacy" not in reading.themes


def test_the_editor_adds_and_takes_away():
    words = themes.Vocabulary(changes=(Change("diplomacy", {"zeppelin": 3}, ("foreign minister~",)),))

    assert [("diplomacy",), ()] == [
        themes.read(title=title, language="en", words=words).themes for title in ("Zeppelin", "A foreign minister")
    ]


def test_a_theme_of_the_editors_own_can_be_read():
    words = themes.Vocabulary(changes=(Change("zeppelins", {"zeppelin*": 3}),))

    assert themes.read(title="Zeppeline", language="en", words=words).themes == ("zeppelins",)


def test_evidence_adds_up_to_what_decides():
    reading = themes.read(title="Foreign minister visits Tashkent", language="en")
    total = sum(found.adds for found in reading.evidence if found.slug == "diplomacy")

    assert dict(reading.scores)["diplomacy"] == pytest.approx(1 - 2 ** (-total / 3), abs=0.001)


@given(st.text(), st.text(), st.sampled_from([None, "en", "ru", "zh", "xx", "uz-Cyrl"]))
def test_any_text_can_be_read(title, text, language):
    reading = themes.read(title=title, text=text, language=language)

    assert all(0 <= score <= 1 for _, score in reading.scores)


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Reservoir releases until spring", "The protocol was signed by the three energy ministers."),
        ("ru", "Насосы на канале заменят", "Протокол утвердила совместная комиссия."),
        ("kk", "Каналды жөндеу кестесі", "Тараптар хаттаманы бекітті."),
        ("ky", "Канал оңдолот", "Тараптар протоколго кол койду."),
    ],
)
def test_words_of_an_agreement_are_diplomacy_between_two_and_nothing_where_one_acts(language, title, text):
    two = themes.read(title=title, text=text, language=language, actors=2, parties=2)
    one = themes.read(title=title, text=text, language=language, actors=1, parties=1)

    assert "diplomacy" in two.themes
    assert "diplomacy" not in one.themes
    assert "between" not in dict(two.scores)
