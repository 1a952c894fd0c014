"""Company names by their parts: 宏达物流 and 武汉宏达物流有限责任公司 may be one, 分公司 is not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process

from matching.compare.base import MISSING, Comparator, Index, Levels, Row, known

_LEVELS = ("same_registered", "same", "same_core", "close", "different")
#: Normalised indel similarity of the keys from which a slip of the hand is likely: one wrong
#: character in six leaves 83.
_CLOSE = 82.0


def company_name(left: Row, right: Row) -> str | None:
    """The ladder of company names.

    key: core and trade, to compare by. core: the 字号. region, branch: where told.
    """
    if left["key"] is None or right["key"] is None:
        return None
    if left["branch"] != right["branch"] or _clash(left["region"], right["region"]):
        return "different"
    if left["key"] == right["key"]:
        registered = left["region"] is not None and left["region"] == right["region"]
        return "same_registered" if registered else "same"
    if left["core"] is not None and left["core"] == right["core"]:
        return "same_core"
    return "close" if fuzz.ratio(left["key"], right["key"]) >= _CLOSE else "different"


def _clash(a: str | None, b: str | None) -> bool:
    """Two regions neither of which may be part of the other (江苏 and 江苏苏州)."""
    return a is not None and b is not None and a not in b and b not in a


def _bulk(values: pa.Table, left: Index, right: Index) -> Levels:
    column = {
        role: np.array(values[role].to_pylist(), dtype=object)
        for role in ("key", "core", "region", "branch")
    }

    def equal(role: str) -> npt.NDArray[np.bool_]:
        return np.asarray(column[role][left] == column[role][right], dtype=bool)

    key = column["key"]
    told = {role: known(values) for role, values in column.items()}
    both = told["key"][left] & told["key"][right]
    clash = ~equal("branch")
    apart = ~equal("region") & both
    regions = column["region"]
    clash[apart] |= np.fromiter(
        (_clash(a, b) for a, b in zip(regions[left[apart]], regions[right[apart]], strict=True)),
        dtype=bool,
        count=int(apart.sum()),
    )
    same = equal("key")[both]
    region = (equal("region") & told["region"][left])[both]
    levels = np.full(len(left), MISSING, dtype=np.int8)
    ratio = process.cpdist(
        key[left[both]].tolist(), key[right[both]].tolist(), scorer=fuzz.ratio, dtype=np.float64
    )
    core = equal("core") & told["core"][left]
    levels[both] = np.select(
        [clash[both], same & region, same, core[both], ratio >= _CLOSE], [4, 0, 1, 2, 3], 4
    )
    return levels


COMPANY_NAME = Comparator(
    "company_name",
    ("key", "core", "region", "branch"),
    _LEVELS,
    "Whether the two company names have the same region, core and trade (a registry gives such a "
    "name once), the same core and trade, the same core only, or nearly the same letters; another "
    "region or another branch makes them two.",
    company_name,
    bulk=_bulk,
)
