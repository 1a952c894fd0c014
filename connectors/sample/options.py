"""What kind of world to make, and what came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SampleOptions:
    """The same options give the same bytes.

    customers: people and companies that buy a new car; records are about 6.5 times as many.
    nights: nights that will be written; the world itself does not depend on it.
    start: date of the first night's files; the world's history ends there.
    hard: relatives alike, namesakes near, re-assigned numbers and fleets far above their true rate.
    """

    customers: int = 20_000
    seed: int = 1
    nights: int = 1
    start: date = date(2024, 3, 1)
    hard: bool = False


@dataclass(frozen=True)
class SampleSummary:
    """Counts of one written night; persons, companies and vehicles are those of the world."""

    night: int
    files: int
    bad_files: int
    rows: int
    rows_by_source: dict[str, int]
    persons: int
    companies: int
    vehicles: int
    outlets: int
