"""What tests ask a home: the content of its published tables, and who is one customer."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from warehouse import store
from warehouse.database import Limits, connect, quoted
from warehouse.publish import LINK

Rows = list[tuple[Any, ...]]
_reading = Lock()


def read(file: Path, sql: str) -> Rows:
    """Rows of a query on a DuckDB file that this process has not open for writing.

    The file is attached for the query: a connection of its own takes four times as long.
    """
    with _reading:
        con = _reader()
        con.execute(f"ATTACH '{quoted(file)}' AS asked (READ_ONLY)")
        con.execute("USE asked")
        try:
            return con.execute(sql).fetchall()
        finally:
            con.execute("USE memory")
            con.execute("DETACH asked")


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    return connect(limits=Limits(threads=1))


def ask(home: Path, sql: str) -> Rows:
    """Rows of a query on the published warehouse."""
    return read((home / LINK).resolve(), sql)


def ask_store(home: Path, sql: str) -> Rows:
    """Rows of a query on the identity store."""
    return read(home / store.FILE, sql)


def digests(home: Path) -> dict[str, str]:
    """Published table -> its digest after the last run, without those that tell of runs alone."""
    rows = ask(home, "SELECT table_name, digest FROM run_table WHERE run_id = ("
                     "SELECT max(run_id) FROM run)")  # fmt: skip
    of_runs = ("run", "run_step", "meta.version")
    return {str(table): str(digest) for table, digest in rows if table not in of_runs}


def golden_ids(home: Path) -> dict[str, str]:
    """Record key -> golden id."""
    return {
        str(key): str(gid)
        for key, gid in ask(home, "SELECT record_key, golden_id FROM customer_xref")
    }


def customers(home: Path) -> dict[frozenset[str], str]:
    """The records of each customer -> golden id: the keys alone are the partition."""
    members: dict[str, set[str]] = {}
    for record, golden_id in golden_ids(home).items():
        members.setdefault(golden_id, set()).add(record)
    return {frozenset(records): golden_id for golden_id, records in members.items()}


def copy(home: Path, to: Path) -> Path:
    """A copy of a home, to be written in."""
    return Path(shutil.copytree(home, to, symlinks=True))
