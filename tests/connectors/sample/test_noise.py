"""Each noise channel does to a typical value what its name says."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.sample.addresses import Address
from connectors.sample.dice import Dice
from connectors.sample.noise import (
    Channel,
    Mixture,
    Scene,
    addresses,
    codes,
    companies,
    names,
    phones,
)
from connectors.sample.noise.dates import FORMS
from connectors.sample.noise.sounds import alike, heard, syllable
from connectors.sample.outlets import hq_outlet
from connectors.sample.people import Person
from connectors.sample.tables import places

WUHAN = next(place for place in places() if place.city == "武汉市")
HOME = Address(WUHAN, "", "人民路", 12, "阳光花园", 3, 2, 501, "栋")
LIU = Person("P1", "刘", "志峰", "M", date(1980, 1, 2), "", [(date.min, HOME)])


def scene(seed: int) -> Scene:
    return Scene(
        dice=Dice(seed),
        outlet=hq_outlet(WUHAN),
        party=LIU,
        phone="13912345678",
        address=HOME,
        engine="EA211A123456",
        plate="鄂A12345",
        other="王芳",
    )


TYPICAL = (
    [(channel, "刘志峰") for channel in names.SLIPS + names.STYLES]
    + [(channel, "13910345678") for channel in phones.SLIPS + phones.STYLES]
    + [(channel, "02784561234") for channel in phones.LANDLINE]
    + [(channel, "LSVAM4182JN104617") for channel in codes.VIN_SLIPS + codes.VIN_STYLES]
    + [(channel, "鄂A12057") for channel in codes.PLATE_SLIPS + codes.PLATE_STYLES]
    + [(channel, "42010619800102315X") for channel in codes.ID_SLIPS]
    + [(channel, str(HOME)) for channel in addresses.LEVELS + addresses.FORMS]
)
# Channels that need a value of their own kind.
ELSEWHERE = {"old_district", "doubled_city"}


@pytest.mark.parametrize(("channel", "text"), TYPICAL, ids=lambda value: getattr(value, "name", ""))
def test_each_channel_changes_a_typical_value(channel: Channel, text: str) -> None:
    if channel.name in ELSEWHERE:
        assert channel.change(text, scene(1)) == text
    else:
        assert any(channel.change(text, scene(seed)) != text for seed in range(8))


@pytest.mark.parametrize("channel", companies.SLIPS + companies.STYLES, ids=lambda c: c.name)
def test_company_channels_leave_people_in_peace_or_stay_total(channel: Channel) -> None:
    assert channel.change("武汉宏达物流有限公司", scene(1))


def test_a_mixture_keeps_to_its_rates() -> None:
    mixture = Mixture((Channel("x", 0.2, lambda text, scene: "x"),), Dice(4), 1.0)
    here = scene(9)
    hits = sum(mixture.apply("a", here)[1] == "x" for _ in range(4000)) / 4000
    assert abs(hits - mixture._cumulative[-1]) < 0.03


def test_scientific_notation_loses_the_last_digits() -> None:
    assert phones.scientific("13812345678", scene(1)) == "1.38123E+10"


def test_surnames_are_read_as_surnames() -> None:
    assert syllable("单", surname=True) == "shan"
    assert syllable("曾", surname=True) == "zeng"


def test_homophones_sound_alike_and_common_ones_lead() -> None:
    others = alike("伟")
    assert others is not None
    assert all(heard(syllable(character)) == heard("wei") for character in others.items)
    weights = dict(zip(others.items, others.weights, strict=True))
    assert weights["维"] > weights["炜"] > 0


@pytest.mark.parametrize(
    ("form", "text"),
    [("slash", "2024/3/5"), ("plain", "20240305"), ("han", "2024年3月5日"), ("serial", "45356")],
)
def test_date_forms(form: str, text: str) -> None:
    assert FORMS[form](date(2024, 3, 5)) == text
