"""Mobile numbers of 11 digits, with or without separators and +86."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import (
    Column,
    characters,
    end,
    is_in,
    joined,
    matches,
    narrow,
    per_distinct,
    same,
    start,
)
from quality.normalise.phone import dummies, plan_of

_PLAIN = r"(?:\+?86[- ]?)?1[3-9][0-9](?:[0-9]{8}|[- ][0-9]{4}[- ][0-9]{4})"
_PREFIX = 5  # characters that decide the number plan


def plain(texts: Column) -> Plain:
    """Mobiles whose last eight digits are of three kinds or more, so that none is a dummy."""
    where = matches(texts, _PLAIN)
    digits = _digits(texts.filter(where))
    last = np.sort(characters(digits, 11)[:, 3:], axis=1)
    kinds = 1 + (last[:, 1:] != last[:, :-1]).sum(axis=1)
    kept = (kinds > 2) & ~is_in(digits, dummies())
    digits = digits.filter(kept)
    prefix = start(digits, _PREFIX)
    count = len(digits)
    return Plain(
        narrow(where, kept),
        {
            "value": joined([same("+86", count), digits]),
            "status": same("ok", count),
            "reason": per_distinct(prefix, lambda p: "" if plan_of(p)[1] else "not_in_plan"),
            "kind": per_distinct(prefix, lambda p: plan_of(p)[0]),
            "tail": end(digits, -4),
            "digits": digits,
        },
    )


def _digits(texts: Column) -> Column:
    return end(pc.replace_substring_regex(texts, "[^0-9]+", ""), -11)
