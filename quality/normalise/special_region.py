"""What addresses in Hong Kong, Macao and Taiwan name below the region: `special_regions.csv`.

The code list has nothing there, so cities and districts are named without codes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from quality.normalise.text import HAN
from quality.reference import table

TAIWAN = "71"
SPECIAL = (TAIWAN, "81", "82")
_CITY = re.compile(f"[{HAN}]{{2}}[市县]")
_DISTRICT = re.compile(f"[{HAN}]{{1,3}}?[区镇乡市]")
_ROAD = re.compile("[东西南北中正大公马]{0,2}(?:路|街|道|里|径)")


class Special(NamedTuple):
    """region: the first two digits of its code. area: parts of the town, such as 九龙尖沙咀.

    end: of what was read of the text.
    """

    region: str
    city: str
    district: str
    area: str
    end: int


def special_at(simple: str, start: int, region: str) -> Special | None:
    """What stands at `start`. region: of the place before it, '' where none was named."""
    if not region:
        if not simple.startswith(_listed(TAIWAN, "city"), start):
            return None
        region = TAIWAN
    if region == TAIWAN:
        return _in_taiwan(simple, start)
    return _in_parts(simple, start, region) if region in SPECIAL else None


def _in_taiwan(simple: str, start: int) -> Special:
    city = _CITY.match(simple, start)
    end = city.end() if city else start
    district = _DISTRICT.match(simple, end) if city else None
    end = district.end() if district else end
    return Special(TAIWAN, city[0] if city else "", district[0] if district else "", "", end)


def _in_parts(simple: str, start: int, region: str) -> Special:
    """Hong Kong and Macao: districts and parts of the town in any order."""
    district, area, end = "", "", start
    while True:
        for name in _listed(region, "district") + _listed(region, "area"):
            if simple.startswith(name, end) and not _ROAD.match(simple, end + len(name)):
                break
        else:
            return Special(region, "", district, area, end)
        if name in _listed(region, "district"):
            district = district or name
        else:
            area += name
        end += len(name)


@cache
def _listed(region: str, level: str) -> tuple[str, ...]:
    """The names of a level in a region, the longest first."""
    rows = [
        r["name"] for r in table("special_regions") if (r["region"], r["level"]) == (region, level)
    ]
    return tuple(sorted(rows, key=len, reverse=True))
