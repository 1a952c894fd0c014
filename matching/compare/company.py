"""Company names by their parts: 宏达物流 and 武汉宏达物流有限责任公司 may be one, 分公司 is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process

from matching.compare.base import MISSING, Comparator, Index, Levels, Row, case_sql, known
from matching.compare.name_sounds import characters_alike

_LEVELS = (
    "same_registered", "same", "same_sound", "same_core", "one_character", "close", "different",
)  # fmt: skip
#: Normalised indel similarity of the keys from which a slip of the hand is likely: one wrong
#: character in six leaves 83.
_CLOSE = 82.0
#: Keys so long may differ in one character by a slip; in shorter ones it is most of the name.
_LONG = 4


def company_name(left: Row, right: Row) -> str | None:
    """The ladder of company names.

    key: core and trade, to compare by. core: the 字号. region, branch: where told.
    """
    a, b = left["key"], right["key"]
    if a is None or b is None:
        return None
    if left["branch"] != right["branch"] or _clash(left["region"], right["region"]):
        return "different"
    if a == b:
        # 华盛公司 is what a dealer calls any 华盛: without region and trade it names no company
        region = left["region"] is not None and left["region"] == right["region"]
        trade = a not in (left["core"], right["core"])
        return ("same_core", "same", "same_registered")[region + trade]
    others = [(x, y) for x, y in zip(a, b, strict=False) if x != y] if len(a) == len(b) else []
    if others and all(characters_alike(x, y) for x, y in others):
        return "same_sound"
    if left["core"] is not None and left["core"] == right["core"]:
        return "same_core"
    if len(others) == 1 and len(a) >= _LONG:
        return "one_character"
    return "close" if fuzz.ratio(a, b) >= _CLOSE else "different"


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
    a, b = key[left[both]], key[right[both]]
    ratio = process.cpdist(a.tolist(), b.tolist(), scorer=fuzz.ratio, dtype=np.float64)
    others, sound = _characters(a, b)
    core = equal("core") & told["core"][left]
    long = np.fromiter(map(len, a), dtype=np.int64, count=len(a)) >= _LONG
    named = np.asarray(key != column["core"], dtype=bool)
    trade = (named[left] & named[right])[both]
    conditions = {
        "different": clash[both],
        "same_registered": same & region & trade,
        "same": same & (region | trade),
        "same_core": same,
        "same_sound": (others > 0) & sound,
        "same_core_other_trade": core[both],
        "one_character": (others == 1) & long,
        "close": ratio >= _CLOSE,
    }
    levels[both] = np.select(
        list(conditions.values()),
        [_LEVELS.index(level.removesuffix("_other_trade")) for level in conditions],
        _LEVELS.index("different"),
    )
    return levels


def _characters(
    a: npt.NDArray[np.object_], b: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Of keys of one length: how many characters differ, and whether all that do are alike.

    0 and False for keys of two lengths.
    """
    others, alike = np.zeros(len(a), dtype=np.int64), np.zeros(len(a), dtype=bool)
    lengths = [np.fromiter(map(len, keys), dtype=np.int64, count=len(keys)) for keys in (a, b)]
    level = np.flatnonzero((lengths[0] == lengths[1]) & (lengths[0] > 0))
    if not level.size:
        return others, alike
    x, y = (
        np.array(keys[level].tolist(), dtype=str).view(np.uint32).reshape(len(level), -1)
        for keys in (a, b)
    )
    apart = x != y
    pairs, place = np.unique(np.stack([x[apart], y[apart]], axis=1), axis=0, return_inverse=True)
    like = np.array([characters_alike(chr(p), chr(q)) for p, q in pairs], dtype=bool)
    unlike = np.zeros(apart.shape, dtype=bool)
    unlike[apart] = ~like[place.reshape(-1)] if len(pairs) else False
    others[level] = apart.sum(axis=1)
    alike[level] = ~unlike.any(axis=1)
    return others, alike


COMPANY_NAME = Comparator(
    "company_name",
    ("key", "core", "region", "branch"),
    _LEVELS,
    "Whether the two company names have the same region, core and trade (a registry gives such a "
    "name once), the same core and trade, the same by sound or shape of the characters, the same "
    "core only, or nearly the same letters; another region or another branch makes them two.",
    company_name,
    bulk=_bulk,
)

_KINDS = ("both_companies", "both_people", "different")


def kind(left: Row, right: Row) -> str | None:
    """Company or person. value: `company`, or anything else for a person."""
    if left["value"] is None or right["value"] is None:
        return None
    if left["value"] != right["value"]:
        return "different"
    return "both_companies" if left["value"] == "company" else "both_people"


def _kind_sql(columns: Mapping[str, str]) -> str:
    value = columns["value"]
    return case_sql(
        _KINDS,
        {
            "both_companies": f"l.{value} = r.{value} AND l.{value} = 'company'",
            "both_people": f"l.{value} = r.{value}",
            "different": f"l.{value} <> r.{value}",
        },
    )


KIND = Comparator(
    "kind",
    ("value",),
    _KINDS,
    "Whether both are companies or both people. Companies are few, so that two of their records "
    "are more likely one company's than two people's are one person's.",
    kind,
    sql=_kind_sql,
)
