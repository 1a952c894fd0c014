"""Labels: a truth that knows only part."""

from __future__ import annotations

from dataclasses import asdict
from itertools import combinations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings

from matching.evaluate import judge, labels
from matching.relations import pull, put
from tests.matching.evaluate.worlds import Row, put_judged, worlds
from warehouse.database import connect


def put_labels(con: duckdb.DuckDBPyConnection, *rows: tuple[str, str, str]) -> None:
    names = ("left_key", "right_key", "verdict")
    columns = {
        name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)
    }
    put(con, "label", pa.table(columns))


@settings(max_examples=30)
@given(worlds())
def test_labels_on_every_pair_are_the_truth(rows: list[Row]) -> None:
    with connect() as con:
        put_judged(con, rows)
        expected = judge(con)
        keys = [f"r{number:03d}" for number in range(len(rows))]
        told = [
            (keys[i], keys[j], "same" if rows[i][1] == rows[j][1] else "different")
            for i, j in combinations(range(len(rows)), 2)
        ]
        put_labels(con, *told)
        found = labels.group(con)
        con.execute("""
            CREATE OR REPLACE TEMP TABLE judged AS
            SELECT j.* REPLACE (t.entity AS entity) FROM judged j JOIN truth t USING (record_key)
        """)
        assert found.contradictions == 0
        if told:
            assert asdict(judge(con, found.rivals)) == pytest.approx(asdict(expected))


def test_same_is_transitive_and_unsure_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    put_labels(con, ("a", "b", "same"), ("c", "b", "same"), ("d", "a", "different"),
               ("e", "a", "unsure"))  # fmt: skip
    found = labels.group(con)
    entity = {row["record_key"]: row["entity"] for row in pull(con, "FROM truth").to_pylist()}
    assert set(entity) == {"a", "b", "c", "d"}
    assert entity["a"] == entity["b"] == entity["c"] != entity["d"]
    assert found.rivals.tolist() == [sorted((entity["a"], entity["d"]))]


def test_a_label_that_others_gainsay_is_counted_and_left_out(
    con: duckdb.DuckDBPyConnection,
) -> None:
    put_labels(con, ("a", "b", "same"), ("b", "c", "same"), ("a", "c", "different"))
    found = labels.group(con)
    assert (found.contradictions, len(found.rivals)) == (1, 0)


def test_no_labels_are_no_truth(con: duckdb.DuckDBPyConnection) -> None:
    put_labels(con)
    assert len(labels.group(con).rivals) == 0
    assert pull(con, "FROM truth").num_rows == 0
