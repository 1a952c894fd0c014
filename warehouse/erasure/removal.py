"""Records leave the store, as part of a run, and with them what was known of them in the past."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from matching.relations import number, put
from warehouse import records
from warehouse.erasure.marks import KEY, told_sql, use_key


def find(con: duckdb.DuckDBPyConnection, marks: pa.Table, key: bytes) -> int:
    """Fill `leaving` (record_key) by the marks of record keys; return how many the store has."""
    use_key(con, key)
    put(con, "tombstone", marks)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE leaving AS
        SELECT DISTINCT record_key FROM (
            SELECT record_key, record_key AS name FROM record
            UNION SELECT record_key, {records.CALLED} FROM record
            UNION SELECT record_key, record_key FROM record_version
        ) t SEMI JOIN tombstone s ON s.kind = '{KEY}' AND s.mark = mark('{KEY}', t.name)
    """)
    return number(con, "SELECT count(*) FROM leaving")


def versions(con: duckdb.DuckDBPyConnection, view: str = "leaving_version") -> None:
    """Make a view of all versions of the records in `leaving`."""
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW {view} AS
        FROM record SEMI JOIN leaving USING (record_key)
        UNION ALL BY NAME FROM record_version SEMI JOIN leaving USING (record_key)
    """)


def marks_of(con: duckdb.DuckDBPyConnection, key: bytes) -> list[tuple[str, str]]:
    """Kind and mark of all that the records in `leaving` tell, but what others tell, too."""
    use_key(con, key)
    versions(con)
    told = told_sql("leaving_version", records.CALLED)
    others = told_sql("(FROM record ANTI JOIN leaving USING (record_key))")
    found = con.execute(f"""
        SELECT DISTINCT kind, mark(kind, text) FROM ({told}) t WHERE kind = '{KEY}' OR NOT EXISTS (
            FROM ({others}) o WHERE o.kind = t.kind AND o.text = t.text) ORDER BY ALL
    """).fetchall()
    return [(str(kind), str(mark)) for kind, mark in found]


def key_marks(con: duckdb.DuckDBPyConnection, key: bytes) -> list[tuple[str, str]]:
    """Kind and mark of the keys alone of the records in `leaving`."""
    use_key(con, key)
    found = con.execute(f"SELECT mark('{KEY}', record_key) FROM leaving ORDER BY 1").fetchall()
    return [(KEY, str(mark)) for (mark,) in found]


def take_out(con: duckdb.DuckDBPyConnection, held: pa.Table, reason: str) -> dict[str, int]:
    """Delete the records in `leaving`, all versions; return how many records and versions.

    Their rows are held for this reason from now on. held: file_id, sheet, row_number of rows that
    are held for another one until now. In the caller's transaction, after `store.begin_run` and
    once the ledger is loaded; matching does the rest.
    """
    versions(con)
    con.execute(f"INSERT INTO touched SELECT record_key, '{reason}' FROM leaving")
    con.execute(f"""
        INSERT INTO held_row BY NAME
        SELECT v.file_id, v.source, any_value(f.outlet_code) AS outlet_code, v.file_date, v.sheet,
               v.row_number, '{reason}' AS reason, l.run_id
        FROM leaving_version v JOIN loaded_file l ON l.file_id = v.file_id
        JOIN file f ON f.file_id = v.file_id AND f.status = 'taken'
        GROUP BY ALL ORDER BY v.file_id, v.sheet, v.row_number
    """)
    put(con, "held_anew", held)
    con.execute(f"""
        UPDATE held_row SET reason = '{reason}', outlet_code = f.outlet_code
        FROM held_anew h JOIN file f ON f.file_id = h.file_id AND f.status = 'taken'
        WHERE h.file_id = held_row.file_id AND h.sheet = held_row.sheet
            AND h.row_number = held_row.row_number
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE record_before AS FROM record SEMI JOIN leaving
        USING (record_key)
    """)
    gone = [
        con.execute(f"DELETE FROM {table} WHERE record_key IN (FROM leaving)").fetchall()[0][0]
        for table in ("record", "record_version")
    ]
    return {reason: gone[0], f"{reason}_versions": sum(gone)}


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Delete what the histories tell of the records in `leaving`, once all is resolved.

    Golden values of a time in which such a record was part of the customer may come from it, so
    that they go, too. What was changed by former runs is not told any more: the warehouse is made
    anew, and no earlier version is built upon.
    """
    con.execute("""
        DELETE FROM customer_past WHERE rowid IN (
            SELECT c.rowid FROM customer_past c JOIN member_past m USING (golden_id)
            SEMI JOIN leaving USING (record_key)
            WHERE c.since_run < m.to_run AND c.to_run > m.from_run)
    """)
    con.execute("DELETE FROM member_past WHERE record_key IN (FROM leaving)")
    con.execute("DELETE FROM known_key WHERE record_key IN (FROM leaving)")
    con.execute("DELETE FROM changed_key")
