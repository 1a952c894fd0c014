"""The audit as a page, and as a file."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse

from warehouse.exports.forms import FORMULA
from warehouse.steward.access.visit import Visit, may
from warehouse.steward.audit import Audit, Entry, Wanted
from warehouse.steward.wording import phrases

router = APIRouter()
_ON_A_PAGE = 100
_COLUMNS = ("number", "at", "who", "what", "about", "detail", "address")
_RISKY = re.compile(FORMULA)


def wanted_of(
    who: str = "",
    what: str = "",
    about: str = "",
    since: datetime.date | Literal[""] = "",
    until: datetime.date | Literal[""] = "",
) -> Wanted:
    """What the filters say; a field that was left empty says nothing."""
    return Wanted(who.strip(), what.strip(), about.strip(), since or None, until or None)


@router.get("/audit")
def audit(
    visit: Annotated[Visit, may("audit.see")],
    wanted: Annotated[Wanted, Depends(wanted_of)],
    below: int | None = None,
) -> Response:
    """The newest entries first."""
    found = visit.services.audit.entries(wanted, below, _ON_A_PAGE)
    further = found[-1].number if len(found) == _ON_A_PAGE else None
    words = {entry.what: f"deed.{entry.what}" for entry in found}
    known = {what: key for what, key in words.items() if key in phrases()}
    return visit.page("audit.html", entries=found, wanted=wanted, further=further, words=known)


@router.get("/audit/export")
def export(
    visit: Annotated[Visit, may("audit.export")], wanted: Annotated[Wanted, Depends(wanted_of)]
) -> Response:
    """All that the filters leave, as CSV that spreadsheets open as UTF-8."""
    visit.note("audit.export", detail=wanted.told)
    name = f"audit-{visit.services.site.clock():%Y%m%d-%H%M}.csv"
    return StreamingResponse(
        lines(visit.services.audit, wanted),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def lines(audit: Audit, wanted: Wanted) -> Iterator[str]:
    """The file, piece by piece, so that a long audit does not fill the memory."""
    yield "\ufeff" + _csv([_COLUMNS])
    below: int | None = None
    while found := audit.entries(wanted, below, 10 * _ON_A_PAGE):
        yield _csv([_cells(entry) for entry in found])
        below = found[-1].number


def _cells(entry: Entry) -> tuple[str, ...]:
    """What a spreadsheet would take for a formula begins with an apostrophe."""
    texts = (str(getattr(entry, name)) for name in _COLUMNS)
    return tuple(f"'{text}" if _RISKY.search(text) else text for text in texts)


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
