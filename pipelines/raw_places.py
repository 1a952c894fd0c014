"""Where in `raw/` a person's rows lie: those of his records, and those that the store has not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.ledger import FileStatus, Ledger, LedgerRow
from connectors.raw import read_mapped
from connectors.raw_rows import Place
from matching.relations import pull, put
from pipelines.night import batches
from quality import contract
from quality.standardise import ERASED, standardise
from warehouse import store
from warehouse.erasure.marks import told_sql, use_key

_PLACE = ("file_id", "sheet", "row_number")
_LISTED = ", ".join(_PLACE)
#: Statuses of files whose rows lie in `raw/`.
_KEPT = (FileStatus.TAKEN, FileStatus.DROPPED)


def files_of(home: Path) -> dict[str, LedgerRow]:
    """The files whose rows lie in `raw/`, by id."""
    with Ledger(home) as ledger:
        return {row.file_id: row for row in ledger.rows(*_KEPT)}


def find_rows(
    home: Path, con: duckdb.DuckDBPyConnection, marks: pa.Table | None, key: bytes
) -> dict[str, set[Place]]:
    """The places of a person's rows, by file.

    In: `leaving_version`, the versions of his records in the store; marks: kind, mark, or None for
    these versions alone; key: of the marks. Out: `held_anew` (file_id, sheet, row_number): those
    among the store's held rows, and of any person who was erased.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE held_anew AS SELECT {_LISTED} FROM held_row LIMIT 0")
    rows = pull(con, f"SELECT {_LISTED} FROM leaving_version").to_pylist()
    if marks is not None:
        use_key(con, key)
        put(con, "tombstone", marks)
    for raw in _unmerged(home, con) if marks is not None else ():
        done = standardise(raw)
        for name, table in (("as_record", done.records), ("as_held", done.held)):
            put(con, name, table)
            con.execute(f"""
                CREATE OR REPLACE TEMP TABLE recognised AS
                SELECT DISTINCT {_LISTED} FROM ({told_sql(name)}) t
                SEMI JOIN tombstone s ON s.kind = t.kind AND s.mark = mark(t.kind, t.text)
            """)
            rows += pull(con, "FROM recognised").to_pylist()
        # emptied already are those that a killed erasure came to
        con.execute(f"""
            INSERT INTO held_anew
            FROM recognised UNION SELECT {_LISTED} FROM as_held WHERE reason = '{ERASED}'
        """)
    places = defaultdict[str, set[Place]](set)
    for row in rows:
        places[row["file_id"]].add((row["sheet"], row["row_number"]))
    return dict(places)


def _unmerged(home: Path, con: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """Raw rows without a record in the store: those that it holds, and all of files not in it."""
    files = files_of(home)
    loaded = {file_id for file_id, there in store.loaded_files(con).items() if there}
    held = pull(con, f"SELECT {_LISTED} FROM held_row WHERE reason <> '{ERASED}'")
    holding = {str(file_id) for file_id in held["file_id"].to_pylist()}
    for rows in _read(home, files, holding):
        put(con, "raw_row", rows.select(list(_PLACE)))
        put(con, "aside", held)
        found = pull(con, f"SELECT rowid FROM raw_row SEMI JOIN aside USING ({_LISTED})"
                          " ORDER BY rowid")  # fmt: skip
        yield rows.take(found["rowid"])
    yield from _read(home, files, files.keys() - loaded)


def _read(home: Path, files: Mapping[str, LedgerRow], file_ids: set[str]) -> Iterator[pa.Table]:
    for batch in batches(files[one] for one in sorted(file_ids & files.keys())):
        yield read_mapped([home / row.raw_path for row in batch], contract.TYPED_FIELDS)
