"""What decisions teach: agreement, how right links are, thresholds; and the labels as a file."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from matching.evaluate.agreement import FEWEST, agreement
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.cases import evidence
from warehouse.steward.learn import labels, twice
from warehouse.steward.learn.drawing import curve
from warehouse.steward.learn.overview import LEAST, describe, overview

router = APIRouter(prefix="/learn")
#: So many patterns are told, those with most cases.
_PATTERNS = 8


@router.get("")
def learn(visit: Annotated[Visit, may("learn.see")]) -> Response:
    """Counts and shares; no customer is named."""
    model = visit.services.site.model()
    with visit.warehouse() as con:
        found = overview(visit, con)
    advice = found.advice
    patterns = {case.about.pattern: case.about.evidence for case in found.cases}
    alike = twice.by(found.cases, lambda case: case.about.pattern)
    new = [one.share.value for one in advice.found.values()]
    return visit.page(
        "learn.html",
        found=found,
        advice=advice,
        model=model,
        agreement=agreement([case.answers for case in found.cases]),
        by_stewards=twice.by(found.cases, lambda case: case.stewards),
        by_reason=twice.by(found.cases, lambda case: case.about.reason),
        by_pattern=[
            (describe(model, patterns[pattern]), one)
            for pattern, one in list(alike.items())[:_PATTERNS]
        ],
        because=partial(evidence.because, model),
        fewest=FEWEST,
        least=LEAST,
        drawing=curve(advice.points, [advice.now.link, advice.now.review], new)
        if advice.points
        else None,
    )


@router.get("/labels.csv")
def export(visit: Annotated[Visit, may("learn.export")]) -> Response:
    """The decisions on pairs, as `guiyi evaluate --labels` takes them."""
    with visit.warehouse() as con:
        rows = labels.lines(con, visit.scope, visit.services.decisions.entries())
    visit.note("learn.export", detail=f"{len(rows)} labels")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("left", "right", "verdict"), *rows])
    name = f"labels-{visit.services.site.clock():%Y%m%d-%H%M}.csv"
    return Response(
        text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
