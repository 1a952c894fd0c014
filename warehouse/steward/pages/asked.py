"""The filters of the queue, in addresses."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends

from warehouse.steward.access.visit import Visit
from warehouse.steward.cases.queue import KINDS, Filters, path_of

#: Score bands of the filter, in bits: each from its bound to the next.
BANDS = (4.0, 6.0, 8.0, 12.0, 20.0)


def _filters(
    reason: str = "", outlet: str = "", province: str = "", band: str = "", days: str = "",
    pattern: str = "", kind: str = "",
) -> Filters:  # fmt: skip
    """What the form of the queue asks for; an empty field asks for nothing."""
    place = int(band) if band.isdecimal() and int(band) <= len(BANDS) else None
    return Filters(
        kinds=frozenset(one for one in KINDS if one == kind),
        reason=reason or None,
        outlet=outlet or None,
        province=province or None,
        least=BANDS[place - 1] if place else None,
        most=BANDS[place] if place is not None and place < len(BANDS) else None,
        days=int(days) if days.isdecimal() and len(days) < 6 else None,
        pattern=pattern or None,
    )


Asked = Annotated[Filters, Depends(_filters)]


def query(visit: Visit, *more: str) -> str:
    """The filters that the request brought along, for the end of an address. more: names."""
    known = ("reason", "outlet", "province", "band", "days", "pattern", "kind", "order", *more)
    asked = visit.request.query_params
    brought = urlencode({name: asked[name] for name in known if asked.get(name)})
    return f"?{brought}" if brought else ""


def ahead_path(visit: Visit, key: str) -> str:
    """Where the case is read that comes after one, with the same filters."""
    path = with_filters("/review/ahead", visit)
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'after': key})}"


def with_filters(path: str, visit: Visit) -> str:
    """A page, with the same filters."""
    return path + query(visit)


def case_path(key: str, visit: Visit, part: str = "", *more: str) -> str:
    """The address of a case, or of a part of it, with the same filters; or of a link."""
    if key.startswith("links~"):
        return path_of(key)
    return f"{path_of(key)}{part}{query(visit, *more)}"
