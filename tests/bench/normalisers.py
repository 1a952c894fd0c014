"""Rows per second of each field, over everything that the world's outlets typed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.raw import read_mapped
from quality import contract
from quality.normalise.column import apply
from quality.normalise.registry import MODULES


@dataclass(frozen=True, slots=True)
class Speed:
    """rows, distinct: cells and distinct texts of the field; seconds: of the whole column."""

    field: str
    normaliser: str
    rows: int
    distinct: int
    seconds: float

    @property
    def rows_per_second(self) -> int:
        return round(self.rows / self.seconds) if self.seconds else 0

    @property
    def values_per_second(self) -> int:
        return round(self.distinct / self.seconds) if self.seconds else 0


def speeds(home: Path) -> Iterator[Speed]:
    """Each field's speed over the raw rows of a home; tables and dictionaries loaded before."""
    raw = read_mapped(sorted((home / "raw").rglob("*.parquet")), contract.TYPED_FIELDS)
    for field in contract.FIELDS:
        typed = raw[field.name]
        _seconds(field.normaliser, typed.slice(0, 100))
        distinct = pc.count_distinct(typed).as_py() or 0
        yield Speed(
            field.name, field.normaliser, len(typed), distinct, _seconds(field.normaliser, typed)
        )


def _seconds(normaliser: str, typed: pa.ChunkedArray) -> float:
    normalise, kind = MODULES[normaliser]
    begun = time.perf_counter()
    apply(normalise, kind, typed)
    return round(time.perf_counter() - begun, 4)
