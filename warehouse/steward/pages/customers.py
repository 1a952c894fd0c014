"""Finding customers, and one customer's page."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from warehouse.dashboard.picture import Drawing
from warehouse.steward import customer
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import sides
from warehouse.steward.cases.saying import sayings
from warehouse.steward.customer import Customer
from warehouse.steward.learn import seconds
from warehouse.steward.own import narrowed, narrowed_hits
from warehouse.steward.pages import revealing
from warehouse.steward.pages.revealing import MINUTES, eyes_on
from warehouse.steward.search.finding import Found, find
from warehouse.steward.showing import Eyes
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
    found = as_told(visit, found)
    ids = [hit.golden_id for hit in found.hits]
    visit.note("customer.search", ids[0] if len(ids) == 1 else "", f"hits={len(ids)}")
    return found


def as_told(visit: Visit, found: Found) -> Found:
    """Who was found, each as outlets in the visitor's scope tell of him."""
    if visit.scope.is_all:
        return found
    with visit.warehouse() as con:
        return replace(found, hits=narrowed_hits(con, found.hits, visit.scope.codes(con)))


@router.get("/customers/{golden_id}")
def show(visit: Annotated[Visit, may("customer.see")], golden_id: str) -> Response:
    """All that is told of a customer; in clear by a pass that `reveal` gave."""
    with visit.warehouse() as con:
        (dossier,) = visit.dossiers(con, golden_id)
        in_use = dossier.golden_id
        if in_use != golden_id:
            return RedirectResponse(f"/customers/{in_use}", 303)
        seen = visit.scope.codes(con)
        found = narrowed(customer.read(visit, con, dossier), dossier, seen)
        keys, numbers = [row["record_key"] for row in found.records], dossier.numbers
        if found.elsewhere:
            own = [record for record in sides.records([dossier], seen) if record.is_own]
            numbers = [
                number for record in own for number in record.said["phone"][0] or () if number
            ]
        said = sayings(con, visit.services.known.of(con), keys, numbers)
        unseen = set(seconds.asked(visit, visit.services.rulings.on(con)).values())
    eyes = eyes_on(visit, in_use)
    visit.note("customer.see", in_use)
    return visit.page(
        "customer.html",
        customer=found,
        eyes=eyes,
        drawing=_drawing(found, eyes),
        decisions=[one for one in said if one.entry.number not in unseen],
        most=MOST,
        minutes=MINUTES,
    )


@router.post("/customers/{golden_id}/reveal")
def reveal(visit: Annotated[Visit, may("customer.reveal")], golden_id: str) -> Response:
    """Show him in clear for a while, and put that into the audit."""
    with visit.warehouse() as con:
        in_use = visit.dossiers(con, golden_id)[0].golden_id
    return revealing.reveal(visit, f"/customers/{in_use}", in_use)


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
