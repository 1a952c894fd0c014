"""Who belongs to whom, since when, and what happened to golden ids: written run by run.

A run writes only the rows that it changes. Rows that it ends go from `member` to `member_past`, and
events are appended to `golden_id_event`; nothing that was written there is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from matching import lifecycle
from matching.engine import Decision
from matching.relations import put
from warehouse.database import run_script

_SQL = Path(__file__).parent / "sql"


def name_entities(
    con: duckdb.DuckDBPyConnection, run_id: int, decisions: Iterable[Decision], heirs_of: str
) -> dict[str, int]:
    """Give entities their golden ids and write down what changed; return the changes by kind.

    heirs_of: the relation (record_key, golden_id) whose ids live on. Leaves the temporary tables
    `before` and `after` (record_key, golden_id).
    """
    _note_decisions(con, decisions)
    for table, source in (("before", "member"), ("belonged", heirs_of)):
        # a record that goes on under another's name brings what it was to that
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT coalesce(k.record_key, m.record_key) AS record_key, golden_id
            FROM {source} m LEFT JOIN known_key k ON k.called = m.record_key
        """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE belongs AS
        SELECT record_key, entity_no FROM record_profile JOIN entity USING (profile_id)
    """)
    # a record that comes back brings the id that was retired when it went
    con.execute("""
        INSERT INTO belonged
        SELECT record_key, golden_id FROM member_past JOIN golden_id USING (golden_id)
        WHERE retired_run = to_run AND merged_into IS NULL
            AND record_key IN (SELECT record_key FROM belongs ANTI JOIN belonged USING (record_key))
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE known_id AS SELECT golden_id, minted_run FROM main.golden_id
    """)
    lifecycle.assign(con)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE after AS
        SELECT record_key, golden_id FROM belongs JOIN entity_id USING (entity_no)
    """)
    con.execute("""
        INSERT INTO touched
        SELECT record_key, 'removed_records' FROM before ANTI JOIN after USING (record_key)
    """)
    changes = lifecycle.changes(con)
    run_script(con, _SQL / "entities.sql", {"run_id": run_id})
    return changes


def _note_decisions(con: duckdb.DuckDBPyConnection, decisions: Iterable[Decision]) -> None:
    """Touch the records of decisions that are new in force, or no longer, and remember those."""
    told = [(d.left, d.right, d.verdict) for d in decisions]
    columns = list(zip(*told, strict=True)) or [(), (), ()]
    names = ("left_key", "right_key", "verdict")
    arrays = {n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)}
    put(con, "decision_now", pa.table(arrays))
    con.execute("""
        CREATE OR REPLACE TEMP TABLE decision_change AS
        (FROM decision_now EXCEPT FROM known_decision)
        UNION ALL (FROM known_decision EXCEPT FROM decision_now)
    """)
    con.execute("""
        INSERT INTO touched
        SELECT DISTINCT unnest([left_key, right_key]), 'decision' FROM decision_change
    """)
    con.execute("DELETE FROM known_decision WHERE (left_key, right_key, verdict) IN"
                " (FROM decision_change)")  # fmt: skip
    con.execute("""
        INSERT INTO known_decision FROM decision_change SEMI JOIN decision_now
        USING (left_key, right_key, verdict)
    """)
