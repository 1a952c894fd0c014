"""The first page after signing in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response

from warehouse.steward.access.visit import Visit, may

router = APIRouter()
_VERSION = "SELECT run_id, day, records, customers FROM meta.version"


@router.get("/")
def home(visit: Annotated[Visit, may("home.see")]) -> Response:
    """How the warehouse stands."""
    with visit.warehouse() as con:
        ((run, day, records, customers),) = con.execute(_VERSION).fetchall()
    facts: dict[str, Any] = {"home.records": records, "home.customers": customers}
    return visit.page("home.html", run=run, day=day, facts=facts)
