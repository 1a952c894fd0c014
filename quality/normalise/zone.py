"""Development zones in an address: 苏州工业园区, 雄安新区, 高新区, 吴中经济开发区, 兵团第八师.

They stand where a district stands, or before or behind one, and have no code: `zones.csv`. A
general word (高新区) belongs to the place before it; a name may tell the city (雄安新区).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from quality.normalise.text import HAN
from quality.reference import table

_CITY = 4  # digits that stand for a city
_LONGEST = 16  # characters of a name that is not listed
# 兵团第八师: Xinjiang's Production and Construction Corps and its divisions
_CORPS = re.compile(
    "(?:新疆)?(?:生产)?(?:建设)?兵团(?:第?[一二三四五六七八九十]{1,2}师)?|第[一二三四五六七八九十]{1,2}师"
)
_CORPS_BEGINS = ("新疆", "生产", "建设", "兵团", "第")
_CORPS_PROVINCE = "65"
_NOT_A_ZONE = re.compile("[路街村]|大道|花园|公寓")


class Zone(NamedTuple):
    """name: of the zone. city: the first digits of the code of its city or province, or ''.

    end: of its name in the text.
    """

    name: str
    city: str
    end: int


def zone_at(simple: str, start: int, where: str, any_name: bool = False) -> Zone | None:
    """The zone whose name begins at `start`, or None.

    where: the first digits of the code of the place before it, '' where there is none. any_name:
    whether a name that is not listed may precede a general word (花桥经济开发区).
    """
    corps = _CORPS.match(simple, start) if simple.startswith(_CORPS_BEGINS, start) else None
    if corps and (where[:2] == _CORPS_PROVINCE or corps[0].startswith("新疆")):
        return Zone(corps[0].removeprefix("新疆"), _CORPS_PROVINCE, corps.end())
    for row in _listed().get(simple[start : start + 2], ()):
        name, its, end = row["name"], row["city"], start + len(row["name"])
        if not simple.startswith(name, start) or _NOT_A_ZONE.match(simple, end):
            continue
        fits = its.startswith(where) or where.startswith(its)
        if fits and (row["alone"] == "yes" or where.startswith(its)):
            return Zone(row["zone"] or name, its, end)
    may_be = any_name and len(where) >= _CITY and "区" in simple[start : start + _LONGEST]
    named = _named().match(simple, start) if may_be else None
    return Zone(named[0], "", named.end()) if named else None


@cache
def _listed() -> dict[str, list[dict[str, str]]]:
    """First two characters to the zones that begin so, the longest and the most certain first."""
    zones: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in sorted(table("zones"), key=lambda row: (-len(row["name"]), not row["city"])):
        zones[row["name"][:2]].append(row)
    return dict(zones)


@cache
def _named() -> re.Pattern[str]:
    """A general word with a name before it; one in front of a building is an estate."""
    words = sorted((r["name"] for r in table("zones") if not r["city"]), key=len, reverse=True)
    kinds = "|".join(word for word in words if word != "新区")
    return re.compile(
        f"(?:(?![路街道镇乡村弄号])[{HAN}]){{2,6}}?(?:{kinds})(?![0-9A-Za-z#路街]|大道)"
    )
