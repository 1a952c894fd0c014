"""Where a second opinion differs from the first, a lead settles which of the two holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import deciding
from warehouse.steward.cases.deciding import Unusable
from warehouse.steward.learn.twice import differing

router = APIRouter(prefix="/review/conflicts")


@router.post("/{number}")
def settle(
    visit: Annotated[Visit, may("review.conflict")],
    number: int,
    verdict: Annotated[str, Form()] = "",
) -> Response:
    """Settle a decision by its first or its second answer; by the second it is overruled."""
    with visit.warehouse() as con:
        cases = {case.entry.number: case for case, _ in differing(visit, con)}
    if number not in cases:
        raise NotThere(f"{number}: nobody says otherwise")
    if verdict not in cases[number].answers:
        raise Unusable("settle it by one of the two answers", "verdict", "verdict")
    deciding.settle(visit, cases[number], verdict)
    return visit.go("/review/conflicts", "settled")
