"""Who belongs to whom, since when, and what happened to golden ids: written run by run.

A run writes only the rows that it changes. Rows that it ends go from `member` to `member_past`, and
events are appended to `golden_id_event`; nothing that was written there is ever changed.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from matching import lifecycle
from matching.model import Model
from matching.relations import is_list, put
from matching.steward import Steward
from warehouse.database import run_script

_SQL = Path(__file__).parent / "sql"


def name_entities(
    con: duckdb.DuckDBPyConnection, run_id: int, heirs_of: str, all_new: bool
) -> dict[str, int]:
    """Give entities their golden ids and write down what changed; return the changes by kind.

    heirs_of: the relation (record_key, golden_id, since_run) whose ids live on. all_new: every
    record's entity is another one now; else only those in `touched_entity`, and `heirs_of` is
    `member`. Leaves the temporary tables `before` (as `member` was) and `after` (record_key,
    golden_id), of the records whose entities are others, and those that share an id with them.
    """
    # a record that goes on under another's name brings what it was to that
    con.execute("""
        CREATE OR REPLACE TEMP TABLE ended AS
        SELECT golden_id, coalesce(k.record_key, p.record_key) AS record_key, redirect_to,
               retired_run
        FROM member_past p JOIN golden_id USING (golden_id)
        LEFT JOIN known_key k ON k.called = p.record_key WHERE to_run = retired_run
    """)
    if not all_new:
        _find_concerned(con)
    concerned = "" if all_new else "SEMI JOIN concerned USING (record_key)"
    for table, source in (("before", "member"), ("belonged", heirs_of)):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT coalesce(k.record_key, m.record_key) AS record_key, golden_id, since_run
            FROM (FROM {source} {concerned}) m LEFT JOIN known_key k ON k.called = m.record_key
        """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE belongs AS
        SELECT record_key, entity_no FROM record_profile JOIN entity USING (profile_id)
        {concerned}
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE former AS
        FROM ended WHERE golden_id NOT IN (SELECT golden_id FROM {heirs_of})
            {"" if all_new else "AND golden_id IN (FROM concerned_id)"}
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
        ANTI JOIN (FROM touched WHERE cause IN ('erased', 'expired')) USING (record_key)
    """)
    changes = lifecycle.changes(con)
    run_script(con, _SQL / "entities.sql", {"run_id": run_id})
    return changes


def _find_concerned(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `concerned` (record_key) and `concerned_id` (golden_id), ids that are no more.

    They are all records that were or are in a touched entity; and all of the entities where the
    records are that such a retired id had at its end: whether it is given again is decided there.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE placed AS
        SELECT record_key FROM record_profile JOIN entity USING (profile_id)
        SEMI JOIN touched_entity USING (entity_no)
        UNION SELECT record_key FROM record_before UNION SELECT record_key FROM record_after
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE shared_id AS
        SELECT DISTINCT golden_id FROM member SEMI JOIN placed USING (record_key)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE concerned AS
        FROM placed UNION
        SELECT record_key FROM member SEMI JOIN shared_id USING (golden_id)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE concerned_id AS
        SELECT golden_id FROM ended SEMI JOIN concerned USING (record_key)
        UNION SELECT golden_id FROM ended WHERE redirect_to IN (FROM shared_id)
    """)
    con.execute("""
        INSERT INTO concerned
        SELECT record_key FROM record_profile JOIN entity USING (profile_id) WHERE entity_no IN (
            SELECT entity_no FROM ended SEMI JOIN concerned_id USING (golden_id)
            JOIN record_profile USING (record_key) JOIN entity USING (profile_id)
        ) AND record_key NOT IN (FROM concerned)
    """)
    con.execute("DROP TABLE placed")
    con.execute("DROP TABLE shared_id")


def note_decisions(con: duckdb.DuckDBPyConnection, model: Model, said: Steward) -> None:
    """Touch the records of decisions that are new in force, or no longer, and remember those.

    Of a generic value, they are those that tell it in `subject`. A chosen value concerns nobody's
    golden id.
    """
    for known, now, columns in (
        ("known_decision", "named", "claim, record_key"),
        ("known_verdict", "generic", "column_name, value, generic"),
    ):
        put(con, "said_now", getattr(said, now).select(columns.split(", ")))
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {known}_change AS
            (FROM said_now EXCEPT FROM {known}) UNION ALL (FROM {known} EXCEPT FROM said_now)
        """)
        con.execute(f"DELETE FROM {known} WHERE ({columns}) IN (FROM {known}_change)")
        con.execute(f"INSERT INTO {known} FROM {known}_change SEMI JOIN said_now USING ({columns})")
    con.execute("""
        INSERT INTO touched SELECT DISTINCT record_key, 'decision' FROM known_decision_change
        -- a record that has left did so for another cause
        SEMI JOIN record USING (record_key)
    """)
    changed = con.execute("SELECT DISTINCT column_name FROM known_verdict_change").fetchall()
    for column in {str(name) for (name,) in changed} & model.behaviours.keys():
        value = model.columns[column]
        told = f"unnest({value})" if is_list(con, "subject", f"({value})") else value
        con.execute(f"""
            INSERT INTO touched
            SELECT DISTINCT record_key, 'decision'
            FROM (SELECT record_key, CAST({told} AS VARCHAR) AS value FROM subject)
            SEMI JOIN (FROM known_verdict_change WHERE column_name = '{column}') USING (value)
        """)
