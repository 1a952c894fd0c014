"""Run a scalar normaliser over a column: once per distinct value, then spread by index."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise import NOWHERE, Near, Value

#: An Arrow array, chunked or not: the stubs of pyarrow do not know what compute functions take.
Column = Any
Normaliser = Callable[[str | None, Near], Value]


def apply(
    normalise: Normaliser,
    kind: type[Value],
    typed: Column,
    near: Sequence[Near] | None = None,
    near_index: Column | None = None,
) -> pa.Table:
    """Return a table with one column per dataclass field of `kind`, aligned with `typed`.

    typed: n strings. near, near_index: the distinct surroundings and, per row, which of them
    applies (int32, n); without them every row is NOWHERE.
    """
    column = typed.combine_chunks() if isinstance(typed, pa.ChunkedArray) else typed
    encoded = column.dictionary_encode(null_encoding="encode")
    values, index = encoded.dictionary, encoded.indices
    texts: list[Any] = values.to_pylist()
    if near is None or near_index is None:
        results = [normalise(text, NOWHERE) for text in texts]
    else:
        # a (value, surroundings) pair as one integer: Arrow cannot dictionary-encode structs
        width = len(near)
        code = pc.add(pc.multiply(index.cast(pa.int64()), width), near_index.cast(pa.int64()))
        encoded = code.dictionary_encode()
        index = encoded.indices
        keys: list[Any] = encoded.dictionary.to_pylist()
        results = [normalise(texts[key // width], near[key % width]) for key in keys]
    types = arrow_fields(kind)
    columns = list(zip(*map(attrgetter(*types), results), strict=True)) or [()] * len(types)
    distinct = pa.table(
        {
            name: pa.array(column, type=arrow_type)
            for (name, arrow_type), column in zip(types.items(), columns, strict=True)
        }
    )
    return distinct.take(index)


def put_in(base: pa.Table, where: Column, other: pa.Table) -> pa.Table:
    """`base` with the rows of `other`, in order, in the places where the mask is true."""
    own = pa.array(range(base.num_rows), pa.int64())
    ones: Column = pc.cast(where, pa.int64())
    running: Column = pc.cumulative_sum(ones)
    place = pc.if_else(where, pc.add(running, pa.scalar(base.num_rows - 1)), own)
    return pa.concat_tables([base, other]).take(place)


def arrow_fields(kind: type[Value]) -> dict[str, pa.DataType]:
    """The Arrow type of each field of a Value dataclass."""
    hints = get_type_hints(kind)
    return {field.name: _arrow_type(hints[field.name]) for field in fields(kind)}


def _arrow_type(hint: Any) -> pa.DataType:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        inner = [a for a in get_args(hint) if a is not type(None)]
        return _arrow_type(inner[0])
    if origin is tuple:
        return pa.list_(_arrow_type(get_args(hint)[0]))
    if isinstance(hint, type):
        for python, arrow in _ARROW.items():
            if issubclass(hint, python):
                return arrow
    raise TypeError(f"no Arrow type for {hint!r}")


_ARROW: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    str: pa.string(),
    int: pa.int64(),
    datetime.date: pa.date32(),
    decimal.Decimal: pa.decimal128(18, 2),
    float: pa.float64(),
}
