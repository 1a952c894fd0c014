"""Addresses of the usual build: place, road, number, and then an estate with a room, or nothing.

Digits are exchangeable: 人民路5号 reads as 人民路388号 does. So the scalar normaliser is asked once
for each text that stands before the number, and once for each that stands behind it before the
building; what it says holds for every address made of the two.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.address import AddressValue, normalise
from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, is_text, joined, matches, narrow, per_distinct

_HAN = "[\u4e00-\u9fff]"
_NUMBER = r"(?P<number>[0-9]{1,5})号"
_ESTATE = f"(?P<estate>(?:{_HAN}{{2,15}})?)"
_NAMED = (
    "(?P<building>[0-9]{1,3})(?:号楼|栋|幢|座)(?:(?P<unit>[0-9]{1,2})单元)?(?P<room>[0-9]{2,5})室"
)
_DASHED = "(?P<building_>[0-9]{1,3})-(?P<unit_>[0-9]{1,2})-(?P<room_>[0-9]{2,5})"
_PLAIN = f"(?P<head>{_HAN}{{2,30}}){_NUMBER}(?:{_ESTATE}(?:{_NAMED}|{_DASHED}))?"
_ANY_NUMBER = "7号"  # stands for every number
_ANY_ROOMS = ("6栋5单元402室", "6-5-402", "6座402室", "6号楼5单元402室")
_PLACE = (
    *("status", "reason", "province", "city", "district"),
    *("province_code", "city_code", "district_code", "town", "road"),
)
_KEPT = 1 << 17  # texts whose reading is remembered: some 100 MB at the most


def plain(texts: Column) -> Plain:
    """Addresses that name a road and a number, and whose parts read alike with other digits."""
    where = matches(texts, _PLAIN)
    parts = pc.extract_regex(texts.filter(where), f"^{_PLAIN}$")
    part = {field.name: pc.struct_field(parts, field.name) for field in parts.type}
    for name in ("building", "unit", "room"):
        dashed = part.pop(f"{name}_")
        part[name] = pc.if_else(is_text(dashed, ""), part[name], dashed)
    heads = part.pop("head").dictionary_encode()
    read = [_before_number(head) for head in heads.dictionary.to_pylist()]
    known = pa.array([r is not None for r in read], pa.bool_()).take(heads.indices)
    alone = per_distinct(part["estate"], _stands_alone, pa.bool_())
    kept = np.array(pc.and_(known, alone), dtype=bool)
    places = _places(read).take(heads.indices.filter(kept))
    part = {name: column.filter(kept) for name, column in part.items()}
    columns = {name: places[name] for name in _PLACE}
    columns |= {name: _or_null(column) for name, column in part.items()}
    columns["value"] = _value(places["value"], part)
    return Plain(narrow(where, kept), columns)


def _places(read: list[AddressValue | None]) -> pa.Table:
    """What each distinct head says; its value ends where the number would follow."""
    columns = {
        name: pa.array([r and getattr(r, name) for r in read], pa.string()) for name in _PLACE
    }
    before = [r and str(r.value).removesuffix(_ANY_NUMBER) for r in read]
    return pa.table(columns | {"value": pa.array(before, pa.string())})


def _value(before: Column, part: dict[str, Column]) -> Column:
    """The canonical address."""
    pieces = [before, part["number"], pa.repeat("号", len(before)), part["estate"]]
    for name, word in (("building", "栋"), ("unit", "单元"), ("room", "室")):
        pieces += [part[name], pc.if_else(is_text(part[name], ""), "", word)]
    return joined(pieces)


def _or_null(column: Column) -> Column:
    return pc.if_else(is_text(column, ""), pa.scalar(None, pa.string()), column)


@lru_cache(maxsize=_KEPT)
def _before_number(head: str) -> AddressValue | None:
    """How a text before a number reads, where it is a place and a road and nothing else."""
    value = normalise(head + _ANY_NUMBER)
    ends_so = value.value is not None and value.value.endswith(_ANY_NUMBER)
    below = (value.estate, value.building, value.unit, value.room, value.rest)
    if not ends_so or value.number != _ANY_NUMBER[:-1] or not value.road or any(below):
        return None
    return value


@lru_cache(maxsize=_KEPT)
def _stands_alone(estate: str) -> bool:
    """Whether a text between number and building is an estate and takes nothing from either."""
    road = "人民路"
    for rooms in _ANY_ROOMS:
        value = normalise(road + _ANY_NUMBER + estate + rooms)
        taken = (value.road, value.number, value.building, value.room, value.rest)
        if taken != (road, _ANY_NUMBER[:-1], "6", "402", None) or value.estate != (estate or None):
            return False
        if value.unit != ("5" if "5" in rooms else None):
            return False
    return True
