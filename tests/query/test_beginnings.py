"""What a word fits, it begins like: no entry is passed over that a query matches, in any language."""

from importlib import resources

from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Entry
from feeds.query import beginnings, words

_LINES = resources.files("feeds").joinpath("data/endings.txt").read_text("utf-8").splitlines()
ENDINGS = {
    name.rstrip("+"): ["", *endings.split()]
    for name, _, endings in (line.partition(":") for line in _LINES if line and line[0] != "#")
    if name[-1] not in "~=-"
}
STEMS = st.text("абгкмсeuiştoöلوزبيرהשגר中пқkgpbd", min_size=1, max_size=6)


@given(STEMS, st.sampled_from(sorted(ENDINGS)), st.data())
def test_a_word_that_fits_has_the_beginnings_that_are_wanted(stem, language, data):
    ending = st.sampled_from(ENDINGS[language])
    asked = stem + data.draw(ending) + data.draw(st.sampled_from(["", "", "*"]))
    written = data.draw(st.sampled_from(["", "و", "وال", "ב", "ال"])) + stem + data.draw(ending) + data.draw(ending)
    made = beginnings.of(Entry(id="1", title=written))

    if words.find(words.patterns(asked), words.plain(written), language):
        assert all(one in made for one in beginnings.wanted(asked))


def test_what_is_wanted_of_a_word_is_no_more_than_its_first_four_letters():
    assert beginnings.wanted("summit") == beginnings.wanted("summits") == beginnings.wanted("summ*")
    assert beginnings.wanted("su*") == ()
    assert len(beginnings.wanted("Middle Corridor")) == 2
