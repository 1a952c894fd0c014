"""Each step by which a record's car is found, on a few rows."""

from __future__ import annotations

import datetime
import random
from typing import Any

import duckdb
import pytest

from matching import vehicles

COLUMNS = {
    "record_key": "VARCHAR", "vin": "VARCHAR", "vin_status": "VARCHAR", "vin_raw17": "VARCHAR",
    "vin_suffix": "VARCHAR", "plate": "VARCHAR", "phones": "VARCHAR[]", "name_fold": "VARCHAR",
    "model": "VARCHAR", "visited_on": "DATE", "sold_on": "DATE", "updated_on": "DATE",
    "file_date": "DATE", "outlet_code": "VARCHAR", "plate_body": "VARCHAR",
}  # fmt: skip
ONE, TWO = "LSVHH2BR9J2123456", "LFV3A23C0K3987654"
SAME_TAIL = "LGBH52E01K8123456"  # ends like ONE in six characters, not in eight


def full(key: str, vin: str = ONE, **more: Any) -> dict[str, Any]:
    return {"record_key": key, "vin": vin, "vin_status": "ok"} | more


def find(con: duckdb.DuckDBPyConnection, *rows: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Record -> its vehicle, and how it was found."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE record ({columns})")
    marks = ", ".join("?" for _ in COLUMNS)
    if rows:
        values = [[row.get(name) for name in COLUMNS] for row in rows]
        con.executemany(f"INSERT INTO record VALUES ({marks})", values)
    counts = vehicles.resolve(con)
    assert [*counts] == sorted(counts)  # a run's digest tells them
    found = con.execute("SELECT record_key, vehicle_id, how FROM record_vehicle").fetchall()
    assert len({key for key, _, _ in found}) == len(found) == sum(counts.values())
    return {key: (vehicle, how) for key, vehicle, how in found}


def day(number: int) -> datetime.date:
    return datetime.date(2024, 1, number)


def test_full_and_repaired_into_one_that_is_known(con: duckdb.DuckDBPyConnection) -> None:
    repaired = {"record_key": "b", "vin": ONE, "vin_status": "repaired"}
    assert find(con, full("a"), repaired) == {"a": (ONE, "full"), "b": (ONE, "repaired")}


def test_repaired_into_one_that_nobody_typed(con: duckdb.DuckDBPyConnection) -> None:
    repaired = {"record_key": "b", "vin": TWO, "vin_status": "repaired"}
    assert find(con, full("a"), repaired)["b"] == (TWO, "repaired")


def _near(typed: str, **more: Any) -> dict[str, Any]:
    return {"record_key": "b", "vin_raw17": typed, "vin_status": "invalid"} | more


@pytest.mark.parametrize("typed", [
    ONE[:-1] + "7",  # one wrong, at the end
    ONE[:-2] + "65",  # two swapped
    "X" + ONE[1:],  # one wrong, at the beginning
    ONE[:9] + "XX" + ONE[11:],  # two wrong
])  # fmt: skip
def test_near_the_one_known(con: duckdb.DuckDBPyConnection, typed: str) -> None:
    assert find(con, full("a"), full("c", TWO), _near(typed))["b"] == (ONE, "near")


def test_near_two_is_near_none(con: duckdb.DuckDBPyConnection) -> None:
    neighbour = ONE[:-1] + "8"
    found = find(con, full("a"), full("c", neighbour), _near(ONE[:-1] + "7"))
    assert found["b"] == (f"TYPED-{ONE[:-1]}7", "apart")


def test_three_slips_are_too_many(con: duckdb.DuckDBPyConnection) -> None:
    typed = ONE[:9] + "WWW" + ONE[12:]
    assert find(con, full("a"), _near(typed))["b"] == (f"TYPED-{typed}", "apart")


def test_a_repair_gives_way_to_a_known_neighbour(con: duckdb.DuckDBPyConnection) -> None:
    guess = {"vin": ONE[:-1] + "7", "vin_status": "repaired"}
    assert find(con, full("a"), _near(ONE[:-1] + "5", **guess))["b"] == (ONE, "near")


def _suffix(length: int, **more: Any) -> dict[str, Any]:
    return {"record_key": "b", "vin_suffix": ONE[-length:], "vin_status": "partial"} | more


@pytest.mark.parametrize("told", [
    {"plate": "苏E12345"}, {"phones": ["p", "q"]}, {"name_fold": "张伟"},
])  # fmt: skip
def test_six_characters_and_something_seen_with_the_car(
    con: duckdb.DuckDBPyConnection, told: dict[str, Any]
) -> None:
    car = full("a", plate="苏E12345", phones=["q"], name_fold="张伟")
    other = full("c", SAME_TAIL, plate="苏E99999", phones=["r"], name_fold="李娜")
    assert find(con, car, other, _suffix(6, **told))["b"] == (ONE, "suffix")


def test_six_characters_alone_are_not_enough(con: duckdb.DuckDBPyConnection) -> None:
    assert find(con, full("a"), _suffix(6))["b"] == (f"SUFFIX-{ONE[-6:]}", "apart")


