"""What is known of the customers of a case, side by side. All values are in clear."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Indel

from warehouse.steward.asking import Row
from warehouse.steward.cases.differences import Piece, differences
from warehouse.steward.dossiers.reading import Dossier

#: What a record says of an attribute: values as understood, the text as typed, the status.
Said = tuple[list[str | None] | None, str | None, str]
#: So many values of the other side are compared with one by character.
_LIKELY = 3
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


_CUSTOMER = tuple(field.name for field in fields(Customer))


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
    """A record, and what it says.

    is_own: it is of an outlet in scope. what: sale, visit or filed, on the day `happened_on`; None
    of a record that tells of no day.
    said: attribute -> its values as understood, the text as typed, and the standard's status.
    """

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
    what: str | None
    happened_on: datetime.date | None
    said: dict[str, Said]


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


def customers(dossiers: Iterable[Dossier]) -> list[Customer]:
    """The customers, in the order of their dossiers."""
    return [Customer(**{name: one.row[name] for name in _CUSTOMER}) for one in dossiers]


def records(dossiers: Iterable[Dossier], seen: Sequence[str] | None) -> list[Record]:
    """The customers' records, one customer's after the other's, the newest first.

    seen: outlets, as `Scope.codes` gives them.
    """
    return [_record(one.golden_id, row, seen) for one in dossiers for row in one.rows("records")]


def _record(golden_id: str, row: Row, seen: Sequence[str] | None) -> Record:
    said: dict[str, Said] = row["said"]
    return Record(
        golden_id,
        row["record_key"],
        seen is None or row["outlet_code"] in seen,
        row["source"],
        row["outlet_code"],
        row["department"],
        row["day"],
        _stated_or_typed(said["name"])[0],
        _stated_or_typed(said["phone"]),
        _stated_or_typed(said["id_number"])[0],
        _stated_or_typed(said["address"])[0],
        row["plate"],
        row["vehicle_id"],
        row["what"],
        row["happened_on"],
        said,
    )


def _stated_or_typed(said: Said) -> list[str | None]:
    """What was understood; where nothing was, what was typed."""
    stated, typed, _ = said
    return stated if stated and any(stated) else [typed or None]


def newest(
    dossiers: Iterable[Dossier],
    seen: Sequence[str] | None,
    count: int | None,
    first: Collection[str] = (),
) -> list[Record]:
    """As `records`, so many of each customer, the newest; None for all.

    first: keys of those that come first.
    """
    found = []
    for one in dossiers:
        ordered = sorted(enumerate(one.keys), key=lambda told: told[1] not in first)
        rows = one.rows("records", [place for place, _ in ordered[:count]])
        found += [_record(one.golden_id, row, seen) for row in rows]
    return found


def contacts(dossiers: Iterable[Dossier], seen: Sequence[str] | None) -> list[Contact]:
    """What happened with the customers' cars, by car and day.

    seen: outlets, as `Scope.codes` gives them.
    """
    found = [
        Contact(
            one.golden_id, car["vehicle_id"], datetime.date.fromisoformat(day), what, source,
            outlet, seen is None or outlet in seen,
        )
        for one in dossiers
        for car in one.rows("contacts")
        for day, what, source, outlet in car["days"]
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.vehicle_id is None, one.vehicle_id or "", one.day))


def values(
    dossiers: Sequence[Dossier], seen: Sequence[str] | None
) -> dict[str, tuple[list[Value], ...]]:
    """Attribute -> for each customer its values, the golden one first.

    The values of two customers are marked where they differ from each other. Last comes what was
    typed but could not be used. seen: outlets, as `Scope.codes` gives them.
    """
    rows = [row for one in dossiers for row in _stated(one, seen)]
    return side_by_side(rows, [one.golden_id for one in dossiers])


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


def _stated(dossier: Dossier, seen: Sequence[str] | None) -> Iterator[tuple[Any, ...]]:
    """The rows of a customer for `side_by_side`."""
    told = [] if seen is None else records([dossier], seen)
    sees_all, own = all(record.is_own for record in told), own_values(told)
    for row in dossier.rows("lineage"):
        stated = row["attribute"], row["value"]
        is_own = sees_all or row["source"] == "steward" or stated in own
        names = ("chosen", "rule", "records", "status", "others", "verdict")
        yield dossier.golden_id, *stated, *(row[name] for name in names), is_own
    for row in dossier.rows("unusable"):
        typed = row["attribute"], row["value"]
        is_own = sees_all or typed in own
        told_by, status = row["records"], row["status"]
        yield dossier.golden_id, *typed, False, None, told_by, status, 0, None, is_own


def own_values(records: Iterable[Record]) -> set[tuple[str, str]]:
    """Attribute and value, or text as typed, of what records in scope say."""
    return {
        (attribute, text)
        for record in records
        if record.is_own
        for attribute, (stated, typed, _) in record.said.items()
        for text in (*(stated or ()), typed)
        if text
    }


def _of_others(stated: list[list[str]], place: int) -> list[str]:
    return [value for at, side in enumerate(stated) if at != place for value in side]


def _pieces(value: str, others: list[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The value by its difference from the nearest of the others, if most of it is alike.

    If not, the second is the whole value as one that differs.
    """
    # of a fleet's hundreds of numbers only the likeliest are compared by character
    likely = process.extract(value, others, scorer=Indel.similarity, limit=_LIKELY)
    told = [differences(value, other)[0] for other, *_ in likely]
    nearest = max(told, key=_alike, default=[])
    if 3 * _alike(nearest) >= 2 * len(value):
        return tuple(nearest), ()
    return (Piece(value, "same"),), (Piece(value, "other"),) if others else ()


def _alike(pieces: list[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.kind in ("same", "sound", "shape"))
