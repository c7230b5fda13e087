"""Pairs as publishers made them: copies are found as often as we say, and one pattern is not one entry."""

import pytest

from bench import natural

pytestmark = pytest.mark.skipif(not natural.CORPUS.exists(), reason="../shared/corpus is not there")


def test_copies_as_they_happen_are_found_and_what_is_written_to_one_pattern_mostly_stays_apart():
    judged = [(same, found) for same, found, *_ in natural.judged()]
    copies, patterns = ([found for same, found in judged if same is wanted] for wanted in (True, False))

    assert (45, 100) == (len(copies), len(patterns))
    assert sum(copies) >= 33  # 33 when 38 patterns were merged, 28 when 4 were, 34 now
    assert sum(patterns) <= 5


@pytest.mark.skipif(not natural.WIRE.exists(), reason="../shared/gold is not there")
def test_what_an_agency_sends_twice_is_found_and_its_templates_stay_apart():
    judged = [(same, found) for same, found, *_ in natural.wire()]
    copies, patterns = ([found for same, found in judged if same is wanted] for wanted in (True, False))

    assert sum(copies) >= 0.9 * len(copies)
    assert sum(patterns) <= 0.01 * len(patterns)
