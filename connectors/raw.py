"""Rows as they came, in immutable Parquet: every source column as text under its own header.

`_sheet` and `_row` (1-based, as a person sees it) say where a row stood. The file's provenance
and what its columns mean are in the Parquet metadata under `guiyi`, so that everything downstream
can be rebuilt from the raw files alone. Two things alone change a raw file: that rows are emptied
because nobody may keep them (`connectors.raw_rows`) - `_removed` says why; the rows stay, and with
them every number and count - and that columns mean something else by later rules
(`connectors.remapping`), which changes what the metadata say, and no cell.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.mapping import Column, Layout, fields_of

KEY = b"guiyi"
#: Why a row was emptied; the column is only in files that have such rows.
REMOVED = "_removed"
THREADS = 4  # reading small files is waiting as much as work
PROVENANCE: dict[str, pa.DataType] = {
    "source": pa.string(),
    "folder_outlet": pa.string(),
    "file_id": pa.string(),
    "file_seq": pa.int64(),
    "file_date": pa.date32(),
    "arrived_on": pa.date32(),
    "sheet": pa.string(),
    "row_number": pa.int32(),
    "removed": pa.string(),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a raw file's rows came from, and when it arrived here.

    file_date, arrived_on: ISO 8601. outlet_code: "" for HQ.
    """

    file_id: str
    source: str
    outlet_code: str
    file_date: str
    file_seq: int
    path: str
    arrived_on: str


def raw_path(origin: Origin) -> str:
    """Where the raw file belongs, below the home folder."""
    day = origin.file_date.replace("-", "")
    name = f"{day}-{origin.file_id[:16]}.parquet"
    return f"raw/{origin.source}/{origin.outlet_code or origin.source}/{name}"


def raw_table(origin: Origin, layouts: Sequence[Layout]) -> pa.Table:
    """The records of a file as they are kept."""
    about = {
        "origin": asdict(origin),
        "layouts": [_about(layout) for layout in layouts],
    }
    tables = [_table(layout) for layout in layouts]
    table = pa.concat_tables(tables, promote_options="default") if len(tables) > 1 else tables[0]
    return table.replace_schema_metadata(told(about))


def told(about: Mapping[str, Any]) -> dict[bytes, str]:
    """Provenance and mapping as a raw file's metadata."""
    return {KEY: json.dumps(about, ensure_ascii=False)}


def meaning(columns: Sequence[Column]) -> dict[str, Any]:
    """What the columns of a sheet mean, as the metadata say."""
    return {
        "fields": fields_of(columns),
        "joined": sorted({c.field for c in columns if c.field and c.status == "joined"}),
    }


