"""Resident ids, and permits of the same build, whose check character and date are right."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import (
    Bytes,
    Column,
    Mask,
    characters,
    days,
    matches,
    narrow,
    number,
    per_distinct,
    same,
    start,
)
from quality.normalise.identity import WEIGHTS, kind_of_region, region_doubt, region_name

_CHECK = np.frombuffer(b"10X98765432", np.uint8)


def plain(texts: Column) -> Plain:
    """18 characters that are a resident id as they stand."""
    where = matches(texts, "[1-9][0-9]{16}[0-9X]")
    ids = texts.filter(where)
    places = characters(ids, 18)
    born, real = days(number(places[:, 6:10]), number(places[:, 10:12]), number(places[:, 12:14]))
    year = number(places[:, 6:10])
    kept = _sound(places) & real & (year >= 1800) & (year <= 2100) & ~_few_kinds(places[:, :17])
    ids = ids.filter(kept)
    code, count = start(ids, 6), len(ids)
    male = places[kept, 16] % 2 == 1
    return Plain(
        narrow(where, kept),
        {
            "value": ids,
            "status": same("ok", count),
            "reason": per_distinct(code, region_doubt),
            "kind": per_distinct(start(ids, 2), kind_of_region),
            "birth_date": pa.array(born[kept]).cast(pa.date32()),
            "sex": pc.if_else(pa.array(male), "M", "F"),
            "region": per_distinct(code, region_name),
            "region_code": code,
        },
    )


def _sound(places: Bytes) -> Mask:
    total = (places[:, :17].astype(np.int64) - ord("0")) @ np.array(WEIGHTS)
    right: Mask = _CHECK[total % 11] == places[:, 17]
    return right


def _few_kinds(digits: Bytes) -> Mask:
    """Whether the digits are of one or two kinds."""
    ordered = np.sort(digits, axis=1)
    few: Mask = (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1) <= 1
    return few
