"""The first page after signing in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases.backlog import backlog
from warehouse.steward.cases.docket import done_today

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
        seen = {"outlets": visit.scope.codes(con)}
        counted = con.execute(_ALL) if visit.scope.is_all else con.execute(_SEEN, seen)
        ((records, customers),) = counted.fetchall()
        facts: dict[str, int] = {"home.records": records, "home.customers": customers}
        work: dict[str, int] = {}
        if visit.may("review.see"):
            found = backlog(visit, con)
            done = done_today(visit)
            work = {
                "review.waiting": len(found.waiting()),
                "review.settled": found.docket.settled,
                "review.done_mine": done.get(visit.user.login, 0),
                "review.done_all": sum(done.values()),
            }
    return visit.page("home.html", run=run, day=day, facts=facts, work=work)
