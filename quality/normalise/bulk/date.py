"""Days written year first in digits, with a time of day behind or not; and Excel serials."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.normalise.bulk import Plain
from quality.normalise.bulk.arrays import Column, days, is_in, matches, narrow
from quality.normalise.cell import placeholders
from quality.normalise.date_forms import EPOCH, FIRST_SERIAL, LAST_SERIAL

_YEAR = "(?P<year>(?:19|20)[0-9]{2})"
_DAY = rf"{_YEAR}(?:[-/.]|年)(?P<month>[0-9]{{1,2}})(?:[-/.]|月)(?P<day>[0-9]{{1,2}})日?"
_COMPACT = f"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"
_TIME = r"(?:[ T](?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?)?"
_SERIAL = r"[0-9]{5}(?:\.[0-9]{1,10})?"


def plain(texts: Column) -> Plain:
    """Days that exist and are no placeholder; the year is from 1900 to 2099 by its form."""
    parted, run = np.array(matches(texts, _DAY + _TIME)), np.array(matches(texts, _COMPACT))
    serial = np.array(matches(texts, _SERIAL))
    found = np.full(len(texts), np.datetime64("NaT", "D"))
    found[parted] = _calendar(texts.filter(pa.array(parted)), _DAY)
    found[run] = _calendar(texts.filter(pa.array(run)), _COMPACT)
    found[serial] = _serials(texts.filter(pa.array(serial)))
    where = ~np.isnat(found)
    dates = pa.array(found[where]).cast(pa.date32())
    iso = dates.cast(pa.string())
    kept = ~is_in(iso, placeholders("date"))
    mended = pa.array(serial[where][kept])
    return Plain(
        narrow(where, kept),
        {
            "value": iso.filter(kept),
            "status": pc.if_else(mended, "repaired", "ok"),
            "reason": pc.if_else(mended, "excel_serial", ""),
            "date": dates.filter(kept),
        },
    )


def _calendar(texts: Column, pattern: str) -> Any:
    """The day of each text; NaT where there is none."""
    parts = pc.extract_regex(texts, f"^{pattern}")
    year, month, day = (
        np.asarray(pc.struct_field(parts, name).cast(pa.int64()))
        for name in ("year", "month", "day")
    )
    dates, real = days(year, month, day)
    return np.where(real, dates, np.datetime64("NaT", "D"))


def _serials(texts: Column) -> Any:
    """The day of each serial; NaT where it is of no day that a spreadsheet would mean."""
    serial = np.asarray(pc.utf8_slice_codeunits(texts, 0, 5).cast(pa.int64()))
    meant = (serial >= FIRST_SERIAL) & (serial <= LAST_SERIAL)
    dates = np.datetime64(EPOCH, "D") + serial
    return np.where(meant, dates, np.datetime64("NaT", "D"))
