"""The manifest of a run: what it stood on, what it did, and a digest of every table it published.

The first part is written into the store, in the run's own transaction. Publishing adds the digests
and leaves the whole as JSON beside the published file, for ever: it is small.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from functools import reduce
from importlib import metadata
from operator import xor
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel

from connectors.errors import SettingError
from warehouse import registry
from warehouse.masked import relations
from warehouse.store import Inputs
from warehouse.tables import Table

FOLDER = "warehouse"


class Content(BaseModel):
    """What a published table holds. digest: empty in manifests of before an erasure."""

    rows: int
    digest: str


def record(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    run_id: int,
    inputs: Inputs,
    file_ids: Collection[str],
    released: dict[str, Any] | None,
) -> None:
    """Write what a run stands on into the store, in its transaction; keep its model and rules.

    file_ids: the files that it loads. released: who let it pass the guards, when and why.
    """
    ids = frozenset(file_ids)
    _, decisions, _, keys = inputs.digests()
    content: dict[str, Any] = {
        "versions": {"guiyi": metadata.version("guiyi"), "duckdb": duckdb.__version__},
        "model": {"name": inputs.model.name, "digest": inputs.model.digest},
        "rules": {"digest": inputs.rules.digest},
        "decisions": {"made": len(inputs.decisions), "digest": decisions},
        "key_migrations": {"keys": len(inputs.keys.first), "digest": keys},
        "released": released,
        "files": [
            {"path": row.path, "sha256": row.file_id, "rows": row.rows}
            for row in inputs.ledger
            if row.file_id in ids and row.raw_path
        ],
    }
    for kind, origin in inputs.origins.items():
        copy = registry.keep(home, kind, origin.file)
        content[kind] |= {"file": copy, "named": origin.named, "promoted": origin.promoted}
    con.execute("INSERT INTO manifest VALUES (?, ?)", [run_id, json.dumps(content)])


def recorded(con: duckdb.DuckDBPyConnection, run_id: int) -> dict[str, Any]:
    """What a run of the store stood on; empty for one from before there were manifests."""
    rows = con.execute("SELECT content FROM manifest WHERE run_id = ?", [run_id]).fetchall()
    return dict(json.loads(rows[0][0])) if rows else {}


#: SQL of a row's hash. DuckDB's own is fast, but a sum of those of its columns: without another
#: upon it, exclusive or would not tell values that have changed places.
_ROW_HASH = "md5_number(CAST(hash({}) AS VARCHAR))"


def digest(
    con: duckdb.DuckDBPyConnection, table: Table, rows: str | None = None, hashed: str | None = None
) -> str:
    """A table's content as 32 hexadecimal digits; the order of its rows does not matter.

    rows: SQL after FROM, of rows as the table's, in place of all of it. hashed: their column of
    what `row_hash` gives, where they have one.

    The rows, without the volatile columns, are hashed by DuckDB, whose versions may differ in that,
    then by MD5, and the hashes joined by exclusive or: no row repeats the key, so none takes
    another away. It guards against accident, not against malice.
    """
    each, of = hashed or row_hash(table), rows or table.whole
    ((found,),) = con.execute(f"SELECT bit_xor({each}) FROM {of}").fetchall()
    return f"{found or 0:032x}"


def row_hash(table: Table) -> str:
    """SQL of what each row gives to a table's digest."""
    columns = ", ".join(f'"{c.name}"' for c in table.columns if c.name not in table.volatile)
    return _ROW_HASH.format(columns)


def joined(*digests: str) -> str:
    """The digest of tables together that share no row; given one twice, of the others alone."""
    return f"{reduce(xor, (int(one, 16) for one in digests)):032x}"


def definitions() -> str:
    """A digest of what published tables, their comments and digests are made by: SQL, texts, and
    DuckDB's version.
    """
    told = [
        (
            t.whole,
            t.scope,
            t.kin,
            t.links,
            t.select,
            t.meaning,
            [(c.name, c.meaning) for c in t.columns],
        )
        for t in relations()
    ]
    return hashlib.sha256(json.dumps([duckdb.__version__, _ROW_HASH, told]).encode()).hexdigest()


def write(
    home: Path, con: duckdb.DuckDBPyConnection, run: dict[str, Any], content: dict[str, Content]
) -> Path:
    """Leave the manifest of a run beside its published file. con: has the store as `store`.

    run: its row in the store. content: of each table.
    """
    found = con.execute(
        "SELECT content FROM store.manifest WHERE run_id = ?", [run["run_id"]]
    ).fetchall()
    told = {
        "run": run["run_id"],
        "cause": run["cause"],
        "started_at": str(run["started_at"]),
        "finished_at": str(run["finished_at"]),
        **(json.loads(found[0][0]) if found else {}),  # none from before there were manifests
        "counts": json.loads(run["counts"]),
        "definitions": definitions(),
        "tables": {name: one.model_dump() for name, one in content.items()},
    }
    file = _file(home, run["run_id"])
    _put(file, told)
    return file


def _put(file: Path, told: dict[str, Any]) -> None:
    beside = file.with_suffix(".json.tmp")
    with beside.open("w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, file)


def forget_digests(home: Path, before: int) -> None:
    """Empty the digests of tables in the manifests of runs before an erasure.

    What a person's rows were could be tried out by digests with and without him.
    """
    for file in (home / FOLDER).glob("manifest-*.json"):
        told = json.loads(file.read_text(encoding="utf-8"))
        if told["run"] < before and any(one["digest"] for one in told["tables"].values()):
            for one in told["tables"].values():
                one["digest"] = ""
            _put(file, told)


def read(home: Path, run_id: int) -> dict[str, Any]:
    """The manifest of a published run. Raises SettingError where there is none."""
    file = _file(home, run_id)
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        known = sorted(int(path.stem.split("-")[1]) for path in file.parent.glob("manifest-*.json"))
        told = (
            f"there are those of runs {known[0]} to {known[-1]}" if known else "there is none yet"
        )
        raise SettingError(f"run {run_id} has no manifest in {file.parent}; {told}") from None


def _file(home: Path, run_id: int) -> Path:
    return home / FOLDER / f"manifest-{run_id:06d}.json"
