"""Build a version of the warehouse: whole, or from the one before by what changed since.

A table that is told of golden ids or of vehicles (`@scope`) is a function of what is known about
each of these. So its SQL, run over an excerpt about the changed ones alone, gives their rows anew;
all other tables are made anew. Both ways come to the same rows, and so to the same digests.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.errors import GuiyiError
from matching.relations import number
from warehouse import changed, excerpts, manifest, masked
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
    excerpts.make(con)
    return {table.name: base.content[table.name] for table in tables() if table.scope}


def create(con: duckdb.DuckDBPyConnection, table: Table, goes_on: bool = False) -> manifest.Content:
    """Make a table or view anew, with comments. Raises PublishRefused where it fails a check.

    goes_on: the file began as a version of the same definitions, whose views stand.
    """
    notes_lost = goes_on and _is_referred_to(table)
    if notes_lost:
        con.execute(_KEYS_LOST.format(name=table.name, key=table.key[0], rows=table.whole))
    for one in [table, masked.view(table)] if table.is_personal else [table]:
        if not (one.is_view and goes_on):
            _make(con, one)
    if notes_lost:
        con.execute(_KEYS_FOUND.format(name=table.name, key=table.key[0], rows=table.whole))
    rows, hashed = table.whole, manifest.row_hash(table)
    if table.is_view:  # worked out once, and not for each check
        columns = ", ".join(dict.fromkeys([*table.key, *table.references]))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE shown AS"
            f" SELECT {columns}, {hashed} AS hashed FROM {rows}"
        )
        rows, hashed = "temp.shown", "hashed"
    found = _check(con, table, rows, dict.fromkeys(table.references, rows))
    _check_count(con, table, found)
    return manifest.Content(rows=found, digest=manifest.digest(con, table, rows, hashed))


def renew(con: duckdb.DuckDBPyConnection, table: Table, was: manifest.Content) -> manifest.Content:
    """Make a table's rows about what changed anew. Raises PublishRefused as `create` does.

    was: of the base. Tables that it refers to come before it. The table is looked through once, for
    the rows that go: whatever can be known of the few that come is asked of these alone. A row that
    goes and comes again the same is left where it is.
    """
    whole, among = table.whole, excerpts.among(table)
    select = excerpts.select(con, table)
    keys = ", ".join(table.key)
    content = f"hash({', '.join(column.name for column in table.columns)}) AS content"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE going AS
        SELECT rowid AS place, {keys}, {manifest.row_hash(table)} AS hashed, {content}
        FROM {whole} WHERE {among}
    """)
    con.execute(f"CREATE OR REPLACE TEMP TABLE coming AS FROM {whole} LIMIT 0")
    con.execute(f"INSERT INTO temp.coming {select}")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE staying AS
        SELECT place, came FROM temp.going
        JOIN (SELECT rowid AS came, {keys}, {content} FROM temp.coming) USING ({keys}, content)
    """)
    with transaction(con):
        went = number(con, f"DELETE FROM {whole} WHERE rowid IN (SELECT place FROM {_LEAVING})")
        came = number(con, f"INSERT INTO {whole} FROM {_NEW}")
    if _is_referred_to(table):
        for sql, rows in ((_KEYS_LOST, "temp.going"), (_KEYS_FOUND, "temp.coming")):
            con.execute(sql.format(name=table.name, key=table.key[0], rows=rows))
    # no row of another scope's value can have a key that tells the value
    keyed = "temp.coming" if set(table.scope) <= set(table.key) else _alike(table)
    _check(con, table, keyed, {c: _referring(con, table, c) for c in table.references})
    rows_now = was.rows - went + came
    _check_count(con, table, rows_now)
    before = manifest.digest(con, table, _LEAVING, "hashed")
    after = manifest.digest(con, table, _NEW)
    return manifest.Content(rows=rows_now, digest=manifest.joined(was.digest, before, after))


#: Of the rows that go and come, those that do not stay.
_LEAVING = "temp.going WHERE place NOT IN (SELECT place FROM temp.staying)"
_NEW = "temp.coming WHERE rowid NOT IN (SELECT came FROM temp.staying)"
#: Of a table that others refer to: the keys that the base had, then those alone that are no more.
_KEYS_LOST = "CREATE OR REPLACE TEMP TABLE lost_{name} AS SELECT DISTINCT {key} AS key FROM {rows}"
_KEYS_FOUND = "DELETE FROM temp.lost_{name} WHERE key IN (SELECT {key} FROM {rows})"


def _is_referred_to(table: Table) -> bool:
    return any(table.name in other.references.values() for other in tables())


def _alike(table: Table) -> str:
    """SQL of all rows that have the key of one that came and was not there before."""
    return f"{table.whole} SEMI JOIN (FROM {_NEW}) USING ({', '.join(table.key)})"


def _referring(con: duckdb.DuckDBPyConnection, table: Table, column: str) -> str:
    """SQL of the rows that may refer to what is not: those that came, and those left behind."""
    other = table.references[column]
    lost = number(con, f"SELECT count(*) FROM temp.lost_{other}")
    if not lost or column in table.scope:
        return "temp.coming"
    return f"""(
        SELECT {column} FROM temp.coming UNION ALL
        SELECT {column} FROM {table.whole} WHERE {column} IN (SELECT key FROM temp.lost_{other})
    )"""


def _named(name: str) -> Table:
    return next(table for table in tables() if table.name == name)


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
    con: duckdb.DuckDBPyConnection, table: Table, rows: str, referring: Mapping[str, str]
) -> int:
    """Count rows, of which none may repeat the key, nor any of the table refer to what is not.

    rows, referring: SQL after FROM; for each column that refers to a table, of which rows.
    """
    key = ", ".join(table.key)
    counts = ["coalesce(sum(n), 0)", "count(*)"]
    for column, among in referring.items():
        other = _named(table.references[column])
        counts.append(
            f"(SELECT count(*) FROM {among} t ANTI JOIN {other.whole} o"
            f" ON t.{column} = o.{other.key[0]} WHERE t.{column} IS NOT NULL)"
        )
    ((found, keys, *lost),) = con.execute(
        f"SELECT {', '.join(counts)} FROM (SELECT count(*) AS n FROM {rows} GROUP BY {key})"
    ).fetchall()
    if found != keys:
        raise PublishRefused(f"{table.name}: {found - keys} rows repeat the key ({key})")
    for column, missing in zip(referring, lost, strict=True):
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
