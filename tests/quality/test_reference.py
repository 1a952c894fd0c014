"""Every reference table says where its rows come from; what can be computed of that is checked."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import opencc
import phonenumbers
import pytest
from phonenumbers import carrier, geocoder
from pypinyin import Style, pinyin

import quality.reference
from quality.normalise.divisions import atlas
from quality.reference import table

FILES = sorted(Path(quality.reference.__file__).parent.glob("*.csv"))
NAMES = [path.stem for path in FILES]
WITH_BASIS = [name for name in NAMES if "basis" in table(name)[0]]

_KEY = re.compile(r"^#   ([a-z-]+) = ", re.MULTILINE)


def header(name: str) -> str:
    """The comment lines above the rows of a table."""
    text = next(path for path in FILES if path.stem == name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if line.startswith("#"))


def bases(name: str) -> set[str]:
    """The keys that the rows of a table name as their basis."""
    return {key for row in table(name) for key in row["basis"].split("|")}


@cache
def readings(character: str) -> list[str]:
    """The toneless readings of pypinyin, the first one first."""
    all_of = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
    return list(dict.fromkeys(reading.replace("ü", "v") for reading in all_of))


@pytest.mark.parametrize("name", NAMES)
def test_a_table_names_its_source_and_date(name: str) -> None:
    head = header(name)
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", head), "no date"
    assert re.search(r"\bSource: |State Council|Ministry of", head), "no source"


@pytest.mark.parametrize("name", NAMES)
def test_a_row_stands_once(name: str) -> None:
    rows = [tuple(value for key, value in row.items() if key != "basis") for row in table(name)]
    assert rows
    assert [row for row, times in Counter(rows).items() if times > 1] == []


@pytest.mark.parametrize("name", WITH_BASIS)
def test_every_basis_is_explained_and_used(name: str) -> None:
    assert set(_KEY.findall(header(name))) == bases(name)


@pytest.mark.parametrize("name", ["surnames", "readings"])
def test_every_reading_has_a_basis(name: str) -> None:
    for row in table(name):
        assert row["readings"].count("|") == row["basis"].count("|"), row


def test_surname_readings_from_pypinyin_are_its_first() -> None:
    for row in table("surnames"):
        for reading, basis in zip(row["readings"].split("|"), row["basis"].split("|"), strict=True):
            if basis == "pypinyin":
                assert readings(row["surname"])[0] == reading, row


def test_given_name_readings_are_among_those_of_pypinyin() -> None:
    for row in table("readings"):
        for reading, basis in zip(row["readings"].split("|"), row["basis"].split("|"), strict=True):
            assert (reading in readings(row["character"])) == (basis == "pypinyin"), row


@pytest.mark.parametrize(
    "row", [r for r in table("area_codes") if r["basis"] == "geocoder"], ids=lambda r: r["code"]
)
def test_area_codes_are_where_libphonenumber_puts_them(row: dict[str, str]) -> None:
    lengths = [int(digits) for digits in row["digits"].split("-")]
    numbers = [
        row["code"] + f"{n}0001234"[:7] + "5" * (d - 7) for n in range(2, 9) for d in lengths
    ]
    places = {geocoder.description_for_number(phonenumbers.parse(n, "CN"), "zh") for n in numbers}
    assert any(row["province"] in place and row["city"] in place for place in places)


def test_a_prefix_stands_once_and_agrees_with_libphonenumber() -> None:
    rows = table("mobile_plan")
    assert len({row["prefix"] for row in rows}) == len(rows)
    for row in (r for r in rows if r["operator"] and r["length"] == "11"):
        number = phonenumbers.parse((row["prefix"] + "2736105583")[:11], "CN")
        assert carrier.name_for_number(number, "zh") in {row["operator"], ""}, row


def test_no_confused_pair_has_equal_value_in_the_check_sum() -> None:
    vin = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    for row in table("vin_confusions"):
        if row["why"] == "shape":
            typed, meant = row["typed"], row["meant"]
            assert vin.get(typed, typed) != vin.get(meant, meant), row
        else:
            assert row["typed"] in "IOQ"


def test_names_that_are_no_regions_are_those_of_divisions() -> None:
    shorts = {division.short for division in atlas().by_code.values()}
    assert {row["name"] for row in table("not_regions")} <= shorts


def test_zones_lie_in_cities_or_provinces() -> None:
    codes = atlas().by_code
    for row in table("zones"):
        assert row["city"].ljust(6, "0") in codes or row["city"] in ("", "1101", "3101"), row
        assert row["alone"] == "no" or row["city"], row


def test_former_cities_are_cities_or_districts() -> None:
    assert {row["code"] for row in table("former_cities")} <= set(atlas().by_code)
    present = {division.name for division in atlas().by_code.values()}
    names = {row["former"] for row in table("former_cities")}
    assert names & present == {"巢湖市"}  # a county-level city now


def test_towns_stand_without_their_kind() -> None:
    for row in (*table("former_divisions"), *table("moved_towns")):
        for town in row["towns"].split():
            assert not town.endswith(("镇", "街道")) or town in ("河沙镇", "九镇"), row


def test_regions_of_special_regions_are_provinces() -> None:
    codes = {row["region"] + "0000" for row in table("special_regions")}
    assert codes == {"710000", "810000", "820000"}


@pytest.mark.parametrize(
    "row", [r for r in table("variants") if r["basis"] == "opencc"], ids=lambda r: r["variant"]
)
def test_opencc_folds_the_variant(row: dict[str, str]) -> None:
    simplify = opencc.OpenCC("t2s").convert
    forms = [opencc.OpenCC(way).convert(row["variant"]) for way in ("jp2t", "hk2t", "tw2t")]
    assert row["canonical"] in {simplify(form) for form in (row["variant"], *forms)}
