"""Odometer readings in whole kilometres.

Understood: 53000, 53,000 km, 53000.0, 5.3万公里, 5万3千, 5万3. Nothing below 0 or above 2,000,000
is a reading (a taxi drives about 1,000,000 in its life). 0 is kept: a new car at its delivery
check.

>>> [normalise(t).km for t in ("53000", "53,000 KM", "5.3万公里", "5万3", "53000.0")]
[53000, 53000, 53000, 53000, 53000]
>>> normalise("-5").reason, normalise("不详").status.value
('out_of_range', 'placeholder')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder


@dataclass(frozen=True, slots=True)
class MileageValue(Value):
    """A mileage cell; km is `value` as a number."""

    km: int | None = None


_LIMIT = 2_000_000
_NUMBER = re.compile(
    r"([+-]?\d{1,12}(?:\.\d{1,12})?)(万)?(?:(\d)千?)?(?:公里|千米|KMS?|K)?(?:左右)?"
)
_LABEL = re.compile(r"^(?:行驶)?里程数?[:是]?|^约")


def normalise(typed: str | None, near: Near = NOWHERE) -> MileageValue:
    """Understand a mileage cell; `near` is not used."""
    text = re.sub(r"[\s,]", "", folded(typed).upper()) if typed else ""
    if not text:
        return MileageValue(typed, None, "", Status.MISSING, "empty")
    match = _NUMBER.fullmatch(_LABEL.sub("", text))
    if match is None or (match[3] and not match[2]):
        if is_placeholder(text, "mileage"):
            return MileageValue(typed, None, "", Status.PLACEHOLDER, "listed")
        return MileageValue(typed, None, "", Status.INVALID, "not_a_number")
    km = int(Decimal(match[1]) * (10000 if match[2] else 1)) + int(match[3] or 0) * 1000
    if str(km) != "0" and is_placeholder(str(km), "mileage"):
        return MileageValue(typed, None, "", Status.PLACEHOLDER, "listed")
    if match[1].startswith("-") or km > _LIMIT:
        return MileageValue(typed, None, "", Status.INVALID, "out_of_range")
    return MileageValue(typed, str(km), f"{km:,} km", Status.OK, "", km)
