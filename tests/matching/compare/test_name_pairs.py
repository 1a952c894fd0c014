"""Every pair of cases/name_pairs.yml, read by the normaliser and the columns of customers.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from matching import model
from matching.compare import COMPARATORS, Row
from quality.contract import FIELDS
from quality.normalise.column import apply
from quality.normalise.registry import MODULES
from warehouse.database import connect

PAIRS = Path(__file__).parents[2] / "cases" / "name_pairs.yml"
CASES: list[dict[str, Any]] = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))
NAME = COMPARATORS["person_name"]


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    """Typed name -> its values by role, as the shipped model reads a standard record."""
    typed = sorted({case[side] for case in CASES for side in ("left", "right")})
    understood = apply(MODULES["name"], pa.array(typed))
    records = pa.table({c: understood[a] for c, (a, _) in FIELDS[0].columns().items()})
    customers = model.load()
    columns = customers.comparisons["name"].columns
    roles = ", ".join(f"{customers.columns[column]} AS {role}" for role, column in columns.items())
    with connect() as con:
        con.register("records", records)
        content = con.sql(f"SELECT {roles} FROM records").to_arrow_table()
    return dict(zip(typed, content.to_pylist(), strict=True))


@pytest.mark.parametrize("case", CASES, ids=[case["trap"] for case in CASES])
def test_pair(case: dict[str, Any], rows: dict[str, Row]) -> None:
    left, right = rows[case["left"]], rows[case["right"]]
    assert NAME.scalar(left, right) == NAME.scalar(right, left) == case["level"]


def test_every_level_has_cases() -> None:
    assert len(CASES) >= 60
    assert {case["level"] for case in CASES} == {None, *NAME.levels}
