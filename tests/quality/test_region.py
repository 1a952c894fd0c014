"""The region of an outlet is told by its own file, and only where its rows agree."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from quality.normalise import NOWHERE, Near
from quality.normalise.column import apply
from quality.normalise.registry import MODULES
from quality.region import LEAST, infer_regions
from tests.quality.rows import raw


def near(table: pa.Table) -> list[Near]:
    understood = {name: apply(MODULES[name], table[name]) for name in ("phone", "plate")}
    found = infer_regions(table, understood)
    places: list[int] = found.index.to_pylist()
    return [found.distinct[place] for place in places]


def plates(province: str, number: int) -> list[dict[str, Any]]:
    return [{"plate": f"{province}A1234{n}"} for n in range(number)]


def test_enough_rows_that_agree_tell_the_region() -> None:
    rows = [{"plate": f"苏E1234{n}", "phone": f"0512-6812345{n}"} for n in range(LEAST)]
    assert near(raw(rows)) == [Near("0512", "苏")] * LEAST


def test_an_outlet_that_leaves_the_province_out_is_told_by_its_landlines() -> None:
    rows = [{"plate": f"E1234{n}", "phone": f"0512-6812345{n}"} for n in range(LEAST)]
    assert near(raw(rows)) == [Near("0512", "苏")] * LEAST


def test_too_few_rows_tell_nothing() -> None:
    assert set(near(raw(plates("苏", LEAST - 1)))) == {NOWHERE}


def test_rows_that_disagree_tell_nothing() -> None:
    assert set(near(raw(plates("苏", 5) + plates("浙", 5)))) == {NOWHERE}


def test_each_file_has_its_own_region() -> None:
    first = raw(plates("苏", 6), file_id="a")
    second = raw([*plates("浙", 6), {}], file_id="b")
    assert near(pa.concat_tables([first, second])) == [Near("", "苏")] * 6 + [Near("", "浙")] * 7


def test_hq_has_no_region() -> None:
    assert set(near(raw(plates("苏", 9), folder_outlet=None))) == {NOWHERE}


def test_no_rows_have_no_region() -> None:
    assert near(raw([])) == []
