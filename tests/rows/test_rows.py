"""Byte strings that stay, kept in one place."""

from hypothesis import given
from hypothesis import strategies as st

from feeds.rows import Rows


@given(st.lists(st.binary(max_size=8)), st.lists(st.binary(max_size=8)), st.lists(st.binary(max_size=8)))
def test_rows_are_what_was_added_in_the_order_it_was(first, second, third):
    rows = Rows(first)
    for row in second:
        rows.append(row)
    rows.extend(third)

    assert [*first, *second, *third] == [rows[place] for place in range(len(first + second + third))]
