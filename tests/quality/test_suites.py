"""The suite stops a night that breaks our contract and warns of one unlike what outlets send.

One test, because importing the library takes seconds in every process that does.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from quality.standardise import standardise
from quality.suites import SUITE, check
from tests.quality.rows import raw


@cache
def good() -> pa.Table:
    row = {"name": "李雷", "phone": "13912345678", "mileage_km": "30000"}
    return standardise(raw({"source_key": f"K{n}"} | row for n in range(10))).records


def failed(records: pa.Table, folder: Path) -> dict[str, int]:
    """Failed expectation -> rows that break it."""
    pq.write_table(records, folder / "records.parquet")
    outcomes = check(folder / "records.parquet")
    assert [outcome.expectation for outcome in outcomes] == list(SUITE)
    return {o.expectation.name: o.unexpected for o in outcomes if not o.passed}


def changed(column: str, value: object) -> pa.Table:
    """Good records with another value in two rows of a column."""
    values = [value, value, *good()[column].to_pylist()[2:]]
    schema = good().schema
    place, field = schema.get_field_index(column), schema.field(column)
    return good().set_column(place, field, pa.array(values, field.type))


def test_what_blocks_what_warns_and_what_passes(tmp_path: Path) -> None:
    blocking = {e.name for e in SUITE if e.blocking}
    assert failed(good(), tmp_path) == {}
    assert failed(good().slice(0, 0), tmp_path) == {}
    for column, value, name in (
        ("record_key", None, "record_key_is_present"),
        ("source", "garage", "source_is_known"),
        ("phone_status", "fine", "phone_status_is_known"),
        ("phone", "139-1234", "phone_is_e164"),
        ("vin", "LSVUD65N1O2037302", "vin_is_well_formed"),
    ):
        assert failed(changed(column, value), tmp_path) == {name: 2}
        assert name in blocking
    implausible = failed(changed("mileage_km", 9_000_000), tmp_path)
    assert implausible == {"mileage_is_plausible": 2}
    assert not implausible.keys() & blocking


def test_every_expectation_has_a_name_of_its_own_and_a_reason() -> None:
    assert len({e.name for e in SUITE}) == len(SUITE)
    assert all(e.because for e in SUITE)
