"""What a page may tell of few people: statistical disclosure control.

A count of 1 to 4 is hidden, and with it as many others of its row and column as it takes that
nobody gets it back by subtracting from a total. A rate of which numerator or complement is below 5
is told as a bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.dashboard.wording import NONE, percent

#: Fewer people than this could be recognised by who knows the outlet; what statistical offices use.
LEAST = 5

Counts = NDArray[np.int64]
Hidden = NDArray[np.bool_]


def hidden(counts: Counts, besides: Hidden | None = None) -> Hidden:
    """Which cells of a table of counts are hidden, if its row and column totals are told.

    counts: rows × columns; the columns of a single row have no total. besides: what is hidden
    anyway. Of a line are hidden no cells, or at least two that are LEAST or more together.

    >>> hidden(np.array([[3, 7, 40]])).tolist()
    [[True, True, False]]
    """
    found = (counts > 0) & (counts < LEAST)
    if besides is not None:
        found |= besides
    lines = list(zip(counts, found, strict=True))
    if len(counts) > 1:
        lines += zip(counts.T, found.T, strict=True)
    # hiding a cell for its row may leave it alone in its column, and the other way round
    while sum(_widen(line, mask) for line, mask in lines):
        pass
    return found


def told(parts: Sequence[int]) -> list[int | None]:
    """The parts of a total, with None for what is hidden.

    >>> told([3, 7, 40]), told([3]), told([])
    ([None, None, 40], [None], [])
    """
    mask = hidden(np.array([parts], np.int64))[0]
    return [None if hide else part for part, hide in zip(parts, mask, strict=True)]


def _widen(line: Counts, mask: Hidden) -> bool:
    """Hide one more cell of a line if what is hidden could be told from its total."""
    told = ~mask
    if not mask.any() or not told.any() or (mask.sum() > 1 and line[mask].sum() >= LEAST):
        return False
    # the smallest that is not nothing: zeros hide nothing, and are the last resort
    mask[min(np.flatnonzero(told), key=lambda at: (line[at] == 0, line[at]))] = True
    return True


@dataclass(frozen=True, slots=True)
class Rate:
    """A share as it may be told. bound: "" exact to a whole per cent, else "≥" or "≤".

    value: None where nothing can be told.
    """

    value: float | None
    bound: str = ""

    def __str__(self) -> str:
        return NONE if self.value is None else f"{self.bound}{percent(self.value)}"


def rate(part: int, whole: int) -> Rate:
    """The share of `part` in `whole` as it may be told.

    >>> str(rate(30, 60)), str(rate(58, 60)), str(rate(0, 60)), str(rate(6, 6))
    ('50%', '≥93%', '≤7%', '–')
    """
    if whole < 2 * LEAST - 1:
        return Rate(None)
    if part < LEAST:
        return Rate(math.ceil(100 * (LEAST - 1) / whole) / 100, "≤")
    if whole - part < LEAST:
        return Rate(math.floor(100 * (whole - LEAST + 1) / whole) / 100, "≥")
    return Rate(int(100 * part / whole + 0.5) / 100)
