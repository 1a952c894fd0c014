"""The errors: all of them, once, and each of its kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings

from matching import engine
from matching.evaluate import errors
from matching.evaluate.kinds import COMPARISONS, MISSED, WRONG, kind_sql
from matching.evaluate.measures import put_rivals
from matching.relations import pull
from tests.matching.evaluate.worlds import Row, put_judged, put_pairs, record_pairs, worlds
from tests.matching.small import put_records, small_model
from warehouse.database import connect


def put_world(con: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    """A judged world whose profiles have nothing to compare but a name."""
    put_judged(con, rows)
    put_pairs(con, "candidate", {(0, 1)})
    con.execute("CREATE TEMP TABLE refused_link (a INTEGER, b INTEGER)")
    con.execute("CREATE TEMP TABLE review (golden_id_a VARCHAR, golden_id_b VARCHAR)")
    con.execute("""
        CREATE TEMP TABLE profile AS
        SELECT CAST(range AS INTEGER) AS profile_id, 1 AS records, 0 AS entity_no,
               'n' || range AS name, 'x' AS city, ['p' || range % 2] AS phones,
               CAST([] AS VARCHAR[]) AS phones_shared, 'n' AS holder FROM range(8)
    """)


def told(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pull(con, "FROM error").to_pylist()
    return rows


@settings(max_examples=15)
@given(worlds())
def test_the_errors_are_all_pairs_that_the_measures_hold_against_it(rows: list[Row]) -> None:
    with connect() as con:
        put_world(con, rows)
        assert errors.find(con, small_model()) == 1
        found, kinds = told(con), errors.summary(con, 1)
    pairs = record_pairs(rows)
    missed = sum(a[1] == b[1] and a[2] != b[2] for a, b in pairs)
    wrong = sum(a[1] != b[1] and a[2] == b[2] for a, b in pairs)
    for error, expected in (("missed", missed), ("wrong", wrong)):
        assert sum(row["pairs"] for row in found if row["error"] == error) == expected
        assert sum(kind.pairs for kind in kinds if kind.error == error) == expected
    groups = {
        (a[1] == b[1], *sorted((a[2], b[2])), *sorted((a[1], b[1])))
        for a, b in pairs
        if (a[1] == b[1]) != (a[2] == b[2])
    }
    assert sum(kind.entity_pairs for kind in kinds) == len(groups)


@settings(max_examples=15)
@given(worlds())
def test_what_labels_do_not_tell_apart_is_not_wrong(rows: list[Row]) -> None:
    rivals = np.array([[0, 1]], dtype=np.int64)
    with connect() as con:
        put_world(con, rows)
        put_rivals(con, rivals)
        errors.find(con, small_model(), rivals)
        wrong = sum(row["pairs"] for row in told(con) if row["error"] == "wrong")
    assert wrong == sum({a[1], b[1]} == {0, 1} and a[2] == b[2] for a, b in record_pairs(rows))


def test_too_many_are_estimated_from_some(con: duckdb.DuckDBPyConnection) -> None:
    records = [(f"r{n:03d}", f"n{n}", f"c{n}", None) for n in range(400)]
    put_records(con, *records)
    engine.resolve(con, small_model(), "record")
    con.execute("ALTER TABLE profile ADD COLUMN entity_no INTEGER DEFAULT 0")
    con.execute("""
        CREATE TEMP TABLE judged AS
        SELECT record_key, profile_id, 'hq' AS source, profile_id AS found, 1 AS entity,
               'C' || profile_id AS golden_id FROM record_profile
    """)
    con.execute("CREATE TEMP TABLE review (golden_id_a VARCHAR, golden_id_b VARCHAR)")
    step = errors.find(con, small_model(), most=5_000)
    pairs = sum(kind.pairs for kind in errors.summary(con, step))
    assert step == 4
    assert len(told(con)) < 10_000
    assert pairs == pytest.approx(400 * 399 / 2, rel=0.4)


def test_the_kinds_are_explained() -> None:
    page = Path(__file__).parents[3] / "docs" / "evaluation.md"
    text = page.read_text(encoding="utf-8").split("## Kinds of error")[1].split("## Two runs")[0]
    missed, wrong = text.split("Wrong:")
    for ladder, part in ((MISSED, missed), (WRONG, wrong)):
        listed = [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")]
        assert [name.removesuffix("…") for name in listed] == list(ladder)


def kind(con: duckdb.DuckDBPyConnection, ladder: Any, **levels: object) -> str:
    known = {"kept_apart": False, "a": 1, "b": 2} | dict.fromkeys(COMPARISONS) | levels
    values = ", ".join(
        f"{'CAST(NULL AS VARCHAR)' if v is None else repr(v)} AS {n}" for n, v in known.items()
    )
    return str(con.execute(f"SELECT {kind_sql(ladder)} FROM (SELECT {values})").fetchall()[0][0])


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"kept_apart": True, "name": "same"}, "split_by_constraint"),
        ({"phone": "same"}, "no_name"),
        ({"name": "surname_and_title", "phone": "different"}, "title_only"),
        ({"name": "one_character", "phone": "same"}, "name_one_character"),
        ({"company": "close", "phone": "same"}, "company_close"),
        ({"name": "same", "phone": "different"}, "no_shared_identifier"),
        ({"company": "same_registered"}, "no_shared_identifier"),
        ({"name": "variant", "phone": "near", "vehicle": "same_as_owner"}, "phone_differs"),
        ({"name": "same", "vehicle": "same_as_owner"}, "phone_lacking"),
        ({"name": "same_sound", "phone": "same_shared"}, "outweighed"),
    ],
)
def test_the_kind_of_a_missed_pair(
    con: duckdb.DuckDBPyConnection, levels: dict[str, object], expected: str
) -> None:
    assert kind(con, MISSED, **levels) == expected


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"a": 2, "name": "same"}, "same_content"),
        ({"kind": "different", "phone": "same"}, "company_and_person"),
        ({"identity": "same", "name": "different"}, "same_id_number"),
        ({"company": "same_core", "phone": "same"}, "two_companies"),
        ({"name": "one_character", "address": "same_room"}, "household"),
        ({"name": "close", "phone": "same"}, "household"),
        ({"name": "same", "phone": "same"}, "same_name_and_phone"),
        ({"name": "surname_and_title", "phone": "same"}, "same_phone_other_person"),
        ({"phone": "same_shared"}, "same_phone_other_person"),
        ({"vehicle": "same_as_other"}, "car"),
        ({"name": "different", "vehicle": "same_as_owner"}, "car"),
        ({"name": "same", "vehicle": "same_as_owner"}, "namesake"),
        ({"name": "different"}, "through_others"),
    ],
)
def test_the_kind_of_a_wrong_pair(
    con: duckdb.DuckDBPyConnection, levels: dict[str, object], expected: str
) -> None:
    assert kind(con, WRONG, **levels) == expected
