"""Publish: build a versioned file beside, check it, then switch `warehouse.duckdb` to it.

The switch is one rename of a symlink: whoever is reading goes on with the old file, whoever opens
next gets the new one. Killed at any point, either the old or the new version stands. The Parquet
copies go along, if there are to be any.
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
from warehouse import copies, manifest, store
from warehouse.building import Base, building, create, find_changes, renew
from warehouse.database import Limits, connect, gaping, quoted
from warehouse.faults import Damaged, explain
from warehouse.links import point
from warehouse.masked import relations
from warehouse.tables import tables

LINK = "warehouse.duckdb"
FOLDER = manifest.FOLDER
#: The folder of the console's indexes of published versions; their names begin as the versions'.
INDEXES = "search"

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
    found = _look((home / LINK).resolve())
    return (found.run_id, found.started_at) if found else None


@dataclass(frozen=True, slots=True)
class _Version:
    """What a version's file holds. of_today: the tables of this version of Guiyi, not a former's.

    gaping: deleted rows have become a good part of it.
    """

    file: Path
    run_id: int
    started_at: datetime.datetime
    of_today: bool
    gaping: bool


def _look(file: Path) -> _Version | None:
    """What a file holds; None where there is none, or a damaged one."""
    if not file.is_file():
        return None
    try:
        with connect(file, read_only=True) as con:
            ((run_id, started_at),) = con.execute(
                "SELECT max(run_id), max(started_at) FROM run"
            ).fetchall()
            rows = con.execute(
                "SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END"
                " || table_name, column_name FROM duckdb_columns() WHERE NOT internal"
            )
            there = set(rows.fetchall())
            of_today = {(one.whole, column.name) for one in relations() for column in one.columns}
            return _Version(file, int(run_id), started_at, there == of_today, bool(gaping(con)))
    except duckdb.Error as error:
        if isinstance(explain(error), Damaged):
            return None
        raise


def bring_up(home: Path, run_id: int, started_at: datetime.datetime) -> bool:
    """Switch to the kept version of a run; False where it is no longer on disk."""
    file = _version(home, run_id)
    found = _look(file)
    if found is None or (found.run_id, found.started_at) != (run_id, started_at):
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
    """Bytes of what is published, which the next version will be like; 0 where there is none."""
    current = (home / LINK).resolve()
    return (current.stat().st_size if current.is_file() else 0) + copies.size(home)


def publish(
    home: Path,
    keep: int = 3,
    limits: Limits | None = None,
    report: Callable[[str], None] = print,
    parquet: bool = False,
) -> Published | None:
    """Publish the store's last run; None when it is published already, or there is none.

    It is published anew where this version of Guiyi makes or masks a table in another way.

    Nothing is taken over from a version of before the last erasure, and none of those stays.
    keep: how many versions stay on disk. report: called with each table's name. parquet: whether
    there are to be copies; where they are missing, they are made also of what is published already.
    Raises PublishRefused naming the table and the check.
    """
    with store.open_store(home, read_only=True, limits=limits) as con:
        run, erased = store.last_run(con), store.last_erasure(con)
    if run is None:
        return None
    target, there = _version(home, run["run_id"]), _look((home / LINK).resolve())
    done = None
    if (
        there is None
        or not there.of_today
        or (there.run_id, there.started_at) != (run["run_id"], run["started_at"])
        or _told(home, there).get("definitions") != manifest.definitions()
    ):
        base = None if there and there.run_id < erased else _base(home, there)
        done = _renew(home, target, run, base, erased, limits, report)
    if parquet:
        report(copies.LINK)
        copies.write(home, target, limits, spill_folder(home))
    else:
        copies.remove(home, target.parent)
    _switch(home, target)
    _forget_old(home, target, keep, erased)
    return done


def _renew(
    home: Path,
    target: Path,
    run: dict[str, Any],
    base: Base | None,
    erased: int,
    limits: Limits | None,
    report: Callable[[str], None],
) -> Published:
    """Build the file of a run and put it in its place."""
    target.parent.mkdir(exist_ok=True)
    building = target.with_suffix(".building")
    for leftover in target.parent.glob("warehouse-*.building*"):
        leftover.unlink()
    rows = _build(home, building, run, base, erased, limits, report)
    os.replace(building, target)
    return Published(target, int(run["run_id"]), rows)


def _build(
    home: Path,
    file: Path,
    run: dict[str, Any],
    base: Base | None,
    erased: int,
    limits: Limits | None,
    report: Callable[[str], None],
) -> dict[str, int]:
    """Write and check every table, and leave the manifest; return their sizes.

    base: the version to go on from. erased: the run of the last erasure.
    """
    spill, identity = spill_folder(home), home / store.FILE
    with building(file, identity, spill, limits, base) as con:
        former = find_changes(con, base, run["run_id"]) if base else {}
        content = dict[str, manifest.Content]()
        for table in sorted(tables(), key=lambda table: table.name == _DIGESTS):
            report(table.name)
            if table.name == _DIGESTS:
                manifest.write(home, con, run, content)
                _gather_digests(con, home, int(run["run_id"]), erased, content)
            was = former.get(table.name)
            content[table.name] = (
                renew(con, table, was) if was else create(con, table, goes_on=base is not None)
            )
    return {name: one.rows for name, one in content.items()}


def _base(home: Path, there: _Version | None) -> Base | None:
    """The published version, where another can be made of it: its tables are made as today's."""
    if there is None or not there.of_today or there.gaping:
        return None
    told = _told(home, there)
    if (told.get("started_at"), told.get("definitions")) != (
        str(there.started_at), manifest.definitions(),
    ):  # fmt: skip
        return None
    content = {n: manifest.Content.model_validate(one) for n, one in told["tables"].items()}
    return Base(there.file, there.run_id, there.started_at, content)


def _told(home: Path, there: _Version) -> dict[str, Any]:
    """What the manifest tells of a version; nothing where there is none."""
    try:
        return manifest.read(home, there.run_id)
    except SettingError:
        return {}


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
    if not made:
        return
    try:
        con.execute(f"ATTACH '{quoted(made[-1])}' AS before (READ_ONLY)")
    except duckdb.Error as error:
        if isinstance(explain(error), Damaged):
            return
        raise
    (known,) = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'before' AND table_name = ?",
        [_DIGESTS],
    ).fetchall()
    if known[0]:
        con.execute(
            f"INSERT INTO memory.run_table SELECT d.* FROM before.{_DIGESTS} d"
            " JOIN before.run b USING (run_id) JOIN built.run r USING (run_id, started_at)"
            " WHERE run_id <> ? AND run_id >= ?",
            [run_id, erased],
        )
    con.execute("DETACH before")


def _switch(home: Path, target: Path) -> None:
    point(home / LINK, target)
    copies.switch(home, target)


def _forget_old(home: Path, current: Path, keep: int, erased: int = 0) -> None:
    """Remove versions beyond the newest `keep`; readers that hold one open go on with it.

    erased: and those of runs before this one. Indexes are removed of all but the current one.
    """
    versions = sorted((home / FOLDER).glob("warehouse-*.duckdb"), reverse=True)
    first = _version(home, erased)
    for place, old in enumerate(versions):
        if old != current and (place >= keep or old < first):
            old.unlink()
    copies.forget(home / FOLDER)
    for index in (home / INDEXES).glob("warehouse-*"):
        if not index.name.startswith(f"{current.stem}-"):
            index.unlink()
