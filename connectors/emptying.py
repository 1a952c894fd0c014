"""Empty rows of raw files that may not be kept; all others stay as they came.

An emptied row keeps its place: sheet and row number stand, every cell is null, and `_removed` says
why. So other rows keep their numbers, and a file has as many rows as the ledger says.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.raw import REMOVED

#: Of a row, its sheet and its number there.
Place = tuple[str, int]
_PLACE = ("_sheet", "_row")


def empty_rows(path: Path, why: Mapping[Place, str]) -> int:
    """Empty rows of a raw file, each for its reason; return how many were not empty before.

    The file is written beside, synced and renamed: it has all of them emptied, or none.
    """
    table = pq.read_table(path, memory_map=False)
    known = (
        table[REMOVED].combine_chunks()
        if REMOVED in table.column_names
        else pa.nulls(table.num_rows, pa.string())
    )
    places = zip(*(table[name].to_pylist() for name in _PLACE), strict=True)
    wanted = pa.array([why.get(place) for place in places], pa.string())
    news = pc.and_(pc.is_valid(wanted), pc.is_null(known))
    number = int(pc.sum(news).as_py() or 0)
    if not number:
        return 0
    removed = pc.coalesce(known, wanted)
    gone = pc.is_valid(removed)
    cells = {
        name: table[name] if name in _PLACE else _emptied(table[name], gone)
        for name in table.column_names
        if name != REMOVED
    }
    emptied = pa.table(cells | {REMOVED: removed}).replace_schema_metadata(table.schema.metadata)
    beside = path.with_suffix(".parquet.tmp")
    with beside.open("wb") as file:
        pq.write_table(emptied, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    return number


def _emptied(cells: pa.ChunkedArray, gone: pa.Array) -> pa.ChunkedArray:
    none: pa.Scalar = pa.scalar(None, pa.string())
    kept: pa.ChunkedArray = pc.if_else(gone, none, cells)
    return kept
