"""What is compiled says the same when it is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.regions import lexicon
from feeds.regions.packed import Packed, pack

words = st.text(alphabet="ab яқا日 ", min_size=1, max_size=6)


@given(st.dictionaries(words, st.integers(0, 3)), words)
def test_packed_patterns_say_what_each_text_begins_with_and_what_may_follow(table, text):
    packed = Packed(pack(table, "about"), int)
    written = text.encode()
    last = packed.last(written)

    assert "about" == packed.about
    assert sorted((key for key in table if text.startswith(key)), key=len, reverse=True) == [
        packed[place] for place in packed.beginnings(written, last)
    ]
    assert sorted(key[len(text) :] for key in table if key.startswith(text) and key != text) == list(
        packed.follows(written, last)
    )
    assert packed.goes_on(written, last) == any(key.startswith(text) and key != text for key in table)
    assert table == {packed[place]: packed.value(place) for place in range(len(packed))}


@given(st.binary(max_size=64), st.integers(0, 60))
def test_a_torn_file_is_told(start, cut):
    with pytest.raises(ValueError, match=r"short|not all"):
        Packed(start, int)
    with pytest.raises(ValueError, match=r"short|not all"):
        Packed(pack({"a": 1, "b": 2}, None)[:-1][:cut], int)


def test_senses_come_back_as_they_were_compiled():
    compiled = lexicon.compiled("kk")
    last = compiled.patterns.last("қазақстан".encode())
    (place, *_) = compiled.patterns.beginnings("қазақстан".encode(), last)
    sense = compiled.patterns.value(place)[0]

    assert ("name", "KZ") == (sense.kind, sense.key)
    assert sense.tail is not None
    assert sense.tail.allows("да")
