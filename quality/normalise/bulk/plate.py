"""Plates of ordinary cars with their province, in either case, with one separator or none."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, end, is_in, matches, narrow, same, start
from quality.normalise.cell import placeholders
from quality.normalise.plate import CAR, DUMMY, MANY_LETTERS, NEW_ENERGY, PROVINCES

_TYPED = f"[{PROVINCES}][A-Za-z][· .-]?[A-Za-z0-9]{{5,6}}"


def plain(texts: Column) -> Plain:
    """Fuel and new-energy plates as the standard has them."""
    where = matches(texts, _TYPED)
    plates = pc.utf8_upper(pc.replace_substring_regex(texts.filter(where), "[· .-]", ""))
    car = np.array(matches(plates, CAR), dtype=bool)
    kept = (car | matches(plates, NEW_ENERGY)) & ~np.array(matches(plates, DUMMY), dtype=bool)
    kept &= ~is_in(plates, placeholders("plate"))
    kept &= ~np.array(matches(plates, MANY_LETTERS), dtype=bool)
    plates = plates.filter(kept)
    count = len(plates)
    return Plain(
        narrow(where, kept),
        {
            "value": plates,
            "status": same("ok", count),
            "reason": same("", count),
            "kind": pc.if_else(pa.array(car[kept]), "car", "new_energy"),
            "province": start(plates, 1),
            "inferred": pa.repeat(False, count),
            "body": end(plates, 1),
        },
    )
