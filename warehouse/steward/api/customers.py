"""Customers for programs: a dealer's system, a call centre."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from warehouse.steward import customer
from warehouse.steward.access.visit import Forbidden, Visit, may
from warehouse.steward.own import narrowed
from warehouse.steward.pages.customers import MOST, as_told, seek
from warehouse.steward.search.finding import Hit, look_up
from warehouse.steward.showing import Eyes

router = APIRouter()

_Clear = Annotated[
    bool, Query(description="Values in clear; needs `customer.reveal`, and goes into the audit")
]
_Typed = Annotated[str, Query(min_length=1, max_length=200)]
_GoldenId = Annotated[str, Path(max_length=40)]
_Number = Annotated[str, Path(max_length=40)]


class Why(BaseModel):
    """Why a customer was found. how: whole, same_sound, begins, part or slip."""

    kind: str
    how: str


class Card(BaseModel):
    """A customer in a list; to whom has a scope, as its outlets tell of him."""

    golden_id: str
    kind: str
    name: str
    phone: str
    records: int
    cars_owned: int | None
    stage: str | None
    last_outlet: str | None
    last_contact_on: datetime.date | None
    found_by: list[Why]


class Cards(BaseModel):
    """Who was found. has_more: there are others."""

    customers: list[Card]
    has_more: bool


class Golden(BaseModel):
    """A golden value. rule: the criterion that set it above others. others: values that lost."""

    attribute: str
    value: str
    rule: str
    record_key: str
    as_of: datetime.date | None
    others: list[str]


class Car(BaseModel):
    """A car that the customer owns, owned, bought or brought."""

    vehicle_id: str
    vin: str | None
    plate: str
    model: str | None
    owned_from: datetime.date | None
    owned_to: datetime.date | None
    evidence: str


class Event(BaseModel):
    """A sale or a visit."""

    day: datetime.date | None
    what: str
    outlet_code: str | None
    vehicle_id: str | None
    mileage_km: int | None
    detail: str | None
    amount_cny: float | None


class Whole(BaseModel):
    """A customer. records: keys of the source records that are this customer.

    elsewhere: how many records of his are of outlets out of scope; all else tells of the others.
    """

    golden_id: str
    kind: str
    stage: str | None
    cars_owned: int
    visits: int
    last_contact_on: datetime.date | None
    values: list[Golden]
    phones: list[str]
    cars: list[Car]
    events: list[Event]
    records: list[str]
    elsewhere: int


@router.get("/customers")
def search(
    visit: Annotated[Visit, may("customer.search")],
    q: _Typed,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    clear: _Clear = False,
) -> Cards:
    """Customers by name, pinyin, phone, VIN, plate, id number or golden id, or the end of it."""
    found = seek(visit, q, limit)
    return Cards(customers=_cards(visit, found.hits, clear), has_more=found.has_more)


@router.get("/phones/{number}")
def caller(
    visit: Annotated[Visit, may("customer.search")], number: _Number, clear: _Clear = False
) -> Cards:
    """Who calls: the customers of a phone number, in any writing, whole.

    Of the end of a number, such as 8000, ask `/customers?q=8000`.
    """
    with visit.warehouse() as con:
        outlets = visit.scope.codes(con)
    found = as_told(visit, look_up(visit.services.indexes.dossiers(), number, outlets))
    visit.note("customer.search", detail=f"phone, hits={len(found.hits)}")
    return Cards(customers=_cards(visit, found.hits, clear), has_more=found.has_more)


@router.get("/customers/{golden_id}")
def show(
    visit: Annotated[Visit, may("customer.see")], golden_id: _GoldenId, clear: _Clear = False
) -> Whole:
    """A customer; a golden id that was merged away leads to the one in use."""
    with visit.warehouse() as con:
        (dossier,) = visit.dossiers(con, golden_id)
        outlets = visit.scope.codes(con)
        found = narrowed(customer.read(visit, con, dossier), dossier, outlets)
    eyes = _eyes(visit, clear, [found.golden_id])
    visit.note("customer.see", found.golden_id)
    kind, row = found.row["kind"], found.row
    return Whole(
        **{name: row[name] for name in ("golden_id", "kind", "stage", "cars_owned", "visits")},
        last_contact_on=row["last_contact_on"],
        values=[
            Golden(
                attribute=one.name,
                value=eyes.see(one.name, one.golden["value"], kind),
                others=[eyes.see(one.name, other["value"], kind) for other in one.others],
                **{name: one.golden[name] for name in ("rule", "record_key", "as_of")},
            )
            for one in found.attributes
            if one.golden
        ],
        phones=[eyes.see("phone", phone["phone"]) for phone in found.phones],
        cars=[Car(**_of(Car, car) | {"plate": eyes.see("plate", car["plate"])})
              for car in found.cars],
        events=[Event(**_of(Event, event)) for event in found.events[:MOST]],
        records=[record["record_key"] for record in found.records],
        elsewhere=found.elsewhere,
    )  # fmt: skip


def _cards(visit: Visit, hits: Iterable[Hit], clear: bool) -> list[Card]:
    hits = list(hits)
    eyes = _eyes(visit, clear, [hit.golden_id for hit in hits])
    names = [name for name in Card.model_fields if name not in ("name", "phone", "found_by")]
    return [
        Card(
            name=eyes.see("name", hit.name, hit.kind),
            phone=eyes.see("phone", hit.phone),
            found_by=[Why(kind=reason.kind, how=reason.how) for reason in hit.reasons],
            **{name: getattr(hit, name) for name in names},
        )
        for hit in hits
    ]


def _eyes(visit: Visit, clear: bool, golden_ids: list[str]) -> Eyes:
    """What the program may see. Raises Forbidden where it wants more."""
    if clear and not visit.may("customer.reveal"):
        raise Forbidden(f"{visit.role}: may not customer.reveal")
    for golden_id in golden_ids if clear else ():
        visit.note("customer.reveal", golden_id)
    return Eyes(clear)


def _of(model: type[BaseModel], row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields}
