"""Valid values pass the checks of others: python-stdnum, and VINs that are published."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from connectors.sample import names, numbers
from connectors.sample.dice import Dice
from connectors.sample.tables import cities, places

seeds = st.integers(0, 2**32)


@given(seeds, st.dates(date(1930, 1, 1), date(2005, 12, 31)), st.sampled_from("MF"))
@settings(deadline=None)
def test_resident_ids_are_valid(seed: int, born: date, sex: str) -> None:
    dice = Dice(seed)
    number = numbers.resident_id(dice, dice.pick(places()).code, born, sex)
    assert ric.calc_check_digit(number) == number[-1]
    assert ric.get_birth_date(number) == born
    assert int(number[16]) % 2 == (sex == "M")


@given(seeds)
@settings(deadline=None)
def test_company_codes_are_valid(seed: int) -> None:
    assert uscc.is_valid(numbers.company_code(Dice(seed), "420106"))


@pytest.mark.parametrize(
    "vin", ["LDC613P23A1305189", "LSJA24U62JG269225", "LBV5S3102ESJ25655", "1M8GDM9AXKP042788"]
)
def test_published_vins_pass_the_check_digit(vin: str) -> None:
    assert numbers.vin_check(vin) == vin[8]


@given(seeds, st.integers(2010, 2039), st.integers(0, 999_999))
@settings(deadline=None)
def test_vins_carry_their_check_digit(seed: int, year: int, serial: int) -> None:
    vin = numbers.vin("LSVAM418", year, "2", serial)
    assert re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", vin)
    assert vin[8] == numbers.vin_check(vin)


@given(seeds, st.booleans())
@settings(deadline=None)
def test_plates_have_the_pattern_of_their_kind(seed: int, electric: bool) -> None:
    dice = Dice(seed)
    plate = numbers.plate(dice, dice.pick(places()), electric)
    fuel, new = r"\w[A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}", r"\w[A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9]\d{4}"
    assert re.fullmatch(new if electric else fuel, plate)


@given(seeds)
@settings(deadline=None)
def test_landlines_have_the_length_of_their_place(seed: int) -> None:
    dice = Dice(seed)
    place = dice.pick(places())
    assert len(numbers.landline(dice, place)) == len(place.area_code) + place.local_digits


def test_divisions_are_many_and_unlike() -> None:
    assert len(places()) >= 60
    assert len({place.province for place in places()}) >= 15
    assert len({place.code for place in places()}) == len(places())
    assert len(cities()) > 30


def test_two_people_share_a_full_name_as_often_as_in_life() -> None:
    """Published: at least 5.3e-6, and real concentration is above that bound."""
    weights = names.surnames().weights
    same_surname = sum(w * w for w in weights) / sum(weights) ** 2
    dice, count = Dice(3), 40_000
    found: dict[str, int] = {}
    for _ in range(count):
        year = 1958 + int((dice.random() + dice.random()) * 22)
        name = names.given_name(dice, year, "M" if dice.chance(0.6) else "F")
        found[name] = found.get(name, 0) + 1
    same_given = sum(n * (n - 1) for n in found.values()) / count / (count - 1)
    assert 0.024 < same_surname < 0.030
    assert 5e-6 < same_surname * same_given < 1.1e-5
