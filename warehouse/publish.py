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

from connectors.errors import SettingError
from warehouse import manifest, store
from warehouse.building import Base, building, create, find_changes, renew
from warehouse.database import Limits, connect, gaping, quoted
from warehouse.faults import Damaged, explain
from warehouse.tables import tables

LINK = "warehouse.duckdb"
FOLDER = manifest.FOLDER

#: Holds the digests of all others, so it is built last and has none itself.
_DIGESTS = "run_table"


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

    Nothing is taken over from a version of before the last erasure, and none of those stays.
    keep: how many versions stay on disk. report: called with each table's name.
    Raises PublishRefused naming the table and the check.
    """
    with store.open_store(home, read_only=True, limits=limits) as con:
        run, erased = store.last_run(con), store.last_erasure(con)
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
    rows = _build(home, building, run, erased, limits, report)
    os.replace(building, target)
    _switch(home, target)
    _forget_old(home, target, keep, erased)
    return Published(target, int(run["run_id"]), rows)


def _has_todays_columns(home: Path) -> bool:
    """Whether the published file has the tables of this version of Guiyi, not a former one's."""
    with connect((home / LINK).resolve(), read_only=True) as con:
        rows = con.execute(
            "SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name,"
            " column_name FROM duckdb_columns() WHERE NOT internal"
        )
        there = set(rows.fetchall())
    return there == {(table.name, column.name) for table in tables() for column in table.columns}


def _build(
    home: Path,
    file: Path,
    run: dict[str, Any],
    erased: int,
    limits: Limits | None,
    report: Callable[[str], None],
) -> dict[str, int]:
    """Write and check every table, and leave the manifest; return their sizes.

    erased: the run of the last erasure.
    """
    spill, identity = spill_folder(home), home / store.FILE
    base = _base(home)
    if base and base.run_id < erased:
        base = None
    with building(file, identity, spill, limits, base) as con:
        former = find_changes(con, base, run["run_id"]) if base else {}
        content = dict[str, manifest.Content]()
        for table in sorted(tables(), key=lambda table: table.name == _DIGESTS):
            report(table.name)
            if table.name == _DIGESTS:
                manifest.write(home, con, run, content)
                _gather_digests(con, home, int(run["run_id"]), erased, content)
            was = former.get(table.name)
            content[table.name] = renew(con, table, was) if was else create(con, table)
    return {name: one.rows for name, one in content.items()}


def _base(home: Path) -> Base | None:
    """The published version, where its tables are those of today: another can be made of it.

    Not where deleted rows have become a good part of it.
    """
    published = published_at(home)
    if published is None:
        return None
    run_id, started_at = published
    try:
        told = manifest.read(home, run_id)
    except SettingError:
        return None
    same = (told["started_at"], told.get("definitions")) == (
        str(started_at), manifest.definitions(),
    )  # fmt: skip
    if not (same and _has_todays_columns(home)):
        return None
    with connect((home / LINK).resolve(), read_only=True) as con:
        if gaping(con):
            return None
    content = {n: manifest.Content.model_validate(one) for n, one in told["tables"].items()}
    return Base((home / LINK).resolve(), run_id, started_at, content)


def _gather_digests(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    run_id: int,
    erased: int,
    found: dict[str, manifest.Content],
) -> None:
    """Fill memory.run_table: tonight's digests, and those of the nights before.

    The latter stand in the file that was made last; of them, runs that the store still has, since
    the last erasure: what a person's rows were could be tried out by digests with and without him.
    """
    con.execute(
        "CREATE TABLE memory.run_table"
        " (run_id INTEGER, table_name VARCHAR, rows BIGINT, digest VARCHAR)"
    )
    con.executemany(
        "INSERT INTO memory.run_table VALUES (?, ?, ?, ?)",
        [(run_id, name, one.rows, one.digest) for name, one in found.items()],
    )
    made = sorted((home / FOLDER).glob("warehouse-*.duckdb"))
    if not made or _run_in(made[-1]) is None or _DIGESTS not in _tables_of(made[-1]):
        return
    before = made[-1]
    con.execute(f"ATTACH '{quoted(before)}' AS before (READ_ONLY)")
    con.execute(
        f"INSERT INTO memory.run_table SELECT d.* FROM before.{_DIGESTS} d"
        " JOIN before.run b USING (run_id) JOIN built.run r USING (run_id, started_at)"
        " WHERE run_id <> ? AND run_id >= ?",
        [run_id, erased],
    )
    con.execute("DETACH before")


def _tables_of(file: Path) -> set[str]:
    with connect(file, read_only=True) as con:
        rows = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return {str(name) for (name,) in rows}


def _switch(home: Path, target: Path) -> None:
    beside = home / f"{LINK}.next"
    beside.unlink(missing_ok=True)
    beside.symlink_to(target.relative_to(home))
    os.replace(beside, home / LINK)


def _forget_old(home: Path, current: Path, keep: int, erased: int) -> None:
    """Remove versions beyond the newest `keep`; readers that hold one open go on with it.

    erased: and those of runs before this one.
    """
    versions = sorted((home / FOLDER).glob("warehouse-*.duckdb"), reverse=True)
    first = _version(home, erased)
    for place, old in enumerate(versions):
        if old != current and (place >= keep or old < first):
            old.unlink()
