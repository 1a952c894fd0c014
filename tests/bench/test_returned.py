"""The measure of repairs tells a wrong one from a right one beside which another slip stands."""

from __future__ import annotations

import pytest

from quality.normalise import Status, Value
from quality.normalise.address import normalise as address
from tests.bench.returned import came_nearer


def _repaired(typed: str, value: str) -> Value:
    return Value(typed, value, value, Status.REPAIRED, "")


def _true(value: str) -> Value:
    return Value(value, value, value, Status.OK, "")


@pytest.mark.parametrize(
    ("true", "typed", "value", "nearer"),
    [
        ("+8613771350632", "13771350622.0", "+8613771350622", True),  # and one digit is wrong
        ("+8613771350632", "l3771350622", "+8613771350622", True),
        ("+8615258177840", "15258177804.0", "+8615258177804", True),
        ("豫ADB3863", "豫ad3b863", "豫AD38863", False),  # two places were swapped
        ("LSJA24U62JG269225", "LSJA24U62JG269252", "LSJA24U62JG269552", False),
        ("410103198709296951", "410103870929695", "410103198709296951", True),
    ],
)
def test_a_repair_is_judged_by_what_it_changed(
    true: str, typed: str, value: str, nearer: bool
) -> None:
    assert came_nearer(_true(true), _repaired(typed, value)) is nearer


def test_an_address_is_judged_by_its_divisions() -> None:
    true = address("山东省青岛市市北区上海路186号山水人家36幢2单元1504室")
    assert came_nearer(true, address("山东省青岛市四方区山水人家36幢2单元1504室"))
    assert not came_nearer(true, address("山东省青岛市胶南市上海路186号山水人家36幢2单元1504室"))
