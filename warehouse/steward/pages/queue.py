"""The queue: what waits, who gets what, and what of it is applied."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import duckdb
from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import evidence, queue
from warehouse.steward.cases.conflicts import conflicts
from warehouse.steward.cases.docket import docket, done_today
from warehouse.steward.cases.queue import Case
from warehouse.steward.cases.suspects import files_aside
from warehouse.steward.learn.telling import most_telling_first
from warehouse.steward.learn.twice import differing
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
        found = docket(visit, con)
        others = _others(visit, con)
    waiting = _in_order(visit, found.waiting())
    listed = [case for case in waiting if filters.fit(case)]
    shown = listed[(page - 1) * _LISTED : page * _LISTED]
    return visit.page(
        "review_queue.html",
        cases=shown,
        page=page,
        pages=-(-len(listed) // _LISTED),
        listed=len(listed),
        others=others,
        work=found.work(visit.services.claims, shown),
        reasons=queue.reasons(waiting),
        outlets=sorted({outlet for case in waiting for outlet in case.outlets}),
        provinces=sorted({province for case in waiting for province in case.provinces}),
        bands=BANDS,
        because=partial(evidence.because, visit.services.site.model()),
        waiting=len(waiting),
        settled=found.settled,
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


@router.get("/conflicts")
def see_conflicts(visit: Annotated[Visit, may("review.conflict")]) -> Response:
    """Decisions that newer ones contradict."""
    with visit.warehouse() as con:
        found = conflicts(con, visit.scope, visit.services.decisions.entries())
        seconds = differing(visit, con)
    return visit.page("review_conflicts.html", conflicts=found, seconds=seconds)


@router.get("/suspects")
def see_suspects(visit: Annotated[Visit, may("review.see")]) -> Response:
    """Customers whose records contradict each other, each to be looked at as a whole."""
    with visit.warehouse() as con:
        found = visit.services.suspects.of(con, visit.scope.codes(con))
    return visit.page("review_suspects.html", suspects=found)


@router.get("/next")
def next_case(visit: Annotated[Visit, may("review.decide")], filters: Asked) -> Response:
    """Claim the most valuable case that nobody has, and go there."""
    with visit.warehouse() as con:
        found = docket(visit, con)
    cases = _in_order(visit, found.waiting(filters))
    names = {found.name(case.key): case.key for case in cases}
    name = visit.services.claims.take(visit.user.login, list(names))
    if name is None:
        return visit.go(with_filters("/review", visit), "nothing_waits")
    return visit.go(case_path(names[name], visit), visit.request.query_params.get("said", ""))


@router.get("/ahead")
def read_ahead(
    visit: Annotated[Visit, may("review.decide")],
    filters: Asked,
    after: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Read the case that he is likely to get after one, without giving it to him yet."""
    with visit.warehouse() as con:
        found = docket(visit, con)
        cases = _in_order(visit, found.waiting(filters))
        names = {found.name(case.key): case for case in cases if case.key != after}
        name = visit.services.claims.likely(visit.user.login, list(names))
        if name is not None:
            reading(visit, con, [names[name].golden_id_a, names[name].golden_id_b])
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


def _others(visit: Visit, con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, int]]:
    """What else waits for somebody: key of a phrase -> page, and how many. Nothing of none."""
    found = {"others.aside": ("/quarantine#files", files_aside(con, visit.scope.codes(con)))}
    suspects = visit.services.suspects.of(con, visit.scope.codes(con))
    found["others.suspects"] = ("/review/suspects", len(suspects))
    return {words: told for words, told in found.items() if told[1]}


def _in_order(visit: Visit, cases: list[Case]) -> list[Case]:
    """The cases by what a decision is worth, or, where that is asked for, by what it teaches."""
    if visit.request.query_params.get("order") != "teaches":
        return cases
    known = visit.services.judgements.patterns()
    return most_telling_first(cases, visit.services.site.model().thresholds, known)
