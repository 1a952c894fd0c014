"""Addresses of the usual build: place, road, number, and then an estate with a room, or nothing.

Digits are exchangeable: 人民路5号 reads as 人民路388号 does, leading zeros aside. So are the roads
behind a region. So the scalar normaliser is asked once for each region, each road, each other text
before the number, and each text behind it before the building; what it says holds for every
address made of them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.address import MISSING, AddressValue, normalise
from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, is_text, joined, matches, narrow, per_distinct
from quality.normalise.door import BARE
from quality.normalise.place_names import longest
from quality.normalise.special_region import SPECIAL
from quality.normalise.text import simplify

_HAN = "[\u4e00-\u9fff]"
_NUMBER = r"(?P<number>[1-9][0-9]{0,4})号"
_ESTATE = f"(?P<estate>(?:{_HAN}{{2,15}})?)"
_NAMED = (
    "(?P<building>[1-9][0-9]{0,2})(?P<tower>号楼|栋|幢|座)(?:(?P<unit>[1-9][0-9]?)单元)?"
    "(?P<room>[1-9][0-9]{1,4})室"
)
_DASHED = "(?P<building_>[1-9][0-9]{0,2})-(?P<unit_>[1-9][0-9]?)-(?P<room_>[1-9][0-9]{1,4})"
_PLAIN = f"(?P<head>{_HAN}{{2,30}}){_NUMBER}(?:{_ESTATE}(?:{_NAMED}|{_DASHED}))?"
_ANY_NUMBER = "7号"  # stands for every number
_ANY_ROAD = "人民路"  # stands for every road
_ANY_REGION = "上海市静安区"
_REGION_ROAD = re.compile("(?P<region>.+[区县市旗])(?P<road>.{2,6}(?:路|街|大道))")
# part of a zone, of a town, or what goes on from 市 (市民, 市场)
_MAY_BE_REGION = re.compile("[区镇乡师团]|街道|苏木|^[民场政]")
_ANY_ROOMS = ("6栋5单元402室", "6-5-402", "6座402室", "6号楼5单元402室", "6幢402室")
_PLACE = (
    *("status", "reason", "province", "city", "district"),
    *("province_code", "city_code", "district_code", "zone", "town", "road"),
)
_WORDS = (("building", "tower"), ("unit", "单元"), ("room", "室"))
_KEPT = 1 << 17  # texts whose reading is remembered: some 100 MB at the most


def plain(texts: Column) -> Plain:
    """Addresses that name a road and a number, and whose parts read alike with other digits."""
    where = matches(texts, _PLAIN)
    parts = pc.extract_regex(texts.filter(where), f"^{_PLAIN}$")
    part = {field.name: pc.struct_field(parts, field.name) for field in parts.type}
    for name in ("building", "unit", "room"):
        dashed = part.pop(f"{name}_")
        part[name] = pc.if_else(is_text(dashed, ""), part[name], dashed)
    bare: Column = pc.and_(is_text(part["tower"], ""), pc.invert(is_text(part["room"], "")))
    part["tower"] = pc.if_else(bare, "栋", part["tower"])
    heads = part.pop("head").dictionary_encode()
    read = [_before_number(head) for head in heads.dictionary.to_pylist()]
    known = pa.array([r is not None for r in read], pa.bool_()).take(heads.indices)
    alone = per_distinct(part["estate"], _stands_alone, pa.bool_())
    kept = np.array(pc.and_(known, alone), dtype=bool)
    places = _places(read).take(heads.indices.filter(kept))
    part, bare = {name: column.filter(kept) for name, column in part.items()}, bare.filter(kept)
    columns = {name: places[name] for name in _PLACE}
    columns["reason"] = pc.if_else(pc.and_(bare, places["open"]), BARE, places["reason"])
    columns["value"] = _value(places["value"], part)
    del part["tower"]
    columns |= {name: _or_null(column) for name, column in part.items()}
    return Plain(narrow(where, kept), columns)


def _places(read: list[AddressValue | None]) -> pa.Table:
    """What each distinct head says; its value ends where the number would follow.

    open: whether a reading of bare numbers is the gravest thing to say of the address.
    """
    columns: dict[str, Column] = {
        name: pa.array([r and getattr(r, name) for r in read], pa.string()) for name in _PLACE
    }
    before = [r and str(r.value).removesuffix(_ANY_NUMBER) for r in read]
    columns["open"] = pc.is_in(columns["reason"], pa.array(["", *MISSING]))
    return pa.table(columns | {"value": pa.array(before, pa.string())})


def _value(before: Column, part: dict[str, Column]) -> Column:
    """The canonical address."""
    pieces = [before, part["number"], pa.repeat("号", len(before)), part["estate"]]
    for name, word in _WORDS:
        pieces += [part[name], pc.if_else(is_text(part[name], ""), "", part.get(word, word))]
    return joined(pieces)


def _or_null(column: Column) -> Column:
    return pc.if_else(is_text(column, ""), pa.scalar(None, pa.string()), column)


@lru_cache(maxsize=_KEPT)
def _before_number(head: str) -> AddressValue | None:
    """How a text before a number reads, where it is a place and a road and nothing else."""
    parts = _REGION_ROAD.fullmatch(head)
    region = _region(parts["region"]) if parts and _is_only_road(parts["road"]) else None
    if parts is None or region is None:
        return _place_and_road(head)
    value = str(region.value).removesuffix(_ANY_ROAD + _ANY_NUMBER) + parts["road"] + _ANY_NUMBER
    return replace(region, road=parts["road"], value=value)


@lru_cache(maxsize=_KEPT)
def _region(region: str) -> AddressValue | None:
    """A region before any road that `_is_only_road`, where it reads as nothing but a region."""
    value = _place_and_road(region + _ANY_ROAD)
    if value is None or value.road != _ANY_ROAD or value.town or not value.province_code:
        return None
    return None if value.province_code.startswith(SPECIAL) else value


@lru_cache(maxsize=_KEPT)
def _is_only_road(road: str) -> bool:
    """Whether a text is a road whatever region stands before it, and adds nothing to the region."""
    levels = ("province", "city", "district")
    if _MAY_BE_REGION.search(road) or any(longest(level, road, 0) for level in levels):
        return False
    value = _place_and_road(_ANY_REGION + road)
    return value is not None and value.road == road and not value.reason


def _place_and_road(head: str) -> AddressValue | None:
    value = normalise(head + _ANY_NUMBER)
    ends_so = value.value is not None and value.value.endswith(_ANY_NUMBER)
    if simplify(head) != head:  # the whole address decides the script of what is put in
        return None
    below = (value.estate, value.building, value.unit, value.room, value.rest)
    if not ends_so or value.number != _ANY_NUMBER[:-1] or not value.road or any(below):
        return None
    return value


@lru_cache(maxsize=_KEPT)
def _stands_alone(estate: str) -> bool:
    """Whether a text between number and building is an estate and takes nothing from either."""
    if simplify(estate) != estate:
        return False
    for rooms in _ANY_ROOMS:
        value = normalise(_ANY_ROAD + _ANY_NUMBER + estate + rooms)
        taken = (value.road, value.number, value.building, value.room, value.rest)
        if taken != (_ANY_ROAD, _ANY_NUMBER[:-1], "6", "402", None) or value.estate != (
            estate or None
        ):
            return False
        if value.unit != ("5" if "5" in rooms else None):
            return False
    return True
