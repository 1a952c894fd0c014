"""Yes and no, by the words of `reference/yes_no.csv`; value `Y` or `N`.

>>> [normalise(t).yes for t in ("是", "否", "√", "true", "0")]
[True, False, True, True, False]
>>> normalise("可能").status.value, normalise("").status.value
('invalid', 'missing')
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder
from quality.reference import table


@dataclass(frozen=True, slots=True)
class YesNoValue(Value):
    """A yes-or-no cell."""

    yes: bool | None = None


def normalise(typed: str | None, near: Near = NOWHERE) -> YesNoValue:
    """Understand a yes-or-no cell; `near` is not used."""
    text = folded(typed).upper() if typed else ""
    if not text:
        return YesNoValue(typed, None, "", Status.MISSING, "empty")
    yes = _words().get(text)
    if yes is None:
        if is_placeholder(text, "yes_no"):
            return YesNoValue(typed, None, "", Status.PLACEHOLDER, "listed")
        return YesNoValue(typed, None, "", Status.INVALID, "unknown_word")
    return YesNoValue(typed, "Y" if yes else "N", "是" if yes else "否", Status.OK, "", yes)


@cache
def _words() -> dict[str, bool]:
    return {row["word"]: row["yes"] == "y" for row in table("yes_no")}
