"""Han names of two or three characters whose surname is known and whose reading is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from quality.normalise import surname as surnames
from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import (
    Column,
    Mask,
    arrow,
    code_points,
    end,
    is_in,
    joined,
    lists,
    matches,
    same,
    start,
)
from quality.normalise.name_han import other_ends, other_starts
from quality.normalise.name_value import placeholders
from quality.normalise.text import fold, simplify

_BASIC_HAN = "[\u4e00-\u9fff]"
_ANYBODY = "某"


def plain(texts: Column) -> Plain:
    """Names of a one-character surname and a given name without a word that means something."""
    short = np.array(matches(texts, _BASIC_HAN + "{2}"), dtype=bool)
    long = np.array(matches(texts, _BASIC_HAN + "{3}"), dtype=bool)
    kept, parts = np.zeros(len(texts), dtype=bool), []
    for mask, length in ((short, 2), (long, 3)):
        names = texts.filter(pa.array(mask))
        told, columns = _of_length(names, length)
        kept[mask] = told
        parts.append(columns)
    # the two lengths back in the order of the texts
    place = np.argsort(np.concatenate([np.flatnonzero(short & kept), np.flatnonzero(long & kept)]))
    table = pa.concat_tables(parts).combine_chunks().take(arrow(place))
    return Plain(pa.array(kept), dict(zip(table.column_names, table.columns, strict=True)))


def _of_length(names: Column, length: int) -> tuple[Mask, pa.Table]:
    """Which names are plain, and the columns of these."""
    points = code_points(names, length)
    chars = _Characters(points)
    simple = chars.spell(simplify)
    kept = (
        chars.are(surnames.single(), 0)
        & ~chars.are(other_starts(), 0)
        & ~chars.are(other_ends(length), length - 1)
        & ~is_in(start(simple, 2), surnames.compound())
        & ~is_in(simple, placeholders())
        & chars.read_one_way()
    )
    for place in range(length):
        kept &= ~chars.are({_ANYBODY}, place)
    typed = names.filter(kept)
    count = len(typed)
    readings = chars.readings()
    return kept, pa.table(
        {
            "value": typed,
            "status": same("ok", count),
            "reason": same("", count),
            "kind": same("person", count),
            "surname": start(typed, 1),
            "given": end(typed, 1),
            "fold": chars.spell(fold).filter(kept),
            "pinyin": readings.filter(kept),
            "pinyins": _ones(readings.filter(kept)),
            "script": same("han", count),
        }
    )


def _ones(texts: Column) -> Column:
    """Lists of one element."""
    return lists(np.arange(len(texts) + 1), texts)


class _Characters:
    """Names of one length, character by character; each distinct one is looked up once."""

    def __init__(self, points: npt.NDArray[np.int32]) -> None:
        distinct, index = np.unique(points, return_inverse=True)
        self._typed = [chr(point) for point in distinct]
        self._simple = [simplify(char) for char in self._typed]
        self._index = index.reshape(points.shape)
        self._length = points.shape[1]

    def are(self, listed: Any, place: int) -> Mask:
        """Whether the simplified character at a place is listed."""
        known = np.array([char in listed for char in self._simple], dtype=bool)
        found: Mask = known[self._index[:, place]]
        return found

    def spell(self, function: Callable[[str], str]) -> Column:
        """Each name with a function put on its characters."""
        return self._join(lambda place: [function(char) for char in self._typed], "")

    def read_one_way(self) -> Mask:
        """Whether no character has a second reading where it stands."""
        kept = np.ones(len(self._index), dtype=bool)
        for place in range(self._length):
            one = np.array([len(_read(char, place)) == 1 for char in self._simple], dtype=bool)
            kept &= one[self._index[:, place]]
        return kept

    def readings(self) -> Column:
        """The first reading of each character, joined by spaces."""
        return self._join(lambda place: [_read(char, place)[0] for char in self._simple], " ")

    def _join(self, at: Callable[[int], list[str]], separator: str) -> Column:
        columns = (
            pa.array(at(place), pa.string()).take(arrow(self._index[:, place]))
            for place in range(self._length)
        )
        return joined(columns, separator)


def _read(char: str, place: int) -> tuple[str, ...]:
    """The readings of a character, as a surname where it stands first."""
    surname = surnames.single().get(char) if place == 0 else None
    return surname or surnames.given_reading(char)