def write_raw(target: Path, table: pa.Table) -> None:
    """Write a raw file beside, sync it and rename it: who reads has all of it, or the former."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".parquet.tmp")
    content = pa.BufferOutputStream()  # one write instead of one for each page
    pq.write_table(table, content, compression="zstd")
    with beside.open("wb") as file:
        file.write(content.getvalue())
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, target)


def read_about(path: Path) -> dict[str, Any]:
    """The provenance and the mapping of a raw file: keys `origin` and `layouts`."""
    return _parse_about(pq.read_schema(path))


def read_mapped(paths: Iterable[Path], wanted: Sequence[str]) -> pa.Table:
    """The records of many raw files in the order given: one text column per wanted field.

    A field is null where a file has no column for it. Further columns of a field are joined to
    the primary one by a slash, or stand in where it is empty, as headers.yml says. Then source,
    folder_outlet (null for HQ), file_id, file_seq, file_date, arrived_on, sheet, row_number, and
    removed: why the row was emptied, else null.
    """
    with ThreadPoolExecutor(THREADS) as pool:
        tables = list(itertools.chain.from_iterable(pool.map(lambda p: _mapped(p, wanted), paths)))
    return pa.concat_tables(tables) if tables else _mapped_schema(wanted).empty_table()


def _mapped_schema(wanted: Sequence[str]) -> pa.Schema:
    kinds: dict[str, pa.DataType] = {name: pa.string() for name in wanted}
    return pa.schema(kinds | PROVENANCE)


def _about(layout: Layout) -> dict[str, Any]:
    return {"sheet": layout.sheet, "rows": len(layout.rows)} | meaning(layout.columns)


def _table(layout: Layout) -> pa.Table:
    """The records of a sheet; a cell that a short row lacks is an empty string."""
    width = max(column.position for column in layout.columns) + 1
    # the first row fixes the width, and is sliced off
    short = [[""] * width, *layout.rows]
    cells = list(itertools.zip_longest(*short, fillvalue=""))
    arrays: dict[str, Any] = {
        "_sheet": pa.repeat(layout.sheet, len(layout.rows)),
        "_row": pa.array(layout.numbers, pa.int32()),
    }
    for column in layout.columns:
        arrays[column.name] = pa.array(cells[column.position][1:], pa.string())
    return pa.table(arrays)


def _mapped(path: Path, wanted: Sequence[str]) -> list[pa.Table]:
    """One table per sheet of a raw file."""
    with pq.ParquetFile(path, memory_map=True) as file:
        about = _parse_about(file.schema_arrow)
        layouts = about["layouts"]
        used = {n for layout in layouts for f in wanted for n in layout["fields"].get(f, [])}
        used.add(REMOVED)
        names = ["_row", *(n for n in file.schema_arrow.names if n in used)]
        table = file.read(columns=names, use_threads=False).combine_chunks()
    starts = itertools.accumulate((layout["rows"] for layout in layouts), initial=0)
    return [
        _mapped_sheet(table.slice(start, layout["rows"]), layout, about["origin"], wanted)
        for start, layout in zip(starts, layouts, strict=False)
    ]


def _mapped_sheet(
    table: pa.Table,
    layout: dict[str, Any],
    origin: dict[str, Any],
    wanted: Sequence[str],
) -> pa.Table:
    arrays = [
        _field(table, layout["fields"].get(name, []), name in layout["joined"]) for name in wanted
    ]
    constants: dict[str, Any] = {
        **origin,
        "folder_outlet": origin["outlet_code"] or None,
        "file_date": datetime.date.fromisoformat(origin["file_date"]),
        # raw files that were written before this was noted do not tell
        "arrived_on": datetime.date.fromisoformat(origin.get("arrived_on", origin["file_date"])),
        "sheet": layout["sheet"],
    }
    for name, kind in PROVENANCE.items():
        if name == "row_number":
            arrays.append(table["_row"])
        elif name == "removed":
            arrays.append(_field(table, [n for n in table.column_names if n == REMOVED], False))
        else:
            value: Any = pa.scalar(constants[name], kind)
            arrays.append(pa.repeat(value, table.num_rows))
    return pa.table(arrays, schema=_mapped_schema(wanted))


def _field(table: pa.Table, names: list[str], joined: bool) -> Any:
    """The cells of a field: those of its only column, or of several joined, or the first filled."""
    if not names:
        return pa.nulls(table.num_rows, pa.string())
    if len(names) == 1:
        return table[names[0]]
    blank: Any = pa.scalar("")
    none: Any = pa.scalar(None, pa.string())
    filled: list[Any] = []
    for name in names:
        cells: Any = table[name]
        filled.append(pc.if_else(pc.equal(cells, blank), none, cells))
    if joined:
        return functools.reduce(_join, filled)
    return pc.coalesce(*filled, blank)


def _join(left: Any, right: Any) -> Any:
    """Two columns joined by a slash where both have a cell.

    Arrow's own null_handling="skip" loses the rows in which every cell is null (pyarrow 26).
    """
    return pc.coalesce(pc.binary_join_element_wise(left, right, "/"), left, right)


def _parse_about(schema: pa.Schema) -> dict[str, Any]:
    return dict(json.loads((schema.metadata or {})[KEY]))
