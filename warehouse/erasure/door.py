"""At the door: rows that may not be kept are emptied in `raw/` and staged as held.

They are of people who were erased, or their period has ended.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
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
from quality.standardise import ERASED, EXPIRED, HELD_SCHEMA
from warehouse.database import Limits, connect, quoted
from warehouse.erasure.marks import told_sql, use_key
from warehouse.erasure.retention import OWN_DAY, Period, ended_sql

#: Folders of the staging area with rows that tell whose they are.
_STAGED = ("records", "held")


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may not come in: whom marks by this key name, and what is older than its period today.

    marks: as `Erasures.tombstones` gives them.
    arriving: ids of the files for which periods hold; what was let in leaves by `erasing.expire`.
    """

    marks: pa.Table
    key: bytes
    periods: Mapping[str, Period]
    today: datetime.date
    arriving: frozenset[str]


def hold_off(
    staging: Path,
    home: Path,
    files: Mapping[str, LedgerRow],
    rules: Rules,
    limits: Limits | None = None,
) -> int:
    """Hold the staged rows that may not be kept; return how many records they would have been.

    files: id -> the staged files. First the rows are emptied where they lie in `raw/`, so that a
    night that dies in between meets them as empty.
    """
    if not any((staging / "records").glob("*.parquet")):
        return 0
    with connect(limits=limits, spill=home / f"{staging.name}.tmp") as con:
        found = _recognised(con, staging, rules)
    places: dict[str, dict[Place, str]] = defaultdict(dict)
    for row in found:
        places[row["file_id"]][row["sheet"], row["row_number"]] = row["reason"]
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
    con: duckdb.DuckDBPyConnection, staging: Path, rules: Rules
) -> list[dict[str, Any]]:
    """The staged rows that may not be kept: where they stand in file and part, and the reason."""
    use_key(con, rules.key)
    put(con, "tombstone", rules.marks)
    put(con, "arriving", pa.table({"file_id": pa.array(sorted(rules.arriving), pa.string())}))
    rows: list[dict[str, Any]] = []
    for folder in _STAGED:
        # a row that is held has no day, and is of no use for which it had to be let in
        day = OWN_DAY if folder == "records" else "CAST(NULL AS DATE)"
        parts = quoted(staging / folder / "*.parquet")
        con.execute(
            "CREATE OR REPLACE TEMP VIEW staged AS"
            f" FROM read_parquet('{parts}', filename = true, file_row_number = true)"
        )
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE refused AS
            SELECT DISTINCT file_id, sheet, row_number, '{ERASED}' AS reason
            FROM ({told_sql("staged")}) t
            JOIN tombstone s ON s.kind = t.kind AND s.mark = mark(t.kind, t.text)
            ANTI JOIN (SELECT file_id, sheet, row_number, {day} AS day FROM staged) r
                ON r.file_id = t.file_id AND r.sheet = t.sheet AND r.row_number = t.row_number
                AND r.day >= s.since
        """)
        if folder == "records":
            con.execute(f"""
                INSERT INTO refused SELECT file_id, sheet, row_number, '{EXPIRED}' FROM staged
                SEMI JOIN arriving USING (file_id)
                ANTI JOIN refused USING (file_id, sheet, row_number)
                WHERE {ended_sql(rules.periods, f"DATE '{rules.today}'")}
            """)
        held = ", ".join(contract.PROVENANCE)
        table = con.sql(
            f"SELECT {held}, filename, file_row_number, '{folder}' AS folder, refused.reason"
            " FROM staged JOIN refused USING (file_id, sheet, row_number) ORDER BY ALL"
        ).to_arrow_table()
        rows += table.to_pylist()
    return rows


def _take_out(part: Path, held: Path, rows: list[dict[str, Any]]) -> None:
    """Take rows out of a staged part, and into the held rows beside it, without their values."""
    table = pq.read_table(part)
    keep = np.ones(table.num_rows, bool)
    keep[[row["file_row_number"] for row in rows]] = False
    rest = table.filter(pa.array(keep))
    where = (
        "file_id",
        "source",
        "outlet_code",
        "file_seq",
        "file_date",
        "sheet",
        "row_number",
        "reason",
    )
    told = [{name: row[name] for name in where} for row in rows]
    aside = pa.Table.from_pylist(told, schema=HELD_SCHEMA)
    if part != held:
        pq.write_table(rest, part, compression="lz4")
        rest = pq.read_table(held)
    pq.write_table(pa.concat_tables([rest, aside]), held)
