"""The store's records: their versions, of which the newest is current, and their names for ever.

`record` has the newest version of each record, `record_version` all others. Everything here works
in the caller's transaction, after `store.begin_run`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.keys import KeyTable
from matching.relations import number, put
from quality import contract
from warehouse.database import quoted

#: Which of several versions of a record is current: the later file wins, then the later row.
_NEWEST = "file_date DESC, file_seq DESC, row_number DESC, sheet DESC"
_ORIGIN = "record_key, file_date, file_seq, row_number, sheet"
#: The staged versions that are newest of their record, or not.
_ARRIVED = """
    SELECT * EXCLUDE (filename, file_row_number) FROM incoming
    SEMI JOIN (FROM version WHERE {which}) USING (filename, file_row_number)
"""
#: What the outlet calls a record of the store today, in the form of a record key.
CALLED = """
    concat_ws('/', source, CASE WHEN source = 'hq' THEN '' ELSE outlet_code END, source_key)
"""


def make(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of standard records where they are missing."""
    con.register("contract_schema", contract.schema().empty_table())
    for table in ("record", "record_version"):
        con.execute(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM contract_schema")
    con.unregister("contract_schema")


def watch(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables `record_before` and `record_after`, for `load` to fill."""
    for table in ("record_before", "record_after"):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM record LIMIT 0")


def is_outdated(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the records were understood by another version's contract: its columns differ.

    What the outlets sent lies in `raw/`, so they are understood anew from there.
    """
    known = con.execute("SELECT * FROM record LIMIT 0").description or []
    return [column[0] for column in known] != contract.schema().names


def renew(con: duckdb.DuckDBPyConnection) -> None:
    """Empty the store of records, for all to be loaded anew. In the caller's transaction.

    Which run loaded a file is remembered: its rows are the same.
    """
    con.execute("DROP TABLE record")
    con.execute("DROP TABLE record_version")
    con.execute("DELETE FROM held_row")
    make(con)
    watch(con)
    con.execute("INSERT INTO touched VALUES (NULL, 'understood_anew')")


def load(
    con: duckdb.DuckDBPyConnection, run_id: int, staged: Path, held: Path, file_ids: list[str]
) -> dict[str, int]:
    """Take staged standard records in; return how many are new, changed, or older than those known.

    `known` counts the records of the same keys that were there before. staged, held: Parquet files
    as `quality.standardise` made them, or patterns that match several. A record's newest version is
    in `record`, all others in `record_version`. Leaves `record_before` and `record_after`: the
    former and the present versions of the records that are others now.
    """
    con.execute(
        "CREATE OR REPLACE TEMP VIEW incoming AS"
        " SELECT r.* REPLACE (coalesce(k.record_key, r.record_key) AS record_key)"
        f" FROM read_parquet('{quoted(staged)}', filename = true, file_row_number = true) r"
        " LEFT JOIN known_key k ON k.called = r.record_key"
    )
    # only narrow columns are ranked; a record is 160 columns wide
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE version AS
        SELECT *, row_number() OVER (PARTITION BY record_key ORDER BY {_NEWEST}) = 1 AS newest
        FROM (
            SELECT {_ORIGIN}, filename, file_row_number FROM incoming
            UNION ALL
            SELECT {_ORIGIN}, NULL, rowid FROM record
            SEMI JOIN (SELECT record_key FROM incoming) USING (record_key)
        )
    """)
    arriving, known, replaced = con.execute("""
        SELECT count(filename), count(*) FILTER (filename IS NULL),
               count(*) FILTER (filename IS NULL AND NOT newest)
        FROM version
    """).fetchall()[0]
    winners = number(con, "SELECT count(filename) FROM version WHERE newest")
    # a record that is understood anew is neither new nor changed
    con.execute("""
        INSERT INTO touched
        SELECT record_key, CASE WHEN count(*) FILTER (filename IS NULL) > 0
                           THEN 'changed_records' ELSE 'new_records' END AS cause
        FROM version LEFT JOIN member USING (record_key) GROUP BY record_key
        HAVING bool_or(newest AND filename IS NOT NULL)
            AND (cause = 'changed_records' OR count(golden_id) = 0)
    """)
    beaten = "(SELECT file_row_number FROM version WHERE filename IS NULL AND NOT newest)"
    # made whole: rows of Parquet files that a transaction inserts into a temporary table are not
    # found again there (DuckDB 2.0.0)
    for table, source in (
        ("record_before", f"FROM record WHERE rowid IN {beaten}"),
        ("record_after", _ARRIVED.format(which="newest")),
    ):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {source}")
    con.execute("INSERT INTO record_version BY NAME FROM record_before")
    con.execute(f"DELETE FROM record WHERE rowid IN {beaten}")
    taken = con.execute("INSERT INTO record BY NAME FROM record_after").fetchall()[0][0]
    if taken != winners:
        raise RuntimeError(f"{taken} of {winners} records were loaded")
    con.execute(f"INSERT INTO record_version BY NAME {_ARRIVED.format(which='NOT newest')}")
    con.execute("DROP VIEW incoming")
    con.execute("DROP TABLE version")
    con.execute(
        "INSERT INTO loaded_file (file_id, run_id) SELECT unnest(CAST(? AS VARCHAR[])), ?"
        " ON CONFLICT DO NOTHING",
        [file_ids, run_id],
    )
    con.execute(
        "INSERT INTO held_row BY NAME SELECT file_id, source, outlet_code, file_date, sheet,"
        " row_number, reason, run_id FROM read_parquet(?) JOIN loaded_file USING (file_id)",
        [str(held)],
    )
    new = winners - replaced
    return {"new": new, "changed": replaced, "older": arriving - winners, "known": known}


def rename(con: duckdb.DuckDBPyConnection, keys: KeyTable) -> int:
    """Name the store's records by the table of changed keys; return how many versions it moved.

    Records to be loaded afterwards are named by it, too: it stays in the store as `known_key`
    (called, record_key). Where both keys of a line are known already, two records become one.
    """
    pairs = [pa.array(side, pa.string()) for side in (keys.first.keys(), keys.first.values())]
    put(con, "key_now", pa.table(pairs, names=["called", "record_key"]))
    con.execute("""
        CREATE OR REPLACE TEMP TABLE key_change AS
        SELECT called, coalesce(n.record_key, called) AS record_key
        FROM known_key k FULL JOIN key_now n USING (called)
        WHERE n.record_key IS DISTINCT FROM k.record_key
    """)
    con.execute("DELETE FROM known_key WHERE called IN (SELECT called FROM key_change)")
    con.execute("INSERT INTO known_key FROM key_now SEMI JOIN key_change USING (called)")
    if not number(con, "SELECT count(*) FROM key_change"):
        return 0
    con.execute("CREATE OR REPLACE TEMP TABLE unsettled (record_key VARCHAR)")
    moved = 0
    for table in ("record", "record_version"):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE move AS
            SELECT r.rowid AS place, r.record_key AS name, c.record_key
            FROM {table} r JOIN key_change c ON c.called = {CALLED}
            WHERE r.record_key <> c.record_key
        """)
        con.execute("INSERT INTO unsettled SELECT unnest([name, record_key]) FROM move")
        con.execute(f"UPDATE {table} SET record_key = move.record_key FROM move"
                    f" WHERE {table}.rowid = place")  # fmt: skip
        moved += number(con, "SELECT count(*) FROM move")
    con.execute("INSERT INTO touched SELECT DISTINCT record_key, 'key_migration' FROM unsettled")
    settle(con)
    return moved


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Let the newest version of each record named in the temporary table `unsettled` be current."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE version AS
        SELECT *, row_number() OVER (PARTITION BY record_key ORDER BY {_NEWEST}) = 1 AS newest
        FROM (
            SELECT {_ORIGIN}, rowid AS place, true AS current FROM record
            SEMI JOIN unsettled USING (record_key)
            UNION ALL
            SELECT {_ORIGIN}, rowid, false FROM record_version
            SEMI JOIN unsettled USING (record_key)
        )
        -- neither rises nor falls
        QUALIFY current <> newest
    """)
    fallen, risen = (
        f"(SELECT place FROM version WHERE {which})" for which in ("current", "NOT current")
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE rising AS FROM record_version WHERE rowid IN {risen}
    """)
    con.execute(f"DELETE FROM record_version WHERE rowid IN {risen}")
    con.execute(f"INSERT INTO record_version FROM record WHERE rowid IN {fallen}")
    con.execute(f"DELETE FROM record WHERE rowid IN {fallen}")
    con.execute("INSERT INTO record FROM rising")
    for table in ("rising", "version", "unsettled"):
        con.execute(f"DROP TABLE {table}")
