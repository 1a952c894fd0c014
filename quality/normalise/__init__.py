"""What a typed value means: one module per field, each with the same verbs.

Each module has a frozen dataclass derived from `Value` and a function

    normalise(typed: str | None, near: Near = NOWHERE) -> <its Value>

that is total (no input raises), idempotent on its own output
(`normalise(v.value).value == v.value`) and never throws away what was typed.
`quality.normalise.column.apply` runs it over a column.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How far a value can be trusted."""

    OK = "ok"
    REPAIRED = "repaired"  # understood after a correction that has only one possible outcome
    PARTIAL = "partial"  # a part is known: a masked number, a surname with a title
    PLACEHOLDER = "placeholder"  # typed to satisfy a form: 无, 13800138000
    INVALID = "invalid"  # says something, but not a value of this field
    MISSING = "missing"  # nothing typed


@dataclass(frozen=True, slots=True)
class Near:
    """What is known about where and when a value was typed: to complete it, marked so, or doubt it.

    area_code: the outlet's landline area code, such as "0512"; "" when unknown.
    province: the outlet's plate character, such as "苏"; "" when unknown.
    latest: the last day that what has happened can have happened on; None where there is no clock,
        as for what is still to come (the end of a warranty).
    """

    area_code: str = ""
    province: str = ""
    latest: datetime.date | None = None


NOWHERE = Near()


@dataclass(frozen=True, slots=True)
class Value:
    """A value as typed and as understood.

    value: the clean value for comparing and joining; None where it is not understood.
    display: how to show it to a person; "" when there is nothing to show.
    reason: a short snake_case code for any status other than ok; "" for ok.
    """

    typed: str | None
    value: str | None
    display: str
    status: Status
    reason: str
