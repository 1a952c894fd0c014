"""A weak link between two groups is cut where all pairs across speak against it."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from matching import engine
from matching.decisions import Decision
from tests.matching.said import pair, steward
from tests.matching.small import Record, put_records, small_model

#: Two of one name on two phones, who once came to one city.
GROUPS: tuple[Record, ...] = (
    ("a1", "欧阳娜", "x", ["p1"]), ("a2", "欧阳娜", None, ["p1"]), ("a3", "欧阳娜", "z", ["p1"]),
    ("b1", "欧阳娜", "y", ["p2"]), ("b2", "欧阳娜", None, ["p2"]), ("b3", "欧阳娜", "z", ["p2"]),
)  # fmt: skip
WEAK = {"weight": 0, "members": 2, "mean": -5}
LOOSE = {"thresholds": {"link": -4, "review": -20}}


def entities(
    con: duckdb.DuckDBPyConnection, records: tuple[Record, ...], *told: Decision, **changes: Any
) -> tuple[set[str], list[tuple[str, int]]]:
    """Entities as their records' keys, and what a steward is asked, by reason."""
    put_records(con, *records)
    engine.resolve(con, small_model(**LOOSE, **changes), "record", steward(*told))
    rows = con.execute("""
        SELECT string_agg(record_key, ' ' ORDER BY record_key)
        FROM entity JOIN record_profile USING (profile_id) GROUP BY entity_no
    """).fetchall()
    asked = con.execute("SELECT reason, pairs FROM review_candidate ORDER BY reason").fetchall()
    return {str(row[0]) for row in rows}, asked


def test_one_weak_link_holds_them_together_where_nobody_looks(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert entities(con, GROUPS)[0] == {"a1 a2 a3 b1 b2 b3"}


def test_the_bridge_is_cut_and_a_steward_is_asked(con: duckdb.DuckDBPyConnection) -> None:
    found, asked = entities(con, GROUPS, bridges=WEAK)
    assert found == {"a1 a2 a3", "b1 b2 b3"}
    assert asked == [("bridge", 1)]


@pytest.mark.parametrize(
    "kinder", [{"mean": -9}, {"members": 4}, {"weight": -4}], ids=["mean", "members", "weight"]
)
def test_a_bridge_stands_where_it_is_not_weak_or_holds_no_groups(
    con: duckdb.DuckDBPyConnection, kinder: dict[str, float]
) -> None:
    assert len(entities(con, GROUPS, bridges=WEAK | kinder)[0]) == 1


def test_a_straggler_is_no_group(con: duckdb.DuckDBPyConnection) -> None:
    found, _ = entities(con, (*GROUPS[:3], GROUPS[5]), bridges=WEAK)
    assert found == {"a1 a2 a3 b3"}


def test_a_steward_s_word_is_no_bridge(con: duckdb.DuckDBPyConnection) -> None:
    for word in (pair("a3", "b3", "same"), pair("a1", "b2", "same")):
        assert len(entities(con, GROUPS, word, bridges=WEAK)[0]) == 1


def test_each_of_a_chain_of_bridges_is_cut(con: duckdb.DuckDBPyConnection) -> None:
    third: tuple[Record, ...] = (
        ("c1", "欧阳娜", "v", ["p3"]), ("c2", "欧阳娜", None, ["p3"]),
        ("c3", "欧阳娜", "y", ["p3"]),
    )  # fmt: skip
    found, asked = entities(con, GROUPS + third, bridges=WEAK)
    assert found == {"a1 a2 a3", "b1 b2 b3", "c1 c2 c3"}
    assert asked == [("bridge", 1), ("bridge", 1)]


def test_the_order_of_arrival_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    assert entities(con, GROUPS[::-1], bridges=WEAK) == entities(con, GROUPS, bridges=WEAK)


def test_no_records_have_no_bridges(con: duckdb.DuckDBPyConnection) -> None:
    assert entities(con, (), bridges=WEAK) == (set(), [])
