"""Addresses, compared from the finest level that both have; and where two were seen."""

from __future__ import annotations

from collections.abc import Mapping

from matching.compare.base import (
    Comparator,
    Row,
    case_sql,
    first_meeting,
    known_sql,
    meet,
    meet_sql,
    meetings_sql,
)  # fmt: skip

_LEVELS = ("same_room", "same_house", "same_road", "same_district", "other_district")
_ROLES = ("rooms", "houses", "roads", "districts")


def address(left: Row, right: Row) -> str | None:
    """The ladder of addresses; each role holds paths from estate or road down.

    Districts that differ make the rest a coincidence: every city has its 人民路 1 号.
    """
    here, there = left["districts"], right["districts"]
    if here and there and not meet(here, there):
        return "other_district"
    return first_meeting(left, right, _ROLES, _LEVELS)


def _sql(columns: Mapping[str, str]) -> str:
    d = columns["districts"]
    branches = {
        "other_district": f"{known_sql(d)} AND NOT coalesce({meet_sql(f'l.{d}', f'r.{d}')}, false)"
    }
    return case_sql(_LEVELS, branches | meetings_sql(columns, _ROLES, _LEVELS))


ADDRESS = Comparator(
    "address",
    _ROLES,
    _LEVELS,
    "How far down two addresses are the same: district, road or estate, house, room.",
    address,
    sql=_sql,
    equal=frozenset(_ROLES),
)


_SEEN = ("same_outlet", "same_station", "same_city", "other_city")
_SEEN_ROLES = ("outlets", "stations", "cities")


def seen_at(left: Row, right: Row) -> str | None:
    """Where the two were seen: bought at one outlet, served at one station, at home in one city.

    cities: where their cars are registered, or they live.
    """
    found = first_meeting(left, right, _SEEN_ROLES, _SEEN)
    return found or ("other_city" if left["cities"] and right["cities"] else None)


def _seen_sql(columns: Mapping[str, str]) -> str:
    branches = meetings_sql(columns, _SEEN_ROLES, _SEEN)
    return case_sql(_SEEN, branches | {"other_city": known_sql(columns["cities"])})


SEEN_AT = Comparator(
    "seen_at",
    _SEEN_ROLES,
    _SEEN,
    "Whether the two bought at one outlet, were served at one station, or are at home in one city.",
    seen_at,
    sql=_seen_sql,
    equal=frozenset(_SEEN_ROLES),
)
