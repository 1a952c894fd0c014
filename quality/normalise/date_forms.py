"""The ways of writing a day, and the days that a text can mean by each.

A form is a pattern and a function that gives its readings: one where the form is clear, several
where the order of day and month is not, none that exist where somebody slipped.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple


class Reading(NamedTuple):
    """A day that a text can mean; 0 for a part that it does not say.

    reason: what had to be known besides the text, "" for nothing.
    """

    year: int
    month: int
    day: int
    reason: str = ""


Latest = datetime.date | None
APPROXIMATE = "approximate"  # the reason of a day that was about then, or before, or after
Form = Callable[[re.Match[str], Latest], list[Reading]]

EPOCH = datetime.date(1899, 12, 30)  # day 0 so that serials after 1900-02-28 come out right
FIRST_SERIAL, LAST_SERIAL = 3654, 73050  # 1910-01-02 and 2099-12-31
_FALSE_LEAP_DAY = 60  # the serial that spreadsheets give to 1900-02-29
_PIVOT = 40  # without a clock, 00-40 is 20xx: sales and visits; 41-99 is 19xx: births

_NUMERALS = "〇一二三四五六七八九"
_PLAIN_NUMERALS = str.maketrans("○零壹贰叁肆伍陆柒捌玖拾", "〇〇一二三四五六七八九十")
_TO_DIGITS = str.maketrans(_NUMERALS, "0123456789")
_NUMERAL = re.compile(f"[{_NUMERALS}十]+")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_NAME = rf"({'|'.join(_MONTHS)})[A-Z]*\.?"
_S = r"(?:\s*[-/.年月,\\—–_]\s*|\s+)"
_END = r"\s*[日号]?"
_INSIDE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})|(\d{2})(\d{2}))日?(?!\d)"
)
_LETTERED = re.compile(r"(?=(?:.*\d){5})[\dOILSZB]{4}([-/.])[\dOILSZB]{1,2}\1[\dOILSZB]{1,2}")
_LETTERS = str.maketrans("OILSZB", "011528")  # typed for the digits that they look like
_VAGUE = re.compile(r"约|大概|左右|[以之]?[前后]$")


def readings(text: str, latest: Latest) -> list[Reading]:
    """The days that a text in upper case without a time can mean; none for what is no date.

    latest: the clock by which two digits of a year are read, where there is one.
    """
    text = _arabic(text)
    for pattern, read in _FORMS:
        match = pattern.fullmatch(text)
        if match:
            return read(match, latest)
    if _LETTERED.fullmatch(text):
        year, month, day = re.split("[-/.]", text.translate(_LETTERS))
        return [Reading(int(year), int(month), int(day), "letters_for_digits")]
    reason = APPROXIMATE if _VAGUE.search(text) else "note_left_out"
    return [
        Reading(int(year), int(a or c), int(b or d), reason)
        for year, a, b, c, d in _INSIDE.findall(text)
    ]


def _arabic(text: str) -> str:
    """Chinese numerals as digits: 二〇二一年十二月三十一日 becomes 2021年12月31日."""
    if text.isascii():
        return text
    return _NUMERAL.sub(_numeral, text.translate(_PLAIN_NUMERALS))


def _numeral(match: re.Match[str]) -> str:
    tens, ten, ones = match[0].partition("十")
    if not ten:
        return match[0].translate(_TO_DIGITS)
    return (tens or "一").translate(_TO_DIGITS) + (ones or "〇").translate(_TO_DIGITS)


def _full_year(digits: str, latest: Latest) -> int:
    """A year of two digits as the last one of that name up to the clock's."""
    year = int(digits)
    if len(digits) > 2:
        return year
    if latest is None:
        return year + (2000 if year <= _PIVOT else 1900)
    full = latest.year // 100 * 100 + year
    return full if full <= latest.year else full - 100


def _year_first(match: re.Match[str], latest: Latest) -> list[Reading]:
    year, month, day = (int(part) for part in match.groups())
    return [Reading(year, month, day)]


