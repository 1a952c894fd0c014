"""What a comparator is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

#: One profile's values by role.
Row = Mapping[str, Any]
#: Level numbers, best first from 0; -1 where a side lacks the value. int8, one per pair.
Levels = npt.NDArray[np.int8]
#: Positions into a table of distinct values. int64, one per pair.
Index = npt.NDArray[np.int64]

MISSING = -1


def known(values: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Where a column of objects has a value."""
    return np.fromiter((value is not None for value in values), dtype=bool, count=len(values))


@dataclass(frozen=True, slots=True)
class Comparator:
    """How two profiles agree in one respect.

    name: as written in a model file. roles: the columns it looks at. levels: best first.
    says: what it looks at, for stewards.
    scalar: (left, right) -> level, or None where a side lacks the value.
    sql: role -> column gives a CASE expression over the aliases l and r, with the level's number
      or NULL; for what SQL can say.
    bulk: (distinct values with a column per role, left, right) -> levels; for what it cannot.
    Exactly one of sql and bulk is given.
    equal: the roles whose values, or elements of sets, the SQL only asks to be equal or missing;
      it is given hashes.
    """

    name: str
    roles: tuple[str, ...]
    levels: tuple[str, ...]
    says: str
    scalar: Callable[[Row, Row], str | None]
    sql: Callable[[Mapping[str, str]], str] | None = None
    bulk: Callable[[pa.Table, Index, Index], Levels] | None = None
    equal: frozenset[str] = frozenset()


def case_sql(levels: tuple[str, ...], branches: Mapping[str, str]) -> str:
    """A CASE expression giving the number of the first level whose condition holds, else NULL."""
    whens = " ".join(f"WHEN {sql} THEN {levels.index(level)}" for level, sql in branches.items())
    return f"CASE {whens} END"


def meet(left: Collection[Any] | None, right: Collection[Any] | None) -> bool:
    """Whether two sets have a value in common."""
    return bool(set(left or ()) & set(right or ()))


def meet_sql(left: str, right: str) -> str:
    """`meet` for two SQL lists; most hold one value, and sets are slow to compare."""
    several = f"len({left}) > 0 AND len({right}) > 0 AND len({left}) + len({right}) > 2"
    return f"({left}[1] = {right}[1] OR ({several} AND list_has_any({left}, {right})))"


def first_meeting(
    left: Row, right: Row, roles: tuple[str, ...], levels: tuple[str, ...]
) -> str | None:
    """The level of the first role in which two sets have a value in common."""
    pairs = zip(roles, levels, strict=False)
    return next((level for role, level in pairs if meet(left[role], right[role])), None)


def meetings_sql(
    columns: Mapping[str, str], roles: tuple[str, ...], levels: tuple[str, ...]
) -> dict[str, str]:
    """`first_meeting` as branches of `case_sql`."""
    return {
        level: meet_sql(f"l.{columns[role]}", f"r.{columns[role]}")
        for role, level in zip(roles, levels, strict=False)
    }


def slip_sql(left: str, right: str) -> str:
    """Whether two texts are one slip apart: a byte wrong, missing, added or swapped with its next.

    A swap is two plain edits, and those are counted in a fraction of the time.
    """
    return f"(levenshtein({left}, {right}) <= 2 AND damerau_levenshtein({left}, {right}) = 1)"


def known_sql(column: str) -> str:
    """Whether both profiles tell something in a column of sets."""
    return f"len(l.{column}) > 0 AND len(r.{column}) > 0"


def fits(text: str, pattern: str) -> bool:
    """Whether a text may be what a masked pattern hides; `_` stands for one character.

    >>> fits("13812348000", "138____8000"), fits("1381", "138%")
    (True, False)
    """
    return len(text) == len(pattern) and all(
        p in ("_", c) for c, p in zip(text, pattern, strict=True)
    )


def fits_sql(text: str, pattern: str) -> str:
    """`fits` for two SQL expressions: LIKE without its `%`, and only where something is masked."""
    literal = f"replace(replace({pattern}, '\\', '\\\\'), '%', '\\%')"
    return (
        f"({text} = {pattern} OR (contains({pattern}, '_') AND {text} LIKE {literal} ESCAPE '\\'))"
    )
