"""What the columns of files that were taken in mean by today's rules.

A raw file has every column under its own header, so that a header which was guessed wrong, or
nobody knew, can be put right later. Which row is the header stays, and which rows are records.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.ledger import FileStatus, Ledger, LedgerRow
from connectors.mapping import Column, lacking, map_named, reported
from connectors.raw import meaning, read_about, told, write_raw
from connectors.sources import Source, rules_digest


@dataclass(frozen=True, slots=True)
class Remapping:
    """Paths below the landing folder. changed: files with a column that means something else.

    kept: files that would lack a column which their source cannot do without, or of which no source
    knows any more; they mean what they did.
    """

    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def remap(home: Path, sources: Sequence[Source]) -> Remapping:
    """Have the raw files of a home say what their columns mean by these rules.

    The raw file is written before the ledger's row: killed between the two, the next call does the
    same again.
    """
    of: dict[str, Source] = {source.name: source for source in sources}
    rules = rules_digest(sources)
    changed: list[str] = []
    kept: list[str] = []
    with Ledger(home) as ledger:
        for row in ledger.rows(FileStatus.TAKEN, FileStatus.DROPPED):
            if row.rules == rules:
                continue
            sheets = _mapped(row, of.get(row.source))
            if sheets is None:
                kept.append(row.path)
                continue
            if _rewrite(home / row.raw_path, sheets):
                changed.append(row.path)
            ledger.remap(replace(row, rules=rules, columns=_report(row, sheets)))
    return Remapping(tuple(changed), tuple(kept))


def _mapped(row: LedgerRow, source: Source | None) -> list[tuple[Column, ...]] | None:
    """The columns of each sheet; None where the file could not be used by these rules."""
    if source is None:
        return None
    sheets = [
        map_named(((c["header"], c["name"]) for c in sheet["columns"]), source, row.outlet_code)
        for sheet in row.report()["sheets"]
    ]
    return None if any(lacking(columns, source) for columns in sheets) else sheets


def _rewrite(path: Path, sheets: Sequence[Sequence[Column]]) -> bool:
    """Write into a raw file what its columns mean; whether that is something else than before."""
    about = read_about(path)
    layouts = [
        layout | meaning(columns) for layout, columns in zip(about["layouts"], sheets, strict=True)
    ]
    if layouts == about["layouts"]:
        return False
    table = pq.read_table(path, memory_map=False)
    write_raw(path, table.replace_schema_metadata(told(about | {"layouts": layouts})))
    return True


def _report(row: LedgerRow, sheets: Sequence[Sequence[Column]]) -> str:
    found: dict[str, Any] = row.report()
    for sheet, columns in zip(found["sheets"], sheets, strict=True):
        sheet["columns"] = reported(columns)
    return json.dumps(found, ensure_ascii=False)
