"""Engine numbers, upper-cased letters and digits only.

There is no national format: a maker's code and a serial, 4 to 25 characters. Engines are
replaced, and their first characters are shared by 100,000 engines: compare the last 6 to 8,
beside a VIN.

>>> normalise("ea211 * 123456").value, normalise("无").status.value
('EA211123456', 'placeholder')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder, without_float


@dataclass(frozen=True, slots=True)
class EngineValue(Value):
    """An engine number cell."""


_NOISE = re.compile(r"[^A-Z0-9]+")
_LABEL = re.compile(r"^(?:发动机号?码?|电机号?)[:]?")


def normalise(typed: str | None, near: Near = NOWHERE) -> EngineValue:
    """Understand an engine number cell; `near` is not used."""
    text = folded(typed).upper() if typed else ""
    if not text:
        return EngineValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "engine"):
        return EngineValue(typed, None, "", Status.PLACEHOLDER, "listed")
    digits, reason = without_float(_LABEL.sub("", text))
    if reason == "digits_lost":
        return EngineValue(typed, None, "", Status.INVALID, reason)
    bare = _NOISE.sub("", digits)
    if (len(bare) >= 3 and len(set(bare)) == 1) or is_placeholder(bare, "engine"):
        return EngineValue(typed, None, "", Status.PLACEHOLDER, "repeated")
    if not 4 <= len(bare) <= 25 or not re.search(r"\d", bare):
        return EngineValue(typed, None, "", Status.INVALID, "not_an_engine_number")
    status = Status.REPAIRED if reason else Status.OK
    return EngineValue(typed, bare, bare, status, reason)
