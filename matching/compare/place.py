"""Addresses, compared from the finest level that both have."""

from __future__ import annotations

from collections.abc import Mapping

from matching.compare.base import Comparator, Row, case_sql

_LEVELS = ("same_room", "same_house", "same_road", "same_district", "other_district")


def address(left: Row, right: Row) -> str | None:
    """The ladder of addresses; each role holds the path from estate or road down, or None.

    Two districts that differ make the rest a coincidence: every city has its 人民路 1 号.
    """
    known = left["district"] is not None and right["district"] is not None
    if known and left["district"] != right["district"]:
        return "other_district"
    for role, level in zip(("room", "house", "road", "district"), _LEVELS, strict=False):
        if left[role] is not None and left[role] == right[role]:
            return level
    return None


def _sql(columns: Mapping[str, str]) -> str:
    d = columns["district"]
    branches = {"other_district": f"l.{d} <> r.{d}"}
    branches |= {
        level: f"l.{columns[role]} = r.{columns[role]}"
        for role, level in zip(("room", "house", "road", "district"), _LEVELS, strict=False)
    }
    return case_sql(_LEVELS, branches)


ADDRESS = Comparator(
    "address",
    ("room", "house", "road", "district"),
    _LEVELS,
    "How far down the two addresses are the same: district, road or estate, house, room.",
    address,
    sql=_sql,
    equal=frozenset({"room", "house", "road", "district"}),
)