def _parted(match: re.Match[str], latest: Latest) -> list[Reading]:
    """Year first, with other signs between than those that dates have."""
    year, month, day = (int(part) for part in match.groups())
    return [Reading(year, month, day, "separators")]


def _year_last(match: re.Match[str], latest: Latest) -> list[Reading]:
    """Day and month in either order, which only a day above the twelfth tells."""
    first, _, second, last = match.groups()
    year, a, b = _full_year(last, latest), int(first), int(second)
    if a == b:
        return [Reading(year, a, b, "" if len(last) == 4 else "two_digit_year")]
    return [Reading(year, a, b, "month_first"), Reading(year, b, a, "day_first")]


def _short(match: re.Match[str], latest: Latest) -> list[Reading]:
    """Three short numbers: the year stands in front, or behind slashes (American), or either."""
    first, separator, second, last = match.groups()
    found = []
    if len(first) == 2:
        year = _full_year(first, latest)
        found.append(Reading(year, int(second), int(last), "two_digit_year"))
    behind = "/" in separator or not (found and exists(found[0]))
    if len(last) == 2 and "年" not in separator and behind:
        found += _year_last(match, latest)
    return found


def _seven(match: re.Match[str], latest: Latest) -> list[Reading]:
    """One zero too few, or a year of Taiwan's calendar."""
    text = match[0]
    if text[0] == "0" or text[:2] in ("10", "11"):
        return [Reading(int(text[:3]) + 1911, int(text[3:5]), int(text[5:]), "roc_year")]
    year = int(text[:4])
    return [
        Reading(year, int(text[4:5]), int(text[5:]), "zero_missing"),
        Reading(year, int(text[4:6]), int(text[6:]), "zero_missing"),
    ]


def _six(match: re.Match[str], latest: Latest) -> list[Reading]:
    """yymmdd, or a year and a month."""
    text = match[0]
    year = _full_year(text[:2], latest)
    found = [Reading(year, int(text[2:4]), int(text[4:]), "two_digit_year")]
    if text[:2] in ("19", "20") and 1 <= int(text[4:]) <= 12:
        found.append(Reading(int(text[:4]), int(text[4:]), 0))
    return found


def _roc(match: re.Match[str], latest: Latest) -> list[Reading]:
    first, month, day = match.groups()
    year = 1 if first == "元" else int(first)
    return [Reading(year + 1911, int(month or 0), int(day or 0), "roc_year")] if year else []


def _serial(match: re.Match[str], latest: Latest) -> list[Reading]:
    number = int(match[1])
    if number < FIRST_SERIAL:
        return [Reading(number, 0, 0)]
    date = EPOCH + datetime.timedelta(days=number)
    return [Reading(date.year, date.month, date.day, "excel_serial")]


def _bare(match: re.Match[str], latest: Latest) -> list[Reading]:
    """A year, or the one serial that is known to be of no day."""
    number = int(match[0])
    return [Reading(1900, 2, 29) if number == _FALSE_LEAP_DAY else Reading(number, 0, 0)]


def _named(match: re.Match[str], latest: Latest) -> list[Reading]:
    """A month by its English name, or as Oracle writes it in Chinese (05-3月 -21)."""
    found = match.groupdict()
    month = found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
    year, day = found.get("year") or "0", int(found.get("day") or 0)
    reason = "two_digit_year" if len(year) == 2 else ""
    return [Reading(_full_year(year, latest) if year != "0" else 0, number, day, reason)]


def _month_and_two(match: re.Match[str], latest: Latest) -> list[Reading]:
    """Mar-21: of a year, or a day."""
    month, two = _MONTHS.index(match[1]) + 1, match[2]
    found = [Reading(_full_year(two, latest), month, 0, "two_digit_year")]
    return found + ([Reading(0, month, int(two))] if int(two) <= 31 else [])


def _year_and_month(match: re.Match[str], latest: Latest) -> list[Reading]:
    digits, month = match.groups()
    return [Reading(_full_year(digits, latest), int(month or 0), 0)]


