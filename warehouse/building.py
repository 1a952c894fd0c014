"""Build a version of the warehouse: whole, or from the one before by what changed since.

A table that is told of golden ids or of vehicles (`@scope`) is a function of the store's rows about
each of these. So its SQL, run over the store's rows about the changed ones alone, gives their rows
anew; all other tables are made anew. Both ways come to the same rows, and so to the same digests.
"""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.errors import GuiyiError
from matching.relations import number
from warehouse import changed, manifest, masked
from warehouse.database import BI_STORAGE_VERSION, Limits, connect, quoted, transaction
from warehouse.tables import PII, Table, tables


class PublishRefused(GuiyiError):
    """The built file failed a check; yesterday's warehouse stays up."""

    code = "publish_refused"


@dataclass(frozen=True, slots=True)
class Base:
    """A published version to go on from. content: table -> its rows and digest."""

    file: Path
    run_id: int
    started_at: datetime.datetime
    content: dict[str, manifest.Content]


@contextmanager
def building(
    file: Path, store: Path, spill: Path, limits: Limits | None, base: Base | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the new file as `built`, in use, and the identity store as `store`.

    base: begin with its tables.
    """
    if base:
        shutil.copyfile(base.file, file)
    with connect(limits=limits, spill=spill) as con:
        # all is written once, at the end: of a file that is killed halfway nothing is needed
        options = ["RECOVERY_MODE no_wal_writes"]
        if not base:
            options.append(f"STORAGE_VERSION '{BI_STORAGE_VERSION}'")
        con.execute(f"ATTACH '{quoted(file)}' AS built ({', '.join(options)})")
        con.execute(f"ATTACH '{quoted(store)}' AS store (READ_ONLY)")
        con.execute("USE built")
        for schema in ("meta", PII):
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        con.execute("SET checkpoint_threshold = '1TB'")
        yield con
        con.execute("USE memory")
        con.execute("CHECKPOINT built")
        con.execute("DETACH built")


def find_changes(
    con: duckdb.DuckDBPyConnection, base: Base, run_id: int
) -> dict[str, manifest.Content]:
    """What the base holds of the tables that `renew` can bring to this run, once this is done.

    Empty where it is not known what changed since.
    """
    if not changed.since(con, "store", base.run_id, base.started_at, run_id):
        return {}
    for scope in _FILTERS:
        _make_excerpt(con, scope)
    return {table.name: base.content[table.name] for table in tables() if table.scope}


def create(
    con: duckdb.DuckDBPyConnection, table: Table, has_views: bool = False
) -> manifest.Content:
    """Make a table or view anew, with comments. Raises PublishRefused where it fails a check.

    has_views: the file began as a version of the same definitions, whose views stand.
    """
    for one in [table, masked.view(table)] if table.is_personal else [table]:
        if not (one.is_view and has_views):
            _make(con, one)
    rows = _check(con, table, table.whole, dict.fromkeys(table.references, "true"))
    _check_count(con, table, rows)
    return manifest.Content(rows=rows, digest=manifest.digest(con, table))


def renew(con: duckdb.DuckDBPyConnection, table: Table, was: manifest.Content) -> manifest.Content:
    """Make a table's rows about what changed anew. Raises PublishRefused as `create` does.

    was: of the base. Tables that it refers to come before it.
    """
    about = _about(str(table.scope), str(table.scope))
    select = re.sub(r"\bstore\.", f"{_excerpt(str(table.scope))}.", table.select)
    gone = manifest.digest(con, table, about)
    with transaction(con):
        went = number(con, f"DELETE FROM {table.whole} WHERE {about}")
        came = number(con, f"INSERT INTO {table.whole} {select}")
    key = ", ".join(table.key)
    new = f"(SELECT {key} FROM {table.whole} WHERE {about})"
    among = dict[str, str]()
    for column, other in table.references.items():
        scope = _named(other).scope
        # what was not made anew may refer to what is no more
        among[column] = f"{about} OR {_about(column, scope)}" if scope else "true"
    _check(con, table, f"{table.whole} SEMI JOIN {new} USING ({key})", among)
    rows = was.rows - went + came
    _check_count(con, table, rows)
    return manifest.Content(
        rows=rows,
        digest=manifest.joined(was.digest, gone, manifest.digest(con, table, about)),
    )


def _about(column: str, scope: str) -> str:
    """SQL: whether a column has a changed golden id, or vehicle."""
    return f"{column} IN (SELECT key FROM temp.changed WHERE kind = '{scope}')"


def _named(name: str) -> Table:
    return next(table for table in tables() if table.name == name)


#: Scope -> by which of their columns the store's tables are reduced to it, the first that is there.
_FILTERS = {
    "golden_id": ("golden_id", "record_key", "vehicle_id"),
    "vehicle_id": ("vehicle_id", "record_key"),
}
#: Scope -> the store's table that says which records are about it.
_ABOUT = {"golden_id": "member", "vehicle_id": "record_vehicle"}


def _excerpt(scope: str) -> str:
    """The catalog of the store's rows about what changed."""
    return f"changed_{scope}"


def _make_excerpt(con: duckdb.DuckDBPyConnection, scope: str) -> None:
    """Fill the excerpt by a scope with the store's tables and columns that published SQL reads."""
    excerpt = _excerpt(scope)
    con.execute(f"ATTACH ':memory:' AS {excerpt}")
    read = " ".join(table.select for table in tables() if table.scope == scope)
    words = set(re.findall(r"\w+", read))
    columns = dict[str, list[str]]()
    for table, column in con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'store'"
        " ORDER BY column_index"
    ).fetchall():
        columns.setdefault(table, []).append(column)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE kept_{scope} AS
        SELECT DISTINCT key AS {scope} FROM changed WHERE kind = '{scope}'
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE kept_record_key AS
        SELECT DISTINCT record_key FROM store.{_ABOUT[scope]} SEMI JOIN kept_{scope} USING ({scope})
    """)
    if scope == "golden_id":
        con.execute("""
            CREATE OR REPLACE TEMP TABLE kept_vehicle_id AS
            SELECT DISTINCT vehicle_id FROM store.record_vehicle
            SEMI JOIN kept_record_key USING (record_key)
        """)
    for table in sorted(set(re.findall(r"\bstore\.(\w+)", read))):
        by = next((column for column in _FILTERS[scope] if column in columns[table]), None)
        named = ", ".join(c for c in columns[table] if c in words)
        among = f"SEMI JOIN temp.kept_{by} USING ({by})" if by else ""
        con.execute(f"CREATE TABLE {excerpt}.{table} AS SELECT {named} FROM store.{table} {among}")


def _make(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    kind = "VIEW" if table.is_view else "TABLE"
    texts = {f"{kind} {table.whole}": table.meaning}
    texts |= {f"COLUMN {table.whole}.{column.name}": column.meaning for column in table.columns}
    with transaction(con):
        con.execute(f"CREATE OR REPLACE {kind} {table.whole} AS {table.select}")
        con.execute(";".join(
            f"COMMENT ON {one} IS '{text.replace(chr(39), chr(39) * 2)}'"
            for one, text in texts.items()
        ))  # fmt: skip


def _check(
    con: duckdb.DuckDBPyConnection, table: Table, rows: str, among: Mapping[str, str]
) -> int:
    """Count rows, of which none may repeat the key, nor any of the table refer to what is not.

    among: column that refers to another table -> SQL of the table's rows that are looked at.
    """
    key = ", ".join(table.key)
    counts = ["coalesce(sum(n), 0)", "count(*)"]
    for column, where in among.items():
        other = _named(table.references[column])
        counts.append(
            f"(SELECT count(*) FROM {table.whole} t WHERE t.{column} IS NOT NULL AND ({where})"
            f" AND t.{column} NOT IN (SELECT {other.key[0]} FROM {other.whole}))"
        )
    ((found, keys, *lost),) = con.execute(
        f"SELECT {', '.join(counts)} FROM (SELECT count(*) AS n FROM {rows} GROUP BY {key})"
    ).fetchall()
    if found != keys:
        raise PublishRefused(f"{table.name}: {found - keys} rows repeat the key ({key})")
    for column, missing in zip(among, lost, strict=True):
        if missing:
            raise PublishRefused(
                f"{table.name}.{column}: {missing} values are not in {table.references[column]}"
            )
    return int(found)


def _check_count(con: duckdb.DuckDBPyConnection, table: Table, rows: int) -> None:
    """Whether a table has as many rows as the store has of what it tells of."""
    if table.count is None:
        return
    expected = number(con, f"SELECT count(*) FROM store.{table.count}")
    if rows != expected:
        raise PublishRefused(
            f"{table.name}: has {rows} rows, but the store has {expected} ({table.count})"
        )
