"""The queue: what waits, in the order of what a decision is worth."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

_QUEUE = (Path(__file__).parent / "queue.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases are meant; None: whichever. least, most: match weight in bits. days: waiting."""

    reason: str | None = None
    outlet: str | None = None
    province: str | None = None
    least: float | None = None
    most: float | None = None
    days: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A pair of customers in doubt. Names are masked. pattern: the same for like cases."""

    golden_id_a: str
    golden_id_b: str
    record_a: str
    record_b: str
    reason: str
    match_weight: float
    pattern: str
    name_a: str | None
    name_b: str | None
    kind_a: str
    kind_b: str
    records: int
    cars: int
    outlets: list[str]
    provinces: list[str]
    is_key_account: bool
    since: datetime.date | None
    worth: float

    @property
    def key(self) -> str:
        """What the case is called."""
        return key_of(self.golden_id_a, self.golden_id_b)


def key_of(one: str, other: str) -> str:
    """The name of the case of two golden ids, whichever comes first."""
    return "~".join(sorted((one, other)))


def waiting(
    con: duckdb.DuckDBPyConnection, seen: list[str] | None, filters: Filters | None = None
) -> list[Case]:
    """The cases, the most valuable first. seen: outlets of the scope, as `Scope.codes` gives."""
    asked = asdict(filters or Filters()) | {"seen": seen}
    return [Case(*row) for row in con.execute(_QUEUE, asked).fetchall()]


def reasons(cases: Iterable[Case]) -> dict[str, int]:
    """Reason -> cases, the most frequent first."""
    return dict(Counter(case.reason for case in cases).most_common())
