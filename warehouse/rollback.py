"""Take the store's records back to what they were after an earlier run.

A rollback is a run of its own and goes forward: files that were loaded since are taken out and
marked, older versions of records rise again, and matching does the rest. Who belonged to whom in
between stays written, and the feed of golden ids goes on with what the rollback changed.
"""

from __future__ import annotations

from typing import Any

import duckdb

from connectors.errors import GuiyiError
from matching.relations import number
from warehouse import records


class CannotRollBack(GuiyiError):
    """The store cannot go back to that run."""

    code = "cannot_roll_back"


def target(con: duckdb.DuckDBPyConnection, run_id: int) -> dict[str, Any]:
    """The row of a run that the store can go back to. Raises CannotRollBack saying why not."""
    cursor = con.execute("SELECT *, (SELECT max(run_id) FROM run) AS last FROM run"
                         " WHERE run_id = ?", [run_id])  # fmt: skip
    names = [column[0] for column in cursor.description or ()]
    rows = cursor.fetchall()
    if not rows:
        raise CannotRollBack(f"run {run_id}: there is no such run; `guiyi status` shows the last")
    run = dict(zip(names, rows[0], strict=True))
    if run["last"] == run_id:
        raise CannotRollBack(f"run {run_id} is the last one: there is nothing to take back")
    if run["undone_by"] is not None:
        raise CannotRollBack(
            f"run {run_id} was itself taken back by run {run['undone_by']};"
            " `guiyi run --retry` loads its files again"
        )
    if not run["has_history"]:
        raise CannotRollBack(
            f"run {run_id} is older than the histories of this home, which a newer version began"
        )
    return run


def take_back(con: duckdb.DuckDBPyConnection, run_id: int, to_run: int) -> dict[str, int]:
    """Take out what was loaded after `to_run`; return how many files, rows, and records restored.

    run_id: the rollback. Leaves the temporary table `heir` (record_key, golden_id, since_run): who
    belonged to whom after `to_run`. In the caller's transaction, after `store.begin_run`.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE undone_file AS SELECT file_id FROM loaded_file"
        " WHERE run_id > ? AND rolled_back_run IS NULL",
        [to_run],
    )
    undone = "file_id IN (SELECT file_id FROM undone_file)"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE unsettled AS SELECT record_key FROM record WHERE {undone}
    """)
    lost = number(con, "SELECT count(*) FROM unsettled")
    before = _rows(con)
    for table in ("record", "record_version", "held_row"):
        con.execute(f"DELETE FROM {table} WHERE {undone}")
    rows = before - _rows(con)
    gone = number(con, "SELECT count(*) FROM unsettled ANTI JOIN record_version USING (record_key)")
    records.settle(con)
    con.execute("INSERT INTO touched VALUES (NULL, 'rollback')")
    con.execute(f"UPDATE loaded_file SET rolled_back_run = ? WHERE {undone}", [run_id])
    con.execute(
        "UPDATE run SET undone_by = ? WHERE run_id > ? AND run_id < ? AND undone_by IS NULL",
        [run_id, to_run, run_id],
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE heir AS"
        " SELECT record_key, golden_id, since_run FROM member WHERE since_run <= $run UNION ALL"
        " SELECT record_key, golden_id, from_run FROM member_past"
        " WHERE from_run <= $run AND to_run > $run",
        {"run": to_run},
    )
    files = number(con, "SELECT count(*) FROM undone_file")
    return {"to": to_run, "files": files, "rows": rows, "restored": lost - gone, "removed": gone}


def _rows(con: duckdb.DuckDBPyConnection) -> int:
    """Versions of records in the store."""
    return number(
        con, "SELECT (SELECT count(*) FROM record) + (SELECT count(*) FROM record_version)"
    )


def retry(con: duckdb.DuckDBPyConnection) -> int:
    """Let files that were rolled back be loaded again; return how many."""
    rows = con.execute(
        "DELETE FROM loaded_file WHERE rolled_back_run IS NOT NULL RETURNING file_id"
    )
    return len(rows.fetchall())
