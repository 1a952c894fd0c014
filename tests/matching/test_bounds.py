"""Tables that are nothing like a sample: all alike, all empty, tiny; what comes out is clear."""

from __future__ import annotations

import duckdb

from matching import engine
from tests.matching.small import small_model


def resolve(con: duckdb.DuckDBPyConnection, rows: str) -> engine.Resolution:
    """What the small model makes of `rows`: SQL giving record_key, name, city, phones."""
    con.execute(f"CREATE OR REPLACE TABLE record AS {rows}")
    return engine.resolve(con, small_model(), "record")


def test_a_number_that_a_hundred_thousand_people_gave_joins_nobody(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = resolve(
        con,
        "SELECT CAST(i AS VARCHAR) AS record_key, 'name ' || i AS name, 'city ' || i AS city,"
        " ['+8613800138000'] AS phones FROM range(100000) t (i)",
    )
    assert (found.profiles, found.candidates, found.entities) == (100_000, 0, 100_000)
    assert con.execute("SELECT holders, verdict FROM generic_value").fetchall() == [
        (100_000, "generic")
    ]


def test_a_block_of_a_hundred_thousand_is_compared_with_neighbours_only(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # one holder, so that the number is not generic; the phone's key has a cap of ten
    found = resolve(
        con,
        "SELECT CAST(i AS VARCHAR) AS record_key, 'wang' AS name, 'city ' || i AS city,"
        " ['+8613800138000'] AS phones FROM range(100000) t (i)",
    )
    assert found.profiles == 100_000
    assert 99_999 <= found.candidates <= 500_000


def test_a_million_identical_rows_are_one(con: duckdb.DuckDBPyConnection) -> None:
    found = resolve(
        con,
        "SELECT CAST(i AS VARCHAR) AS record_key, 'wang' AS name, 'wuhan' AS city,"
        " ['+8613800138000'] AS phones FROM range(1000000) t (i)",
    )
    assert (found.profiles, found.candidates, found.entities) == (1, 0, 1)
    assert con.execute("SELECT records FROM profile").fetchall() == [(1_000_000,)]


def test_a_column_without_a_value_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    found = resolve(
        con,
        "SELECT CAST(i AS VARCHAR) AS record_key, 'name ' || i % 500 AS name,"
        " CAST(NULL AS VARCHAR) AS city, ['+86138001' || i % 500] AS phones"
        " FROM range(1000) t (i)",
    )
    assert (found.profiles, found.entities) == (500, 500)


def test_one_record_and_none(con: duckdb.DuckDBPyConnection) -> None:
    one = "SELECT '1' AS record_key, 'wang' AS name, 'wuhan' AS city, ['+86138'] AS phones"
    assert resolve(con, one) == engine.Resolution(1, 0, 0, 1, 0, 0)
    assert resolve(con, f"{one} LIMIT 0") == engine.Resolution(0, 0, 0, 0, 0, 0)
