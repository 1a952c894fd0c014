"""The first page after signing in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response

from warehouse.steward.access.visit import Visit, may

router = APIRouter()
_VERSION = "SELECT run_id, day FROM meta.version"
_ALL = "SELECT coalesce(sum(records), 0), count(*) FROM pii.dim_customer"
_SEEN = """
    SELECT count(*), count(DISTINCT golden_id) FROM customer_xref
    WHERE list_contains($outlets, outlet_code)
"""


@router.get("/")
def home(visit: Annotated[Visit, may("home.see")]) -> Response:
    """How the warehouse stands, as far as the visitor sees it."""
    with visit.warehouse() as con:
        ((run, day),) = con.execute(_VERSION).fetchall()
        outlets = visit.scope.codes(con)
        counted = (
            con.execute(_SEEN, {"outlets": outlets}) if outlets is not None else con.execute(_ALL)
        )
        ((records, customers),) = counted.fetchall()
    facts: dict[str, Any] = {"home.records": records, "home.customers": customers}
    return visit.page("home.html", run=run, day=day, facts=facts)
