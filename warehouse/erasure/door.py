"""At the door: rows of the erased that come again are emptied in `raw/` and staged as held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.ledger import LedgerRow
from connectors.raw_rows import Place, empty_rows
from matching.relations import put
from quality import contract
from quality.standardise import ERASED, HELD_SCHEMA
from warehouse.database import Limits, connect, quoted
from warehouse.erasure.marks import told_sql, use_key

#: Folders of the staging area with rows that tell whose they are.
_STAGED = ("records", "held")


def hold_off(
    staging: Path,
    home: Path,
    files: Mapping[str, LedgerRow],
    marks: pa.Table,
    key: bytes,
    limits: Limits | None = None,
) -> int:
    """Let nobody into the night's staged rows whom a mark names; return how many records it were.

    files: id -> the staged files. First the rows are emptied where they lie in `raw/`, so that a
    night that dies in between meets them as empty.
    """
    if not any((staging / "records").glob("*.parquet")):
        return 0
    with connect(limits=limits, spill=home / f"{staging.name}.tmp") as con:
        found = _recognised(con, staging, marks, key)
    places: dict[str, dict[Place, str]] = defaultdict(dict)
    for row in found:
        places[row["file_id"]][row["sheet"], row["row_number"]] = ERASED
    for file_id, why in places.items():
        empty_rows(home / files[file_id].raw_path, why)
    parts: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        # as an emptied row is understood: only the file tells where it is from
        row["outlet_code"] = files[row["file_id"]].outlet_code
        parts[Path(row["filename"]).name, row["folder"]].append(row)
    for (part, folder), rows in parts.items():
        _take_out(staging / folder / part, staging / "held" / part, rows)
    return sum(row["folder"] == "records" for row in found)


def _recognised(
    con: duckdb.DuckDBPyConnection, staging: Path, marks: pa.Table, key: bytes
) -> list[dict[str, Any]]:
    """The staged rows that are of the erased: where they stand in file and part."""
    use_key(con, key)
    put(con, "tombstone", marks)
    rows: list[dict[str, Any]] = []
    for folder in _STAGED:
        parts = quoted(staging / folder / "*.parquet")
        con.execute(
            "CREATE OR REPLACE TEMP VIEW staged AS"
            f" FROM read_parquet('{parts}', filename = true, file_row_number = true)"
        )
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE refused AS
            SELECT DISTINCT file_id, sheet, row_number FROM ({told_sql("staged")}) t
            SEMI JOIN tombstone s ON s.kind = t.kind AND s.mark = mark(t.kind, t.text)
        """)
        held = ", ".join(contract.PROVENANCE)
        table = con.sql(
            f"SELECT {held}, filename, file_row_number, '{folder}' AS folder FROM staged"
            " SEMI JOIN refused USING (file_id, sheet, row_number) ORDER BY ALL"
        ).to_arrow_table()
        rows += table.to_pylist()
    return rows


def _take_out(part: Path, held: Path, rows: list[dict[str, Any]]) -> None:
    """Take rows out of a staged part, and into the held rows beside it, without their values."""
    table = pq.read_table(part)
    keep = np.ones(table.num_rows, bool)
    keep[[row["file_row_number"] for row in rows]] = False
    rest = table.filter(pa.array(keep))
    where = ("file_id", "source", "outlet_code", "file_seq", "file_date", "sheet", "row_number")
    told = [{name: row[name] for name in where} | {"reason": ERASED} for row in rows]
    aside = pa.Table.from_pylist(told, schema=HELD_SCHEMA)
    if part != held:
        pq.write_table(rest, part, compression="lz4")
        rest = pq.read_table(held)
    pq.write_table(pa.concat_tables([rest, aside]), held)
