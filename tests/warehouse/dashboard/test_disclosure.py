"""Nobody gets a small number back from what the pages tell."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
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


@pytest.mark.parametrize("whole", [*range(1, 40), 1000, 4999])
def test_a_rate_is_true_and_does_not_tell_few_from_none(whole: int) -> None:
    parts = defaultdict(set)
    for part in range(whole + 1):
        parts[rate(part, whole)].add(part)
    for found, alike in parts.items():
        if {part for part in alike if part < LEAST or whole - part < LEAST}:
            assert len(alike) >= min(LEAST, whole + 1)
        shares = [part / whole for part in alike]
        if found.bound == "≤":
            assert max(shares) <= (found.value or 0)
        elif found.bound == "≥":
            assert min(shares) >= (found.value or 1)
        elif found.value is not None:
            assert all(abs(share - found.value) < 0.00501 for share in shares)
