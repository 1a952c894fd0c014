"""The upper levels of an address: province, city, district, zone, as far as the text is certain.

A level may be abbreviated (江苏, 苏州), missing (江苏昆山) or doubled (上海市上海市). What is
missing is filled in from below only where one division alone fits: 昆山市 fixes 苏州市 and 江苏省,
while 朝阳区 by itself stays ambiguous. Former names lead to the division of today (`divisions`),
and so do towns that another district has now. A development zone is a level of its own beside the
district.
"""

from __future__ import annotations

import re
from functools import lru_cache

from quality.normalise.district import candidates, take_contradiction, take_district, take_town
from quality.normalise.divisions import MUNICIPALITIES, Division, atlas
from quality.normalise.place_names import (
    begins,
    cities,
    former_cities,
    is_road,
    longest,
    names,
    provinces,
    says_city,
    says_district,
)
from quality.normalise.place_value import Place
from quality.normalise.special_region import SPECIAL, special_at
from quality.normalise.zone import zone_at

_COUNTRY = re.compile("^(?:中国|中华人民共和国)")
_PART_OF_CITY = re.compile("(?:老|主|中心)?[市城郊]区(?!街|路|镇)")
_CALLED_DISTRICTS = {
    "441900": re.compile("(?:莞城|[南东]城|万江)区(?!街)"),
    "442000": re.compile("(?:石岐|五桂山|[东南西])区(?!街)"),
    "620200": re.compile("(?:雄关|镜铁|长城)区(?!街)"),
}
_DIGIT = re.compile("[0-9]")
_PREFECTURES = ("地区", "专区", "盟")


def locate(simple: str) -> Place:
    """Read the upper levels at the beginning of a simplified address. Do not change the result."""
    # no name of a division has a digit, and many addresses are alike up to their first one
    digit = _DIGIT.search(simple)
    return _read(f"{simple[: digit.start()]}0" if digit else simple)


@lru_cache(maxsize=1 << 16)
def _read(head: str) -> Place:
    country = _COUNTRY.match(head)
    return _locate(head, country.end() if country else 0)


def _locate(simple: str, start: int) -> Place:
    place = Place(taken=start)
    _take_province(simple, place)
    _take_special(simple, place)
    if place.province and place.province.code[:2] in SPECIAL:
        return place
    _take_zone(simple, place)
    _take_city(simple, place)
    _take_zone(simple, place)
    take_district(simple, place)
    _fill(place)
    _take_called_district(simple, place)
    if not place.district and not place.named and not place.area:
        take_contradiction(simple, place)
    if place.district and place.taken > start:
        take_town(simple, place)
    _take_part(simple, place)
    _take_again(simple, place)
    _take_zone(simple, place, any_name=True)
    return place


def _fill(place: Place) -> None:
    """The levels above what is known."""
    if place.district and not place.city:
        place.city = atlas().by_code.get(place.district.city_code)
    if place.city and not place.province:
        place.province = atlas().by_code[place.city.code[:2] + "0000"]


def _take_province(simple: str, place: Place) -> None:
    name = longest("province", simple, place.taken)
    city = longest("city", simple, place.taken)
    district = longest("district", simple, place.taken)
    # 吉林市, 海南州 are cities, 河北区, 上海县 districts; 吉林, 海南, 河北, 上海 are provinces
    finer = len(city) > len(name) or (says_district(district) and len(district) > len(name))
    if not name or finer or simple.startswith(f"{city}州", place.taken):
        return
    place.province = provinces()[name]
    place.taken += len(name)
    if place.province.code[:2] in MUNICIPALITIES:
        place.city = atlas().by_code[place.province.code[:2] + "0100"]
        for again in (place.province.name, place.province.short, "市辖区", "市"):
            # 上海市上海市, 北京市市辖区
            end = place.taken + len(again)
            longer = candidates(simple, place)[0].startswith(again)  # 上海市上海县
            if simple.startswith(again, place.taken) and not longer:
                place.taken = place.taken if is_road(simple, end, again) else end
    else:  # 广西省, 内蒙自治区
        _skip(simple, place, ("自治区", "省"))


def _take_city(simple: str, place: Place) -> None:
    if place.city:
        return
    for name in names("city", simple, place.taken):
        found = [d for d in cities()[name] if place.has(d)]
        if len(found) == 1 and not _is_part_of_district(simple, place, name, found[0]):
            break
    else:
        return
    city, former = found[0], name in former_cities()
    place.taken += len(name)
    if city.code.endswith("00"):
        place.city = city
        former |= _take_kind(simple, place, name)
        if not former:
            _take_city_again(simple, place)
    else:  # 巢湖市庐江县: the city has become a district, and was more than that
        below = Place(province=atlas().by_code[city.code[:2] + "0000"], taken=place.taken)
        take_district(simple, below)
        place.district, place.taken = below.district or city, below.taken
    place.reason = "former_division" if former else ""


