"""Days, as ISO 8601 without a time.

Understood: 2021-03-05, 2021/3/5, 2021.3.5, 20210305, 2021年3月5日, 二〇二一年三月五日, with a
time behind; Excel serials of the 1900 system (44260, 44260.5: `excel_serial`); 21-3-5
(`two_digit_year`: up to 40 is 20xx); 05-Mar-21; 民国110年3月5日 and 110/3/5 (`roc_year`).
Spreadsheets with American settings write 3/5/21: read month first, marked `month_first` when the
day tells so and `ambiguous_order` when it does not. A month without a day is `partial`; so is a
day of the lunar calendar (its leap months are unknown). 1900-01-01, 1970-01-01, 9999-12-31 and
the like are placeholders; years outside 1900-2100 and days that do not exist are `invalid`. There
is no clock here: whether a day lies in the future is the caller's question.

Sources: ISO 8601, ECMA-376 part 1 §18.17.4.1 (serials; its 29 February 1900 never existed).

>>> [normalise(t).value for t in ("2021/3/5", "20210305", "2021年3月5日", "44260", "21-3-5")]
['2021-03-05', '2021-03-05', '2021-03-05', '2021-03-05', '2021-03-05']
>>> [normalise(t).reason for t in ("3/15/21", "3/5/21", "2021-02-30", "1900-01-01")]
['month_first', 'ambiguous_order', 'impossible_date', 'listed']
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from quality.normalise import NOWHERE, Near, Status, Value
from quality.normalise.cell import folded, is_placeholder, placeholders


@dataclass(frozen=True, slots=True)
class DateValue(Value):
    """A date cell; `date` is `value` as a date."""

    date: datetime.date | None = None


_ISO = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]")
_TIME = re.compile(r"[T\s]*(?:上午|下午|AM|PM)?\s*(?<![\d.])\d{1,2}[:时]\d{1,2}.*$", re.IGNORECASE)
_COMPACT_TIME = re.compile(r"((?:19|20)\d{6})\s*\d{4}(?:\d{2})?")
_HAN_DATE = re.compile(
    r"[〇○零一二三四五六七八九]{4}年[〇○零一二三四五六七八九十]+月[〇○零一二三四五六七八九十]+[日号]"
)
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_S = r"\s*[-/.年月,\\]\s*|\s+"
_YMD = re.compile(rf"(\d{{4}})(?:{_S})(\d{{1,2}})(?:{_S})(\d{{1,2}})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(rf"(\d{{1,2}})({_S})(\d{{1,2}})(?:{_S})(\d{{2}}|\d{{1,2}}|\d{{4}})\s*[日号]?")
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_ROC = re.compile(r"(?:中华)?民国(\d{1,3})[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?")
_ROC_BARE = re.compile(r"(\d{3})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTH = re.compile(r"((?:19|20)\d{2})(?:[-/.年]\s*(\d{1,2})?\s*月?份?)?")
_NAMED = re.compile(r"(\d{1,2})[-/ ]([A-Z]{3})[A-Z]*[-/ ,]+(\d{2}|\d{4})")
_NAMED_US = re.compile(r"([A-Z]{3})[A-Z]*\.?[- ](\d{1,2}),?[- ](\d{4})")
_LUNAR = re.compile(r"农历|阴历|[正腊冬]月|初[一二三四五六七八九十]")
_MONTHS = {
    m: n
    for n, m in enumerate(
        (
            "JAN",
            "FEB",
            "MAR",
            "APR",
            "MAY",
            "JUN",
            "JUL",
            "AUG",
            "SEP",
            "OCT",
            "NOV",
            "DEC",
        ),
        1,
    )
}
EPOCH = datetime.date(1899, 12, 30)  # day 0 so that serials after 1900-02-28 come out right
FIRST_SERIAL, LAST_SERIAL = 3654, 73050  # 1910-01-02 and 2099-12-31
_PIVOT = 40  # 00-40 is 20xx: sales and visits; 41-99 is 19xx: births


def normalise(typed: str | None, near: Near = NOWHERE) -> DateValue:
    """Understand a date cell; `near` is not used."""
    if typed is not None and len(typed) == 10 and _ISO.fullmatch(typed):
        return _day(typed, int(typed[:4]), int(typed[5:7]), int(typed[8:]))
    text = folded(typed) if typed else ""
    if not text:
        return DateValue(typed, None, "", Status.MISSING, "empty")
    if is_placeholder(text, "date"):
        return DateValue(typed, None, "", Status.PLACEHOLDER, "listed")
    return _of_text(typed, _without_time(text.upper()))


def _without_time(text: str) -> str:
    compact = _COMPACT_TIME.fullmatch(text)
    if compact:
        return compact[1]
    return _TIME.sub("", text).strip().removesuffix("T").strip()


def _of_text(typed: str | None, text: str) -> DateValue:
    if _LUNAR.search(text):
        return DateValue(typed, None, text, Status.PARTIAL, "lunar")
    if _HAN_DATE.fullmatch(text):
        text = _arabic(text)
    for pattern, read in _FORMS:
        match = pattern.fullmatch(text)
        if match:
            return read(typed, match)
    return DateValue(typed, None, "", Status.INVALID, "not_a_date")


def _day(typed: str | None, year: int, month: int, day: int, reason: str = "") -> DateValue:
    """A value for three numbers; a reason makes it repaired."""
    iso = f"{year:04}-{month:02}-{day:02}"
    if iso in placeholders("date"):
        return DateValue(typed, None, "", Status.PLACEHOLDER, "listed")
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return DateValue(typed, None, "", Status.INVALID, "impossible_date")
    if not 1900 <= year <= 2100:
        return DateValue(typed, None, "", Status.INVALID, "out_of_range")
    return DateValue(typed, iso, iso, Status.REPAIRED if reason else Status.OK, reason, date)


def _arabic(text: str) -> str:
    """Chinese numerals of a date as digits: 二〇二一年十二月三十一日 becomes 2021年12月31日."""
    year, month, day = re.split("[年月]", text.rstrip("日号"))
    return f"{year.translate(_HAN_DIGITS)}年{_tens(month)}月{_tens(day)}日"


def _tens(numeral: str) -> str:
    if "十" not in numeral:
        return numeral.translate(_HAN_DIGITS)[-2:]
    tens, _, ones = numeral.partition("十")
    return (tens or "一").translate(_HAN_DIGITS)[-1:] + (ones or "〇").translate(_HAN_DIGITS)[-1:]


def _century(two: int) -> int:
    return two + (2000 if two <= _PIVOT else 1900)


def _ymd(typed: str | None, match: re.Match[str]) -> DateValue:
    year, month, day = (int(g) for g in match.groups())
    return _day(typed, year, month, day)


def _short(typed: str | None, match: re.Match[str]) -> DateValue:
    """Three short numbers: American when slashes or a four-digit year say so, else year first."""
    first, separator, second, last = match.groups()
    a, b, c = int(first), int(second), int(last)
    american = "/" in separator and len(last) == 2 and (len(first) == 1 or int(first) <= 12)
    if len(last) == 4 or american:
        year = c if len(last) == 4 else _century(c)
        if a > 12 >= b:
            return _day(typed, year, b, a, "day_first")
        return _day(typed, year, a, b, "month_first" if b > 12 or a == b else "ambiguous_order")
    if len(first) == 1:
        return DateValue(typed, None, "", Status.INVALID, "ambiguous_order")
    either_end = "/" in separator and len(last) == 2
    return _day(typed, _century(a), b, c, "ambiguous_order" if either_end else "two_digit_year")


def _six(typed: str | None, match: re.Match[str]) -> DateValue:
    """yymmdd; six digits that could also be a year and a month are not guessed."""
    text = match[0]
    if text[:2] in ("19", "20") and 1 <= int(text[4:]) <= 12:
        return DateValue(typed, None, "", Status.PARTIAL, "ambiguous_order")
    year, month, day = (int(g) for g in match.groups())
    return _day(typed, _century(year), month, day, "two_digit_year")


def _roc(typed: str | None, match: re.Match[str]) -> DateValue:
    year, month, day = (int(g) for g in match.groups())
    return _day(typed, year + 1911, month, day, "roc_year")


def _serial(typed: str | None, match: re.Match[str]) -> DateValue:
    number = int(match[1])
    if not FIRST_SERIAL <= number <= LAST_SERIAL:
        return DateValue(typed, None, "", Status.INVALID, "out_of_range")
    date = EPOCH + datetime.timedelta(days=number)
    return _day(typed, date.year, date.month, date.day, "excel_serial")


def _month(typed: str | None, match: re.Match[str]) -> DateValue:
    month = int(match[2] or 1)
    if not 1 <= month <= 12:
        return DateValue(typed, None, "", Status.INVALID, "impossible_date")
    return DateValue(typed, None, match[0], Status.PARTIAL, "day_missing")


def _named(typed: str | None, match: re.Match[str]) -> DateValue:
    day, name, year = match.groups()
    full = int(year) if len(year) == 4 else _century(int(year))
    return _day(typed, full, _MONTHS.get(name, 0), int(day), "" if len(year) == 4 else
                "two_digit_year")  # fmt: skip


def _named_us(typed: str | None, match: re.Match[str]) -> DateValue:
    name, day, year = match.groups()
    return _day(typed, int(year), _MONTHS.get(name, 0), int(day))


_FORMS = (
    (_YMD, _ymd),
    (_COMPACT, _ymd),
    (_SERIAL, _serial),
    (_SIX, _six),
    (_ROC, _roc),
    (_ROC_BARE, _roc),
    (_SHORT, _short),
    (_NAMED, _named),
    (_NAMED_US, _named_us),
    (_MONTH, _month),
)
