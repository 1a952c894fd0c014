"""The reference tables of the code-like fields say what they must."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.normalise import Near, Status
from quality.normalise.date import normalise as date
from quality.normalise.phone import is_dummy
from quality.normalise.phone import normalise as phone
from quality.normalise.plate import normalise as plate
from quality.reference import table

ROWS = [
    row for row in table("area_codes") if not row["note"].endswith(("2006", "2012", "2014", "莱芜"))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_area_code_lengths_are_those_of_libphonenumber(row: dict[str, str]) -> None:
    for length in (7, 8):
        number = phone(row["code"] + "62345678"[:length])
        parsed = phonenumbers.parse(row["code"] + "62345678"[:length], "CN")
        assert (str(length) in row["digits"]) == phonenumbers.is_valid_number(parsed)
        if str(length) in row["digits"]:
            assert number.value == phonenumbers.format_number(parsed, 0)
            assert number.area_code == row["code"]


@pytest.mark.parametrize("row", table("mobile_plan"), ids=lambda r: f"{r['prefix']}/{r['length']}")
def test_every_prefix_of_the_plan_is_understood(row: dict[str, str]) -> None:
    longer = {r["prefix"] for r in table("mobile_plan") if r["prefix"] != row["prefix"]}
    tails = (f"{n}92736105583" for n in range(10))
    bodies = [(row["prefix"] + tail)[: int(row["length"])] for tail in tails]
    for body in (b for b in bodies if b[:4] not in longer and b[:5] not in longer):
        value = phone(body)
        assert (value.value, value.kind) == ("+86" + body, row["kind"])
        # of 13-digit numbers only the assigned ones are known at all
        assert (value.reason == "not_in_plan") == (row["in_plan"] == "n")


@pytest.mark.parametrize("row", table("plate_provinces"), ids=lambda row: row["char"])
def test_every_province_has_plates_and_completes_them(row: dict[str, str]) -> None:
    assert plate(row["char"] + "A7B368").status is Status.OK
    assert plate("A7B368", Near(province=row["char"])).value == row["char"] + "A7B368"


def test_every_day_survives_every_way_of_writing_it() -> None:
    start = datetime.date(1985, 1, 5)
    for day in (start + datetime.timedelta(days=n) for n in range(0, 15000, 37)):
        midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai"))
        forms = (
            f"{day:%Y/%m/%d}",
            f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%b} {day.day:2} {day.year} 12:00AM",
            f"{day:%d-%b-%Y}",
            f"{day:%a %b %d %Y} 00:00:00 GMT+0800 (中国标准时间)",
            f"{midnight.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
            f"{round(midnight.timestamp() * 1000)}",
            str((day - datetime.date(1899, 12, 30)).days),
        )
        assert {date(form).date for form in forms} == {day}


def test_placeholders_of_a_field_are_no_values() -> None:
    for row in table("placeholders"):
        if row["field"] == "phone":
            assert phone(row["value"]).status is Status.PLACEHOLDER
        if row["field"] == "plate":
            value = plate(row["value"])
            # what could be on a car is marked only: somebody may drive under it
            marked = value.kind == "car" and (value.value, value.reason) == (
                row["value"], "looks_dummy",
            )  # fmt: skip
            assert marked or value.status is Status.PLACEHOLDER


@given(st.from_regex(r"1[3-9]([0-9])[0-9]\1{7}", fullmatch=True))
def test_a_regular_mobile_that_is_not_listed_is_kept(digits: str) -> None:
    value = phone(digits)
    assert (value.status is Status.PLACEHOLDER) == is_dummy(digits)
    assert value.value == (None if is_dummy(digits) else f"+86{digits}")
