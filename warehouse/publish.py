"""Publish: build a versioned file beside, check it, then switch `warehouse.duckdb` to it.

The switch is one rename of a symlink: whoever is reading goes on with the old file, whoever opens
next gets the new one. Killed at any point, either the old or the new version stands.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.errors import GuiyiError
from matching.relations import number
from warehouse import store
from warehouse.database import BI_STORAGE_VERSION, Limits, connect, quoted
from warehouse.tables import Table, tables

LINK = "warehouse.duckdb"
FOLDER = "warehouse"


class PublishRefused(GuiyiError):
    """The built file failed a check; yesterday's warehouse stays up."""

    code = "publish_refused"


@dataclass(frozen=True, slots=True)
class Published:
    """A published version. rows: table -> rows."""

    path: Path
    run_id: int
    rows: dict[str, int]


def published_at(home: Path) -> tuple[int, datetime.datetime] | None:
    """Number and start of the run that the published warehouse holds; None where there is none.

    The number alone would not tell a store that was lost and built anew from the one before.
    """
    return _run_in((home / LINK).resolve())


def _run_in(file: Path) -> tuple[int, datetime.datetime] | None:
    if not file.is_file():
        return None
    with connect(file, read_only=True) as con:
        ((run_id, started_at),) = con.execute(
            "SELECT max(run_id), max(started_at) FROM run"
        ).fetchall()
    return int(run_id), started_at


def bring_up(home: Path, run_id: int, started_at: datetime.datetime) -> bool:
    """Switch to the kept version of a run; False where it is no longer on disk."""
    file = _version(home, run_id)
    if _run_in(file) != (run_id, started_at):
        return False
    _switch(home, file)
    return True


def _version(home: Path, run_id: int) -> Path:
    """Where the version of a run lies."""
    return home / FOLDER / f"warehouse-{run_id:06d}.duckdb"


def publish(
    home: Path, keep: int = 3, limits: Limits | None = None, report: Callable[[str], None] = print
) -> Published | None:
    """Publish the store's last run; None when it is published already, or there is none.

    keep: how many versions stay on disk. report: called with each table's name.
    Raises PublishRefused naming the table and the check.
    """
    with store.open_store(home, read_only=True, limits=limits) as con:
        run = store.last_run(con)
    if run is None or (
        published_at(home) == (run["run_id"], run["started_at"]) and _has_todays_columns(home)
    ):
        return None
    folder = home / FOLDER
    folder.mkdir(exist_ok=True)
    target = _version(home, run["run_id"])
    building = target.with_suffix(".building")
    for leftover in folder.glob("*.building*"):
        leftover.unlink()
    rows = _build(home, building, limits, report)
    os.replace(building, target)
    _switch(home, target)
    _forget_old(folder, target, keep)
    return Published(target, int(run["run_id"]), rows)


def _has_todays_columns(home: Path) -> bool:
    """Whether the published file has the tables of this version of Guiyi, not a former one's."""
    with connect((home / LINK).resolve(), read_only=True) as con:
        rows = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        )
        there = set(rows.fetchall())
    return there == {(table.name, column.name) for table in tables() for column in table.columns}


def _build(
    home: Path, building: Path, limits: Limits | None, report: Callable[[str], None]
) -> dict[str, int]:
    """Write every table with its comments, check them all, return their sizes."""
    with connect(limits=limits) as con:
        con.execute(
            f"ATTACH '{quoted(building)}' AS built (STORAGE_VERSION '{BI_STORAGE_VERSION}')"
        )
        con.execute(f"ATTACH '{quoted(home / store.FILE)}' AS store (READ_ONLY)")
        con.execute("USE built")
        for table in tables():
            report(table.name)
            con.execute(f"CREATE TABLE {table.name} AS {table.select}")
            _comment(con, table)
        rows = {table.name: _check(con, table) for table in tables()}
        con.execute("USE memory")
        con.execute("CHECKPOINT built")
        con.execute("DETACH built")
    return rows


def _comment(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    def text(meaning: str) -> str:
        return meaning.replace("'", "''")

    con.execute(f"COMMENT ON TABLE {table.name} IS '{text(table.meaning)}'")
    for column in table.columns:
        con.execute(f"COMMENT ON COLUMN {table.name}.{column.name} IS '{text(column.meaning)}'")


def _check(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Hold a table against its header; return its rows. Raises PublishRefused."""
    key = ", ".join(table.key)
    rows = number(con, f"SELECT count(*) FROM {table.name}")
    distinct = number(con, f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM {table.name})")
    if rows != distinct:
        raise PublishRefused(f"{table.name}: {rows - distinct} rows repeat the key ({key})")
    for column, other in table.references.items():
        other_key = next(t.key[0] for t in tables() if t.name == other)
        lost = number(
            con,
            f"SELECT count(*) FROM {table.name} t WHERE t.{column} IS NOT NULL"
            f" AND t.{column} NOT IN (SELECT {other_key} FROM {other})",
        )
        if lost:
            raise PublishRefused(f"{table.name}.{column}: {lost} values are not in {other}")
    return rows


def _switch(home: Path, target: Path) -> None:
    beside = home / f"{LINK}.next"
    beside.unlink(missing_ok=True)
    beside.symlink_to(target.relative_to(home))
    os.replace(beside, home / LINK)


def _forget_old(folder: Path, current: Path, keep: int) -> None:
    """Remove versions beyond the newest `keep`; readers that hold one open go on with it."""
    versions = sorted(folder.glob("warehouse-*.duckdb"), reverse=True)
    for old in versions[keep:]:
        if old != current:
            old.unlink()
