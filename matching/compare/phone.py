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
    # the same unmasked digits are one and the same number, which was set aside for a reason
    if a == b:
        return "_" in a
    # by bytes, as DuckDB counts: digits are ASCII
    return OSA.distance(a.encode(), b.encode()) == 1 or fits(a, b) or fits(b, a)


def _sql(columns: Mapping[str, str]) -> str:
    n, s, d = columns["numbers"], columns["shared"], columns["digits"]
    return case_sql(
        _LEVELS,
        {
            "same": _meet_sql(n),
            "same_shared": _meet_sql(s),
            "near": f"(l.{d} <> r.{d} OR contains(l.{d}, '_')) AND ("
            f"{fits_sql(f'l.{d}', f'r.{d}')} OR {fits_sql(f'r.{d}', f'l.{d}')} OR "
            f"(abs(length(l.{d}) - length(r.{d})) <= 1 AND damerau_levenshtein(l.{d}, r.{d}) = 1))",
            "different": f"len(l.{n}) > 0 AND len(r.{n}) > 0",
        },
    )


def _meet_sql(column: str) -> str:
    """`_meet`; most sets hold one number, and sets are slow to compare."""
    a, b = f"l.{column}", f"r.{column}"
    several = f"len({a}) > 0 AND len({b}) > 0 AND len({a}) + len({b}) > 2"
    return f"({a}[1] = {b}[1] OR ({several} AND list_has_any({a}, {b})))"


PHONES = Comparator(
    "phones",
    ("numbers", "shared", "digits"),
    _LEVELS,
    "Whether the two hold a telephone number in common: their own, one that several people share, "
    "or one that is a single slip away.",
    phones,
    sql=_sql,
)
