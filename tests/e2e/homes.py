"""What tests ask a home: the content of its published tables, and who is one customer."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from warehouse import store
from warehouse.database import connect
from warehouse.publish import LINK

Rows = list[tuple[Any, ...]]


def ask(home: Path, sql: str) -> Rows:
    """Rows of a query on the published warehouse."""
    with connect((home / LINK).resolve(), read_only=True) as con:
        return con.execute(sql).fetchall()


def ask_store(home: Path, sql: str) -> Rows:
    """Rows of a query on the identity store."""
    with store.open_store(home, read_only=True) as con:
        return con.execute(sql).fetchall()


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
