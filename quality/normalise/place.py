"""The upper levels of an address: province, city, district, as far as the text is certain.

A level may be abbreviated (江苏, 苏州), missing (江苏昆山) or doubled (上海市上海市). What is
missing is filled in from below only where one division alone fits: 昆山市 fixes 苏州市 and 江苏省,
while 朝阳区 by itself stays ambiguous. Former names lead to the division of today (`divisions`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from quality.normalise.divisions import MUNICIPALITIES, Division, atlas
from quality.reference import table

# a place name before one of these is part of a road or a building: 南京路, 北京东路, 中山大厦
_NOT_A_PLACE = re.compile(
    "[东西南北中一二三四五六七八九十大新老]{0,2}(?:路|街|大道|道|巷|弄|村|镇|乡|里|桥|门|站|广场|花园|花苑|小区|大厦|公寓|"
    "新村|家园|苑|城|国际|商|宾馆|酒店|饭店|大学|学|医院|公司|工业|[0-9])"
)
_COUNTRY = re.compile("^(?:中国|中华人民共和国)")


@dataclass(slots=True)
class Place:
    """What the beginning of an address names; `taken` characters of it."""

    province: Division | None = None
    city: Division | None = None
    district: Division | None = None
    named: str = ""  # a district named but not certain, or a zone
    ambiguous: bool = False
    renamed: bool = False
    taken: int = 0


_DIGIT = re.compile("[0-9]")


def locate(simple: str) -> Place:
    """Read the upper levels at the beginning of a simplified address."""
    # no name of a division has a digit, and many addresses are alike up to their first one
    digit = _DIGIT.search(simple)
    return _read(f"{simple[: digit.start()]}0" if digit else simple)


@lru_cache(maxsize=1 << 16)
def _read(head: str) -> Place:
    return _locate(head)


def _locate(simple: str) -> Place:
    place = Place()
    country = _COUNTRY.match(simple)
    place.taken = country.end() if country else 0
    _take_province(simple, place)
    _take_city(simple, place)
    _take_zone(simple, place)
    _take_district(simple, place)
    if place.district is None and not place.named:
        _take_zone(simple, place)
    if place.district and not place.city:
        place.city = atlas().by_code.get(place.district.city_code)
    if place.district:
        _take_zone(simple, place)  # 昆山开发区: within a district the zone is no level of its own
        place.named = ""
    if place.city and not place.province:
        place.province = atlas().by_code[place.city.code[:2] + "0000"]
    return place


def _longest(level: str, simple: str, start: int) -> str:
    """The longest name of a level that begins at `start` and is not part of a road; or ''."""
    for name in _index(level).get(simple[start : start + 2], ()):
        if simple.startswith(name, start) and not _is_road(simple, start + len(name), name):
            return name
    return ""


@cache
def _index(level: str) -> dict[str, list[str]]:
    """First two characters to the names of a level that begin so, the longest first."""
    levels: dict[str, Iterable[str]] = {
        "province": _provinces(),
        "city": _cities(),
        "district": atlas().districts,
        "former": atlas().former,
    }
    index: dict[str, list[str]] = defaultdict(list)
    for name in sorted(levels[level], key=lambda name: (-len(name), name)):
        index[name[:2]].append(name)
    return dict(index)


def _is_road(simple: str, end: int, name: str) -> bool:
    full = name[-1] in "省市县旗盟州" or (name[-1] == "区" and len(name) > 2)
    if full or not _NOT_A_PLACE.match(simple, end):
        return False
    # 哈尔滨道里区, 石家庄桥西区: the word belongs to a district
    below = _index("district").get(simple[end : end + 2], ())
    return not any(d[-1] in "区县市旗" and simple.startswith(d, end) for d in below)


def _take_province(simple: str, place: Place) -> None:
    name = _longest("province", simple, place.taken)
    if not name:
        return
    city = _longest("city", simple, place.taken)
    if len(city) > len(name):  # 吉林市 is a city, 吉林 a province
        return
    place.province = _provinces()[name][0]
    place.taken += len(name)
    if place.province.code[:2] in MUNICIPALITIES:
        place.city = atlas().by_code[place.province.code[:2] + "0100"]
        for again in (place.province.name, place.province.short, "市辖区", "市"):
            # 上海市上海市, 北京市市辖区
            if simple.startswith(again, place.taken) and not _is_road(
                simple, place.taken + len(again), again
            ):
                place.taken += len(again)
    elif simple.startswith("省", place.taken):
        place.taken += 1


def _take_city(simple: str, place: Place) -> None:
    if place.city:
        return
    name = _longest("city", simple, place.taken)
    if not name:
        return
    found = [d for d in _cities()[name] if _inside(d, place)]
    district = _district_name(simple, place)[0]
    if len(found) != 1 or len(district) > len(name):  # 朝阳区 is not 朝阳市
        return
    if found[0].code.endswith("00"):
        place.city = found[0]
    else:
        place.district = found[0]
    place.renamed = name in _former_cities()
    place.taken += len(name)
    tails = ("自治州", "州") if found[0].name.endswith("州") and name[-1] != "州" else ("市辖区",)
    for tail in tails:  # 恩施州, 湘西自治州: the short name with its kind
        if simple.startswith(tail, place.taken):
            place.taken += len(tail)
            break


def _take_district(simple: str, place: Place) -> None:
    if place.district:
        return
    name, renamed = _district_name(simple, place)
    found = _districts(name, renamed, place)
    if not place.city and not place.province and not renamed:
        found = [*found, *_districts(name, True, place)]  # 江北区: of Ningbo, or once of Chongqing
    certain_above = place.city or (place.province and len(found) == 1)
    alone = certain_above or (len(found) == 1 and found[0].name.endswith("市"))
    if not found or not ((len(name) > 2 and name[-1] in "区县市旗") or alone):
        return
    place.taken += len(name)
    if renamed:
        found = _by_town(name, simple, place) or found
    if len(found) == 1:
        place.district, place.renamed = found[0], place.renamed or renamed
    else:
        place.named, place.ambiguous = name, True
        _common_city(found, place)


def _district_name(simple: str, place: Place) -> tuple[str, bool]:
    """The longest name of a district, present or former, that lies in the place; whether former."""
    present = _longest("district", simple, place.taken)
    former = _longest("former", simple, place.taken)
    if len(former) > len(present) or not _districts(present, False, place):
        return (former, True) if _districts(former, True, place) else (present, False)
    return present, False


def _districts(name: str, renamed: bool, place: Place) -> list[Division]:
    """The districts of a name that lie in what is known of the place."""
    known = atlas().former if renamed else atlas().districts
    return [d for d in known.get(name, ()) if _inside(d, place)]


def _by_town(name: str, simple: str, place: Place) -> list[Division]:
    """The district that took over the town after a former name: 渝北区统景镇 is 北碚区's."""
    towns = atlas().moved.get(name, {})
    heirs = (heir for town, heir in towns.items() if simple.startswith(town, place.taken))
    return [heir for heir in heirs if _inside(heir, place)]


