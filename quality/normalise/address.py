"""Postal addresses, from province to room.

Levels: province, city, district (with 6-digit codes, see `divisions` and `place`), zone, town, road
with number, estate, building, unit, room (`street`, `door`); what is left is `rest`. Levels are for
comparing: simplified, numerals Arabic, 栋 幢 座 号楼 one thing, 3-2-501 alike to 3栋2单元501室.
`value` is the whole address in the one order, its upper levels complete, in the script and with the
words that were typed; phones and people that stood beside it are only in `rest`.

A district that several cities have stays ambiguous: named, without a code, status partial, and so
does one that contradicts its province. An address that names no district is partial too.

>>> v = normalise("江苏昆山前进东路３８８号世纪花园三号楼二单元501")
>>> v.province, v.city, v.district, v.district_code, v.road, v.number
('江苏省', '苏州市', '昆山市', '320583', '前进东路', '388')
>>> v.estate, v.building, v.unit, v.room, v.value
('世纪花园', '3', '2', '501', '江苏省苏州市昆山市前进东路388号世纪花园3号楼2单元501室')
>>> v = normalise("朝阳区人民路1号")
>>> v.province, v.district, v.district_code, v.status.value, v.reason
(None, '朝阳区', None, 'partial', 'ambiguous_district')
>>> v = normalise("蘇州崑山前進東路388號")
>>> v.value, v.district_code, v.road
('江蘇省蘇州市崑山市前進東路388號', '320583', '前进东路')
>>> v = normalise("世纪花园3-2-501")
>>> v.value == normalise("世纪花园3栋2单元501室").value, v.reason
(True, 'numbers_read_as_building_unit_room')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.address_text import Cell, Script, read_cell, script_of
from quality.normalise.divisions import Division
from quality.normalise.door import is_door
from quality.normalise.place import locate
from quality.normalise.place_value import Place
from quality.normalise.special_region import SPECIAL
from quality.normalise.street import read_street
from quality.normalise.street_value import Street
from quality.normalise.text import HAN, clean, simplify
from quality.reference import table

_HAN = re.compile(f"[{HAN}]")
_LETTERS = re.compile(r"(?:[^\W\d_].*?){3}")
_LONGEST_PLACEHOLDER = 12  # characters
_SETTLING = 6  # rounds after which a text that keeps changing is given up
# cities without districts: 东莞 中山 儋州 嘉峪关
MISSING = ("no_city", "no_district")  # reasons for a level that is not named
_UNDIVIDED = frozenset({"441900", "442000", "460400", "620200"})
# what a place or a street leaves open
_OPEN = frozenset(
    [
        *("ambiguous_district", "levels_contradict", "former_division_split"),
        *("relative_location", "numbers_unclear", "cut_off"),
    ]
)


@dataclass(frozen=True, slots=True)
class AddressValue(Value):
    """An address and its levels; the fields are described in the module."""

    province: str | None = None
    city: str | None = None
    district: str | None = None
    province_code: str | None = None
    city_code: str | None = None
    district_code: str | None = None
    zone: str | None = None
    town: str | None = None
    road: str | None = None
    number: str | None = None
    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    rest: str | None = None


def normalise(typed: str | None, near: Near = NOWHERE) -> AddressValue:
    """Understand one address; `near` is not used: an outlet's customers come from anywhere."""
    text = clean(typed)
    if not text:
        return AddressValue(typed, None, "", Status.MISSING, "missing")
    result = _understood(typed, text)
    if result.value is None or result.value == text:
        return result
    settled = _settled(result.value)
    if settled is None:
        return AddressValue(typed, None, text, Status.INVALID, "not_an_address")
    return result if settled == result.value else replace(result, value=settled, display=settled)


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
    cell = read_cell(text)
    simple = cell.text.simple
    nothing = not cell.notes and not cell.contacts and len(set(simple)) < 2
    if nothing or _says_nothing(text) or (not cell.notes and _says_nothing(simple)):
        return AddressValue(typed, None, text, Status.PLACEHOLDER, "placeholder")
    if not simple and cell.contacts:
        return AddressValue(typed, None, text, Status.INVALID, "no_address_but_contact")
    if not _HAN.search(simple) and not is_door(simple):
        if _LETTERS.search(simple):
            return AddressValue(typed, text, text, Status.PARTIAL, "latin_script", rest=text)
        return AddressValue(typed, None, text, Status.INVALID, "not_an_address")
    place = locate(simple)
    behind = simple[place.taken :]
    if place.taken and _says_nothing(behind):  # 昆山市无
        cell, behind = cell._replace(text=cell.text.cut(0, place.taken)), ""
    street = read_street(behind)
    status, reason = _status(place, street, cell)
    value = _canonical(place, street, cell)
    rest = [place.note, *street.rest, *(note.simple for note in cell.notes), *cell.contacts]
    return AddressValue(
        typed, value, value, status, reason,
        _name(place.province), place.named_city or _name(place.city),
        place.named or _name(place.district),
        _code(place.province), None if place.named_city else _code(place.city),
        _code(place.district),
        place.zone or None, place.area + street.town or None, street.road or None,
        street.number or None, street.estate or None, street.building or None,
        street.unit or None, street.room or None, ";".join(filter(None, rest)) or None,
    )  # fmt: skip


