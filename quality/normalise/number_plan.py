"""The number plan of mainland China, and numbers that people type to fill the field.

Sources: `reference/mobile_plan.csv`, `reference/area_codes.csv`, `reference/placeholders.csv`.
"""

from __future__ import annotations

from functools import cache

from quality.reference import table


def plan_of(digits: str) -> tuple[str, bool]:
    """Kind of an 11-digit number by its first five digits, and whether the plan has it."""
    return plan_of_prefix(digits[:5], 11) or ("mobile", False)


@cache
def plan_of_prefix(prefix: str, length: int) -> tuple[str, bool] | None:
    """The same for five digits of a number of any length; None where there is no such number."""
    for size in (5, 4, 3):
        plan = _plans().get(prefix[:size])
        if plan and plan[0] == length:
            return plan[1], plan[2]
    return None


@cache
def _plans() -> dict[str, tuple[int, str, bool]]:
    return {
        r["prefix"]: (int(r["length"]), r["kind"], r["in_plan"] == "y")
        for r in table("mobile_plan")
    }


@cache
def areas() -> dict[str, tuple[int, ...]]:
    """Area code with its zero to the lengths of the local numbers."""
    return {r["code"]: tuple(int(n) for n in r["digits"].split("-")) for r in table("area_codes")}


def is_dummy(digits: str) -> bool:
    """Whether 11 digits are listed as typed to fill the field: nobody's own number.

    >>> is_dummy("13800138000"), is_dummy("13911111112")
    (True, False)
    """
    return digits in _listed()


def looks_dummy(digits: str) -> bool:
    """Whether 11 digits are so regular that they may fill the field; also somebody's good number.

    Of random numbers 1 in 100,000 looks so. Two digits in any order are not enough (1 in 9,000).

    >>> [looks_dummy(d) for d in ("13911111112", "13887654321", "13812121212", "13812121221")]
    [True, True, True, False]
    """
    last = digits[3:]
    kinds = set(last)
    if len(kinds) > 2:
        return digits in dummies()
    rarest = min(last.count(k) for k in kinds)
    return rarest <= 1 or len(kinds) == 1 or last == last[:2] * 4


@cache
def dummies() -> frozenset[str]:
    """The listed numbers, and every mobile that ends in a run of eight digits."""
    runs = "0123456789012345678", "9876543210987654321"
    # 12345678 stays: it is somebody's, and the number that manuals print as an example
    tails = {run[i : i + 8] for run in runs for i in range(10)} - {"12345678"}
    heads = [f"1{n}" for n in range(30, 100)]
    return _listed() | {head + tail for head in heads for tail in tails}


@cache
def _listed() -> frozenset[str]:
    return frozenset(r["value"] for r in table("placeholders") if r["field"] == "phone")
