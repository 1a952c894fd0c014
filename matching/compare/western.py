"""Names of two parts, given name and surname, as Western tables have them: slips and swaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import OSA

from matching.compare.base import MISSING, Comparator, Index, Levels, Row, known

_LEVELS = ("same", "swapped", "close", "swapped_close", "one_same", "one_close", "different")
#: Slips (a letter wrong, missing, added, or swapped with its neighbour) that leave two parts alike:
#: one, and from so many letters on two. Jaro-Winkler, kind to a common beginning, takes charles
#: for charlotte.
_SLIPS, _LONG = 1, 6
#: How alike two parts are: the same, close, or neither; a missing part is like none.
_SAME, _NEAR, _APART = 2, 1, 0


def western_name(left: Row, right: Row) -> str | None:
    """The ladder of two-part names; each part is compared in its place, and in the other's.

    given, surname: either may be missing; then the one that is left tells what it can.
    """
    if not any((left["given"], left["surname"])) or not any((right["given"], right["surname"])):
        return None
    straight = [_alike(left[part], right[part]) for part in ("given", "surname")]
    crossed = [
        _alike(left["given"], right["surname"]),
        _alike(left["surname"], right["given"]),
    ]
    for found, whole, near in ((straight, "same", "close"), (crossed, "swapped", "swapped_close")):
        if min(found) == _SAME:
            return whole
        if min(found) == _NEAR:
            return near
    best = max(*straight, *crossed)
    return {_SAME: "one_same", _NEAR: "one_close", _APART: "different"}[best]


def _alike(a: str | None, b: str | None) -> int:
    if not a or not b:
        return _APART
    if a == b:
        return _SAME
    allowed = _SLIPS + (max(len(a), len(b)) >= _LONG)
    return _NEAR if OSA.distance(a, b) <= allowed else _APART


def _bulk(values: pa.Table, left: Index, right: Index) -> Levels:
    part = {
        role: np.array([v or None for v in values[role].to_pylist()], dtype=object)
        for role in ("given", "surname")
    }
    given = _alike_bulk(part["given"][left], part["given"][right])
    surname = _alike_bulk(part["surname"][left], part["surname"][right])
    crossed = _alike_bulk(part["given"][left], part["surname"][right])
    back = _alike_bulk(part["surname"][left], part["given"][right])
    straight, turned = np.minimum(given, surname), np.minimum(crossed, back)
    best = np.maximum.reduce([given, surname, crossed, back])
    told = known(part["given"]) | known(part["surname"])
    conditions = (
        straight == _SAME,
        straight == _NEAR,
        turned == _SAME,
        turned == _NEAR,
        best == _SAME,
        best == _NEAR,
    )
    names = ("same", "close", "swapped", "swapped_close", "one_same", "one_close")
    levels = np.select(
        conditions, [_LEVELS.index(name) for name in names], _LEVELS.index("different")
    )
    levels[~(told[left] & told[right])] = MISSING
    return levels.astype(np.int8)


def _alike_bulk(a: npt.NDArray[np.object_], b: npt.NDArray[np.object_]) -> npt.NDArray[np.int8]:
    """`_alike` for each pair."""
    both = known(a) & known(b)
    found = np.full(len(a), _APART, dtype=np.int8)
    x, y = a[both].tolist(), b[both].tolist()
    slips = process.cpdist(x, y, scorer=OSA.distance, dtype=np.int32)
    longer = np.array([max(len(p), len(q)) for p, q in zip(x, y, strict=True)], dtype=np.int32)
    found[both] = np.where(slips <= _SLIPS + (longer >= _LONG), _NEAR, _APART)
    found[both & np.asarray(a == b, dtype=bool)] = _SAME
    return found


WESTERN_NAME = Comparator(
    "western_name",
    ("given", "surname"),
    _LEVELS,
    "How given name and surname agree: the same, in each other's place, with slips of the hand, "
    "only one of the two, or not at all.",
    western_name,
    bulk=_bulk,
)