def test_two_cars_vouched_for_are_none(con: duckdb.DuckDBPyConnection) -> None:
    both = [full("a", phones=["q"]), full("c", SAME_TAIL, phones=["q"])]
    assert find(con, *both, _suffix(6, phones=["q"]))["b"][1] == "apart"


@pytest.mark.parametrize(
    ("model", "how"), [(None, "suffix"), ("帕萨特", "suffix"), ("途观", "apart")]
)
def test_eight_characters_unless_the_model_gainsays(
    con: duckdb.DuckDBPyConnection, model: str | None, how: str
) -> None:
    assert find(con, full("a", model="帕萨特"), _suffix(8, model=model))["b"][1] == how


def test_eight_characters_that_two_cars_end_in(con: duckdb.DuckDBPyConnection) -> None:
    twin = "LVV" + ONE[3:]
    assert find(con, full("a"), full("c", twin), _suffix(8))["b"][1] == "apart"


def test_plate_nearest_in_time(con: duckdb.DuckDBPyConnection) -> None:
    plate = {"plate": "苏E12345"}
    rows = [full("a", sold_on=day(1), **plate), full("c", TWO, visited_on=day(20), **plate)]
    early = {"record_key": "b", "visited_on": day(3)} | plate
    late = {"record_key": "d", "visited_on": day(30)} | plate
    undated = {"record_key": "e"} | plate
    found = find(con, *rows, early, late, undated)
    assert found["b"] == (ONE, "plate")
    assert found["d"] == (TWO, "plate")
    assert found["e"] == (ONE, "plate")


def test_plate_of_a_car_found_by_its_suffix(con: duckdb.DuckDBPyConnection) -> None:
    seen = _suffix(8, plate="苏E12345")
    assert find(con, full("a"), seen, {"record_key": "p", "plate": "苏E12345"})["p"] == (
        ONE, "plate",
    )  # fmt: skip


def test_nothing_known_fits(con: duckdb.DuckDBPyConnection) -> None:
    strange = {"record_key": "p", "plate": "苏E12345"}
    rows = [
        {"record_key": "n", "name_fold": "张伟"},
        {"record_key": "s8", "vin_suffix": "K7654321", "outlet_code": "S0107"},
        {"record_key": "s6", "vin_suffix": "654321", "outlet_code": "S0107"},
        {"record_key": "s6'", "vin_suffix": "654321", "plate": "京A12345", "outlet_code": "S0108"},
    ]
    assert find(con, full("a"), strange, *rows) == {
        "a": (ONE, "full"), "p": ("PLATE-苏E12345", "apart"),
        "s8": ("SUFFIX-K7654321", "apart"), "s6": ("SUFFIX-654321-S0107", "apart"),
        "s6'": ("SUFFIX-654321-京A12345", "apart"),
    }  # fmt: skip


def test_vehicles_are_listed_with_their_records(con: duckdb.DuckDBPyConnection) -> None:
    find(con, full("a"), full("c"), {"record_key": "p", "plate": "苏E12345"})
    listed = con.execute("SELECT vehicle_id, vin, records FROM vehicle").fetchall()
    assert listed == [(ONE, ONE, 2), ("PLATE-苏E12345", None, 1)]


def test_order_of_arrival_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    rows = [
        full("a", plate="苏E12345", phones=["q"]),
        full("c", TWO, plate="苏E12345"),
        full("d", SAME_TAIL),
        _near(ONE[:-1] + "7"),
        {"record_key": "z", "plate": "京A1"},
        _suffix(6, record_key="s", phones=["q"]),
        {"record_key": "p", "plate": "苏E12345"},
    ]
    seen = []
    for seed in range(4):
        random.Random(seed).shuffle(rows)
        seen.append(find(con, *rows))
    assert all(one == seen[0] for one in seen)


def test_no_records(con: duckdb.DuckDBPyConnection) -> None:
    assert find(con) == {}


def test_a_plate_without_its_province_is_known_at_its_own_outlet(
    con: duckdb.DuckDBPyConnection,
) -> None:
    known = full("a", plate="苏E12346", plate_body="E12346", outlet_code="S1")
    bare = {"plate_body": "E12346", "visited_on": day(3)}
    here, elsewhere = bare | {"record_key": "b", "outlet_code": "S1"}, bare | {"record_key": "c"}
    found = find(con, known, here, elsewhere | {"outlet_code": "S2"})
    assert found == {"a": (ONE, "full"), "b": (ONE, "province")}


def test_two_plates_that_end_alike_tell_nothing(con: duckdb.DuckDBPyConnection) -> None:
    one = full("a", plate="苏E12346", plate_body="E12346", outlet_code="S1")
    two = full("b", TWO, plate="浙E12346", plate_body="E12346", outlet_code="S1")
    bare = {"record_key": "c", "plate_body": "E12346", "outlet_code": "S1"}
    assert "c" not in find(con, one, two, bare)
