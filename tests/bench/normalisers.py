"""Rows per second of each field, over everything that the world's outlets typed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from connectors.raw import read_mapped
from quality import contract
from quality.normalise.bulk.arrays import Column
from quality.normalise.column import apply
from quality.normalise.registry import MODULES


def speeds(home: Path) -> Iterator[dict[str, Any]]:
    """Each field's speed over the raw rows of a home; tables and dictionaries loaded before."""
    raw = read_mapped(sorted((home / "raw").rglob("*.parquet")), contract.TYPED_FIELDS)
    for field in contract.FIELDS:
        typed: Column = raw[field.name]
        _seconds(field.normaliser, typed.slice(0, 2_000))
        seconds, distinct = _seconds(field.normaliser, typed), pc.count_distinct(typed).as_py() or 0
        yield {
            "field": field.name,
            "distinct": distinct,
            "seconds": round(seconds, 4),
            "rows_per_second": round(len(typed) / seconds),
            "values_per_second": round(distinct / seconds),
        }


def _seconds(normaliser: str, typed: Column) -> float:
    begun = time.perf_counter()
    apply(MODULES[normaliser], typed)
    return time.perf_counter() - begun
