"""What waits in the queue beside pairs in doubt: each a case with a kind, a reason and a worth."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from warehouse.steward.cases.queue import Case, Kind, path_of

_CONCERNED = (Path(__file__).parent / "concerned.sql").read_text(encoding="utf-8")
#: Kind of a case -> the reason for which it waits, by which the queue is filtered.
REASONS: dict[Kind, str] = {
    "suspect": "suspicious_customer",
    "conflict": "contradicting_decisions",
    "held": "held_file",
    "night": "held_night",
}


@dataclass(frozen=True, slots=True)
class Concerned:
    """A customer whom a case is about. name: masked. outlets, provinces: those in scope.

    reach: how many outlets there are in all. since: day of the run that made him, days ago.
    """

    golden_id: str
    name: str | None
    records: int
    cars: int
    outlets: list[str]
    reach: int
    provinces: list[str]
    is_key_account: bool
    is_seen: bool
    since: datetime.date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Matter:
    """A case that is no pair in doubt; its fields are those of `queue.Case` of the same names.

    subject: what it is about, as its own page shows it.
    """

    kind: Kind
    key: str
    subject: Any
    records: int
    worth: float
    outlets: list[str] = field(default_factory=list)
    provinces: list[str] = field(default_factory=list)
    customers: tuple[tuple[str, str | None], ...] = ()
    cars: int = 0
    is_key_account: bool = False
    since: datetime.date | None = None
    days: int | None = None
    match_weight: float | None = None
    pattern: str = ""

    @property
    def reason(self) -> str:
        """Why it waits."""
        return REASONS[self.kind]

    @property
    def path(self) -> str:
        """Where it is looked at and settled."""
        return path_of(self.key)


#: A case of the queue.
Waiting = Case | Matter


def concerned(
    con: duckdb.DuckDBPyConnection, ids: Iterable[str], seen: list[str] | None
) -> dict[str, Concerned]:
    """Golden id -> the customer. seen: outlets, as `Scope.codes` gives them."""
    asked = {"ids": sorted(set(ids)), "seen": seen}
    if not asked["ids"]:
        return {}
    found = (Concerned(*row) for row in con.execute(_CONCERNED, asked).fetchall())
    return {one.golden_id: one for one in found}


def matter(kind: Kind, key: str, subject: Any, about: Sequence[Concerned]) -> Matter:
    """The case about some customers; it is worth as much as a pair of them at even odds."""
    records, cars = sum(one.records for one in about), sum(one.cars for one in about)
    reach = max((one.reach for one in about), default=0)
    is_key_account = any(one.is_key_account for one in about)
    newest = max(about, key=lambda one: one.since or datetime.date.min, default=None)
    return Matter(
        kind,
        key,
        subject,
        records,
        float((records + cars + reach) * (3 if is_key_account else 1)),
        sorted({outlet for one in about for outlet in one.outlets}),
        sorted({province for one in about for province in one.provinces}),
        tuple((one.golden_id, one.name) for one in about),
        cars,
        is_key_account,
        newest.since if newest else None,
        newest.days if newest else None,
    )


def dated(one: Matter, day: datetime.date, con: duckdb.DuckDBPyConnection) -> Matter:
    """The case as one that has waited since a day; that of the newest run is today."""
    ((today,),) = con.execute("SELECT max(day) FROM run").fetchall()
    return replace(one, since=day, days=max((today - day).days, 0) if today else 0)


def by_worth(matters: Iterable[Matter]) -> list[Matter]:
    """The most valuable first."""
    return sorted(matters, key=lambda one: (-one.worth, one.key))