def _name(division: Division | None) -> str | None:
    return division.name if division else None


def _code(division: Division | None) -> str | None:
    return division.code if division else None


def _status(place: Place, street: Street, cell: Cell) -> tuple[Status, str]:
    """The status, and the gravest of the reasons: what is open, then what was changed or read."""
    # 苏州市昆: a single character is what is left of a name
    cut_off = cell.cut_off or (len(street.estate) == 1 and [len(p[0]) for p in street.parts] == [1])
    reasons = [place.reason, "cut_off" if cut_off else "", street.reason]
    for reason in reasons:
        if reason in _OPEN:
            return Status.PARTIAL, reason
    if place.reason:
        return Status.REPAIRED, place.reason
    missing = _missing(place)
    if missing:
        return Status.PARTIAL, street.reason or missing
    return (Status.REPAIRED, "contact_beside") if cell.contacts else (Status.OK, street.reason)


def _missing(place: Place) -> str:
    """Which of the upper levels an address should have and does not name."""
    if place.province and place.province.code[:2] in SPECIAL:
        return ""  # the code list has nothing below Taiwan, Hong Kong and Macao
    if not place.city:
        return "no_city"
    undivided = place.city.code in _UNDIVIDED
    return "" if place.district or place.zone or undivided else "no_district"


def _canonical(place: Place, street: Street, cell: Cell) -> str:
    """The whole address in the one order, in the words and the script that were typed."""
    script = script_of(cell.text)
    pieces = _upper(place, script)
    end = place.taken
    for raw, put, add in street.parts:
        if put is None:
            pieces.append(cell.text.shown[end : end + len(raw)])
        pieces.append(script.write(add if put is None else put))
        end += len(raw)
    notes = [place.note] if place.note else []
    notes += [note.shown for note in cell.notes]
    return "".join(pieces) + (f"({';'.join(notes)})" if notes else "")


def _upper(place: Place, script: Script) -> list[str]:
    """Province, city, district and zone, each once; the zone before the district or behind it."""
    city = place.named_city or place.city
    district = place.named or place.district
    below = (place.zone, district) if place.zone_first else (district, place.zone)
    # 石河子市 is city and district, and stands behind the zone
    levels = [place.province, None if city == district else city, *below, place.area]
    names: dict[str, str] = {}
    for level in filter(None, levels):
        if isinstance(level, str):
            names.setdefault(level, "")
        else:
            names.setdefault(level.name, level.short)
    return list(names) if script.is_plain() else [script.spell(*name) for name in names.items()]


def _says_nothing(text: str) -> bool:
    return len(text) <= _LONGEST_PLACEHOLDER and simplify(text).upper() in _placeholders()


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(row["text"] for row in table("address_placeholders"))
