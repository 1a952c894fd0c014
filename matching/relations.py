"""Between DuckDB and Arrow: pull a result, put a table, count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa


def pull(con: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    """The result of a query as one Arrow table."""
    table: pa.Table = con.sql(sql).to_arrow_table()
    return table


def put(con: duckdb.DuckDBPyConnection, name: str, content: pa.Table) -> None:
    """Make, or replace, a temporary table of this content."""
    con.register("incoming_table", content)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming_table")
    con.unregister("incoming_table")


def number(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> int:
    """The single whole number that a query gives; 0 where it gives no row.

    values: of its parameters.
    """
    rows = con.execute(sql, list(values) or None).fetchall()
    return int(rows[0][0]) if rows and rows[0][0] is not None else 0


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    return number(con, f"SELECT count(*) FROM {table}")


def missing(con: duckdb.DuckDBPyConnection, keys: Iterable[str], table: str) -> set[str]:
    """Which of these record keys a table does not have."""
    named = pa.table({"record_key": pa.array(keys, pa.string())})
    if not len(named):
        return set()
    put(con, "named", named)
    rows = con.execute(f"SELECT record_key FROM named ANTI JOIN {table} USING (record_key)")
    found = {str(key) for (key,) in rows.fetchall()}
    con.execute("DROP TABLE named")
    return found


def is_list(con: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether a column holds lists."""
    described = con.execute(f"SELECT {column} FROM {table} LIMIT 0").description or []
    return str(described[0][1]).endswith("[]")


def kept(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """A table of the database itself, in SQL, where a temporary one may bear the same name."""
    ((database,),) = con.execute("SELECT current_database()").fetchall()
    return f'"{database}".main.{table}'
