"""The cases of the queue that are no pairs: contradicting decisions, held files, held nights.

A suspicious customer is looked at on the page of his review: `customer_review`.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from matching import ids as golden_ids
from warehouse.naming import present
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import settling
from warehouse.steward.cases.backlog import find, find_suspect
from warehouse.steward.cases.claims import SETTLED, Taken, Work
from warehouse.steward.cases.matters import REASONS, Matter
from warehouse.steward.pages.asked import query, with_filters

router = APIRouter(prefix="/review")
_Word = Annotated[str, Form(max_length=32)]
_Note = Annotated[str, Form(max_length=1000)]


@router.get("/conflicts")
def list_conflicts(visit: Annotated[Visit, may("review.conflict")]) -> Response:
    """Those in the queue."""
    return RedirectResponse(f"/review?reason={REASONS['conflict']}", 303)


@router.get("/suspects")
def list_suspects(visit: Annotated[Visit, may("review.see")]) -> Response:
    """Those in the queue."""
    return RedirectResponse(f"/review?reason={REASONS['suspect']}", 303)


@router.get("/conflicts/{name}")
def see_conflict(visit: Annotated[Visit, may("review.conflict")], name: str) -> Response:
    """Two decisions, or two answers, of which one can hold."""
    return _see(visit, f"conflict~{name}", "review_conflict.html")


@router.post("/conflicts/{name}")
def settle_conflict(
    visit: Annotated[Visit, may("review.conflict")], name: str, verdict: _Word = ""
) -> Response:
    """Say which of the two holds, and go on to the next."""
    return _settle(visit, f"conflict~{name}", verdict, "")


@router.get("/held/{name}")
def see_file(visit: Annotated[Visit, may("review.see")], name: str) -> Response:
    """A file that was set aside."""
    return _see(visit, f"held~{name}", "review_held.html")


@router.post("/held/{name}")
def settle_file(
    visit: Annotated[Visit, may("review.decide")], name: str, verdict: _Word = ""
) -> Response:
    """Say that there is nothing more to do about a file, and go on to the next."""
    return _settle(visit, f"held~{name}", verdict, "")


@router.get("/nights/{run_id}")
def see_night(visit: Annotated[Visit, may("review.release")], run_id: int) -> Response:
    """A night that is held, and why."""
    return _see(visit, f"night~{run_id}", "review_night.html")


@router.post("/nights/{run_id}")
def settle_night(
    visit: Annotated[Visit, may("review.release")],
    run_id: int,
    verdict: _Word = "",
    why: _Note = "",
) -> Response:
    """Publish a held night after all, or give it up."""
    return _settle(visit, f"night~{run_id}", verdict, why)


@router.post("/customer/{golden_id}/suspicion")
def settle_suspect(
    visit: Annotated[Visit, may("review.decide")],
    golden_id: str,
    verdict: _Word = "",
    why: _Note = "",
) -> Response:
    """Say of a suspicious customer that he is one all the same, and go on to the next."""
    with visit.warehouse() as con:
        found = present(con, golden_ids.parse(golden_id) or "")
        visit.scope.ensure_seen(con, found)
        case = find_suspect(visit, con, found)
    return _say(visit, case, verdict, why)


def _see(visit: Visit, key: str, template: str) -> Response:
    with visit.warehouse() as con:
        case = find(visit, con, key)
    if case is None:
        raise NotThere(f"{key}: does not wait")
    visit.note("review.see", key)
    return visit.page(
        template,
        case=case,
        subject=case.subject,
        work=claimed(visit, case),
        query=query(visit),
    )


def claimed(visit: Visit, case: Matter) -> Work | None:
    """Claim a case that he opens; whose it is where he cannot, or what has become of it."""
    if not visit.may("review.decide"):
        return None
    try:
        visit.services.claims.hold(visit.user.login, case.key)
    except Taken as taken:
        return taken.work
    return None


def _settle(visit: Visit, key: str, word: str, why: str) -> Response:
    with visit.warehouse() as con:
        case = find(visit, con, key)
    return _say(visit, case, word, why)


def _say(visit: Visit, case: Matter | None, word: str, why: str) -> Response:
    """Settle a case and go on; also where it is settled already, as by a form sent twice."""
    said = "skipped" if word == "skip" else "settled"
    try:
        if case:
            settling.say(visit, case, word, why)
        else:
            said = "settled_already"
    except Taken as taken:
        if taken.work.state not in SETTLED:
            raise
        said = "settled_already"
    return visit.go(with_filters("/review/next", visit), said)
