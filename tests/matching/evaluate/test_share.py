"""Shares with their intervals."""

from __future__ import annotations

import pytest

from matching.evaluate.share import Stratum, stratified, wilson


def test_wilsons_interval_is_that_of_the_literature() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263, 15 of 148, 0 of 20
    for right, looked, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
    ):  # fmt: skip
        found = wilson(right, looked)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_a_stratum_counts_by_its_size_and_not_by_how_much_of_it_was_looked_at() -> None:
    found = stratified([Stratum(900, 10, 10), Stratum(100, 100, 50)])
    assert found is not None
    assert found.value == pytest.approx(0.95)
    assert found.low < 0.95 < found.high < 1


def test_one_stratum_is_wilsons_interval() -> None:
    assert stratified([Stratum(500, 40, 39)]) == wilson(39, 40)


def test_more_looks_make_the_interval_narrower_and_none_make_no_estimate() -> None:
    few = stratified([Stratum(100, 10, 10), Stratum(100, 10, 10)])
    many = stratified([Stratum(100, 90, 90), Stratum(100, 90, 90)])
    assert few is not None
    assert many is not None
    assert few.low < many.low < 1 == many.value
    assert stratified([Stratum(100, 10, 10), Stratum(100, 0, 0)]) is None
    assert stratified([Stratum(0, 0, 0)]) is None
