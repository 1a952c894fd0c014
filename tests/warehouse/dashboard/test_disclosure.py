"""Nobody gets a small number back from what the pages tell."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from warehouse.dashboard.disclosure import LEAST, hidden, rate, told

TABLES = arrays(
    np.int64,
    array_shapes(min_dims=2, max_dims=2, max_side=8),
    elements=st.one_of(st.integers(0, 8), st.integers(0, 5000)),
)


@given(TABLES)
def test_every_small_cell_is_hidden_and_no_hidden_one_follows_from_a_total(
    counts: np.ndarray,
) -> None:
    mask = hidden(counts)
    assert mask[(counts > 0) & (counts < LEAST)].all()
    lines = [*zip(counts, mask, strict=True)]
    if len(counts) > 1:
        lines += zip(counts.T, mask.T, strict=True)
    for line, hide in lines:
        if hide.any() and not hide.all():
            assert hide.sum() > 1
            assert line[hide].sum() >= LEAST


@given(st.lists(st.integers(LEAST, 10**7), max_size=9))
def test_nothing_is_hidden_without_need(parts: list[int]) -> None:
    assert told(parts) == parts


def test_what_is_hidden_anyway_is_widened_in_its_column() -> None:
    column = np.array([[40, 9, 3, 12]])
    assert hidden(column, np.array([[True, False, False, False]])).tolist() == [
        [True, False, True, False]
    ]


@given(st.integers(1, 3000), st.data())
def test_a_rate_tells_of_no_few_and_is_true(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    told_of = {number for number in range(whole + 1) if rate(number, whole) == rate(part, whole)}
    found = rate(part, whole)
    if part < LEAST or whole - part < LEAST:
        few = set(range(min(LEAST, whole + 1))) if part < LEAST else set()
        but_few = {number for number in told_of if whole - number < LEAST}
        assert told_of >= few
        assert len(told_of) >= min(LEAST, whole + 1) or but_few >= {whole}
    if found.value is None:
        return
    share = part / whole
    if found.bound == "≤":
        assert share <= found.value
    elif found.bound == "≥":
        assert share >= found.value
    else:
        assert abs(share - found.value) <= 0.005 + 1e-9
