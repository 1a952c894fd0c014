"""Mistyped VINs: what speaks for them is not forgotten when another car comes near."""

from __future__ import annotations

import datetime
from typing import Any

import duckdb
import pytest

from matching import vehicles
from matching.increment import vehicles as some_vehicles

#: Three cars, each two characters from a mistyped VIN that is near them all.
TYPED = "LSVAM4187H2026297"
A, B, D = "LSVAM4187H2026233", "LSVAM4187H2026211", "LSVAM4187H2026255"
_COLUMNS = {
    "record_key": "VARCHAR", "vin": "VARCHAR", "vin_status": "VARCHAR", "vin_raw17": "VARCHAR",
    "vin_suffix": "VARCHAR", "plate": "VARCHAR", "plate_body": "VARCHAR", "phones": "VARCHAR[]",
    "name_fold": "VARCHAR", "model": "VARCHAR", "outlet_code": "VARCHAR", "visited_on": "DATE",
    "sold_on": "DATE", "updated_on": "DATE", "file_date": "DATE",
}  # fmt: skip


def row(key: str, **told: Any) -> dict[str, Any]:
    return {"record_key": key, "file_date": datetime.date(2024, 3, 1)} | told


def known(key: str, vin: str, **told: Any) -> dict[str, Any]:
    return row(key, vin=vin, vin_status="ok", **told)


def put_rows(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    con.execute(f"CREATE OR REPLACE {table} ({columns})")
    name = table.split()[-1]
    for told in rows:
        values = [told.get(column) for column in _COLUMNS]
        con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values))})", values)


def found(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute("SELECT * FROM record_vehicle ORDER BY ALL").fetchall()


MINE = {"phones": ["139"]}
STORIES = {
    "a repaired one vouches": [
        known("b", B), known("d", D),
        row("r", vin=B, vin_status="repaired", vin_raw17="LSVAM418XH2026211", **MINE),
        row("m", vin_raw17=TYPED, **MINE),
    ],
    "a near one vouches for a part": [
        known("b", B, plate="A1"), known("d", D),
        row("n", vin_raw17="LSVAM4187H2026219", plate="A1", **MINE),
        row("s", vin_suffix="026211", **MINE), row("m", vin_raw17=TYPED),
    ],
}  # fmt: skip


@pytest.mark.parametrize("before", STORIES.values(), ids=STORIES)
@pytest.mark.parametrize("arrives", [A, D])
def test_a_car_that_comes_near_changes_what_it_would_in_a_full_run(
    con: duckdb.DuckDBPyConnection, before: list[dict[str, Any]], arrives: str
) -> None:
    news = [known("new", arrives)]
    put_rows(con, "TABLE record", before)
    vehicles.resolve(con)
    for table in ("record_vehicle", "vehicle"):
        con.execute(f"CREATE TABLE memory.main.{table} AS FROM temp.{table}")
        con.execute(f"DROP TABLE temp.{table}")
    put_rows(con, "TEMP TABLE record_before", [])
    put_rows(con, "TEMP TABLE record_after", news)
    con.execute("INSERT INTO record FROM record_after")
    some_vehicles.update(con)
    increment = found(con)
    vehicles.resolve(con)
    assert increment == found(con)
