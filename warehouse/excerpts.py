"""The rows about what changed: of the identity store, and of the file that is being made.

SQL that makes a table, run over an excerpt, gives the rows that may be others than before. What a
table's rows follow from is told by its header (`@scope`, `@kin`):

- of a golden id: its records in the store, and the cars of these;
- of a vehicle: its records in the store, and whose they are;
- of a record: itself;
- of links (`@links`): also those of the golden id, or of the record;
- of kin: tables of the file, of customers who share a number, a home or a car with another. What
  changed for one may change the rows of the other (`sql/kin.sql`).
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from warehouse.database import run_script
from warehouse.tables import PII, Table, tables

_SQL = Path(__file__).parent / "sql"
#: What changed -> by which of their columns the store's tables are reduced to it, the first that is
#: there: to the values in the temporary table of both names (`sql/kept.sql`).
_KEPT = {
    "golden_id": ("golden_id", "record_key", "vehicle_id"),
    "vehicle_id": ("vehicle_id", "record_key"),
    "record_key": ("record_key",),
    "linked_golden_id": ("golden_id", "record_key", "a"),
    "linked_record_key": ("record_key",),
}
#: Scopes with one excerpt of the records, which are wide; whose each is, other tables tell.
_SHARING = ("golden_id", "vehicle_id")
#: The catalog of the file's rows about kin, and column -> which of its values are in it.
_NEAR = "near_kin"
_NEAR_BY = {"golden_id": "near", "vehicle_id": "near_vehicle"}


def make(con: duckdb.DuckDBPyConnection) -> None:
    """Take excerpts of the store, and note of the file as it was what kin are found by.

    In: temp changed (kind, key); the file as it was before.
    """
    _of_store(con)
    run_script(con, _SQL / "kin_before.sql")


def select(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """SQL of a table's rows that are made anew. Tables that it reads hold their new rows."""
    # they are put at the end of the table, so that their order would tell nothing
    made = re.sub(r"\nORDER BY .*\n?$", "\n", table.select)
    if not table.kin:
        kind = _kind(table)
        if kind in _SHARING:
            made = re.sub(r"\bstore\.record\b", "temp.shared_record", made)
        return re.sub(r"\bstore\.", f"{_catalog(kind)}.", made)
    if not _is_there(con, "duckdb_databases()", f"database_name = '{_NEAR}'"):
        run_script(con, _SQL / "kin.sql")
        con.execute(f"ATTACH ':memory:' AS {_NEAR}")
        con.execute(f"CREATE SCHEMA {_NEAR}.{PII}")
    names = "|".join({*table.reads, *table.references.values()})
    read = re.compile(rf"\b(FROM|JOIN) ((?:{PII}\.)?(?:{names}))\b")
    near = read.sub(lambda found: f"{found[1]} {_of_file(con, found[2])}", made)
    return f"FROM ({near}) WHERE {among(table)}"


def among(table: Table) -> str:
    """SQL of whether a row of a table is among those that are made anew."""
    if table.kin and "vehicle_id" not in table.scope:
        return " OR ".join(
            f"{column} IN (SELECT golden_id FROM temp.kin)" for column in table.scope
        )
    (scope,) = table.scope
    return f"{scope} IN (FROM temp.{_kind(table)}_{scope})"


def _kind(table: Table) -> str:
    """By what the rows of a table of one scope are told to have changed."""
    (scope,) = table.scope
    return f"linked_{scope}" if table.links else scope


def _catalog(kind: str) -> str:
    """The catalog of the store's rows about what changed."""
    return f"changed_{kind}"


def _of_store(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the excerpt by each kind of change with what SQL reads of the store."""
    run_script(con, _SQL / "kept.sql")
    columns = dict[str, list[str]]()
    for table, column in con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'store'"
        " ORDER BY column_index"
    ).fetchall():
        columns.setdefault(table, []).append(column)
    alone = [table for table in tables() if table.scope and not table.kin]
    read = {kind: " ".join(t.select for t in alone if _kind(t) == kind) for kind in _KEPT}
    shared = " ".join(read[kind] for kind in _SHARING)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE shared_record AS SELECT {_named(columns['record'], shared)}"
        " FROM store.record SEMI JOIN temp.shared_record_key USING (record_key)"
    )
    for kind, kept in _KEPT.items():
        con.execute(f"ATTACH ':memory:' AS {_catalog(kind)}")
        among = set(re.findall(r"\bstore\.(\w+)", read[kind]))
        for table in sorted(among - ({"record"} if kind in _SHARING else set())):
            by = next((column for column in kept if column in columns[table]), None)
            kept_rows = f"SEMI JOIN temp.{kind}_{by} USING ({by})" if by else ""
            con.execute(
                f"CREATE TABLE {_catalog(kind)}.{table} AS"
                f" SELECT {_named(columns[table], read[kind])} FROM store.{table} {kept_rows}"
            )


def _named(columns: list[str], sql: str) -> str:
    """SQL of those columns whose names are in some SQL."""
    words = set(re.findall(r"\w+", sql))
    return ", ".join(column for column in columns if column in words)


def _of_file(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """The excerpt of a table of the file, made where it is not there; itself if of no customers."""
    described = con.execute(f"SELECT * FROM {name} LIMIT 0").description or []
    columns = [str(column[0]) for column in described]
    by = [column for column in _NEAR_BY if column in columns]
    if not by:
        return name
    schema, _, table = f"main.{name}".rpartition(".")
    schema = schema.rpartition(".")[2]
    excerpt = f"{_NEAR}.{schema}.{table}"
    where = f"database_name = '{_NEAR}' AND schema_name = '{schema}' AND table_name = '{table}'"
    if not _is_there(con, "duckdb_tables()", where):
        kept = " OR ".join(f"{one} IN (SELECT {one} FROM temp.{_NEAR_BY[one]})" for one in by)
        named = _named(columns, " ".join(t.select for t in tables() if t.kin))
        con.execute(f"CREATE TABLE {excerpt} AS SELECT {named} FROM {name} WHERE {kept}")
    return excerpt


def _is_there(con: duckdb.DuckDBPyConnection, among: str, where: str) -> bool:
    return bool(con.execute(f"SELECT 1 FROM {among} WHERE {where}").fetchall())
