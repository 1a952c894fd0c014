"""The district in an address: present or former, certain, ambiguous, or where it cannot be."""

from __future__ import annotations

import re
from functools import cache

from quality.normalise.divisions import Former, atlas
from quality.normalise.place_names import cities, longest, names, says_city, says_district
from quality.normalise.place_value import Place
from quality.normalise.text import HAN
from quality.normalise.transferred import transferred

#: A former division is a rival of a present one of its name if it ended since then: what outlets
#: type goes back some twenty years.
_STILL_WRITTEN = 2006
# what follows a short name that may also be part of another one: 吴江盛泽镇, 上海闸北共和新路1号
_TOWN_OR_END = re.compile(
    f"$|[{HAN}]{{2,4}}?(?:街道|镇|乡)|(?:经济|高新)(?:技术)?(?:产业)?开发区|开发区|高新区|经开区"
)
_OTHER_KIND = re.compile("地区|[县旗]|市(?![区民场])")  # 徽州地区 is not 徽州区
_SAFE = re.compile(f"{_TOWN_OR_END.pattern}|[{HAN}]{{2,6}}?(?:路|街|大道|巷)(?:[0-9]|$)")


def candidates(simple: str, place: Place) -> tuple[str, list[Former]]:
    """The longest name of a district, present or former, in the place, and what has it today.

    A present district has the year 0.
    """
    for name in names("district", simple, place.taken):
        here = list(atlas().districts.get(name, ()))
        if place.city:
            here += atlas().generic.get(name, ())
        found = [Former(d, 0) for d in here if place.has(d)]
        gone = [f for f in atlas().former.get(name, ()) if place.has(f.heir)]
        elsewhere = transferred().get(place.city.code, {}).get(name) if place.city else None
        gone = gone or ([elsewhere] if elsewhere else [])
        if found and not place.city and not place.province and says_district(name):
            # 江北区: of Ningbo, or once of Chongqing
            found += [f for f in gone if f.year >= _STILL_WRITTEN]
        if found or gone:
            return name, found or gone
    return "", []


def take_district(simple: str, place: Place) -> None:
    """Read a district into the place, as far as it is certain."""
    name, found = candidates(simple, place)
    end = place.taken + len(name)
    if place.district or not found:
        return
    if not (_is_certain(name, found, place) or _was_city(found, simple, end)):
        return
    if not says_district(name) and _OTHER_KIND.match(simple, end):
        return
    if found[0].year and not says_district(name) and not _SAFE.match(simple, end):
        return
    place.taken = end
    former = found[0].year > 0
    if former:
        found = _of_town(found, simple, place.taken) or _rest(found)
    heirs = list(dict.fromkeys(f.heir for f in found))
    if len(heirs) == 1:
        place.district = heirs[0]
        if place.city and former:  # 六安市寿县 is 淮南市's today
            place.city = atlas().by_code.get(heirs[0].city_code, place.city)
        place.reason = "former_division" if former else place.reason
        return
    above = {heir.city_code for heir in heirs}
    place.named = name
    place.reason = "former_division_split" if former and len(above) == 1 else "ambiguous_district"
    if len(above) == 1 and not place.city:
        place.city = atlas().by_code.get(heirs[0].city_code)


def _is_certain(name: str, found: list[Former], place: Place) -> bool:
    """Whether a name is that of a district: in full, or where nothing else can be meant."""
    if name in atlas().generic or (len(name) == 2 and name[-1] == "区"):
        return place.city is not None
    one = len({f.heir for f in _rest(found)}) == 1
    city = one and found[0].heir.name.endswith("市")
    alone = place.city or (one and (place.province or city or name[-1] == "县"))  # 昆山, 鄞县
    return says_district(name) or bool(alone)


def _was_city(found: list[Former], simple: str, end: int) -> bool:
    """吴江盛泽镇, 顺德: districts that were cities, by short name, where all else is unlikely."""
    heir = found[0].heir
    gone = [f.heir for f in atlas().former.get(f"{heir.short}市", ()) if not f.towns]
    one = {f.heir for f in found} == {heir} == set(gone)
    return one and not found[0].year and _TOWN_OR_END.match(simple, end) is not None


def _rest(found: list[Former]) -> list[Former]:
    """What took over the rest of a former division, where towns went to others."""
    return [former for former in found if not former.towns] or found


def take_town(simple: str, place: Place) -> None:
    """余杭区临平街道: what the district of a place lost to another."""
    lost = atlas().moved.get(place.district.code if place.district else "", [])
    for former in _of_town(lost, simple, place.taken):
        place.district, place.reason = former.heir, "town_moved"


def _of_town(found: list[Former], simple: str, start: int) -> list[Former]:
    """Who has the town that follows: 渝北区统景镇 is 北碚区's."""
    return [f for f in found if f.towns and _pattern(f.towns).match(simple, start)]


@cache
def _pattern(towns: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the towns, whatever its kind is today."""
    return re.compile(f"(?:{'|'.join(towns)})(?:[{HAN}]{{1,4}}族)*(?:街道|镇|乡|苏木)")


def take_contradiction(simple: str, place: Place) -> None:
    """江苏省朝阳区, 江苏省杭州市西湖区: named in full, and not where the text puts it."""
    if not place.province and not place.city:
        return
    inside = place
    city = longest("city", simple, place.taken)
    if city and place.city in cities()[city]:
        return
    if city:
        there = Place(city=cities()[city][0], taken=place.taken + len(city))
        if says_city(city) or says_district(candidates(simple, there)[0]):
            name = cities()[city][0].name
            place.named_city = name if not place.city or _is_municipality(place) else ""
            place.named = "" if place.named_city else name
            place.reason, place.taken, inside = "levels_contradict", there.taken, there
    for name in names("district", simple, place.taken):
        if says_district(name) or name[-1] == "县":
            known = candidates(simple, inside)[1] if inside is not place else []
            place.named = known[0].heir.name if known else name
            place.taken, place.reason = place.taken + len(name), "levels_contradict"
            return


def _is_municipality(place: Place) -> bool:
    return (
        place.province is not None
        and place.city is not None
        and place.city.name == place.province.name
    )
