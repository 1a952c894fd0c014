"""Any text, by characters: for tables that know nothing of China."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from matching.compare.base import MISSING, Comparator, Index, Levels, Row, known

_LEVELS = ("same", "very_close", "close", "different")
#: Jaro-Winkler similarity from which two texts are very close, and close (Winkler 1990; the usual
#: cuts of the field, e.g. Splink's name comparison).
_VERY_CLOSE, _CLOSE = 0.92, 0.80


def text(left: Row, right: Row) -> str | None:
    """Jaro-Winkler similarity in steps."""
    a, b = left["value"], right["value"]
    if a is None or b is None:
        return None
    if a == b:
        return "same"
    similarity = JaroWinkler.similarity(a, b)
    if similarity >= _VERY_CLOSE:
        return "very_close"
    return "close" if similarity >= _CLOSE else "different"


def _bulk(values: pa.Table, left: Index, right: Index) -> Levels:
    column = np.array(values["value"].to_pylist(), dtype=object)
    a, b = column[left], column[right]
    both = known(a) & known(b)
    levels = np.full(len(left), MISSING, dtype=np.int8)
    similarity = process.cpdist(
        a[both].tolist(), b[both].tolist(), scorer=JaroWinkler.similarity, dtype=np.float64
    )
    levels[both] = np.select([similarity >= _VERY_CLOSE, similarity >= _CLOSE], [1, 2], 3)
    levels[both & np.asarray(a == b, dtype=bool)] = 0
    return levels


TEXT = Comparator(
    "text",
    ("value",),
    _LEVELS,
    "How alike the two texts are, letter by letter.",
    text,
    bulk=_bulk,
)
