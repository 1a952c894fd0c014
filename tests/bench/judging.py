"""How right a partition of a world's records is, and what is left in it for stewards."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import duckdb

from matching.evaluate import judge, stewards
from matching.relations import number


def put_judged(con: duckdb.DuckDBPyConnection, clusters: str) -> None:
    """Make `judged` (record_key, entity, found) of the world's truth.

    clusters: a table or sub-query of record_key, cluster.
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT record_key, entity, dense_rank() OVER (ORDER BY cluster) - 1 AS found
        FROM {clusters} JOIN truth USING (record_key)
    """)


def measures(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The measures of `judged`; see matching.evaluate.Measures."""
    return asdict(judge(con))


def after_stewards(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The engine's pairs for stewards, how many for each entity, and the measures after them."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE review AS
        WITH face AS (
            SELECT profile_id, min(record_key) AS record_key FROM record_profile GROUP BY profile_id
        )
        SELECT l.record_key AS record_a, r.record_key AS record_b
        FROM review_candidate c JOIN face l ON l.profile_id = c.a JOIN face r ON r.profile_id = c.b
    """)
    found = asdict(stewards.after_review(con))
    entities = number(con, "SELECT count(DISTINCT entity_no) FROM entity")
    return found | {"per_entity": found["pairs"] / max(entities, 1)}
