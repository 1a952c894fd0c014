"""Telephone numbers: sets against sets."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from matching.compare.base import (
    Comparator,
    Row,
    case_sql,
    fits,
    fits_sql,
    known_sql,
    meet,
    meet_sql,
    slip_sql,
)  # fmt: skip

_LEVELS = ("same", "same_shared", "near", "different")


def phones(left: Row, right: Row) -> str | None:
    """The ladder of phones.

    numbers: E.164 numbers that few people hold. shared: numbers that several people hold.
    digits: the main number's digits as typed, also where it is no valid number; masked `_`.
    """
    if meet(left["numbers"], right["numbers"]):
        return "same"
    if meet(left["shared"], right["shared"]):
        return "same_shared"
    a, b = left["digits"], right["digits"]
    if a is not None and b is not None and _near(a, b):
        return "near"
    return "different" if left["numbers"] and right["numbers"] else None


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
            "same": meet_sql(f"l.{n}", f"r.{n}"),
            "same_shared": meet_sql(f"l.{s}", f"r.{s}"),
            "near": f"(l.{d} <> r.{d} OR contains(l.{d}, '_')) AND ("
            f"{fits_sql(f'l.{d}', f'r.{d}')} OR {fits_sql(f'r.{d}', f'l.{d}')} OR "
            f"{slip_sql(f'l.{d}', f'r.{d}')})",
            "different": known_sql(n),
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
    equal=frozenset({"numbers", "shared"}),
)
