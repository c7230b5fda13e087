"""What was compiled is kept, and what is kept says the same."""

from feeds.regions import lexicon, shelf

ROWS = (("a",), ((1, None),))


def test_what_was_made_once_is_not_made_again_unless_it_is_torn():
    made = []

    def make():
        made.append(1)
        return ROWS

    path = shelf._path("qaa")  # ISO 639-2: for local use, no vocabulary has it
    path.unlink(missing_ok=True)
    try:
        assert [ROWS, ROWS] == [shelf.kept("qaa", make), shelf.kept("qaa", make)]
        assert 1 == len(made)
        path.write_bytes(path.read_bytes()[:5])
        assert ROWS == shelf.kept("qaa", make)
        assert 2 == len(made)
    finally:
        path.unlink(missing_ok=True)


def test_a_kept_lexicon_has_the_senses_of_a_fresh_one():
    shelf._path("tr").unlink(missing_ok=True)
    lexicon.compiled.cache_clear()
    fresh = lexicon.compiled("tr")
    lexicon.compiled.cache_clear()
    kept = lexicon.compiled("tr")

    assert (fresh.lengths, fresh.shorter) == (kept.lengths, kept.shorter)
    for index in range(0, len(fresh.senses), 97):
        for one, other in zip(fresh.senses[index], kept.senses[index], strict=True):
            assert (one.kind, one.key, one.flags, one.place) == (other.kind, other.key, other.flags, other.place)
            assert (one.tail and one.tail.endings) == (other.tail and other.tail.endings)
