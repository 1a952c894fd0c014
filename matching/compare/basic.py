"""Plain equality of values and of sets, and dates of one event."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from matching.compare.base import (
    Comparator,
    Row,
    case_sql,
    first_meeting,
    known_sql,
    meet,
    meet_sql,
    meetings_sql,
    slip_sql,
)  # fmt: skip

_EXACT = ("same", "different")


def exact(left: Row, right: Row) -> str | None:
    """Equal or not."""
    if left["value"] is None or right["value"] is None:
        return None
    return "same" if left["value"] == right["value"] else "different"


def _exact_sql(columns: Mapping[str, str]) -> str:
    value = columns["value"]
    return case_sql(
        _EXACT, {"same": f"l.{value} = r.{value}", "different": f"l.{value} <> r.{value}"}
    )


_CODE = ("same", "one_slip", "different")


def code(left: Row, right: Row) -> str | None:
    """Equal, or one character wrong, missing, added or swapped with its neighbour."""
    a, b = left["value"], right["value"]
    if a is None or b is None:
        return None
    if a == b:
        return "same"
    # by bytes, as DuckDB counts
    return "one_slip" if OSA.distance(a.encode(), b.encode()) == 1 else "different"


def _code_sql(columns: Mapping[str, str]) -> str:
    a, b = f"l.{columns['value']}", f"r.{columns['value']}"
    slip = slip_sql(a, b)
    return case_sql(_CODE, {"same": f"{a} = {b}", "one_slip": slip, "different": f"{a} <> {b}"})


_OVERLAP = ("same", "different")


def overlap(left: Row, right: Row) -> str | None:
    """Sets with a value in common, or without."""
    if not left["values"] or not right["values"]:
        return None
    return "same" if meet(left["values"], right["values"]) else "different"


def _overlap_sql(columns: Mapping[str, str]) -> str:
    values = columns["values"]
    return case_sql(
        _OVERLAP,
        {"same": meet_sql(f"l.{values}", f"r.{values}"), "different": known_sql(values)},
    )


_SALE = ("same_day_and_model", "near_and_model", "same_day", "near", "different")
_SALE_ROLES = ("days_of_models", "spans_of_models", "days", "spans")


def sale(left: Row, right: Row) -> str | None:
    """One day or a few days apart, of one model of car or not.

    A dealer's files date one sale by its order, its invoice and its delivery.
    days: when. spans: the weeks, each given twice and half a week apart, that the days lie in: two
    days at most half a span apart have one in common, two a whole span apart none. `_of_models`:
    the same with the model.
    """
    if not left["days"] or not right["days"]:
        return None
    return first_meeting(left, right, _SALE_ROLES, _SALE) or "different"


def _sale_sql(columns: Mapping[str, str]) -> str:
    branches = meetings_sql(columns, _SALE_ROLES, _SALE)
    return case_sql(_SALE, branches | {"different": known_sql(columns["days"])})


EXACT = Comparator(
    "exact",
    ("value",),
    _EXACT,
    "Whether the two values are equal.",
    exact,
    sql=_exact_sql,
    equal=frozenset({"value"}),
)
CODE = Comparator(
    "code",
    ("value",),
    _CODE,
    "Whether the two codes are equal, or one slip of the hand apart.",
    code,
    sql=_code_sql,
)
OVERLAP = Comparator(
    "overlap",
    ("values",),
    _OVERLAP,
    "Whether the two have a value in common.",
    overlap,
    sql=_overlap_sql,
    equal=frozenset({"values"}),
)
SALE = Comparator(
    "sale",
    _SALE_ROLES,
    _SALE,
    "Whether both tell of a sale on the same day or a few days apart, and of the same model.",
    sale,
    sql=_sale_sql,
    equal=frozenset(_SALE_ROLES),
)
