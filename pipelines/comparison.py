"""Compare two published runs: of two homes, or two versions of one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from connectors.errors import SettingError
from matching.evaluate import runs
from matching.relations import pull, put
from pipelines.summary import open_published
from warehouse.database import connect, quoted


def compare(before: Path, after: Path, change_file: Path | None = None) -> dict[str, Any]:
    """What became of the customers of `before` in `after`; see `matching.evaluate.runs`.

    before, after: a home, or the file of one published version. change_file: where to write every
    customer that is not unchanged as CSV.
    """
    with connect() as con:
        for name, place in (("before", before), ("after", after)):
            with _open(place) as published:
                put(con, name, pull(published, "SELECT record_key, golden_id FROM customer_xref"))
        found = runs.compare(con)
        if change_file is not None:
            write_changes(con, change_file)
    agreement = found.agreement
    return {
        "changes": {change.kind: _counts(asdict(change)) for change in found.changes},
        "records_in_both": agreement.records,
        "pairs_kept": round(agreement.recall, 5),
        "pairs_old": round(agreement.precision, 5),
    }


def _counts(change: dict[str, Any]) -> dict[str, int]:
    return {name: value for name, value in change.items() if name != "kind"}


def write_changes(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Write every customer of `change` that is not unchanged as CSV. Raises SettingError."""
    try:
        con.execute(f"""
            COPY (FROM change WHERE kind <> 'unchanged') TO '{quoted(file)}' (FORMAT csv, HEADER)
        """)
    except duckdb.IOException:
        raise SettingError(f"{file}: cannot be written") from None


def _open(place: Path) -> duckdb.DuckDBPyConnection:
    if place.is_dir() or not place.exists():
        return open_published(place)
    try:
        return connect(place, read_only=True)
    except duckdb.Error:
        raise SettingError(f"{place}: is no published warehouse") from None
