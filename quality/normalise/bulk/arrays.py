"""Arrow columns as numpy matrices, and a scalar function once per distinct value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

#: An Arrow array, chunked or not: the stubs of pyarrow do not know what compute functions take.
Column = Any
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
_HAN_BYTES = 3  # of a character between U+0800 and U+FFFF in UTF-8


def arrow(values: npt.NDArray[Any]) -> Column:
    """A numpy array as an Arrow array."""
    return pa.array(values)


def lists(ends: npt.NDArray[np.integer[Any]], elements: Column) -> Column:
    """Lists of elements; ends: n + 1 offsets, the first 0."""
    offsets: Any = pa.array(ends.astype(np.int32))
    return pa.ListArray.from_arrays(offsets, elements)


def is_text(texts: Column, text: str) -> Column:
    """Whether each text is the one."""
    return pc.equal(texts, pa.scalar(text))


def joined(parts: Iterable[Column], separator: str = "") -> Column:
    """The parts of each row in one text."""
    join: Any = pc.binary_join_element_wise
    return join(*parts, separator)


def matches(texts: Column, pattern: str) -> Column:
    """Whether each whole text is of an RE2 pattern; null is none."""
    found: Column = pc.match_substring_regex(texts, f"^(?:{pattern})$")
    # RE2's $ is the very end of the text, unlike Python's
    return pc.fill_null(found, False)


def narrow(where: Column, kept: Mask) -> Column:
    """The mask with only those of its true places that `kept` has, in order."""
    mask = np.array(where, dtype=bool)
    mask[mask] = kept
    return pa.array(mask)


def is_in(texts: Column, listed: Iterable[str]) -> Mask:
    """Whether each text is listed."""
    found: Column = pc.is_in(texts, pa.array(sorted(listed), pa.string()))
    return np.array(found, dtype=bool)


def characters(texts: Column, width: int) -> Bytes:
    """ASCII texts of `width` characters, as a matrix of n rows."""
    fixed = texts.cast(pa.binary()).cast(pa.binary(width))
    flat = np.frombuffer(fixed.buffers()[1], np.uint8) if len(fixed) else np.empty(0, np.uint8)
    start = fixed.offset * width
    return flat[start : start + len(fixed) * width].reshape(len(fixed), width)


def code_points(texts: Column, length: int) -> npt.NDArray[np.int32]:
    """Texts of `length` characters between U+0800 and U+FFFF, as a matrix of their code points."""
    parts = characters(texts, length * _HAN_BYTES).reshape(-1, length, _HAN_BYTES).astype(np.int32)
    points: npt.NDArray[np.int32] = (
        (parts[..., 0] & 15) << 12 | (parts[..., 1] & 63) << 6 | parts[..., 2] & 63
    )
    return points


def number(digits: Bytes) -> npt.NDArray[np.int64]:
    """The number that each row of ASCII digits spells."""
    value = np.zeros(len(digits), np.int64)
    for place in range(digits.shape[1]):
        value = value * 10 + (digits[:, place] - ord("0"))
    return value


def days(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.datetime64], Mask]:
    """Days of the Gregorian calendar, and which of them there are."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    dates: Any = months.astype("datetime64[D]") + (day - 1)
    real: Mask = (
        (month >= 1) & (month <= 12) & (day >= 1) & (dates.astype("datetime64[M]") == months)
    )
    return dates, real


def per_distinct(
    texts: Column, function: Callable[[str], Any], arrow_type: pa.DataType | None = None
) -> Column:
    """The function's answer for each text, asked once per distinct one."""
    encoded = texts.dictionary_encode()
    answers = pa.array(map(function, encoded.dictionary.to_pylist()), arrow_type or pa.string())
    return answers.take(encoded.indices)


def start(texts: Column, stop: int) -> Column:
    """The first `stop` characters of each text."""
    return pc.utf8_slice_codeunits(texts, 0, stop)


def end(texts: Column, start: int) -> Column:
    """Each text from its character `start`, counted from the end where negative."""
    return pc.utf8_slice_codeunits(texts, start)


def same(text: str, count: int) -> Column:
    """One text, `count` times."""
    return pa.repeat(text, count)
