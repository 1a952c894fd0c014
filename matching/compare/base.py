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
    sql: role -> column gives a CASE expression over the aliases l and r, with the level (a word of
      the ENUM of all levels) or NULL; for what SQL can say.
    bulk: (distinct values with a column per role, left, right) -> levels; for what it cannot.
    Exactly one of sql and bulk is given.
    equal: the roles whose values, or elements of sets, the SQL only asks to be equal or missing;
      it is given hashes, and sets in the form of `set_sql`.
    """

    name: str
    roles: tuple[str, ...]
    levels: tuple[str, ...]
    says: str
    scalar: Callable[[Row, Row], str | None]
    sql: Callable[[Mapping[str, str]], str] | None = None
    bulk: Callable[[pa.Table, Index, Index], Levels] | None = None
    equal: frozenset[str] = frozenset()

    def told(self, role: str, column: str) -> str:
        """By what name the SQL is given a column in a role."""
        return f"{column}_hash" if role in self.equal else column


def word_sql(word: str, words: tuple[str, ...]) -> str:
    """A word of the ENUM of all `words`; a text that is cast to one is looked up for each row.

    >>> word_sql("link", ("link", "leave"))
    "'link'::ENUM ('link', 'leave')"
    """
    return f"'{word}'::ENUM ({', '.join(repr(one) for one in words)})"


def case_sql(levels: tuple[str, ...], branches: Mapping[str, str]) -> str:
    """A CASE expression giving the first level whose condition holds, else NULL."""
    whens = " ".join(f"WHEN {sql} THEN {word_sql(at, levels)}" for at, sql in branches.items())
    return f"CASE {whens} END"


def meet(left: Collection[Any] | None, right: Collection[Any] | None) -> bool:
    """Whether two sets have a value in common."""
    return bool(set(left or ()) & set(right or ()))


def set_sql(values: str, column: str) -> str:
    """The columns by which `meet_sql` and `known_sql` know a set, of an SQL list; all are hashes.

    `<column>_one` is its first value, and `<column>` the list, only where it holds several: most
    hold one, and lists are slow to carry and to compare.
    """
    return (
        f"CASE WHEN len({values}) > 0 THEN hash({values}[1]) END AS {column}_one, "
        f"CASE WHEN len({values}) > 1 THEN {hashes_sql(values)} END AS {column}"
    )


def hashes_sql(values: str) -> str:
    """The hashes of the values of an SQL list."""
    return f"list_transform({values}, lambda value: hash(value))"


def meet_sql(left: str, right: str) -> str:
    """`meet` for two sets in the form of `set_sql`."""
    lists = (f"coalesce({side}, [{side}_one])" for side in (left, right))
    several = f"({left} IS NOT NULL OR {right} IS NOT NULL)"
    return f"({left}_one = {right}_one OR ({several} AND list_has_any({', '.join(lists)})))"


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
    """Whether both profiles tell something in a set in the form of `set_sql`."""
    return f"l.{column}_one IS NOT NULL AND r.{column}_one IS NOT NULL"


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
