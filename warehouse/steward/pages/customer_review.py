"""The review of one customer: what holds him together, splits, values that are locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import duckdb
from fastapi import APIRouter, Form
from fastapi.responses import Response

from matching.decisions import Entry
from warehouse.desk import Desk
from warehouse.naming import present
from warehouse.steward.access.visit import Forbidden, Visit, may
from warehouse.steward.cases import deciding, pictures, preview, sides
from warehouse.steward.cases.deciding import Unusable
from warehouse.steward.cases.saying import about
from warehouse.steward.cases.sides import Record

router = APIRouter(prefix="/review/customer/{golden_id}")
Keys = Annotated[list[str], Form(default_factory=list)]
Note = Annotated[str, Form(max_length=1000)]


@router.get("")
def see(visit: Annotated[Visit, may("review.see")], golden_id: str) -> Response:
    """Records, values and links of a customer, and what can be decided on them."""
    with visit.warehouse() as con:
        golden_id = _seen(visit, con, golden_id)
        (customer,) = sides.customers(con, [golden_id])
        records = sides.records(con, [golden_id])
        shown: dict[str, Any] = {
            "values": sides.values(con, [golden_id], records),
            "line": pictures.time_line(sides.contacts(records), [golden_id]),
            "graph": pictures.graph(con, golden_id, records),
        }
    visit.note("review.see", golden_id)
    return visit.page(
        "review_customer.html",
        customer=customer,
        records=records,
        ids=[golden_id],
        attributes=sides.ATTRIBUTES,
        **shown,
    )


@router.post("/split")
def split(
    visit: Annotated[Visit, may("review.decide")],
    golden_id: str,
    record: Keys,
    why: Note = "",
    confirmed: Annotated[bool, Form()] = False,
) -> Response:
    """Show the golden records that a split would make; split, once that is confirmed."""
    with visit.warehouse() as con:
        golden_id = _seen(visit, con, golden_id)
        (customer,) = sides.customers(con, [golden_id])
        records = sides.records(con, [golden_id])
        known = {one.record_key for one in records}
        if not known.issuperset(record) or not 0 < len(set(record)) < len(known):
            raise Unusable("choose some records of the customer, and not all")
        if customer.is_key_account and not visit.may("review.key_account"):
            raise Forbidden(f"{golden_id}: a key account is split by a lead")
        if not confirmed:
            return _preview(visit, con, golden_id, records, set(record), why)
    entry = deciding.decide(visit, why, golden_id, lambda desk: desk.split(record))
    return visit.go(f"/review/customer/{golden_id}?undo={entry.number}", "split")


@router.post("/value")
def choose(
    visit: Annotated[Visit, may("review.decide")],
    golden_id: str,
    attribute: Annotated[str, Form()] = "",
    value: Annotated[str, Form(max_length=300)] = "",
    why: Note = "",
) -> Response:
    """Choose a golden value, which from then on goes above all rules."""
    return _decide(
        visit, golden_id, why, "chosen", lambda desk, mine: desk.value(mine, attribute, value)
    )


@router.post("/generic")
def mark(
    visit: Annotated[Visit, may("review.generic")],
    golden_id: str,
    value: Annotated[str, Form(max_length=300)] = "",
    why: Note = "",
) -> Response:
    """Say of a telephone number of his that many hold it, so that it tells nobody apart."""
    with visit.warehouse() as con:
        stated = sides.values(con, [_seen(visit, con, golden_id)]).get("phone", ([],))
    if value not in {one.value for one in stated[0]}:
        raise Unusable("the customer has no such number")
    return _decide(
        visit, golden_id, why, "generic", lambda desk, _: desk.generic("phones", value, True)
    )


def _decide(
    visit: Visit, golden_id: str, why: str, said: str, make: Callable[[Desk, str], Entry]
) -> Response:
    with visit.warehouse() as con:
        golden_id = _seen(visit, con, golden_id)
    entry = deciding.decide(visit, why, golden_id, lambda desk: make(desk, golden_id))
    return visit.go(f"/review/customer/{golden_id}?undo={entry.number}", said)


def _preview(
    visit: Visit, con: duckdb.DuckDBPyConnection, golden_id: str, records: list[Record],
    off: set[str], why: str,
) -> Response:  # fmt: skip
    parts = {one.record_key: "off" if one.record_key in off else "rest" for one in records}
    rules = visit.services.site.rules()
    said = about(visit.services.decisions.entries(), parts)
    found = preview.golden_records(con, rules, [golden_id], parts, said)
    before = preview.golden_records(con, rules, [golden_id], dict.fromkeys(parts, golden_id), said)
    visit.note("review.preview", golden_id)
    return visit.page(
        "review_preview.html",
        columns=[(golden_id, before[golden_id]), ("rest", found["rest"]), ("off", found["off"])],
        attributes=sides.ATTRIBUTES,
        back=f"/review/customer/{golden_id}",
        off=sorted(off),
        why=why,
    )


def _seen(visit: Visit, con: duckdb.DuckDBPyConnection, golden_id: str) -> str:
    """The golden id in use. Raises NotThere where the customer is not seen."""
    found = present(con, golden_id)
    visit.scope.ensure_seen(con, found)
    return found
