"""Rows are found by their keys, the latest first, however they were added."""

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feeds.dedupe.chains import Chains

WIDTH = 3
# Few values, some of which fall into one bucket whatever the size of the table.
KEYS = st.lists(st.sampled_from([1, 2, 3, 1 + 2**31, 2 + 2**30, 2**32 - 1]), max_size=WIDTH, unique=True)


@given(loaded=st.lists(KEYS, max_size=40), added=st.lists(KEYS, max_size=40), asked=KEYS, at_most=st.integers(1, 5))
def test_rows_are_found_by_a_key_that_few_carry_or_by_two(loaded, added, asked, at_most):
    chains = Chains(width=WIDTH)
    flat = np.array([key for keys in loaded for key in keys], np.uint32)
    chains.extend(flat, np.array([len(keys) for keys in loaded], np.int64))
    for keys in added:
        chains.add(keys)
    carrying = defaultdict(list)
    for row, keys in enumerate(loaded + added):
        for key in keys:
            carrying[key].append(row)
    by_few = {row for key in asked if len(carrying[key]) < at_most for row in carrying[key]}
    latest = Counter(row for key in asked for row in carrying[key][-at_most:])

    assert by_few | {row for row, count in latest.items() if count > 1} == chains.find(asked, at_most=at_most)


def test_a_table_that_grows_forgets_nothing():
    chains = Chains(width=1)
    for row in range(5000):
        chains.add([row + 1])

    assert [{row} for row in range(5000)] == [chains.find([row + 1], at_most=2) for row in range(5000)]
