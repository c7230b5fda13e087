"""Pairs as publishers made them: copies are found as often as we say, and one pattern is not one entry."""

import pytest

from bench import natural

pytestmark = pytest.mark.skipif(not natural.CORPUS.exists(), reason="../shared/corpus is not there")


def test_copies_as_they_happen_are_found_and_what_is_written_to_one_pattern_mostly_stays_apart():
    judged = [(same, found) for same, found, *_ in natural.judged()]
    copies, patterns = ([found for same, found in judged if same is wanted] for wanted in (True, False))

    assert (45, 100) == (len(copies), len(patterns))
    assert sum(copies) >= 27  # 33 when 38 patterns were merged, 28 now
    assert sum(patterns) <= 5
