"""Making the dossiers of a published version: documents in bulk by DuckDB, kept in SQLite."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from warehouse.database import Limits, connect, quoted

_DOCUMENTS = (Path(__file__).parent / "dossier.sql").read_text(encoding="utf-8")
#: The rows of a list, each a line of JSON.
_LINES = """
    CREATE TEMP MACRO lines(told) AS array_to_string(
        list_transform(told, lambda one: CAST(to_json(one) AS VARCHAR)), chr(10))
"""
_TABLES = """
    CREATE TABLE customer (
        golden_id TEXT PRIMARY KEY, name TEXT, kind TEXT, outlets TEXT, document BLOB
    );
    CREATE TABLE record (record_key TEXT PRIMARY KEY, golden_id TEXT) WITHOUT ROWID;
    CREATE TABLE redirect (golden_id TEXT PRIMARY KEY, redirect_to TEXT) WITHOUT ROWID;
    CREATE TABLE phone (
        number TEXT, place INTEGER, golden_id TEXT, PRIMARY KEY (number, place)
    ) WITHOUT ROWID;
"""
_RECORDS = "SELECT record_key, golden_id FROM customer_xref ORDER BY record_key"
_REDIRECTS = "SELECT golden_id, redirect_to FROM golden_id_redirect ORDER BY golden_id"
#: Of each number its customers, those first who were in contact last; as `search.wish.phone` has
#: numbers.
_PHONES = """
    SELECT regexp_replace(l.value, '^\\+(86)?', '') AS number,
           row_number() OVER (PARTITION BY number
               ORDER BY m.last_contact_on DESC NULLS LAST, golden_id) AS place, golden_id
    FROM (SELECT DISTINCT golden_id, value FROM pii.attribute_lineage WHERE attribute = 'phone') l
    JOIN mart_customer_360 m USING (golden_id) ORDER BY number, place
"""
_SLICES = """
    SELECT min(golden_id), max(golden_id) FROM (
        SELECT golden_id, (row_number() OVER (ORDER BY golden_id) - 1) // $each AS slice
        FROM pii.dim_customer
    ) GROUP BY slice ORDER BY slice
"""
#: So many customers are put together at once, within the memory that there is.
_EACH = 10_000
_AT_ONCE = 500


def build(published: Path, file: Path, limits: Limits) -> None:
    """Make the dossiers of a published file; until they are whole, they have another name.

    Raises duckdb.CatalogException or BinderException where the file is of another version of Guiyi.
    """
    beside = file.with_name(f"{file.name}.part")
    try:
        beside.unlink(missing_ok=True)
        with (
            connect(limits=limits, spill=file.parent / "spill") as con,
            closing(sqlite3.connect(beside, isolation_level=None)) as made,
        ):
            con.execute(f"ATTACH '{quoted(published)}' AS published (READ_ONLY)")
            con.execute("USE published")
            con.execute(_LINES)
            # what is half made is thrown away, so that nothing need be undone
            made.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
            made.execute("BEGIN")
            for first, last in con.execute(_SLICES, {"each": _EACH}).fetchall():
                told = con.execute(_DOCUMENTS, {"first": first, "last": last})
                made.executemany("INSERT INTO customer VALUES (?, ?, ?, ?, ?)", _packed(told))
            for table, sql in (("record", _RECORDS), ("redirect", _REDIRECTS), ("phone", _PHONES)):
                con.execute(sql)
                marks = ", ".join("?" * len(con.description or []))
                made.executemany(f"INSERT INTO {table} VALUES ({marks})", _rows(con))
            made.execute("COMMIT")
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _packed(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str | bytes, ...]]:
    for *told, document in _rows(con):
        yield *told, zlib.compress(document.encode(), 1)


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, ...]]:
    while rows := con.fetchmany(_AT_ONCE):
        yield from rows
