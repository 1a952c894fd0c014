"""Cases for programs: what waits, and a decision on a pair of records."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from matching.decisions import Verdict
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import deciding, evidence
from warehouse.steward.cases.docket import docket
from warehouse.steward.cases.evidence import Doubt
from warehouse.steward.cases.queue import Filters
from warehouse.steward.learn.telling import most_telling_first

router = APIRouter()
_GoldenId = Annotated[str, Path(max_length=40)]


class Waiting(BaseModel):
    """A pair of customers in doubt. worth: by which the queue is ordered."""

    golden_id: str
    other_id: str
    reason: str
    match_weight: float
    records: int
    cars: int
    outlets: list[str]
    is_key_account: bool
    since: datetime.date | None
    worth: float


class Said(BaseModel):
    """A verdict on a case. why: a note for whoever looks at it later.

    over: number of the decision on it that this one overrules; a lead's, or one's own.
    """

    verdict: Verdict
    why: str = Field(default="", max_length=1000)
    over: int | None = None


class Made(BaseModel):
    """A decision by its number. applies: at the next run.

    Without a number it is kept as a second opinion on a case that was decided before, and does not
    apply.
    """

    number: int | None
    uid: str | None
    applies: Literal["next_run"] | None = "next_run"


@router.get("/cases")
def waiting(
    visit: Annotated[Visit, may("review.see")],
    reason: Annotated[str | None, Query(max_length=64)] = None,
    outlet: Annotated[str | None, Query(max_length=64)] = None,
    order: Literal["worth", "teaches"] = "worth",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Waiting]:
    """The cases that are open: the most valuable first, or those whose decision teaches most."""
    filters = Filters(reason=reason, outlet=outlet)
    with visit.warehouse() as con:
        known = docket(visit, con)
    waiting = known.waiting(filters)
    if order == "teaches":
        services = visit.services
        thresholds, patterns = services.site.model().thresholds, services.judgements.patterns()
        waiting = most_telling_first(waiting, thresholds, patterns)
    claims = visit.services.claims
    found = claims.open_to(visit.user.login, waiting, known.work(claims, waiting))[:limit]
    return [
        Waiting(
            golden_id=case.golden_id_a,
            other_id=case.golden_id_b,
            reason=case.reason,
            match_weight=case.match_weight,
            records=case.records,
            cars=case.cars,
            outlets=case.outlets,
            is_key_account=case.is_key_account,
            since=case.since,
            worth=round(case.worth, 3),
        )
        for case in found
    ]


@dataclass(frozen=True, slots=True)
class _Case:
    """A case, and who asks for it."""

    visit: Visit
    doubt: Doubt


def _case(
    visit: Annotated[Visit, may("review.decide")], golden_id: _GoldenId, other_id: _GoldenId
) -> _Case:
    """The case of two customers, found before what is said of it is read. Raises NotThere."""
    with visit.warehouse() as con:
        for one in (golden_id, other_id):
            visit.scope.ensure_seen(con, one)
        doubt = evidence.doubt(con, visit.services.site.model(), golden_id, other_id)
    if doubt is None:
        raise NotThere(f"{golden_id}, {other_id}: nobody doubts")
    return _Case(visit, doubt)


@router.post("/cases/{golden_id}/{other_id}", status_code=201)
def decide(case: Annotated[_Case, Depends(_case)], said: Said) -> Made:
    """Decide a case; 409 where somebody else is at it, or `over` leaves out what is decided."""
    entry = deciding.judge(case.visit, case.doubt, said.verdict, said.why, said.over)
    if entry is None:
        return Made(number=None, uid=None, applies=None)
    return Made(number=entry.number, uid=entry.decision.uid)
