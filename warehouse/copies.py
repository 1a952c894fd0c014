"""Parquet copies of a version of the warehouse, for tools that do not read DuckDB.

`parquet` in the home is a link to the folder of the version in force. A folder is made of one
published file and bears its time in its name, so that it is never taken for that of another; it is
built beside and renamed when it is whole. What is in it as it was in the folder before is the same
file on disk, under a second name.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.database import Limits, connect, quoted
from warehouse.links import point
from warehouse.masked import relations
from warehouse.tables import Table

LINK = "parquet"
#: What each file of a folder holds, as a digest. Readers leave out what begins with an underscore.
_CONTENTS = "_contents.json"
#: The year of rows without a day, as Hive has it.
_NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
_BUILDING = ".building"


@dataclass(frozen=True, slots=True)
class _Part:
    """A file to be: its path in the folder, SQL for its rows, and a digest of what it holds."""

    path: str
    where: str
    digest: str


def write(home: Path, file: Path, limits: Limits | None = None, spill: Path | None = None) -> None:
    """Write the copies of a published file, unless they are there. They are not yet linked to."""
    target = _folder(file)
    if target.exists():
        return
    former = (home / LINK).resolve()
    known = _contents(former)
    building = target.with_name(target.name + _BUILDING)
    shutil.rmtree(building, ignore_errors=True)
    contents = dict[str, str]()
    with connect(file, read_only=True, limits=limits, spill=spill) as con:
        for table in relations():
            types = _types(con, table)
            for part in _parts(con, table, types):
                contents[part.path] = part.digest
                beside = building / part.path
                beside.parent.mkdir(parents=True, exist_ok=True)
                if known.get(part.path) == part.digest and (former / part.path).is_file():
                    os.link(former / part.path, beside)
                else:
                    _copy(con, table, types, part, beside)
    with (building / _CONTENTS).open("w", encoding="utf-8") as out:
        json.dump(contents, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    os.rename(building, target)


def switch(home: Path, file: Path) -> None:
    """Link to the copies of a published file; to none where it has none."""
    if _folder(file).exists():
        point(home / LINK, _folder(file))
    else:
        (home / LINK).unlink(missing_ok=True)


def forget(folder: Path) -> None:
    """Remove copies whose published file is no longer in its folder, and what was left half."""
    kept = {_folder(file) for file in folder.glob("warehouse-*.duckdb")}
    for copies in folder.glob("parquet-*"):
        if copies not in kept:
            shutil.rmtree(copies)


def remove(home: Path, folder: Path) -> None:
    """Remove the link and all copies."""
    (home / LINK).unlink(missing_ok=True)
    for copies in folder.glob("parquet-*"):
        shutil.rmtree(copies)


def size(home: Path) -> int:
    """Bytes of the copies in force, which the next ones will be like; 0 where there are none."""
    return sum(path.stat().st_size for path in (home / LINK).resolve().rglob("*.parquet"))


def _folder(file: Path) -> Path:
    """Where the copies of a published file lie, if they are there."""
    number = file.stem.split("-")[1]
    return file.with_name(f"parquet-{number}-{file.stat().st_mtime_ns:x}")


def _contents(folder: Path) -> dict[str, str]:
    """Path of each file of a folder -> digest of what it holds."""
    file = folder / _CONTENTS
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _types(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """The type of each column, in their order."""
    return [str(row[1]) for row in con.execute(f"DESCRIBE {table.whole}").fetchall()]


def _parts(con: duckdb.DuckDBPyConnection, table: Table, types: list[str]) -> Iterator[_Part]:
    """The files that a table becomes: one, or one a year; at least one, as rows may come.

    Rows are told apart by DuckDB's own hash, which is many times as fast as a digest for outsiders
    and stands for this version of DuckDB alone.
    """
    made_of = [duckdb.__version__, _comments(table), types]
    year = f"year({table.by_year})" if table.by_year else "NULL"
    # sum and count tell of rows that are the same, which the exclusive or takes away in pairs
    rows = con.execute(
        f"SELECT {year}, count(*), bit_xor(hash(t)), sum(hash(t))"
        f" FROM {table.whole} t GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    name = table.whole.replace(".", "/")
    for value, *content in rows or [(None, 0)]:
        where, path = "true", f"{name}.parquet"
        if table.by_year:
            where = f"{year} IS NOT DISTINCT FROM {'NULL' if value is None else value}"
            path = f"{name}/year={_NO_YEAR if value is None else value}/{table.name}.parquet"
        told = json.dumps([made_of, [str(one) for one in content]])
        yield _Part(path, where, hashlib.sha256(told.encode()).hexdigest())


def _copy(
    con: duckdb.DuckDBPyConnection, table: Table, types: list[str], part: _Part, file: Path
) -> None:
    """Write one file, with the comments as its key-value metadata."""
    # Parquet's enumerations come as bytes to most readers
    columns = ", ".join(
        f"CAST({c.name} AS VARCHAR) AS {c.name}" if kind.startswith("ENUM") else c.name
        for c, kind in zip(table.columns, types, strict=True)
    )
    told = ", ".join(f"{_text(key)}: {_text(value)}" for key, value in _comments(table).items())
    con.execute(
        f"COPY (SELECT {columns} FROM {table.whole} WHERE {part.where}) TO '{quoted(file)}'"
        # level 3, the default, takes a tenth longer and saves a hundredth
        f" (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA {{{told}}})"
    ).fetchall()
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _comments(table: Table) -> dict[str, str]:
    """Key of the metadata -> text: `comment` for the table, `comment.name` for a column."""
    return {"comment": table.meaning} | {f"comment.{c.name}": c.meaning for c in table.columns}


def _text(text: str) -> str:
    """A quoted SQL string."""
    return "'" + text.replace("'", "''") + "'"
