"""Engine numbers of ASCII letters and digits."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, is_in, matches, narrow, same
from quality.normalise.cell import placeholders

# a letter other than E, so that no spreadsheet can have taken it for a number
_PLAIN = "[A-Z0-9]*[A-DF-Z][A-Z0-9]*"


def plain(texts: Column) -> Plain:
    """Four to 25 places with a letter and a digit, and no placeholder."""
    where = matches(texts, _PLAIN)
    numbers = texts.filter(where)
    length = np.asarray(pc.binary_length(numbers))
    kept = (length >= 4) & (length <= 25)
    kept &= np.array(pc.match_substring_regex(numbers, "[0-9]"), dtype=bool)
    kept &= ~is_in(numbers, placeholders("engine"))
    numbers = numbers.filter(kept)
    count = len(numbers)
    return Plain(
        narrow(where, kept),
        {"value": numbers, "status": same("ok", count), "reason": same("", count)},
    )
