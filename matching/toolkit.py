"""The comparisons of a model as features of the Python Record Linkage Toolkit, for notebooks.

An analyst compares profiles with `recordlinkage.Compare` and tries its classifiers on the very
levels that the engine weighs. Levels come from the comparators' scalar functions, one distinct
pair of values at a time: slower than the engine's SQL and bulk functions, and their second oracle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from recordlinkage.base import BaseCompareFeature

from matching.compare import COMPARATORS, Row
from matching.compare.base import MISSING
from matching.model import Model

#: A profile's values of some columns.
Values = tuple[Any, ...]


def features(model: Model, one_hot: bool = False) -> list[LevelFeature]:
    """One feature for each comparison of the model, over a data frame of profiles.

    The frame has the model's columns, as `profile` of `matching.profiles` holds them. See
    `LevelFeature` for one_hot.

    >>> from recordlinkage import Compare
    >>> from matching.model import MODELS, load
    >>> person = {"given_name": "anna", "surname": "miller", "street": "hill road",
    ...           "street_number": "12", "suburb": "newtown", "postcode": None, "birth": "19800102"}
    >>> profiles = pd.DataFrame([person, person | {"given_name": "ana", "birth": None}])
    >>> pairs = pd.MultiIndex.from_tuples([(0, 1)])
    >>> levels = Compare(features(load(MODELS / "people.yml"))).compute(pairs, profiles)
    >>> levels[["name", "birth", "postcode"]].values.tolist()
    [[2, -1, -1]]
    """
    return [
        LevelFeature(comparison.compare, comparison.columns, name, comparison.unless, one_hot)
        for name, comparison in model.comparisons.items()
    ]


class LevelFeature(BaseCompareFeature):  # type: ignore[misc] # published without types
    """How two profiles agree by one comparator: the number of its level.

    compare: the comparator's name. columns: its role -> column of the frame. label: column of the
    result. unless: SQL over `l` and `r`; where it is true the comparison says nothing.
    Levels count from 0, the best; -1 where a side lacks the value. With one_hot each level is a
    column `<label>_<level>` of its own, of 0 and 1, all 0 where a side lacks the value: what
    recordlinkage's classifiers ask for, as levels are ordered, but not evenly spaced.

    >>> from recordlinkage import Compare
    >>> profiles = pd.DataFrame({"city": ["苏州", "苏州", "无锡", None]})
    >>> pairs = pd.MultiIndex.from_tuples([(0, 1), (0, 2), (0, 3)])
    >>> Compare([LevelFeature("exact", {"value": "city"}, "city")]).compute(pairs, profiles)
         city
    0 1     0
      2     1
      3    -1
    >>> city = LevelFeature("exact", {"value": "city"}, "city", one_hot=True)
    >>> Compare([city]).compute(pairs, profiles)
         city_same  city_different
    0 1          1               0
      2          0               1
      3          0               0
    """

    name = "levels"
    description = "Levels of a comparator of matching.compare."

    def __init__(
        self,
        compare: str,
        columns: Mapping[str, str],
        label: str,
        unless: str | None = None,
        one_hot: bool = False,
    ) -> None:
        self.comparator, self.unless, self.one_hot = COMPARATORS[compare], unless, one_hot
        self.roles = {role: columns[role] for role in self.comparator.roles}
        asked = re.findall(r"\b[lr]\.(\w+)", unless or "")
        self.columns = list(dict.fromkeys([*self.roles.values(), *asked]))
        named = [f"{label}_{level}" for level in self.comparator.levels]
        super().__init__(self.columns, self.columns, label=named if one_hot else label)

    def _compute_vectorized(self, *series: pd.Series) -> npt.NDArray[np.int8]:
        """recordlinkage gives the columns of the left profiles, then those of the right."""
        half = len(self.columns)
        left, right = _rows(series[:half]), _rows(series[half:])
        level_no = cache(self._level_no)
        levels = np.fromiter(map(level_no, left, right), dtype=np.int8, count=len(left))
        if self.unless is not None:
            levels[self._silent(left, right)] = MISSING
        if not self.one_hot:
            return levels
        numbers = np.arange(len(self.comparator.levels))
        return np.asarray(levels[:, None] == numbers, dtype=np.int8)

    def _level_no(self, left: Values, right: Values) -> int:
        level = self.comparator.scalar(self._by_role(left), self._by_role(right))
        return MISSING if level is None else self.comparator.levels.index(level)

    def _by_role(self, values: Values) -> Row:
        held = dict(zip(self.columns, values, strict=True))
        return {role: held[column] for role, column in self.roles.items()}

    def _silent(self, left: list[Values], right: list[Values]) -> npt.NDArray[np.bool_]:
        """Where `unless` holds: it is SQL, and reads nothing but the two profiles."""
        con = duckdb.default_connection().cursor()
        # as structs, so that `l.vehicle` is a field of the row at hand
        con.register("pair", pa.table({"l": self._structs(left), "r": self._structs(right)}))
        found = con.execute(f"SELECT ({self.unless}) IS TRUE AS silent FROM pair").fetchnumpy()
        return np.asarray(found["silent"], dtype=bool)

    def _structs(self, rows: list[Values]) -> pa.StructArray:
        columns = zip(*rows, strict=True) if rows else [()] * len(self.columns)
        return pa.StructArray.from_arrays([pa.array(column) for column in columns], self.columns)


def _rows(series: Iterable[pd.Series]) -> list[Values]:
    return list(zip(*([_plain(value) for value in column] for column in series), strict=True))


def _plain(value: Any) -> Any:
    """A cell as the comparators take it, and hashable: lists as tuples, nothing as None."""
    if isinstance(value, list | tuple | np.ndarray):
        return tuple(value)
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
