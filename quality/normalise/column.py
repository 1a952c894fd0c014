"""Run a normaliser over a column: plain values in bulk, the others one scalar call per distinct."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise import NOWHERE, Near, Value
from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, arrow, lists, narrow
from quality.normalise.registry import Normaliser

#: The attribute of a Value that is a day of the past; its field has no other.
DAYS = ("date", "birth_date")


def apply(
    normaliser: Normaliser,
    typed: Column,
    near: Sequence[Near] = (NOWHERE,),
    near_index: Column | None = None,
) -> pa.Table:
    """Return a table with a column per attribute of the Value but `display`, aligned with `typed`.

    typed: n strings. near, near_index: the distinct surroundings and, per row, which of them
    applies (int32, n); without them every row has the first.
    """
    column = typed.combine_chunks() if isinstance(typed, pa.ChunkedArray) else typed
    encoded = column.dictionary_encode(null_encoding="encode")
    texts, index, around = encoded.dictionary, encoded.indices, None
    if near_index is not None:
        # a (text, surroundings) pair as one integer: Arrow cannot dictionary-encode structs
        width = len(near)
        code = pc.add(pc.multiply(index.cast(pa.int64()), width), near_index.cast(pa.int64()))
        encoded = code.dictionary_encode()
        pairs, index = np.asarray(encoded.dictionary), encoded.indices
        texts, around = texts.take(pa.array(pairs // width)), pairs % width
    return _of_distinct(normaliser, texts, near, around).take(index)


def _of_distinct(
    normaliser: Normaliser, texts: Column, near: Sequence[Near], around: Any
) -> pa.Table:
    """The values of distinct texts, in their order."""
    kind = normaliser.kind
    if normaliser.bulk is None:
        return _one_by_one(normaliser, texts, near, around)
    where, columns = _past(normaliser.bulk(pc.utf8_trim(texts, " \t")), near)
    plain = np.asarray(where)
    columns["typed"] = texts.filter(where)
    bulk = pa.table(
        {
            name: columns[name] if name in columns else _empty(arrow_type, int(plain.sum()))
            for name, arrow_type in bulk_fields(kind).items()
        }
    )
    rest = texts.filter(pa.array(~plain))
    others = _one_by_one(normaliser, rest, near, None if around is None else around[~plain])
    place = np.argsort(np.concatenate([np.flatnonzero(plain), np.flatnonzero(~plain)]))
    both = pa.concat_tables([bulk.cast(others.schema), others])
    return both.combine_chunks().take(arrow(place))


def _past(plain: Plain, near: Sequence[Near]) -> Plain:
    """Without the days after the earliest clock: only the scalar weighs each against its own."""
    clocks = [n.latest for n in near if n.latest is not None]
    days = [plain.columns[name] for name in DAYS if name in plain.columns]
    if not clocks or not days:
        return plain
    kept = np.asarray(pc.less_equal(days[0], pa.scalar(min(clocks), pa.date32())))
    columns = {name: column.filter(pa.array(kept)) for name, column in plain.columns.items()}
    return Plain(narrow(plain.where, kept), columns)


def _one_by_one(
    normaliser: Normaliser, texts: Column, near: Sequence[Near], around: Any
) -> pa.Table:
    """The scalar normaliser's values."""
    cells = texts.to_pylist()
    if around is None:
        results = [normaliser.scalar(text, near[0]) for text in cells]
    else:
        nears = (near[number] for number in around)
        results = [normaliser.scalar(*cell) for cell in zip(cells, nears, strict=True)]
    types = bulk_fields(normaliser.kind)
    columns = list(zip(*map(attrgetter(*types), results), strict=True)) or [()] * len(types)
    return pa.table(
        {
            name: pa.array(column, type=arrow_type)
            for (name, arrow_type), column in zip(types.items(), columns, strict=True)
        }
    )


def _empty(arrow_type: pa.DataType, count: int) -> Column:
    """Null, or lists without elements."""
    if not pa.types.is_list(arrow_type):
        return pa.array([None] * count, arrow_type)
    return lists(np.zeros(count + 1, np.int32), pa.array([], arrow_type.value_type))


def put_in(base: pa.Table, where: Column, other: pa.Table) -> pa.Table:
    """`base` with the rows of `other`, in order, in the places where the mask is true."""
    own = pa.array(range(base.num_rows), pa.int64())
    ones: Column = pc.cast(where, pa.int64())
    running: Column = pc.cumulative_sum(ones)
    place = pc.if_else(where, pc.add(running, pa.scalar(base.num_rows - 1)), own)
    return pa.concat_tables([base, other]).take(place)


def bulk_fields(kind: type[Value]) -> dict[str, pa.DataType]:
    """The Arrow type of each attribute of a Value class; how to show it, a column does not tell."""
    hints = get_type_hints(kind)
    return {f.name: _arrow_type(hints[f.name]) for f in fields(kind) if f.name != "display"}


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
