"""A small store in memory, resolved, with the tables that a run keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import duckdb
import pytest

from matching import engine
from matching.explain import Store, Word
from matching.model import Model
from tests.matching.said import pair, steward
from tests.matching.small import Record, put_records

_KEPT = ("profile", "record_profile", "generic_value", "edge", "entity", "refused_link")

MakeStore = Callable[..., Store]


@pytest.fixture
def make_store(con: duckdb.DuckDBPyConnection) -> MakeStore:
    """model, records, decisions (left, right, verdict) -> what explanations read.

    The golden id of an entity is C and the first of its record keys.
    """

    def make(
        model: Model, records: Iterable[Record], decisions: Iterable[tuple[str, str, str]] = ()
    ) -> Store:
        put_records(con, *records)
        engine.resolve(con, model, "record", steward(*(pair(*one) for one in decisions)))
        con.execute("""
            CREATE OR REPLACE TABLE member AS
            SELECT record_key, 'C' || min(record_key) OVER (PARTITION BY entity_no) AS golden_id
            FROM record_profile JOIN entity USING (profile_id)
        """)
        con.execute("""
            CREATE OR REPLACE TABLE review_pair AS
            SELECT x.golden_id AS golden_id_a, y.golden_id AS golden_id_b,
                   x.record_key AS record_a, y.record_key AS record_b,
                   weight AS match_weight, reason
            FROM review_candidate c
            JOIN record_profile l ON l.profile_id = c.a JOIN member x USING (record_key)
            JOIN record_profile r ON r.profile_id = c.b
            JOIN member y ON y.record_key = r.record_key
        """)
        for table in _KEPT:
            con.execute(f"CREATE OR REPLACE TABLE main.{table} AS SELECT * FROM temp.{table}")
            con.execute(f"DROP TABLE temp.{table}")
        words = tuple(Word(*d, "wang", "2024-03-01", "", False) for d in decisions)
        return Store(con, model, "record", words)

    return make
