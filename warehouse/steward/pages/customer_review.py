"""The review of one customer: what holds him together, splits, values that are locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import duckdb
from fastapi import APIRouter, Form
from fastapi.responses import Response

from matching.decisions import Entry, Split, Value
from warehouse.desk import Desk
from warehouse.steward.access.visit import Forbidden, Visit, may
from warehouse.steward.asking import ask
from warehouse.steward.cases import deciding, pictures, preview, sides
from warehouse.steward.cases.backlog import find_suspect
from warehouse.steward.cases.deciding import Unusable
from warehouse.steward.cases.saying import about, sayings
from warehouse.steward.cases.sides import Record
from warehouse.steward.cases.veiling import under_veil
from warehouse.steward.dossiers.reading import Dossier
from warehouse.steward.learn import seconds
from warehouse.steward.pages.asked import query, with_filters
from warehouse.steward.pages.matters import claimed
from warehouse.steward.pages.revealing import CLEAR, MINUTES, eyes_on, reveal

router = APIRouter(prefix="/review/customer/{golden_id}")
Keys = Annotated[list[str], Form(default_factory=list)]
#: So many records are shown at once; a fleet has hundreds.
_NEWEST = 40
Note = Annotated[str, Form(max_length=1000)]
#: Names a form as it was shown: sent again, it decides nothing again.
Once = Annotated[str, Form(max_length=64)]


@router.get("")
def see(visit: Annotated[Visit, may("review.see")], golden_id: str) -> Response:
    """Records, values and links of a customer, and what can be decided on them."""
    with visit.warehouse() as con:
        (him,) = visit.dossiers(con, golden_id)
        golden_id = him.golden_id
        (customer,) = sides.customers([him])
        eyes = eyes_on(visit, golden_id)
        seen = visit.scope.codes(con)
        records = sides.records([him], seen)
        shown: dict[str, Any] = {
            "values": under_veil(sides.values([him], seen), [customer.kind], eyes.is_clear),
            "line": pictures.time_line(sides.contacts([him], seen), [golden_id]),
            "graph": pictures.graph(con, golden_id, records),
        }
        said = sayings(con, visit.services.known.of(con), him.keys, him.numbers)
        unseen = set(seconds.asked(visit, visit.services.rulings.on(con)).values())
        suspicion = find_suspect(visit, con, golden_id)
    said = [one for one in said if one.entry.number not in unseen]
    tonight = [one.entry.decision for one in said if one.is_pending]
    visit.note("review.see", golden_id)
    return visit.page(
        "review_customer.html",
        customer=customer,
        records=records,
        ids=[golden_id],
        eyes=eyes,
        minutes=MINUTES,
        newest=_NEWEST,
        sayings=said,
        foreign={one.record_key for one in records if not one.is_own},
        off_tonight={key for one in tonight if isinstance(one, Split) for key in one.records},
        tonight={one.attribute: one.value for one in reversed(tonight) if isinstance(one, Value)},
        attributes=sides.ATTRIBUTES,
        suspicion=suspicion,
        work=claimed(visit, suspicion) if suspicion else None,
        query=query(visit),
        **shown,
    )


@router.post("/reveal")
def reveal_customer(visit: Annotated[Visit, may("customer.reveal")], golden_id: str) -> Response:
    """Show his values in clear for a while."""
    with visit.warehouse() as con:
        golden_id = visit.dossiers(con, golden_id)[0].golden_id
    return reveal(visit, f"/review/customer/{golden_id}{query(visit)}", golden_id)


@router.post("/split")
def split(
    visit: Annotated[Visit, may("review.decide")],
    golden_id: str,
    record: Keys,
    why: Note = "",
    once: Once = "",
    confirmed: Annotated[bool, Form()] = False,
) -> Response:
    """Show the golden records that a split would make; split, once that is confirmed."""
    with visit.warehouse() as con:
        (him,) = visit.dossiers(con, golden_id)
        golden_id = him.golden_id
        (customer,) = sides.customers([him])
        records = sides.records([him], visit.scope.codes(con))
        own = {one.record_key for one in records if one.is_own}
        if not own.issuperset(record) or not 0 < len(set(record)) < len(records):
            told = "choose some records of the customer, and not all"
            raise Unusable(told, "records", "record")
        if customer.is_key_account and not visit.may("review.key_account"):
            raise Forbidden(f"{golden_id}: a key account is split by a lead")
        if not confirmed:
            return _preview(visit, con, him, records, set(record), why)
        suspicion = find_suspect(visit, con, golden_id)
    if suspicion is None:
        return _decide(visit, golden_id, why, once, "split", lambda desk, _: desk.split(record))
    visit.services.claims.held(visit.user.login, suspicion.key)
    made = deciding.decide(visit, golden_id, why, once, lambda desk: desk.split(record))
    with visit.warehouse() as con:
        if made is None or find_suspect(visit, con, golden_id):  # something still contradicts
            said = "split" if made else "said_already"
            return visit.go(f"/review/customer/{golden_id}{query(visit)}", said)
    visit.services.claims.settle(visit.user.login, suspicion.key, "decided", made.number)
    return visit.go(with_filters("/review/next", visit), "split")


@router.post("/value")
def choose(
    visit: Annotated[Visit, may("review.decide")],
    golden_id: str,
    attribute: Annotated[str, Form()] = "",
    value: Annotated[str, Form(max_length=300)] = "",
    why: Note = "",
    once: Once = "",
) -> Response:
    """Choose a golden value, which from then on goes above all rules."""
    return _decide(
        visit, golden_id, why, once, "chosen", lambda desk, mine: desk.value(mine, attribute, value)
    )


@router.post("/generic")
def mark(
    visit: Annotated[Visit, may("review.generic")],
    golden_id: str,
    value: Annotated[str, Form(max_length=300)] = "",
    why: Note = "",
    once: Once = "",
    confirmed: Annotated[bool, Form()] = False,
) -> Response:
    """Say of a telephone number of his that many hold it, so that it tells nobody apart.

    First it is shown what that would do; it is decided once that is confirmed.
    """
    with visit.warehouse() as con:
        (him,) = visit.dossiers(con, golden_id)
        stated = sides.values([him], visit.scope.codes(con)).get("phone", ([],))
    if value not in {one.value for one in stated[0] if one.is_own}:
        raise Unusable("the customer has no such number", "number", "value")
    if not confirmed:
        with visit.warehouse() as con:
            (effect,) = ask(con, "generic_effect", number=value)
        return visit.page(
            "review_generic.html",
            golden_id=him.golden_id,
            eyes=eyes_on(visit, him.golden_id),
            effect=effect,
            value=value,
            why=why,
        )
    return _decide(
        visit, golden_id, why, once, "generic", lambda desk, _: desk.generic("phones", value, True)
    )


def _decide(
    visit: Visit, golden_id: str, why: str, once: str, said: str,
    make: Callable[[Desk, str], Entry],
) -> Response:  # fmt: skip
    with visit.warehouse() as con:
        golden_id = visit.dossiers(con, golden_id)[0].golden_id
    made = deciding.decide(visit, golden_id, why, once, lambda desk: make(desk, golden_id))
    path = f"/review/customer/{golden_id}{query(visit, CLEAR)}"
    return visit.go(path, said if made else "said_already")


def _preview(
    visit: Visit, con: duckdb.DuckDBPyConnection, him: Dossier, records: list[Record],
    off: set[str], why: str,
) -> Response:  # fmt: skip
    golden_id = him.golden_id
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
        kind=him.row["kind"],
        shown=preview.shown(
            eyes_on(visit, golden_id),
            visit.scope.is_all,
            sides.values([him], visit.scope.codes(con)),
        ),
        back=f"/review/customer/{golden_id}",
        query=query(visit),
        off=sorted(off),
        why=why,
    )
