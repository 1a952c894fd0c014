"""Text without rules of its own (model, department, kind of service): folded, spaces made single.

>>> normalise("　朗逸　 Plus ").value, normalise("不详").status.value
('朗逸 Plus', 'placeholder')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import clean, is_placeholder


@dataclass(frozen=True, slots=True)
class PlainValue(Value):
    """A cell of plain text."""


def normalise(typed: str | None, near: Near = NOWHERE) -> PlainValue:
    """Fold a text cell; `near` is not used."""
    text = clean(re.sub(r"\s+", " ", clean(typed))) if typed else ""
    if not text:
        return PlainValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "plain"):
        return PlainValue(typed, None, "", Status.PLACEHOLDER, "listed")
    return PlainValue(typed, text, text, Status.OK, "")
