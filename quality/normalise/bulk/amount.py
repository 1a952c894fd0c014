"""Yuan with two places at most, with or without sign and unit."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, matches, narrow, same
from quality.normalise.cell import placeholders

_PLAIN = r"[¥￥]?(?:[0-9]{1,11}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.[0-9]{1,2})?元?"
_TYPE = pa.decimal128(18, 2)


def plain(texts: Column) -> Plain:
    """Amounts of zero or more that are no placeholder."""
    where = matches(texts, _PLAIN)
    cny = pc.replace_substring_regex(texts.filter(where), "[^0-9.]", "").cast(_TYPE)
    kept = ~np.array(pc.is_in(cny, _listed()), dtype=bool)
    cny = cny.filter(kept)
    return Plain(
        narrow(where, kept),
        {
            "value": cny.cast(pa.string()),
            "status": same("ok", len(cny)),
            "reason": same("", len(cny)),
            "cny": cny,
        },
    )


def _listed() -> Column:
    """The placeholders that are numbers; zero is one that means it."""
    numbers = (text for text in placeholders("amount") if text.isdecimal() and int(text))
    return pa.array(sorted(map(Decimal, numbers)), _TYPE)
