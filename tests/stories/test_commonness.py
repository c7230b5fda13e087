"""The table of common words is what `stems` makes of words, and is read as shares of entries."""

from itertools import pairwise
from pathlib import Path

from feeds.stories import terms

LINES = [
    line.split("\t")
    for line in (Path(terms.__file__).parents[1] / "data/commonness.tsv").read_text("utf-8").splitlines()
]


def test_stems_of_words_that_everybody_says_are_known_and_those_of_places_in_the_news_are_not():
    def key(word):
        (stem,) = terms.stems(word)
        return terms._key(stem)

    known = terms.common()
    assert {key("people"), key("людей"), key("مردم")} <= known.keys()
    assert not {key("khorog"), key("жанаозен")} & known.keys()
    assert known[key("people")] < known[key("election")]


def test_a_stem_stands_in_one_class_of_its_language_and_classes_grow_with_their_rarity():
    for language in {language for language, *_ in LINES}:
        classes = [(int(halvings), stems.split()) for one, halvings, stems in LINES if one == language]
        assert len({stem for _, stems in classes for stem in stems}) == sum(len(stems) for _, stems in classes)
        assert all(first < second for (first, _), (second, _) in pairwise(classes))


def test_words_of_grammar_numbers_and_countries_are_not_in_it():
    assert terms.stems("the") == terms.stems("2020") == terms.stems("россия") == []
