"""What was compiled is kept, and what is kept says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.regions import lexicon, shelf
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
    assert table == {packed[place]: packed.value(place) for place in range(len(packed))}


@given(st.binary(max_size=64), st.integers(0, 60))
def test_a_torn_file_is_told(start, cut):
    with pytest.raises(ValueError, match=r"short|not all"):
        Packed(start, int)
    with pytest.raises(ValueError, match=r"short|not all"):
        Packed(pack({"a": 1, "b": 2}, None)[:-1][:cut], int)


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The folders a lexicon may be kept in, the first one like an installation, the second the user's."""
    installed = tmp_path / "installed"
    (installed / "words").mkdir(parents=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return installed, tmp_path / "cache"


def test_what_was_made_once_is_not_made_again_unless_it_is_torn(folders):
    installed, _ = folders
    made = []

    def kept():
        return shelf.kept("qaa", lambda: made.append(1) or b"12345678", _whole, folder=installed)

    assert [b"12345678", b"12345678"] == [kept(), kept()]
    assert 1 == len(made)
    (path,) = (installed / "__pycache__").iterdir()
    path.write_bytes(b"1234")
    assert b"12345678" == kept()
    assert 2 == len(made)


def test_an_installation_that_may_not_be_written_is_kept_in_the_cache_of_the_user(folders):
    installed, cache = folders
    (installed / "__pycache__").write_text("no folder can be here")

    assert b"12345678" == shelf.kept("qaa", lambda: b"12345678", _whole, folder=installed)
    assert b"12345678" == shelf.kept("qaa", lambda: b"", _whole, folder=installed)
    assert 1 == len(list((cache / "feeds").iterdir()))


def test_without_any_folder_it_is_made_each_time(folders):
    installed, cache = folders
    (installed / "__pycache__").write_text("no folder can be here")
    cache.write_text("nor here")

    assert b"12345678" == shelf.kept("qaa", lambda: b"12345678", _whole, folder=installed)


def _whole(buffer):
    if len(buffer) != 8:
        raise ValueError("torn")
    return bytes(buffer)


def test_senses_come_back_as_they_were_compiled():
    compiled = lexicon.compiled("kk")
    last = compiled.patterns.last("қазақстан".encode())
    (place, *_) = compiled.patterns.beginnings("қазақстан".encode(), last)
    sense = compiled.patterns.value(place)[0]

    assert ("name", "KZ") == (sense.kind, sense.key)
    assert sense.tail is not None
    assert sense.tail.allows("да")
