"""What is known of the customers of a case, side by side. All values are in clear."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.steward.cases.differences import Piece, differences

_FOLDER = Path(__file__).parent
_VALUES, _RECORDS, _CONTACTS = (
    (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("values", "records", "contacts")
)
_CUSTOMER = """
    SELECT c.golden_id, c.kind, c.name, c.records, c.outlets, c.vehicles, c.first_seen_on,
           c.last_seen_on, EXISTS (FROM mart_key_accounts k WHERE k.golden_id = c.golden_id)
    FROM pii.dim_customer c WHERE c.golden_id IN (SELECT unnest($ids))
"""
ATTRIBUTES = ("name", "phone", "id_number", "address", "email", "sex", "birth_date")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer in short."""

    golden_id: str
    kind: str
    name: str | None
    records: int
    outlets: int
    vehicles: int
    first_seen_on: datetime.date | None
    last_seen_on: datetime.date | None
    is_key_account: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A value that records state. pieces: as it differs from the other side's nearest.

    unlike: the whole of it, marked, where it is like none of the other side's; which whoever sees
    the values sees without marks. status: as of the standard record. others: who hold it, too.
    verdict: generic or shared, of a value that many hold. is_own: a record in scope states it.
    """

    pieces: tuple[Piece, ...]
    unlike: tuple[Piece, ...]
    value: str
    is_chosen: bool
    rule: str | None
    records: int
    status: str
    others: int
    verdict: str | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A record, and what it says. is_own: it is of an outlet in scope."""

    golden_id: str
    record_key: str
    is_own: bool
    source: str
    outlet_code: str
    department: str | None
    day: datetime.date | None
    name: str | None
    phones: list[str | None]
    id_number: str | None
    address: str | None
    plate: str | None
    vehicle_id: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that happened with a car on a day. what: sale, visit or filed.

    is_own: at an outlet in scope.
    """

    golden_id: str
    vehicle_id: str | None
    day: datetime.date
    what: str
    source: str
    outlet_code: str
    is_own: bool = True


def customers(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[Customer]:
    """The customers, in the order of their ids."""
    found = {
        row[0]: Customer(*row) for row in con.execute(_CUSTOMER, {"ids": list(ids)}).fetchall()
    }
    return [found[one] for one in ids]


def records(
    con: duckdb.DuckDBPyConnection, ids: Sequence[str], seen: list[str] | None
) -> list[Record]:
    """The customers' records, the newest first. seen: outlets, as `Scope.codes` gives them."""
    asked = {"ids": list(ids), "seen": seen}
    return [Record(*row) for row in con.execute(_RECORDS, asked).fetchall()]


def newest(
    records: Sequence[Record], ids: Sequence[str], count: int, first: Collection[str] = ()
) -> tuple[list[Record], list[Record]]:
    """So many of each customer's records, the newest, and all others. first: keys that come first.

    records: the newest first.
    """
    ordered = sorted(records, key=lambda record: record.record_key not in first)
    shown = [record for one in ids for record in [r for r in ordered if r.golden_id == one][:count]]
    return shown, [record for record in records if record not in shown]


def contacts(
    con: duckdb.DuckDBPyConnection, ids: Sequence[str], seen: list[str] | None
) -> list[Contact]:
    """What happened with the customers' cars, by car and day."""
    asked = {"ids": list(ids), "seen": seen}
    return [Contact(*row) for row in con.execute(_CONTACTS, asked).fetchall()]


def values(
    con: duckdb.DuckDBPyConnection, ids: Sequence[str], seen: list[str] | None
) -> dict[str, tuple[list[Value], ...]]:
    """Attribute -> for each customer its values, the golden one first.

    The values of two customers are marked where they differ from each other.
    """
    return side_by_side(con.execute(_VALUES, {"ids": list(ids), "seen": seen}).fetchall(), ids)


def side_by_side(
    rows: Sequence[tuple[Any, ...]], ids: Sequence[str]
) -> dict[str, tuple[list[Value], ...]]:
    """Attribute -> the values of each side. rows: a side, an attribute, then as `Value`."""
    found = dict[str, tuple[list[Value], ...]]()
    for attribute in ATTRIBUTES:
        told = [[row[2:] for row in rows if row[:2] == (one, attribute)] for one in ids]
        stated = [[value for value, *_ in side] for side in told]
        if any(told):
            found[attribute] = tuple(
                [Value(*_pieces(row[0], _of_others(stated, place)), *row) for row in side]
                for place, side in enumerate(told)
            )
    return found


def _of_others(stated: list[list[str]], place: int) -> list[str]:
    return [value for at, side in enumerate(stated) if at != place for value in side]


def _pieces(value: str, others: list[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The value by its difference from the nearest of the others, if most of it is alike.

    If not, the second is the whole value as one that differs.
    """
    told = [differences(value, other)[0] for other in others]
    nearest = max(told, key=_alike, default=[])
    if 3 * _alike(nearest) >= 2 * len(value):
        return tuple(nearest), ()
    return (Piece(value, "same"),), (Piece(value, "other"),) if others else ()


def _alike(pieces: list[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.kind in ("same", "sound", "shape"))
