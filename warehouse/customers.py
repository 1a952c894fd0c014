"""Golden records: chosen anew for the customers whom a run changes, the others stay as they are.

Golden values that were go from `customer` to `customer_past`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from matching import golden
from matching.relations import kept, number, put
from warehouse.database import run_script

_SQL = Path(__file__).parent / "sql"


def renew(
    con: duckdb.DuckDBPyConnection,
    run_id: int,
    rules: golden.Survivorship,
    chosen: pa.Table,
    all_new: bool,
) -> None:
    """Bring `golden_value`, `customer` and `customer_past` up to date.

    chosen: `matching.steward.Steward.chosen`. all_new: choose anew for everybody; else only for the
    customers in `before` and `after` (golden_id), and those for whom a steward has chosen otherwise
    since the last run, or to whom a choice may now go. Of these, `revalued` (golden_id) are left
    behind, whose golden values are others now. In the caller's transaction, after
    `membership.name_entities`.
    """
    put(con, "chosen_value", chosen)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE renewed AS
        {_ALL if all_new else _CHANGED.format(known=kept(con, "chosen_value"))}
    """)
    state(con)
    golden.choose(con, rules)
    run_script(con, _SQL / "customer.sql", {"run_id": run_id})
    own = kept(con, "golden_value")
    if all_new:
        con.execute(f"CREATE OR REPLACE TABLE {own} AS FROM temp.golden_value")
    else:
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE revalued AS
            WITH was AS (SELECT {_VALUE} FROM {own} WHERE golden_id IN (FROM renewed)),
                 now AS (SELECT {_VALUE} FROM temp.golden_value)
            SELECT DISTINCT golden_id FROM ((FROM was EXCEPT FROM now) UNION ALL
                                            (FROM now EXCEPT FROM was))
        """)
        con.execute(f"DELETE FROM {own} WHERE golden_id IN (FROM revalued)")
        con.execute(
            f"INSERT INTO {own} BY NAME FROM temp.golden_value SEMI JOIN revalued USING (golden_id)"
        )
    con.execute(f"CREATE OR REPLACE TABLE {kept(con, 'chosen_value')} AS FROM temp.chosen_value")
    for table in ("golden_value", "chosen_value"):
        con.execute(f"DROP TABLE temp.{table}")


def state(con: duckdb.DuckDBPyConnection) -> None:
    """Fill what `golden.choose` reads, of the customers in `renewed`.

    In: `record`, `member`, `generic_value`, `chosen_value`.
    """
    run_script(con, _SQL / "stated.sql")


def are_kept(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the store knows from the last run all that `renew` goes on from."""
    return bool(
        number(
            con,
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'chosen_value'"
            " AND NOT temporary",
        )
    )


def write_all(con: duckdb.DuckDBPyConnection, run_id: int) -> None:
    """Fill `customer` from `golden_value`, in a store that did not have it."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE renewed AS {_ALL}")
    run_script(con, _SQL / "customer.sql", {"run_id": run_id})
    con.execute("DROP TABLE temp.renewed")


_ALL = "SELECT golden_id FROM member UNION SELECT golden_id FROM customer"
_VALUE = "golden_id, attribute, value, chosen, rule, record_key, source, as_of, records"
#: Choices are made at a time; the places of older ones rise and fall with what is undone. Where
#: records of a choice have moved, another customer may have most of them.
_CHANGED = """
    SELECT golden_id FROM before UNION SELECT golden_id FROM after UNION
    SELECT golden_id FROM member SEMI JOIN (
        WITH choice AS (
            SELECT tense, attribute, value, decided_at, list(record_key ORDER BY record_key) AS keys
            FROM (SELECT 'was' AS tense, * FROM {known}
                  UNION ALL BY NAME SELECT 'now' AS tense, * FROM temp.chosen_value)
            GROUP BY tense, place, attribute, value, decided_at
        ), altered AS (
            SELECT keys FROM choice GROUP BY attribute, value, decided_at, keys
            HAVING count(DISTINCT tense) = 1
        )
        SELECT unnest(keys) AS record_key FROM altered) USING (record_key)
    UNION
    SELECT golden_id FROM member SEMI JOIN (
        FROM temp.chosen_value WHERE place IN (
            SELECT place FROM temp.chosen_value JOIN member USING (record_key)
            WHERE golden_id IN (SELECT golden_id FROM after))) USING (record_key)
"""
