"""The names of provinces, cities and districts as they begin a text, present and former ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from quality.normalise.divisions import Division, atlas
from quality.normalise.text import simplify
from quality.reference import table

# a place name before one of these is part of a road or a building: 南京路, 北京东路, 中山大厦
_NOT_A_PLACE = re.compile(
    "[东西南北中一二三四五六七八九十大新老正]{0,2}(?:路|街|大道|道|巷|弄|村|镇|乡|里|桥|门|站|广场|花园|花苑|小区|"
    "大厦|公寓|新村|家园|苑|城|国际|商|宾馆|酒店|饭店|大学|学|医院|公司|工业|港|[0-9])"
)
_ROAD = re.compile("路|街|大道|道")
_GOES_ON = re.compile("民(?=[广文中服活之])|场|区")  # 昆山 市民广场, 苏州 市区


def names(level: str, simple: str, start: int) -> Iterator[str]:
    """The names of a level that begin at `start` and are not part of a road, the longest first.

    level: province, city, district (present and former), or present (districts).
    """
    for name in _index(level).get(simple[start : start + 2], ()):
        if simple.startswith(name, start) and not is_road(simple, start + len(name), name):
            yield name


def longest(level: str, simple: str, start: int) -> str:
    """The longest of them, '' where there is none."""
    for name in _index(level).get(simple[start : start + 2], ()):
        if simple.startswith(name, start) and not is_road(simple, start + len(name), name):
            return name
    return ""


def begins(simple: str, start: int) -> bool:
    """Whether any province, city or district may begin at `start`."""
    return simple[start : start + 2] in _beginnings()


@cache
def _beginnings() -> frozenset[str]:
    return frozenset({*_index("province"), *_index("city"), *_index("district")})


def says_district(name: str) -> bool:
    """Whether a name says that it is a district: 朝阳区, but not 朝阳."""
    return len(name) > 2 and name[-1] in "区县市旗"


def says_city(name: str) -> bool:
    """Whether a name says that it is a city: 杭州市, 延边朝鲜族自治州, but not 杭州."""
    return len(name) > 2 and name.endswith(("市", "自治州", "地区", "盟"))


def is_road(simple: str, end: int, name: str) -> bool:
    """Whether what follows a name at `end` makes it part of something else."""
    if name[-1] == "市":
        goes_on = _GOES_ON.match(simple, end) is not None
    elif len(name) == 2 and name[-1] in "县区":
        goes_on = _ROAD.match(simple, end) is not None
    elif name[-1] == "省" or says_district(name) or says_city(name):
        return False
    else:
        goes_on = _NOT_A_PLACE.match(simple, end) is not None
    return goes_on and not _place_begins(simple, end, name)


def _place_begins(simple: str, start: int, above: str) -> bool:
    """哈尔滨道里区, 商丘市民权县, 江苏镇江, 宁波镇海: what looks like a road belongs to a place."""
    key = simple[start : start + 2]
    places = [n for n in _index("district").get(key, ()) if n[-1] in "区县市旗" or _is_in(n, above)]
    return any(simple.startswith(name, start) for name in (*places, *_index("city").get(key, ())))


def _is_in(name: str, city: str) -> bool:
    """Whether a district of the name lies in the city of the name."""
    gone = [former.heir for former in atlas().former.get(name, ())]
    here = (*atlas().districts.get(name, ()), *gone)
    above = (atlas().by_code.get(division.city_code) for division in here)
    return any(division and city in (division.name, division.short) for division in above)


@cache
def _index(level: str) -> dict[str, list[str]]:
    """First two characters to the names of a level that begin so, the longest first."""
    districts = {*atlas().districts, *atlas().generic}
    levels: dict[str, Iterable[str]] = {
        "province": provinces(),
        "city": cities(),
        "present": districts,  # unused names of the past would begin many roads
        "district": {*districts, *atlas().former},
    }
    index: dict[str, list[str]] = defaultdict(list)
    for name in sorted(levels[level], key=lambda name: (-len(name), name)):
        index[name[:2]].append(name)
    return dict(index)


@cache
def provinces() -> dict[str, Division]:
    """Names of provinces, 内蒙 too."""
    return {**atlas().provinces, "内蒙": atlas().provinces["内蒙古"]}


@cache
def former_cities() -> dict[str, Division]:
    """Former names of cities to what they are today."""
    return {simplify(row["former"]): atlas().by_code[row["code"]] for row in table("former_cities")}


@cache
def cities() -> dict[str, list[Division]]:
    """Names of cities, present and former, to those that have them."""
    return {**atlas().cities, **{name: [d] for name, d in former_cities().items()}}