def _month_and_year(match: re.Match[str], latest: Latest) -> list[Reading]:
    return [Reading(int(match[2]), int(match[1]), 0)]


def _two_numbers(match: re.Match[str], latest: Latest) -> list[Reading]:
    """A month and a day; a year and a month where no month is so large."""
    first, second = match.groups()
    if int(first) > 12:
        return [Reading(_full_year(first, latest), int(second), 0)]
    return [Reading(0, int(first), int(second))]


def exists(reading: Reading) -> bool:
    """Whether the calendar has such a day."""
    try:
        datetime.date(*reading[:3])
    except ValueError:
        return False
    return True


_DAY_NAME = r"(?P<day>\d{1,2})(?:ST|ND|RD|TH)?"
_MONTH_NAME = _NAME.replace("(", "(?P<month>", 1)
_YEAR = r"(?P<year>\d{4}|\d{2})"
_PART = r"(?:[初底末中]|[上中下]旬|[上下]半年|左右|前后|第?[1-4]季度?|Q[1-4])?"
# the first that fits tells
_FORMS: tuple[tuple[re.Pattern[str], Form], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"(\d{{4}}){_S}(\d{{1,2}}){_S}(\d{{1,2}}){_END}", _year_first),
        (
            rf"(\d{{4}})\s*[-/.,、]{{1,3}}\s*(\d{{1,2}})\s*[-/.,、]{{1,3}}\s*(\d{{1,2}}){_END}",
            _parted,
        ),
        (r"(?!19|20)(\d{2})()(\d{2})((?:19|20)\d{2})", _year_last),
        (r"(\d{4})(\d{2})(\d{2})", _year_first),
        (r"(\d{5})(?:\.\d+)?", _serial),
        (r"\d{1,3}", _bare),
        (r"\d{6}", _six),
        (r"[012]\d{6}", _seven),
        (
            rf"(?:中华)?民国(\d{{1,3}}|元)(?:{_S}(?:(\d{{1,2}})(?:{_S}(?:(\d{{1,2}}){_END})?)?)?)?",
            _roc,
        ),
        (r"(\d{3})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", _roc),
        (rf"(\d{{1,2}})({_S})(\d{{1,2}}){_S}(\d{{4}}){_END}", _year_last),
        (rf"(\d{{1,2}})({_S})(\d{{1,2}}){_S}(\d{{1,2}}){_END}", _short),
        (rf"(?P<day>\d{{1,2}})-(?P<month>\d{{1,2}})月\s*-{_YEAR}", _named),
        (rf"{_DAY_NAME}(?: OF )?[-/ ,.]*{_MONTH_NAME}[-/ ,]*{_YEAR}", _named),
        (rf"{_MONTH_NAME}[-/ ]+{_DAY_NAME}(?:\s*,\s*|[-/ ]+){_YEAR}", _named),
        (rf"{_YEAR}[-/ ]*{_MONTH_NAME}[-/ ]*{_DAY_NAME}", _named),
        (rf"{_MONTH_NAME}[-/ ,]*(?P<year>\d{{4}})", _named),
        (rf"{_DAY_NAME}[-/ ]*{_MONTH_NAME}", _named),
        (rf"{_NAME}[-/ ]*(\d{{2}})", _month_and_two),
        (rf"约?(\d{{4}})年?{_PART}", lambda m, latest: [Reading(int(m[1]), 0, 0)]),
        (rf"约?(\d{{4}}){_S}(\d{{1,2}})\s*月?份?{_PART}", _year_and_month),
        (rf"约?(\d{{2}})年(?:(\d{{1,2}})月?份?)?{_PART}", _year_and_month),
        (r"(\d{1,2})(?:月|\s*[-/.]\s*)(\d{4})年?", _month_and_year),
        (r"(\d{1,2})(?:月|\s*[-/.]\s*)(\d{1,2})[日号]?", _two_numbers),
    )
)
