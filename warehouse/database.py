"""The one place that opens DuckDB."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

#: What today's BI clients can open; the default of DuckDB 2.0 is read by 2.0 alone.
BI_STORAGE_VERSION = "v1.4.0"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a connection may use. memory: as DuckDB writes it, such as 2GB; threads: 0 for all."""

    memory: str = "2GB"
    threads: int = 0


def connect(
    path: Path | None = None,
    read_only: bool = False,
    limits: Limits | None = None,
    spill: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a database file, or one in memory, that loads no extension and sorts predictably.

    spill: a folder for what does not fit into memory; else DuckDB takes one beside the file, or in
    the present folder.
    """
    usual, limits = Limits(), limits or Limits()
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": usual.memory,
        "preserve_insertion_order": True,
        # else many a commit writes a wide table anew, for a few gaps in it: `gaping` tells of many
        "max_vacuum_tasks": 0,
    }
    if spill:
        config["temp_directory"] = str(spill)
    con = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config)
    # one process opens a file twice only by one configuration, so that limits are set behind it
    if limits.memory != usual.memory:
        con.execute("SET memory_limit = ?", [limits.memory])
    if limits.threads:
        con.execute("SET threads = ?", [limits.threads])
    return con


def quoted(path: Path) -> str:
    """A path for use within a quoted SQL string."""
    return str(path).replace("'", "''")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """All or nothing: commit at the end, roll back on any error."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield con
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def gaping(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables of the present database of which deleted rows are a quarter, and fill much space."""
    large = con.execute(
        "SELECT table_name, estimated_size FROM duckdb_tables()"
        " WHERE database_name = current_database() AND NOT temporary AND estimated_size > 100_000"
    ).fetchall()
    found = []
    for name, with_deleted in large:
        ((rows,),) = con.execute(f"SELECT count(*) FROM {name}").fetchall()
        if rows < 0.75 * with_deleted:
            found.append(str(name))
    return found


def rewrite(file: Path, spill: Path, limits: Limits | None = None) -> None:
    """Write a database that nobody has open anew, without what was deleted from it.

    Deleted rows stay in the file until their place is needed. spill: a folder for what does not fit
    into memory. Killed at any point, the one file or the other stands.
    """
    beside = file.with_name(f"{file.name}.rewriting")
    for left in (beside, beside.with_name(f"{beside.name}.wal")):
        left.unlink(missing_ok=True)
    with connect(limits=limits, spill=spill) as con:
        con.execute(f"ATTACH '{quoted(file)}' AS was (READ_ONLY)")
        con.execute(f"ATTACH '{quoted(beside)}' AS rewritten")
        con.execute("COPY FROM DATABASE was TO rewritten")
        con.execute("DETACH rewritten")
    os.replace(beside, file)


@contextmanager
def rehearsal(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A transaction that is always rolled back."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield con
    finally:
        con.execute("ROLLBACK")


def run_script(
    con: duckdb.DuckDBPyConnection, path: Path, values: Mapping[str, object] | None = None
) -> None:
    """Run the statements of a .sql file; `$name` in a statement takes its value from `values`."""
    for statement in con.extract_statements(path.read_text(encoding="utf-8")):
        wanted = {name: (values or {})[name] for name in statement.named_parameters}
        con.execute(statement, wanted or None).fetchall()
