"""What outlets send: their data's quality, held rows and files set aside."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from warehouse.dashboard import quality
from warehouse.dashboard.charts import BLUE, GREEN, GREY, ORANGE, YELLOW, Bar, Part, bars, stacked
from warehouse.dashboard.picture import Drawing
from warehouse.dashboard.wording import OUTLET, STAGES, Text, same
from warehouse.steward.access.scope import NotThere
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.asking import Row, ask
from warehouse.steward.wording import phrases

router = APIRouter()
_ON_A_PAGE = 100
_DRAWN = 20
#: What became of a field's cells, in the order of how usable they are.
_UNDERSTOOD = {"ok": GREEN, "repaired": BLUE, "partial": YELLOW, "placeholder": GREY,
               "invalid": ORANGE}  # fmt: skip


@router.get("/quarantine")
def quarantine(
    visit: Annotated[Visit, may("quarantine.see")],
    outlet: str = "",
    reason: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Rows that could not be used, and files that were set aside."""
    outlet = outlet.strip()
    with visit.warehouse() as con:
        mine = {"outlets": visit.scope.codes(con), "outlet": outlet}
        offset = (page - 1) * _ON_A_PAGE
        rows = ask(con, "held", reason=reason, limit=_ON_A_PAGE + 1, offset=offset, **mine)
        reasons = ask(con, "held_reasons", **mine)
        files = ask(con, "files_aside", limit=_ON_A_PAGE, **mine)
    return visit.page(
        "quarantine.html",
        rows=rows[:_ON_A_PAGE],
        has_more=len(rows) > _ON_A_PAGE,
        reasons=reasons,
        files=files,
        asked={"outlet": outlet, "reason": reason},
        page=page,
    )


@router.get("/outlets")
def outlets(
    visit: Annotated[Visit, may("outlets.see")], kind: str = "", province: str = ""
) -> Response:
    """All outlets whose customers the visitor sees."""
    with visit.warehouse() as con:
        codes = visit.scope.codes(con)
        rows = ask(con, "outlets", outlets=codes, kind=kind, province=province)
        provinces = [row["province"] for row in ask(con, "outlet_provinces", outlets=codes)]
    return visit.page(
        "outlets.html",
        rows=rows,
        provinces=provinces,
        asked={"kind": kind, "province": province},
        drawing=_largest(rows),
    )


@router.get("/outlets/{outlet}")
def one(visit: Annotated[Visit, may("outlets.see")], outlet: str) -> Response:
    """An outlet: its customers by stage, its fields, its files."""
    with visit.warehouse() as con:
        found = ask(con, "outlet", outlet=outlet, outlets=visit.scope.codes(con))
        if not found:
            raise NotThere(f"{outlet}: no such outlet")
        told = {name: ask(con, f"outlet_{name}", outlet=outlet)
                for name in ("fields", "files", "stages")}  # fmt: skip
    return visit.page(
        "outlet.html",
        outlet=found[0],
        files=told["files"],
        fields=_fields(told["fields"]),
        stages=_stages(told["stages"]),
    )


@router.get("/quality")
def data_quality(visit: Annotated[Visit, may("quality.see")]) -> Response:
    """How good the data are, as the dashboard tells it, of the visitor's outlets."""
    with visit.warehouse() as con:
        rows = ask(con, "quality", outlets=visit.scope.codes(con))
    dashboard = visit.services.site.settings.dashboard.rstrip("/")
    return visit.page("quality.html", told=quality.page_of(rows), dashboard=dashboard)


def _largest(rows: list[Row]) -> Drawing | None:
    largest = sorted(rows, key=lambda row: (-row["customers"], row["outlet_code"]))[:_DRAWN]
    drawn = [Bar(same(row["outlet_code"]), row["customers"]) for row in largest]
    return bars(drawn, OUTLET, Text("客户数", "customers")) if drawn else None


def _fields(rows: list[Row]) -> Drawing | None:
    parts = [Part(name, _word(f"understood.{name}"), colour)
             for name, colour in _UNDERSTOOD.items()]  # fmt: skip
    drawn = [
        (_word(f"field.{row['field']}"), {name: row[name] / row["filled"] for name in _UNDERSTOOD})
        for row in rows
        if row["filled"]
    ]
    measure = Text("占已填写的", "of what is filled in")
    return stacked(drawn, parts, Text("字段", "field"), measure) if drawn else None


def _stages(rows: list[Row]) -> Drawing | None:
    told = {row["stage"]: row["customers"] for row in rows}
    drawn = [Bar(label, told[name], colour=colour)
             for name, (label, colour) in STAGES.items() if name in told]  # fmt: skip
    return bars(drawn, Text("阶段", "stage"), Text("客户数", "customers")) if drawn else None


def _word(key: str) -> Text:
    """A phrase for a picture."""
    phrase = phrases()[key]
    return Text(phrase.zh, phrase.en)
