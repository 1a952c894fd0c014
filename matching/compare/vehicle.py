"""The car as evidence about the person, never as proof: cars change hands."""

from __future__ import annotations

from collections.abc import Mapping

from matching.compare.base import Comparator, Row, case_sql

_LEVELS = ("same_as_owner", "same_as_other", "different")


def vehicle(left: Row, right: Row) -> str | None:
    """The same car, with both as its owner, or with one who only brought it."""
    if left["vehicle"] is None or right["vehicle"] is None:
        return None
    if left["vehicle"] != right["vehicle"]:
        return "different"
    other = left["is_owner"] is False or right["is_owner"] is False
    both = left["is_owner"] is False and right["is_owner"] is False
    return "same_as_other" if other and not both else "same_as_owner"


def _sql(columns: Mapping[str, str]) -> str:
    v, o = columns["vehicle"], columns["is_owner"]
    same = f"l.{v} = r.{v}"
    return case_sql(
        _LEVELS,
        {
            "same_as_other": f"{same} AND coalesce(l.{o}, true) <> coalesce(r.{o}, true)",
            "same_as_owner": same,
            "different": f"l.{v} <> r.{v}",
        },
    )


VEHICLE = Comparator(
    "vehicle",
    ("vehicle", "is_owner"),
    _LEVELS,
    "Whether both are about the same car, and both as its owner (or both as someone who only "
    "brought it), or one as owner and one not.",
    vehicle,
    sql=_sql,
    equal=frozenset({"vehicle"}),
)
