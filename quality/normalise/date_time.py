"""The time of day and the zone in a date cell, and the day that it was in China then.

Programs export what a Chinese user typed as a day in Greenwich's time: midnight of 6 March in
Peking is 2021-03-05T16:00:00Z. So a moment with a zone becomes the day that it was in China, by
the zone's history: from 1986 to 1991 there was summer time, and most who were born then have
birth dates that fixed eight hours would move to the day before.

Source: the tz database's Asia/Shanghai (package `tzdata` where the system has none).
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple
from zoneinfo import ZoneInfo

_CHINA = ZoneInfo("Asia/Shanghai")
_GREENWICH = datetime.UTC
_EIGHT_HOURS = datetime.timedelta(hours=8)


class Moment(NamedTuple):
    """time: since midnight. offset: of its zone from Greenwich."""

    time: datetime.timedelta
    offset: datetime.timedelta


_DAYTIME = r"(?:上午|下午|凌晨|清晨|早上|晚上|中午|夜间|AM|PM)"
_SHIFT = r"[+-]\d{1,2}(?::?\d{2})?"
_ZONE = rf"(?P<zone>Z|(?:GMT|UTC)(?:{_SHIFT})?|(?<=\d\d){_SHIFT}|\s+{_SHIFT})"
# 10:20-11:00 is from when till when: a bare shift stands behind seconds
_ZONED = re.compile(
    r"(?P<before>.*?)[T\s]*(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    rf"(?::\d{{2}}(?:[.,]\d+)?\s*{_ZONE}|\s*(?P<named>Z|GMT|UTC))"
    r"(?:\s*\([^)]*\)|\s+[A-Z]{3,4})?(?P<after>\s+\d{4})?"
)
_ZONED_RUN = re.compile(rf"(?P<before>\d{{8}})T(?P<hour>\d\d)(?P<minute>\d\d)(?:\d\d)?{_ZONE}")
_YEAR_BEHIND = re.compile(r"(.*?)\s\d\d:\d\d:\d\d\s+[A-Z]{3,4}\s+(\d{4})")
_TIME = re.compile(
    rf"[T\s]*{_DAYTIME}?\s*(?<![\d.])\d{{1,2}}(?::\d{{1,2}}|[时点]).*$|\s*{_DAYTIME}$"
    r"|\s\d{1,2}\.\d{2}\.\d{2}(?:\.\d+)?(?:\s*[AP]M)?$"
)
_IMPOSSIBLE = re.compile(r"(?<=[\sT日])(?:2[5-9]|[3-9]\d):\d\d|:(?:6[1-9]|[7-9]\d)(?!\d)")
_CALL = re.compile(r"[A-Z]+\([\"']?(.*?)[\"']?\)")  # ISODATE("…")
_RUN = re.compile(r"((?:19|20)\d{6})[\sT]*(?:[01]\d|2[0-4])(?:[0-5]\d(?:[0-5]\d\d{0,6})?)?")
_WEEKDAY = re.compile(
    r"[\s,(]*(?:星期|周|礼拜)[一二三四五六日天1-6][\s,)]*"
    r"|^\(?(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*\)?[\s,.]+|[\s,(]+(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*\)?$"
)
_ERA = re.compile(r"^(?:公元|西元)")
# seconds have 10 digits since 2001, milliseconds 12 or 13 since 1973; much else has as few as nine
_SINCE_1970 = re.compile(r"(?:/DATE\()?(-?\d{10}|-?\d{12,13})(?:[+-]\d{4})?(?:\)/)?")


def without_time(text: str) -> tuple[str, Moment | None]:
    """An upper-case cell without its weekday and time of day, and the time where it has a zone.

    >>> without_time("2021-03-05T16:00:00.000Z")
    ('2021-03-05', Moment(time=datetime.timedelta(seconds=57600), offset=datetime.timedelta(0)))
    >>> without_time("2021年3月5日 星期五 下午3:20"), without_time("FRI MAR 05 00:00:00 CST 2021")
    (('2021年3月5日', None), ('MAR 05 2021', None))
    """
    call = _CALL.fullmatch(text)
    text = _WEEKDAY.sub(" ", _ERA.sub("", call[1] if call else text)).strip()
    zoned = _ZONED.fullmatch(text) or _ZONED_RUN.fullmatch(text)
    if zoned:
        parts = zoned.groupdict()
        time = datetime.timedelta(hours=int(parts["hour"]), minutes=int(parts["minute"]))
        behind = parts.get("after") or ""
        zone = parts["zone"] or parts.get("named") or ""
        return parts["before"].strip() + behind, Moment(time, _offset(zone))
    run = _RUN.fullmatch(text)
    if run:
        return run[1], None
    behind_time = _YEAR_BEHIND.fullmatch(text)
    if behind_time:
        return f"{behind_time[1]} {behind_time[2]}", None
    return _TIME.sub("", text).strip().removesuffix("T").strip(), None


def impossible_time(text: str) -> bool:
    """Whether an upper-case cell has a time of day that no clock shows.

    >>> impossible_time("2021-03-05 25:00:00"), impossible_time("2021-03-05 24:00")
    (True, False)
    """
    return _IMPOSSIBLE.search(text) is not None


def _offset(zone: str) -> datetime.timedelta:
    digits = re.sub(r"\D", "", zone)
    digits = (digits if len(digits) > 2 else digits + "00").rjust(4, "0")
    offset = datetime.timedelta(hours=int(digits[:-2]), minutes=int(digits[-2:]))
    return -offset if "-" in zone else offset


def in_china(day: datetime.date, moment: Moment) -> datetime.date | None:
    """The day that it was in China at a moment of a day; None where the calendar ends.

    >>> noon, night = datetime.timedelta(hours=12), datetime.timedelta(hours=15)
    >>> greenwich = datetime.timedelta(0)
    >>> [str(in_china(datetime.date(1988, 6, 30), Moment(t, greenwich))) for t in (noon, night)]
    ['1988-06-30', '1988-07-01']
    """
    if moment.offset == _EIGHT_HOURS:
        return day
    try:
        midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=_GREENWICH)
        return (midnight + moment.time - moment.offset).astimezone(_CHINA).date()
    except OverflowError:
        return None


def since_1970(text: str) -> datetime.date | None:
    """The day in China of a count of seconds or milliseconds, as programs keep a moment.

    >>> [str(since_1970(t)) for t in ("1614873600", "1614873600000", "/DATE(1614873600000)/")]
    ['2021-03-05', '2021-03-05', '2021-03-05']
    """
    match = _SINCE_1970.fullmatch(text)
    if match is None:
        return None
    digits = match[1].lstrip("-")
    if len(digits) != 13 and digits[:2] in ("19", "20") and text == digits:
        return None  # rather a day in digits with a slip
    seconds = int(match[1]) / (1000 if len(digits) > 10 else 1)
    start = datetime.datetime(1970, 1, 1, tzinfo=_GREENWICH)
    return (start + datetime.timedelta(seconds=seconds)).astimezone(_CHINA).date()
