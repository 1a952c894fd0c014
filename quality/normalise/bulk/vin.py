"""VINs of 17 legal characters whose check digit is right."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import (
    Bytes,
    Column,
    Mask,
    characters,
    is_in,
    joined,
    matches,
    narrow,
    per_distinct,
    same,
    start,
)
from quality.normalise.cell import placeholders
from quality.normalise.vin import LEGAL, VALUES, WEIGHTS, YEARS, makers

_VALUE = np.frombuffer(VALUES, np.uint8).astype(np.int64)
_CHECK = np.frombuffer(b"0123456789X", np.uint8)
_RUN = 8  # equal characters in a row, from which a VIN may be a placeholder


def plain(texts: Column) -> Plain:
    """Sound VINs in either case, without long runs of one character."""
    where = matches(texts, LEGAL.lower() + "|" + LEGAL)
    vins = pc.utf8_upper(texts.filter(where))
    letters = characters(vins, 17)
    kept = _sound(letters) & ~_repeated(letters) & ~is_in(vins, placeholders("vin"))
    vins = vins.filter(kept)
    first = start(vins, 3)
    wmi: Column = pc.if_else(
        pc.ends_with(first, "9"),
        joined([first, pc.utf8_slice_codeunits(vins, 11, 14)]),
        first,
    )
    year = pc.utf8_slice_codeunits(vins, 9, 10)
    count = len(vins)
    return Plain(
        narrow(where, kept),
        {
            "value": vins,
            "status": same("ok", count),
            "reason": same("", count),
            "wmi": wmi,
            "maker": per_distinct(first, makers().get),
            "model_year": per_distinct(year, YEARS.get, pa.int64()),
            "check": same("pass", count),
        },
    )


def _sound(letters: Bytes) -> Mask:
    """Whether the character in position 9 is the one that belongs there."""
    total = _VALUE[letters] @ np.array(WEIGHTS)
    right: Mask = _CHECK[total % 11] == letters[:, 8]
    return right


def _repeated(letters: Bytes) -> Mask:
    """Whether one character stands `_RUN` times in a row."""
    equal = letters[:, 1:] == letters[:, :-1]
    runs = np.lib.stride_tricks.sliding_window_view(equal, _RUN - 1, axis=1)
    whole: Mask = np.all(runs, axis=2)
    found: Mask = np.any(whole, axis=1)
    return found