def _take_city_again(simple: str, place: Place) -> None:
    """苏州市苏州市, 苏州苏州吴中区."""
    for name in names("city", simple, place.taken):
        again = Place(city=place.city, taken=place.taken + len(name))
        certain = says_city(name) or says_district(candidates(simple, again)[0])
        longer = len(candidates(simple, place)[0]) > len(name)
        if place.city in cities()[name] and certain and not longer:
            place.taken = again.taken
            return


def _is_part_of_district(simple: str, place: Place, name: str, city: Division) -> bool:
    """朝阳区 is not 朝阳市; 青岛市北区 is 市北区 of 青岛."""
    if len(longest("district", simple, place.taken)) > len(name):
        return len(candidates(simple, place)[0]) > len(name)
    last = place.taken + len(name) - 1
    if city.name != name or not longest("present", simple, last).startswith("市"):
        return False
    full = Place(province=place.province, city=city, taken=last + 1)
    short = Place(province=place.province, city=city, taken=last)
    return not candidates(simple, full)[0] and says_district(candidates(simple, short)[0])


def _take_kind(simple: str, place: Place, name: str) -> bool:
    """恩施州, 湘西自治州, 毕节地区: the kind behind the short name of a city; whether a former."""
    if place.city and place.city.name.endswith("州") and name[-1] != "州":
        return _skip(simple, place, ("自治州", "州", "地区")) == "地区"  # 伊犁地区
    kinds = _PREFECTURES if not says_city(name) else ()
    return _skip(simple, place, (*kinds, "市辖区")) in _PREFECTURES


def _skip(simple: str, place: Place, words: tuple[str, ...]) -> str:
    """Take the first of the words that stands there; return it."""
    word = next((word for word in words if simple.startswith(word, place.taken)), "")
    place.taken += len(word)
    return word


def _take_special(simple: str, place: Place) -> None:
    """香港九龙弥敦道, 台北市信义区: named, without codes."""
    found = special_at(simple, place.taken, place.province.code[:2] if place.province else "")
    if found:
        place.province = atlas().by_code[f"{found.region}0000"]
        place.named_city, place.named, place.area = found.city, found.district, found.area
        place.taken = found.end


def _take_zone(simple: str, place: Place, any_name: bool = False) -> None:
    """苏州工业园区, 高新区: beside the district, or where one would stand."""
    above = place.city or place.province
    where = above.code.removesuffix("0000").removesuffix("00")[:4] if above else ""
    found = None if place.zone else zone_at(simple, place.taken, where, any_name)
    if found is None:
        return
    place.zone, place.taken = found.name, found.end
    place.zone_first = place.district is None and not place.named
    if len(found.city) == 4 and not place.city:
        municipality = found.city[:2] in MUNICIPALITIES
        place.city = atlas().by_code.get(
            found.city[: 2 if municipality else 4] + ("0100" if municipality else "00")
        )
    elif found.city and not place.province:
        place.province = atlas().by_code[f"{found.city[:2]}0000"]
    _fill(place)


def _take_part(simple: str, place: Place) -> None:
    """苏州市区, 银川市城区: any part of the city."""
    part = _PART_OF_CITY.match(simple, place.taken)
    if part is None or not place.city or place.named or place.zone:
        return
    if place.district is None or place.district.name.endswith("市"):
        place.taken = part.end()
        place.note = "" if part[0] == "市区" else part[0]


def _take_called_district(simple: str, place: Place) -> None:
    """东莞市南城区: what is called so in a city without districts; a town."""
    called = _CALLED_DISTRICTS.get(place.city.code if place.city else "")
    found = called.match(simple, place.taken) if called else None
    if found:
        place.area, place.taken = found[0], found.end()


def _take_again(simple: str, place: Place) -> None:
    """江苏省苏州市江苏省苏州市昆山市: what stands twice is read once."""
    start = place.taken
    if not place.province or not begins(simple, start):
        return
    levels = ("province", "city", "district")
    name = next(filter(None, (longest(level, simple, start) for level in levels)), "")
    if not (says_district(name) or says_city(name) or name.endswith("省")):
        return
    again = _locate(simple, start)
    mine, its = (
        (place.province, place.city, place.district),
        (again.province, again.city, again.district),
    )
    differ = any(a and b and a != b for a, b in zip(mine, its, strict=True))
    certain = again.reason in ("", "former_division")
    if differ or not certain or again.named or again.named_city:
        return
    place.city, place.district = place.city or again.city, place.district or again.district
    place.zone, place.taken = place.zone or again.zone, again.taken
