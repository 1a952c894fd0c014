"""The nightly runs: what each did, how long it took, and what it published."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from warehouse.dashboard.charts import Bar, bars, columns
from warehouse.dashboard.picture import Drawing
from warehouse.dashboard.wording import Text, same
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.asking import Row, ask
from warehouse.steward.wording import phrases

router = APIRouter()
_MOST, _DRAWN = 100, 30
_RUN = Text("运行", "run")
_SECONDS = Text("秒", "seconds")


@router.get("/runs")
def runs(visit: Annotated[Visit, may("runs.see")]) -> Response:
    """The newest runs."""
    with visit.warehouse() as con:
        rows = ask(con, "runs", limit=_MOST)
    for row in rows:
        row |= {"counts": json.loads(row["counts"] or "{}"), "words": _words(row["cause"])}
    dagster = visit.services.site.settings.dagster
    return visit.page("runs.html", rows=rows, drawing=_durations(rows), dagster=dagster)


@router.get("/runs/{run_id}")
def one(
    visit: Annotated[Visit, may("runs.see")], run_id: Annotated[int, Path(ge=0, lt=2**31)]
) -> Response:
    """A run: its steps, what became of golden ids, the tables that it published."""
    with visit.warehouse() as con:
        found = ask(con, "run", run_id=run_id)
        if not found:
            raise NotThere(f"{run_id}: no such run")
        steps = ask(con, "run_steps", run_id=run_id)
        events = ask(con, "run_events", run_id=run_id)
        tables = ask(con, "run_tables", run_id=run_id)
    return visit.page(
        "run.html",
        run=found[0] | {"words": _words(found[0]["cause"])},
        drawing=_steps(steps),
        events=events,
        tables=tables,
    )


def _words(cause: str) -> str:
    """Key of the phrase for what started a run; '' for a word of a program of somebody's own."""
    key = f"started.{cause}"
    return key if key in phrases() else ""


def _durations(rows: list[Row]) -> Drawing | None:
    drawn = [
        Bar(same(str(row["run_id"])), row["seconds"], _seconds(row["seconds"]))
        for row in reversed(rows[:_DRAWN])
        if row["seconds"] is not None
    ]
    return columns(drawn, _RUN, _SECONDS) if len(drawn) > 1 else None


def _steps(rows: list[Row]) -> Drawing | None:
    drawn = [Bar(same(row["step"]), row["seconds"], _seconds(row["seconds"])) for row in rows]
    return bars(drawn, Text("步骤", "step"), _SECONDS) if drawn else None


def _seconds(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
