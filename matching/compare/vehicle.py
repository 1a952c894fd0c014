"""The car as evidence about the person, never as proof: cars change hands."""

from __future__ import annotations

from collections.abc import Mapping

from matching.compare.base import Comparator, Row, case_sql, known_sql, meet, meet_sql

_LEVELS = ("same_as_owner", "same_as_other", "different")


def vehicle(left: Row, right: Row) -> str | None:
    """The same car, with both as its owner, or with one who only brought it.

    vehicles: all cars seen with the profile. own: those that it did not always say to be another's.
    brought: those that it said, once at least, to be another's.
    """
    if not left["vehicles"] or not right["vehicles"]:
        return None
    if not meet(left["vehicles"], right["vehicles"]):
        return "different"
    alike = meet(left["own"], right["own"]) or meet(left["brought"], right["brought"])
    return "same_as_owner" if alike else "same_as_other"


def _sql(columns: Mapping[str, str]) -> str:
    v, o, b = columns["vehicles"], columns["own"], columns["brought"]
    return case_sql(
        _LEVELS,
        {
            "same_as_owner": f"{meet_sql(f'l.{o}', f'r.{o}')} OR {meet_sql(f'l.{b}', f'r.{b}')}",
            "same_as_other": meet_sql(f"l.{v}", f"r.{v}"),
            "different": known_sql(v),
        },
    )


VEHICLE = Comparator(
    "vehicle",
    ("vehicles", "own", "brought"),
    _LEVELS,
    "Whether both are about the same car, and both as its owner (or both as someone who only "
    "brought it), or one as owner and one not.",
    vehicle,
    sql=_sql,
    equal=frozenset({"vehicles", "own", "brought"}),
)
