"""Plain equality, and dates of one event."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from matching.compare.base import Comparator, Row, case_sql

_EXACT = ("same", "different")


def exact(left: Row, right: Row) -> str | None:
    """Equal or not."""
    if left["value"] is None or right["value"] is None:
        return None
    return "same" if left["value"] == right["value"] else "different"


def _exact_sql(columns: Mapping[str, str]) -> str:
    value = columns["value"]
    return case_sql(
        _EXACT, {"same": f"l.{value} = r.{value}", "different": f"l.{value} <> r.{value}"}
    )


_CODE = ("same", "one_slip", "different")


def code(left: Row, right: Row) -> str | None:
    """Equal, or one character wrong, missing, added or swapped with its neighbour."""
    a, b = left["value"], right["value"]
    if a is None or b is None:
        return None
    if a == b:
        return "same"
    # by bytes, as DuckDB counts
    return "one_slip" if OSA.distance(a.encode(), b.encode()) == 1 else "different"


def _code_sql(columns: Mapping[str, str]) -> str:
    a, b = f"l.{columns['value']}", f"r.{columns['value']}"
    slip = f"abs(strlen({a}) - strlen({b})) <= 1 AND damerau_levenshtein({a}, {b}) = 1"
    return case_sql(_CODE, {"same": f"{a} = {b}", "one_slip": slip, "different": f"{a} <> {b}"})


_SAME_DAY = ("same_day_and_model", "same_day", "different")


def same_day(left: Row, right: Row) -> str | None:
    """One day, of one model of car."""
    if left["day"] is None or right["day"] is None:
        return None
    if left["day"] != right["day"]:
        return "different"
    same_model = left["model"] is not None and left["model"] == right["model"]
    return "same_day_and_model" if same_model else "same_day"


def _same_day_sql(columns: Mapping[str, str]) -> str:
    day, model = columns["day"], columns["model"]
    return case_sql(
        _SAME_DAY,
        {
            "same_day_and_model": f"l.{day} = r.{day} AND l.{model} = r.{model}",
            "same_day": f"l.{day} = r.{day}",
            "different": f"l.{day} <> r.{day}",
        },
    )


EXACT = Comparator(
    "exact",
    ("value",),
    _EXACT,
    "Whether the two values are equal.",
    exact,
    sql=_exact_sql,
    equal=frozenset({"value"}),
)
CODE = Comparator(
    "code",
    ("value",),
    _CODE,
    "Whether the two codes are equal, or one slip of the hand apart.",
    code,
    sql=_code_sql,
)
SAME_DAY = Comparator(
    "same_day",
    ("day", "model"),
    _SAME_DAY,
    "Whether both tell of a sale on the same day, and of the same model.",
    same_day,
    sql=_same_day_sql,
    equal=frozenset({"day", "model"}),
)
