"""Where an outlet is, told by what it typed: its region completes a landline or a plate.

The region is inferred file by file, never from the night as a whole, so that it does not depend
on which files arrive together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise import NOWHERE, Near
from quality.normalise.bulk.arrays import Column
from quality.reference import table

#: A region is believed from so many values on, when so large a share of them agrees.
LEAST, SHARE = 5, 0.6


@dataclass(frozen=True, slots=True)
class Regions:
    """distinct: the surroundings found. index: for each row, which of them it has; int32."""

    distinct: tuple[Near, ...]
    index: Column


def infer_regions(raw: pa.Table, understood: Mapping[str, pa.Table]) -> Regions:
    """The surroundings of each row: those of the file that it came in, where rows agree.

    understood: the columns `phone` and `plate` as they are understood without any surroundings.
    Files of HQ come from all over the country, so they have none.
    """
    has_outlet = pc.is_valid(raw["folder_outlet"])
    file_no = raw["file_id"].combine_chunks().dictionary_encode()
    provinces = _by_file(understood["plate"]["province"], has_outlet, file_no)
    areas = _by_file(understood["phone"]["area_code"], has_outlet, file_no)
    # an outlet that leaves the province out writes none of its plates with it: its landlines tell
    nears = [
        Near(area := areas.get(number, ""), provinces.get(number) or _province_of(area))
        for number in range(len(file_no.dictionary))
    ]
    distinct = tuple(dict.fromkeys([NOWHERE, *nears]))
    place = pa.array([distinct.index(near) for near in nears], pa.int32())
    return Regions(distinct, place.take(file_no.indices))


def _province_of(area_code: str) -> str:
    """The first character of the plates of an area code's province; empty where none is known."""
    return _plates_by_province().get(_provinces_by_area().get(area_code, ""), "")


@cache
def _provinces_by_area() -> dict[str, str]:
    return {row["code"]: row["province"] for row in table("area_codes")}


@cache
def _plates_by_province() -> dict[str, str]:
    return {row["province"]: row["char"] for row in table("plate_provinces")}


def _by_file(found: Column, wanted: Column, file_no: Column) -> dict[int, str]:
    """File number -> the value that most of its rows have."""
    known: Column = pc.and_(wanted, pc.is_valid(found))
    told = pa.table({"file": file_no.indices, "value": found}).filter(known)
    counts = told.group_by(["file", "value"]).aggregate([([], "count_all")]).to_pylist()
    totals: Counter[int] = Counter()
    for row in counts:
        totals[row["file"]] += row["count_all"]
    return {
        row["file"]: row["value"]
        for row in counts
        if totals[row["file"]] >= LEAST and row["count_all"] >= SHARE * totals[row["file"]]
    }
