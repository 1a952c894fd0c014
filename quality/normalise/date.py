"""Days, as ISO 8601 without a time.

Understood (`date_forms`): 2021-03-05, 2021/3/5, 2021.3.5, 20210305, 2021年3月5日 and the same in
Chinese numerals, with a time or a weekday behind; 05-Mar-2021 and what programs print (`Mar  5 2021
12:00AM`, `Fri Mar 05 2021 00:00:00 GMT+0800`). What had to be known besides the text is the reason,
and the value `repaired`: Excel serials of the 1900 system (44260, 44260.5: `excel_serial`; of a
workbook of the 1904 system the reader gives the days, a bare serial does not tell), seconds or
milliseconds since 1970 (`unix_time`), a moment in another zone whose day was another one in China
(`utc_day_shifted`), 21-3-5 (`two_digit_year`), 民国110年3月5日 and 110/3/5 (`roc_year`), 3/15/21 as
spreadsheets with American settings write it (`month_first`), 15/3/2021 (`day_first`), 2021305
(`zero_missing`), a day with words around it (`note_left_out`), with an hour that no
day has (`impossible_time`), with letters for digits or with odd signs between (`separators`).

Where two orders of day and month are possible and give two days (03/05/2021), nothing in the cell
tells which: `partial`, `ambiguous_order`, with both as `candidates`. A month or a year alone is
`partial` (`day_missing`), so are 3月5日 (`year_missing`), a day of the lunar calendar (its leap
months are unknown) and several days in a cell (`several_dates`). 1900-01-01, 1970-01-01, 9999-12-31
and the like are placeholders; years outside 1900-2100 and days that do not exist are `invalid`.

`near.latest` is the clock: a day after it cannot have happened yet, and is `invalid`,
`future_date`, with the day as its candidate; and two digits of a year are of the last year of that
name. Without a clock any day up to 2100 will do, and the years 00-40 are 20xx.

Sources: ISO 8601, ECMA-376 part 1 §18.17.4.1 (serials; its 29 February 1900 never existed).

>>> [normalise(t).value for t in ("2021/3/5", "20210305", "2021年3月5日", "44260", "21-3-5")]
['2021-03-05', '2021-03-05', '2021-03-05', '2021-03-05', '2021-03-05']
>>> [normalise(t).reason for t in ("3/15/21", "2021-02-30", "1900-01-01", "2021-03-05T16:00:00Z")]
['month_first', 'impossible_date', 'listed', 'utc_day_shifted']
>>> v = normalise("03/05/2021"); v.value, v.reason, v.candidates
(None, 'ambiguous_order', ('2021-03-05', '2021-05-03'))
>>> near = Near(latest=datetime.date(2024, 3, 1))
>>> normalise("2099-01-01", near).reason, normalise("35-3-5", near).value
('future_date', '1935-03-05')
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder, placeholders, without_float
from quality.normalise.date_forms import APPROXIMATE, Latest, Reading, readings
from quality.normalise.date_time import Moment, impossible_time, in_china, since_1970, without_time


@dataclass(frozen=True, slots=True)
class DateValue(Value):
    """A date cell; `date` is `value` as a date.

    candidates: the days that it can mean, ISO 8601, where that is not settled.
    """

    date: datetime.date | None = None
    candidates: tuple[str, ...] = ()


_ISO = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]")
_LUNAR = re.compile(r"农历|阴历|[正腊冬]月|初[一二三四五六七八九十]|廿")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def normalise(typed: str | None, near: Near = NOWHERE) -> DateValue:
    """Understand a date cell; `near.latest` is the last day that it can mean."""
    if typed is not None and len(typed) == 10 and _ISO.fullmatch(typed):
        plain = Reading(int(typed[:4]), int(typed[5:7]), int(typed[8:]))
        return _of_readings(typed, [plain], None, near.latest)
    text = folded(typed) if typed else ""
    if not text:
        return DateValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "date"):
        return DateValue(typed, None, "", Status.PLACEHOLDER, "listed")
    if _LUNAR.search(text):
        return DateValue(typed, None, text, Status.PARTIAL, "lunar")
    text, damage = without_float(text.upper())
    if damage == "digits_lost":
        return DateValue(typed, None, "", Status.INVALID, damage)
    day = since_1970(text)
    if day is not None:
        counted = Reading(day.year, day.month, day.day, "unix_time")
        return _of_readings(typed, [counted], None, near.latest)
    damage = damage or ("impossible_time" if impossible_time(text) else "")
    text, moment = without_time(text)
    found = readings(text, near.latest)
    if damage:
        found = [r if r.reason else r._replace(reason=damage) for r in found]
    return _of_readings(typed, found, moment, near.latest)


def _of_readings(
    typed: str | None, found: list[Reading], moment: Moment | None, latest: Latest
) -> DateValue:
    """The value of the one day that the readings leave."""
    if not found:
        return DateValue(typed, None, "", Status.INVALID, "not_a_date")
    days = _days(found, moment)
    listed = placeholders("date")
    written = [f"{r.year:04}-{r.month:02}-{r.day:02}" for r in found]
    if not listed.isdisjoint([*written, *map(str, days)]):
        return DateValue(typed, None, "", Status.PLACEHOLDER, "listed")
    unfinished = [r for r in found if not (r.year and r.month and r.day)]
    if not days:
        return _without_day(typed, unfinished, latest)
    meant = {d: why for d, why in days.items() if _FIRST_YEAR <= d.year <= _LAST_YEAR}
    if not meant:
        return DateValue(typed, None, "", Status.INVALID, "out_of_range")
    past = [d for d in meant if latest is None or d <= latest]
    if not past:
        candidates = tuple(map(str, meant))
        return DateValue(typed, None, "", Status.INVALID, "future_date", None, candidates)
    if len(past) > 1 or unfinished:
        inside = all(r.reason in ("note_left_out", APPROXIMATE) for r in found)
        why = "several_dates" if inside else "ambiguous_order"
        candidates = tuple(map(str, past))
        return DateValue(typed, None, "", Status.PARTIAL, why, None, candidates)
    day, reason = past[0], meant[past[0]]
    status = Status.REPAIRED if reason else Status.OK
    if reason == APPROXIMATE:
        status = Status.PARTIAL
    return DateValue(typed, str(day), str(day), status, reason, day)


def _days(found: list[Reading], moment: Moment | None) -> dict[datetime.date, str]:
    """The days of the readings that there are, in their order, with their reasons."""
    days: dict[datetime.date, str] = {}
    for reading in found:
        try:
            typed = datetime.date(*reading[:3])
        except ValueError:
            continue
        day = typed if moment is None else in_china(typed, moment)
        if day is not None:
            days.setdefault(day, reading.reason if day == typed else "utc_day_shifted")
    return days


def _without_day(typed: str | None, unfinished: list[Reading], latest: Latest) -> DateValue:
    """A month or a year, a day without its year, or no day that there is."""
    for year, month, day, _ in unfinished:
        if not (0 <= month <= 12 and 0 <= day <= 31):
            continue
        if not year and month:
            return DateValue(typed, None, "", Status.PARTIAL, "year_missing")
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            return DateValue(typed, None, "", Status.INVALID, "out_of_range")
        if latest is not None and datetime.date(year, month or 1, 1) > latest:
            return DateValue(typed, None, "", Status.INVALID, "future_date")
        shown = f"{year}-{month:02}" if month else str(year)
        return DateValue(typed, None, shown, Status.PARTIAL, "day_missing")
    return DateValue(typed, None, "", Status.INVALID, "impossible_date")
