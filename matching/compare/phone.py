"""Telephone numbers: sets against sets."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from matching.compare.base import Comparator, Row, case_sql, fits, fits_sql

_LEVELS = ("same", "same_shared", "near", "different")


def phones(left: Row, right: Row) -> str | None:
    """The ladder of phones.

    numbers: E.164 numbers that few people hold. shared: numbers that several people hold.
    digits: the main number's digits as typed, also where it is no valid number; masked `_`.
    """
    if _meet(left["numbers"], right["numbers"]):
        return "same"
    if _meet(left["shared"], right["shared"]):
        return "same_shared"
    a, b = left["digits"], right["digits"]
    if a is not None and b is not None and _near(a, b):
        return "near"
    return "different" if left["numbers"] and right["numbers"] else None


def _meet(left: list[str] | None, right: list[str] | None) -> bool:
    return bool(set(left or ()) & set(right or ()))


def _near(a: str, b: str) -> bool:
    # by bytes, as DuckDB counts: digits are ASCII
    return OSA.distance(a.encode(), b.encode()) == 1 or fits(a, b) or fits(b, a)


def _sql(columns: Mapping[str, str]) -> str:
    n, s, d = columns["numbers"], columns["shared"], columns["digits"]
    return case_sql(
        _LEVELS,
        {
            "same": f"list_has_any(l.{n}, r.{n})",
            "same_shared": f"list_has_any(l.{s}, r.{s})",
            "near": f"{fits_sql(f'l.{d}', f'r.{d}')} OR {fits_sql(f'r.{d}', f'l.{d}')} OR "
            f"(abs(length(l.{d}) - length(r.{d})) <= 1 AND damerau_levenshtein(l.{d}, r.{d}) = 1)",
            "different": f"len(l.{n}) > 0 AND len(r.{n}) > 0",
        },
    )


PHONES = Comparator(
    "phones",
    ("numbers", "shared", "digits"),
    _LEVELS,
    "Whether the two hold a telephone number in common: their own, one that several people share, "
    "or one that is a single slip away.",
    phones,
    sql=_sql,
)
