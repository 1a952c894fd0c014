"""Sex as M or F, by the words of `reference/sexes.csv` and the codes of GB/T 2261.1 (1 M, 2 F).

>>> [normalise(t).value for t in ("男", "女士", "1", "2")]
['M', 'F', 'M', 'F']
>>> normalise("0").status.value, normalise("人").status.value
('placeholder', 'invalid')
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder
from quality.reference import table


@dataclass(frozen=True, slots=True)
class SexValue(Value):
    """A sex cell; value M or F."""


def normalise(typed: str | None, near: Near = NOWHERE) -> SexValue:
    """Understand a sex cell; `near` is not used."""
    text = folded(typed).upper().removesuffix(".0") if typed else ""
    if not text:
        return SexValue(typed, None, "", Status.MISSING, "empty")
    sex = _words().get(text)
    if sex is None:
        if is_placeholder(text, "sex"):
            return SexValue(typed, None, "", Status.PLACEHOLDER, "listed")
        return SexValue(typed, None, "", Status.INVALID, "unknown_word")
    return SexValue(typed, sex, "男" if sex == "M" else "女", Status.OK, "")


@cache
def _words() -> dict[str, str]:
    return {row["word"]: row["sex"] for row in table("sexes")}