def _common_city(found: list[Division], place: Place) -> None:
    """Ambiguous districts may still share the city."""
    if len({d.city_code for d in found}) == 1 and not place.city:
        place.city = atlas().by_code.get(found[0].city_code)


def _take_zone(simple: str, place: Place) -> None:
    """苏州工业园区, 高新区: a zone where a district stands. A real district may follow it."""
    for name, city in _zones().get(simple[place.taken : place.taken + 2], ()):
        if not simple.startswith(name, place.taken):
            continue
        if not place.city and not city:
            continue
        if _longest("district", simple, place.taken).startswith(name):
            continue
        if city and not place.city:
            place.city = atlas().by_code.get(
                city[:2] + "0100" if city[:2] in MUNICIPALITIES else city + "00"
            )
        elif city and place.city and place.city.code[:4] != city:
            continue
        own = place.city.short + name if place.city else name
        place.named = own if own in _own_zones() else name
        place.taken += len(name)
        return


def _inside(division: Division, place: Place) -> bool:
    """Whether a division lies in what is known of the place."""
    if place.city:
        return division.city_code == place.city.code or division.code == place.city.code
    if place.province:
        return division.code[:2] == place.province.code[:2]
    return True


@cache
def _provinces() -> dict[str, list[Division]]:
    return {name: [division] for name, division in atlas().provinces.items()}


@cache
def _former_cities() -> dict[str, Division]:
    return {row["former"]: atlas().by_code[row["code"]] for row in table("former_cities")}


@cache
def _cities() -> dict[str, list[Division]]:
    return {**atlas().cities, **{name: [d] for name, d in _former_cities().items()}}


@cache
def _zones() -> dict[str, list[tuple[str, str]]]:
    """First two characters to (name, city code of 4 digits or ''), the longest name first."""
    zones: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in sorted(table("zones"), key=lambda row: -len(row["name"])):
        zones[row["name"][:2]].append((row["name"], row["city"]))
    return dict(zones)


@cache
def _own_zones() -> frozenset[str]:
    """Zones that one city alone has."""
    return frozenset(row["name"] for row in table("zones") if row["city"])
