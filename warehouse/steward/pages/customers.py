"""Finding customers, and one customer's page."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from warehouse.dashboard.picture import Drawing
from warehouse.steward import customer
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.customer import Customer
from warehouse.steward.learn import seconds
from warehouse.steward.search.finding import Found, find
from warehouse.steward.showing import REVEALED, Eyes, is_pass, pass_for
from warehouse.steward.timeline import Lane, timeline

router = APIRouter()
#: Of what fleets have thousands of, a page shows the newest; and draws so many cars.
MOST, MOST_LANES = 200, 30


@router.get("/customers")
def search(visit: Annotated[Visit, may("customer.search")], q: str = "") -> Response:
    """The customers who fit what was typed; the one who has a number that was typed, at once."""
    found = seek(visit, q) if q.strip() else None
    if found and len(found.hits) == 1 and found.hits[0].has_number:
        return visit.go(f"/customers/{found.hits[0].golden_id}")
    return visit.page("customers.html", typed=q, found=found, eyes=Eyes())


def seek(visit: Visit, typed: str, limit: int = 50) -> Found:
    """Those whom the visitor sees; the audit has how many, and not what was typed."""
    with visit.warehouse() as con:
        outlets = visit.scope.codes(con)
    with visit.services.indexes.reading() as index:
        found = find(index, typed, outlets, limit)
    ids = [hit.golden_id for hit in found.hits]
    visit.note("customer.search", ids[0] if len(ids) == 1 else "", f"hits={len(ids)}")
    return found


@router.get("/customers/{golden_id}")
def show(visit: Annotated[Visit, may("customer.see")], golden_id: str, clear: str = "") -> Response:
    """All that is told of a customer. clear: a pass that `reveal` gave."""
    with visit.warehouse() as con:
        in_use = customer.resolve(con, golden_id, visit.scope)
        if in_use != golden_id:
            return RedirectResponse(f"/customers/{in_use}", 303)
        found = customer.read(con, in_use, visit.scope)
        unseen = set(seconds.asked(visit, visit.services.rulings.on(con)).values())
    now = visit.services.site.clock()
    eyes = Eyes(visit.may("customer.reveal") and is_pass(clear, visit.csrf, in_use, now))
    visit.note("customer.see", in_use)
    return visit.page(
        "customer.html",
        customer=found,
        eyes=eyes,
        masked=Eyes(),  # the others were not revealed
        drawing=_drawing(found, eyes),
        decisions=[
            (entry, standing)
            for entry, standing in customer.decisions_on(found, visit.services.decisions.entries())
            if entry.number not in unseen
        ],
        most=MOST,
        minutes=int(REVEALED.total_seconds() // 60),
    )


@router.post("/customers/{golden_id}/reveal")
def reveal(visit: Annotated[Visit, may("customer.reveal")], golden_id: str) -> Response:
    """Show him in clear for a while, and put that into the audit."""
    with visit.warehouse() as con:
        in_use = customer.resolve(con, golden_id, visit.scope)
    visit.note("customer.reveal", in_use)
    until = visit.services.site.clock() + REVEALED
    given = urlencode({"clear": pass_for(visit.csrf, in_use, until)})
    return visit.go(f"/customers/{in_use}?{given}")


def _drawing(found: Customer, eyes: Eyes) -> Drawing | None:
    """The time line of his cars, those that he owns first, up to the day of the data."""
    days: dict[tuple[str, str], list[datetime.date]] = defaultdict(list)
    for event in found.events:
        if event["day"]:
            days[event["what"], event["vehicle_id"]].append(event["day"])
    lanes = []
    for car in found.cars[:MOST_LANES]:
        plate = eyes.see("plate", car["plate"]) if car["plate"] else car["vehicle_id"][-8:]
        begun = car["owned_from"]
        lanes.append(
            Lane(
                f"{plate} {car['model'] or ''}".strip()[:24],
                (begun, car["owned_to"]) if begun else None,
                tuple(days["sale", car["vehicle_id"]]),
                tuple(days["visit", car["vehicle_id"]]),
            )
        )
    return timeline(lanes, found.row["today"])
