"""The queue: what waits, who gets what, and what of it is applied."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import evidence, queue
from warehouse.steward.cases.backlog import Backlog, backlog
from warehouse.steward.cases.claims import case_of
from warehouse.steward.cases.docket import done_today
from warehouse.steward.cases.matters import REASONS, Waiting
from warehouse.steward.cases.queue import REFUSED, Filters, kind_of
from warehouse.steward.pages.asked import BANDS, Asked, case_path, query, with_filters
from warehouse.steward.pages.review import reading

router = APIRouter(prefix="/review")
#: So many cases are listed; whoever works takes one after the other.
_LISTED = 100


@router.get("")
def list_cases(
    visit: Annotated[Visit, may("review.see")],
    filters: Asked,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """What waits, and how far today's work has come."""
    with visit.warehouse() as con:
        found = backlog(visit, con)
    waiting = found.waiting()
    reasons = queue.reasons(waiting)
    listed = _in_order(visit, found, filters)
    shown = listed[(page - 1) * _LISTED : page * _LISTED]
    return visit.page(
        "review_queue.html",
        cases=shown,
        page=page,
        pages=-(-len(listed) // _LISTED),
        listed=len(listed),
        work=found.work(visit.services.claims, shown),
        reasons=reasons,
        refusals=[count for name, count in reasons.items() if name.startswith(f"{REFUSED}_")],
        refused=REFUSED,
        others=tuple(REASONS.values()),
        outlets=sorted(set[str]().union(*(case.outlets for case in waiting))),
        provinces=sorted(set[str]().union(*(case.provinces for case in waiting))),
        bands=BANDS,
        because=partial(evidence.because, visit.services.site.model()),
        waiting=len(waiting),
        settled=found.docket.settled,
        done=done_today(visit),
        last=visit.services.claims.last(visit.user.login),
        query=query(visit),
        saved=visit.services.saved.of(visit.user.login),
    )


@router.post("/filters")
def keep_filters(
    visit: Annotated[Visit, may("review.see")],
    name: Annotated[str, Form(min_length=1, max_length=64)],
    forget: Annotated[bool, Form()] = False,
) -> Response:
    """Keep the filters of the address by a name, or forget those of the name."""
    kept = "" if forget else query(visit)
    visit.services.saved.keep(visit.user.login, name, kept)
    return visit.go(f"/review{kept}", "saved")


@router.get("/next")
def next_case(visit: Annotated[Visit, may("review.decide")], filters: Asked) -> Response:
    """Claim the most valuable case that nobody has, and go there."""
    with visit.warehouse() as con:
        found = backlog(visit, con)
    cases = _in_order(visit, found, filters)
    names = (found.docket.name(case.key) for case in cases)
    name = visit.services.claims.take(visit.user.login, names)
    if name is None:
        return visit.go(with_filters("/review", visit), "nothing_waits")
    return visit.go(case_path(case_of(name), visit), visit.request.query_params.get("said", ""))


@router.get("/ahead")
def read_ahead(
    visit: Annotated[Visit, may("review.decide")],
    filters: Asked,
    after: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Read the case that he is likely to get after one, without giving it to him yet."""
    with visit.warehouse() as con:
        found = backlog(visit, con)
        cases = _in_order(visit, found, filters)
        names = (found.docket.name(case.key) for case in cases if case.key != after)
        name = visit.services.claims.likely(visit.user.login, names)
        if name is not None and kind_of(name) == "pair":
            reading(visit, con, case_of(name).split("~"))
    return Response(status_code=204)


@router.post("/apply")
def apply_now(visit: Annotated[Visit, may("review.apply")]) -> Response:
    """Begin a run that applies what was decided."""
    begin = visit.services.site.apply
    if begin is None:
        raise NotThere("nobody runs nights from here")
    begin()
    visit.note("review.apply")
    return visit.go("/review", "applying")


def _in_order(visit: Visit, found: Backlog, filters: Filters) -> list[Waiting]:
    """The cases by what a decision is worth, or, where that is asked for, by what it teaches."""
    if visit.request.query_params.get("order") == "teaches":
        return found.telling(visit, filters)
    return found.waiting(filters)
