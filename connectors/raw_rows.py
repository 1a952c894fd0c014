"""Single rows of raw files: read as they came, or emptied because nobody may keep them.

An emptied row keeps its place: sheet and row number stand, every cell is null, and `_removed` says
why. So other rows keep their numbers, and a file has as many rows as the ledger says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.raw import REMOVED, write_raw

#: Of a row, its sheet and its number there.
Place = tuple[str, int]
_PLACE = ("_sheet", "_row")


def read_rows(path: Path, places: Collection[Place]) -> Iterator[tuple[Place, dict[str, str]]]:
    """The cells of rows as they came, by the headers of their columns; empty ones are left out."""
    table = pq.read_table(path)
    found = _indexes(table, places)
    rows = table.take(list(found)).to_pylist()
    for place, row in zip(found.values(), rows, strict=True):
        yield place, {name: cell for name, cell in row.items() if cell and name not in _PLACE}


def empty_rows(path: Path, why: Mapping[Place, str]) -> int:
    """Empty rows of a raw file, each for its reason; return how many were not empty before.

    The file is written beside, synced and renamed: it has all of them emptied, or none.
    """
    table = pq.read_table(path, memory_map=False)
    known: Any = pa.nulls(table.num_rows, pa.string())
    if REMOVED in table.column_names:
        known = table[REMOVED].combine_chunks()
    reasons = np.full(table.num_rows, None, object)
    for index, place in _indexes(table, why).items():
        reasons[index] = why[place]
    wanted = pa.array(reasons, pa.string())
    number = int(pc.sum(pc.and_(pc.is_valid(wanted), pc.is_null(known))).as_py() or 0)
    if not number:
        return 0
    removed: Any = pc.coalesce(known, wanted)
    none: Any = pa.scalar(None, pa.string())
    cells: dict[str, Any] = {
        name: table[name] if name in _PLACE else pc.if_else(pc.is_valid(removed), none, table[name])
        for name in table.column_names
        if name != REMOVED
    }
    emptied = pa.table(cells | {REMOVED: removed}).replace_schema_metadata(table.schema.metadata)
    write_raw(path, emptied)
    return number


def _indexes(table: pa.Table, places: Collection[Place]) -> dict[int, Place]:
    """Where in the table these rows are: index -> place."""
    numbers = pa.array(sorted({number for _, number in places}), pa.int32())
    near = np.flatnonzero(pc.is_in(table["_row"], value_set=numbers).to_numpy())
    few = table.select(list(_PLACE)).take(near)
    found = zip(*(few[name].to_pylist() for name in _PLACE), strict=True)
    return {int(i): place for i, place in zip(near, found, strict=True) if place in places}
