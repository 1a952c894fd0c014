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
from typing import Any

import duckdb

from connectors.errors import GuiyiError
from matching.relations import number
from warehouse import manifest, store
from warehouse.database import BI_STORAGE_VERSION, Limits, connect, quoted
from warehouse.faults import Damaged, explain
from warehouse.tables import Table, tables

LINK = "warehouse.duckdb"
FOLDER = manifest.FOLDER

#: Holds the digests of all others, so it is built last and has none itself.
_DIGESTS = "run_table"


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
    A file that cannot be read is as good as none: publishing puts a sound one in its place.
    """
    return _run_in((home / LINK).resolve())


def _run_in(file: Path) -> tuple[int, datetime.datetime] | None:
    if not file.is_file():
        return None
    try:
        with connect(file, read_only=True) as con:
            ((run_id, started_at),) = con.execute(
                "SELECT max(run_id), max(started_at) FROM run"
            ).fetchall()
    except duckdb.Error as error:
        if isinstance(explain(error), Damaged):
            return None
        raise
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


def spill_folder(home: Path) -> Path:
    """Where publishing puts what does not fit into memory."""
    return home / FOLDER / "spill"


def published_size(home: Path) -> int:
    """Bytes of the published file, which the next one will be like; 0 where there is none."""
    current = (home / LINK).resolve()
    return current.stat().st_size if current.is_file() else 0


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
    rows = _build(home, building, run, limits, report)
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
    home: Path,
    building: Path,
    run: dict[str, Any],
    limits: Limits | None,
    report: Callable[[str], None],
) -> dict[str, int]:
    """Write every table with its comments, check all, leave the manifest; return their sizes."""
    with connect(limits=limits, spill=spill_folder(home)) as con:
        con.execute(
            f"ATTACH '{quoted(building)}' AS built (STORAGE_VERSION '{BI_STORAGE_VERSION}')"
        )
        con.execute(f"ATTACH '{quoted(home / store.FILE)}' AS store (READ_ONLY)")
        con.execute("USE built")
        others = [table for table in tables() if table.name != _DIGESTS]
        for table in others:
            _create(con, table, report)
        rows = {table.name: _check(con, table) for table in others}
        found = {
            table.name: {"rows": rows[table.name], "digest": manifest.digest(con, table)}
            for table in others
        }
        _gather_digests(con, home, int(run["run_id"]), found)
        (last,) = (table for table in tables() if table.name == _DIGESTS)
        _create(con, last, report)
        rows[last.name] = _check(con, last)
        manifest.write(home, con, run, found)
        con.execute("USE memory")
        con.execute("CHECKPOINT built")
        con.execute("DETACH built")
    return rows


def _create(con: duckdb.DuckDBPyConnection, table: Table, report: Callable[[str], None]) -> None:
    report(table.name)
    con.execute(f"CREATE TABLE {table.name} AS {table.select}")
    _comment(con, table)


def _gather_digests(
    con: duckdb.DuckDBPyConnection, home: Path, run_id: int, found: dict[str, dict[str, Any]]
) -> None:
    """Fill memory.run_table: tonight's digests, and those of the nights before.

    The latter stand in the file that was made last; of them, runs that the store still has.
    """
    con.execute(
        "CREATE TABLE memory.run_table"
        " (run_id INTEGER, table_name VARCHAR, rows BIGINT, digest VARCHAR)"
    )
    con.executemany(
        "INSERT INTO memory.run_table VALUES (?, ?, ?, ?)",
        [(run_id, name, one["rows"], one["digest"]) for name, one in found.items()],
    )
    made = sorted((home / FOLDER).glob("warehouse-*.duckdb"))
    if not made or _run_in(made[-1]) is None or _DIGESTS not in _tables_of(made[-1]):
        return
    before = made[-1]
    con.execute(f"ATTACH '{quoted(before)}' AS before (READ_ONLY)")
    con.execute(
        f"INSERT INTO memory.run_table SELECT d.* FROM before.{_DIGESTS} d"
        " JOIN before.run b USING (run_id) JOIN built.run r USING (run_id, started_at)"
        " WHERE run_id <> ?",
        [run_id],
    )
    con.execute("DETACH before")


def _tables_of(file: Path) -> set[str]:
    with connect(file, read_only=True) as con:
        rows = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return {str(name) for (name,) in rows}


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
