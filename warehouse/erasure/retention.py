"""How long records of a source may be kept, reckoned from the last day that they tell of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

_PERIOD = re.compile(r"([1-9]\d{0,3}) (day|month|year)s?")


def _a_period(text: str) -> str:
    if not _PERIOD.fullmatch(text):
        raise ValueError("a period is such as 90 days, 18 months or 3 years")
    return text


#: As it is written: a number and days, months or years.
Period = Annotated[str, AfterValidator(_a_period)]
#: The last day that a record tells of, if any.
OWN_DAY = "greatest(sold_on, visited_on, updated_on)"
#: The same; without any, that of the file in which it came last.
LAST_DAY = f"coalesce({OWN_DAY}, file_date)"


def ended_sql(periods: Mapping[str, Period], today: str) -> str:
    """SQL on a standard record: whether its period ended before `today`, which is SQL of a day.

    periods: by source; records of other sources are kept.
    """
    ends = " ".join(
        f"WHEN '{source}' THEN {LAST_DAY} + INTERVAL '{period}'"
        for source, period in sorted(periods.items())
    )
    return f"coalesce(CASE source {ends} END < {today}, false)" if ends else "false"
