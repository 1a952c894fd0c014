"""Amounts of money in yuan with two places.

Understood: 1234.5, ￥1,234.50, 1234元, CNY 1234, 1.2万元, (50.00) and -50 for money paid back,
1.2E+3. More than two places are rounded half up, marked `rounded`.

>>> [normalise(t).value for t in ("￥1,234.5", "1.2万元", "(50)", "0")]
['1234.50', '12000.00', '-50.00', '0.00']
>>> normalise("免费").status.value, normalise("12.345").reason
('invalid', 'rounded')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder


@dataclass(frozen=True, slots=True)
class AmountValue(Value):
    """An amount cell; cny is `value` as a number with two places."""

    cny: Decimal | None = None


_CENT = Decimal("0.01")
_LIMIT = Decimal(10) ** 12
_NUMBER = re.compile(
    r"(?:[¥￥]|RMB|CNY)?([+-]?)(?:[¥￥]|RMB|CNY)?(\d{0,15}(?:\.\d{0,12})?(?:E[+-]?\d{1,2})?)"
    r"(万)?(?:元|圆|块|RMB|CNY)?整?"
)


def normalise(typed: str | None, near: Near = NOWHERE) -> AmountValue:
    """Understand an amount cell; `near` is not used."""
    text = re.sub(r"[\s,]", "", folded(typed).upper()) if typed else ""
    if not text:
        return AmountValue(typed, None, "", Status.MISSING, "empty")
    bracketed = text.startswith("(") and text.endswith(")")
    match = _NUMBER.fullmatch(text[1:-1] if bracketed else text)
    if match is None or not re.match(r"\.?\d", match[2]):
        if is_placeholder(text, "amount"):
            return AmountValue(typed, None, "", Status.PLACEHOLDER, "listed")
        return AmountValue(typed, None, "", Status.INVALID, "not_a_number")
    exact = Decimal(match[2]) * (10000 if match[3] else 1)
    if exact >= _LIMIT:
        return AmountValue(typed, None, "", Status.INVALID, "out_of_range")
    if exact != 0 and is_placeholder(f"{exact.normalize():f}", "amount"):
        return AmountValue(typed, None, "", Status.PLACEHOLDER, "listed")
    cny = exact.quantize(_CENT, ROUND_HALF_UP)
    if cny and (bracketed or match[1] == "-"):
        cny = -cny
    status, reason = (Status.OK, "") if abs(cny) == exact else (Status.REPAIRED, "rounded")
    return AmountValue(typed, f"{cny:f}", f"¥{cny:,f}", status, reason, cny)
