"""Postal addresses, from province to room.

Levels: province, city, district (with 6-digit codes, see `divisions` and `place`), town, road with
number, estate, building, unit, room; what is left is `rest`. Numerals before 号, 栋, 单元, 室 are
Arabic; 栋 幢 座 号楼 are one thing, as are 3-2-501 and 3栋2单元501室.

A district that several cities have stays ambiguous: named, without codes, status partial. An
address that names no district is partial too.

>>> v = normalise("江苏昆山前进东路３８８号世纪花园三号楼二单元501")
>>> v.province, v.city, v.district, v.district_code, v.road, v.number
('江苏省', '苏州市', '昆山市', '320583', '前进东路', '388')
>>> v.estate, v.building, v.unit, v.room
('世纪花园', '3', '2', '501')
>>> v = normalise("朝阳区人民路1号")
>>> v.province, v.district, v.district_code, v.status.value, v.reason
(None, '朝阳区', None, 'partial', 'ambiguous_district')
>>> normalise("世纪花园3-2-501").value == normalise("世纪花园3栋2单元501室").value
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.divisions import Division
from quality.normalise.place import Place, locate
from quality.normalise.street import Street, read_street
from quality.normalise.text import brackets, clean, simplify
from quality.reference import table

_LABEL = re.compile(
    "^(?:(?:通讯|联系|家庭|单位|公司|收件|邮寄|现住|居住|户籍)?(?:地址|住址)[:：]?)"
)
_POSTCODE = re.compile(r"^\(?(?:邮编:?)?\d{6}\)?(?=\D)|\(?邮编:?\d{6}\)?$|[ (]\d{6}\)?$")
_SPACE = re.compile(r"[ ,，、。;；|_]+|(?<!\d)\.|\.(?!\d)")
_LETTERS = re.compile("[\u3400-\U000323af]|(?:[^\\W\\d_].*?){3}")
_SETTLING = 6  # rounds after which a text that keeps changing is given up


@dataclass(frozen=True, slots=True)
class AddressValue(Value):
    """An address and its levels; the fields are described in the module."""

    province: str | None = None
    city: str | None = None
    district: str | None = None
    province_code: str | None = None
    city_code: str | None = None
    district_code: str | None = None
    town: str | None = None
    road: str | None = None
    number: str | None = None
    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    rest: str | None = None


def normalise(typed: str | None, near: Near = NOWHERE) -> AddressValue:
    """Understand one address."""
    text = clean(typed)
    if not text:
        return AddressValue(typed, None, "", Status.MISSING, "missing")
    result = _understood(typed, text)
    if result.value is None or result.value == text:
        return result
    settled = _settled(result.value)
    if settled is None:
        return AddressValue(typed, None, text, Status.INVALID, "not_an_address")
    return result if settled == result.value else replace(result, value=settled)


@lru_cache(maxsize=1 << 16)
def _settled(value: str) -> str | None:
    """The value that reading a canonical one again comes to rest at; None where it never does,
    or where it turns out to be no address at all.

    Many typed forms come to one canonical address, so this is asked again and again.
    """
    for _ in range(_SETTLING):
        again = _understood(value, clean(value)).value
        if again is None:
            return None
        if again == value:
            return value
        value = again
    return None


def _understood(typed: str | None, text: str) -> AddressValue:
    tidy = _tidy(text)
    if tidy.upper() in _placeholders() or text.upper() in _placeholders() or len(set(tidy)) <= 1:
        return AddressValue(typed, None, text, Status.PLACEHOLDER, "placeholder")
    if not _LETTERS.search(tidy):
        return AddressValue(typed, None, text, Status.INVALID, "not_an_address")
    place = locate(tidy)
    street = read_street(tidy[place.taken :])
    status, reason = _status(place, street)
    value = _canonical(place, street)
    district = place.district.name if place.district else place.named or None
    return AddressValue(
        typed, value, value, status, reason,
        _name(place.province), _name(place.city), district,
        _code(place.province), _code(place.city), _code(place.district),
        street.town or None, street.road or None, street.number or None, street.estate or None,
        street.building or None, street.unit or None, street.room or None, street.rest or None,
    )  # fmt: skip


def _name(division: Division | None) -> str | None:
    return division.name if division else None


def _code(division: Division | None) -> str | None:
    return division.code if division else None


def _tidy(text: str) -> str:
    """Simplified, without labels, postcodes, spaces and separators."""
    simple = simplify(brackets(text))
    simple = _POSTCODE.sub("", _LABEL.sub("", simple.strip()))
    return _SPACE.sub("", simple).strip(":：-—")


def _status(place: Place, street: Street) -> tuple[Status, str]:
    if place.ambiguous:
        return Status.PARTIAL, "ambiguous_district"
    if place.renamed:
        return Status.REPAIRED, "former_division"
    if place.district or (place.named and place.city) or (place.city and _undivided(place)):
        return Status.OK, ""
    if place.province and place.province.code[:2] in ("71", "81", "82"):
        return Status.OK, ""  # the code list has nothing below Taiwan, Hong Kong and Macao
    if place.city:
        return Status.PARTIAL, "no_district"
    return Status.PARTIAL, "no_city"


def _undivided(place: Place) -> bool:
    """Cities without districts: 东莞 中山 儋州 嘉峪关, and those directly under a province."""
    return place.city is not None and place.city.code in _UNDIVIDED


_UNDIVIDED = frozenset({"441900", "442000", "460400", "620200"})


def _canonical(place: Place, street: Street) -> str:
    """The whole address in the one order and the one spelling."""
    levels = [d.name for d in (place.province, place.city, place.district) if d]
    names = list(dict.fromkeys(levels))
    if place.named:
        names.append(place.named)
    return "".join(names) + street.text()


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(row["text"] for row in table("address_placeholders"))
