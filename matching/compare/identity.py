"""Numbers that belong to one person for life."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from matching.compare.base import Comparator, Row, case_sql, fits, fits_sql, slip_sql

_LEVELS = ("same", "same_pattern", "one_slip", "different")


def identity(left: Row, right: Row) -> str | None:
    """The ladder of id numbers.

    number: the valid number. pattern: what was typed where it is not valid as a whole: masked
    digits as `_` (110105________002X), a number that fails its check as it stands.
    """
    number, other = left["number"], right["number"]
    if number is not None and other is not None:
        return "same" if number == other else "different"
    a = left["pattern"] if number is None else number
    b = right["pattern"] if other is None else other
    if a is None or b is None:
        return None
    if fits(a, b) or fits(b, a):
        return "same_pattern"
    # by bytes, as DuckDB counts: a number's slips are of ASCII letters and digits
    slip = "_" not in a + b and OSA.distance(a.encode(), b.encode()) == 1
    return "one_slip" if slip else None


def _sql(columns: Mapping[str, str]) -> str:
    n, p = columns["number"], columns["pattern"]
    a, b = f"coalesce(l.{n}, l.{p})", f"coalesce(r.{n}, r.{p})"
    unmasked = f"NOT contains({a}, '_') AND NOT contains({b}, '_')"
    return case_sql(
        _LEVELS,
        {
            "same": f"l.{n} = r.{n}",
            "different": f"l.{n} <> r.{n}",
            "same_pattern": f"{fits_sql(a, b)} OR {fits_sql(b, a)}",
            "one_slip": f"{unmasked} AND {slip_sql(a, b)}",
        },
    )


IDENTITY = Comparator(
    "identity",
    ("number", "pattern"),
    _LEVELS,
    "Whether the id or company numbers are the same, may be the same behind masked digits, "
    "or differ by one slip of the hand. Two valid numbers that differ are two people.",
    identity,
    sql=_sql,
)
