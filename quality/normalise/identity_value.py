"""What an identity cell is understood as."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from quality.normalise import Value


@dataclass(frozen=True, slots=True)
class IdentityValue(Value):
    """An identity cell. sex: M or F. region: province and county of first registration.

    prefix: the leading digits that are sure when the rest is lost. raw: a number with a wrong
    check.
    """

    kind: str | None = None
    birth_date: datetime.date | None = None
    sex: str | None = None
    region: str | None = None
    region_code: str | None = None
    pattern: str | None = None
    organisation_code: str | None = None
    prefix: str | None = None
    raw: str | None = None
