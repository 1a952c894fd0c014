"""Whole kilometres below a million, with or without their unit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, is_in, is_text, matches, narrow, same
from quality.normalise.cell import placeholders

_PLAIN = r"(?:[0-9]{1,6}|[0-9]{1,3},[0-9]{3})(?:\.0{1,9})? ?(?:km|KM|公里)?"


def plain(texts: Column) -> Plain:
    """Readings that are no placeholder."""
    where = matches(texts, _PLAIN)
    digits = pc.replace_substring_regex(texts.filter(where), ",|[^0-9,].*", "")
    km = digits.cast(pa.int64())
    value = km.cast(pa.string())
    kept = ~is_in(value, placeholders("mileage") - {"0"}) | np.array(is_text(value, "0"))
    return Plain(
        narrow(where, kept),
        {
            "value": value.filter(kept),
            "status": same("ok", int(kept.sum())),
            "reason": same("", int(kept.sum())),
            "km": km.filter(kept),
        },
    )
