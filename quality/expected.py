"""Whether the night's files are what their sources say of themselves: rows a file, fields filled.

The expected figures stand beside the mapping in `connectors/sources/*.yml`, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.sources import Source
from quality.normalise import Status

#: Below so many rows of a source, a share says little.
ENOUGH_ROWS = 200


@dataclass(frozen=True, slots=True)
class Surprise:
    """Something that a source did not expect of itself, in words."""

    source: str
    what: str


def surprises(records: Path, sources: Sequence[Source]) -> list[Surprise]:
    """Hold a folder of standard records against what their sources expect, source by source."""
    fields = sorted({name for source in sources for name in source.expect.filled})
    columns = ["source", "file_id", *(f"{name}_status" for name in fields)]
    table = pq.read_table(records, columns=columns)
    found: list[Surprise] = []
    for source in sources:
        rows: Any = table.filter(pc.field("source") == source.name)
        found += _sizes(source, rows.column("file_id").value_counts().to_pylist())
        if rows.num_rows >= ENOUGH_ROWS:
            found += _fills(source, rows)
    return found


def _sizes(source: Source, files: list[dict[str, Any]]) -> Iterator[Surprise]:
    bounds = source.expect.rows
    for file in files:
        rows = int(file["counts"])
        if not bounds.least <= rows <= bounds.most:
            within = f"{bounds.least} to {bounds.most}"
            what = f"file {str(file['values'])[:16]} has {rows} rows, not {within}"
            yield Surprise(source.name, f"{what} ({bounds.because})")


def _fills(source: Source, rows: Any) -> Iterator[Surprise]:
    for name, expected in source.expect.filled.items():
        status = rows.column(f"{name}_status")
        empty = pc.sum(pc.equal(status, pa.scalar(str(Status.MISSING)))).as_py() or 0
        share = 1 - empty / len(status)
        if share < expected.least:
            what = f"{name} is filled in {share:.1%} of the rows, not {expected.least:.1%}"
            yield Surprise(source.name, f"{what} ({expected.because})")
