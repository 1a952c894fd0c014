"""Addresses: what is true, and its full writing."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sample.dice import Dice
from connectors.sample.names import falling
from connectors.sample.tables import Place, words

DIRECT = ("北京市", "天津市", "上海市", "重庆市")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a household or a company is; `estate` is empty for a house on a road."""

    place: Place
    town: str
    road: str
    number: int
    estate: str
    building: int
    unit: int
    room: int
    tower: str  # the word for a building: 栋, 幢, 号楼, 座

    @property
    def region(self) -> str:
        """Province, city and district; a direct municipality stands once."""
        province = "" if self.place.province in DIRECT else self.place.province
        return province + self.place.city + self.place.district

    @property
    def detail(self) -> str:
        """What follows the region."""
        street = f"{self.town}{self.road}{self.number}号"
        if not self.estate:
            return street
        return f"{street}{self.estate}{self.door}"

    @property
    def door(self) -> str:
        """Building, unit and room."""
        unit = f"{self.unit}单元" if self.unit else ""
        return f"{self.building}{self.tower}{unit}{self.room}室"

    def __str__(self) -> str:
        return self.region + self.detail


def home(dice: Dice, place: Place) -> Address:
    """A flat, or in one case of eight a house on a road."""
    flat = not dice.chance(0.12)
    return Address(
        place=place,
        town="" if place.district else dice.pick(words("town")),
        road=falling("road").throw(dice),
        number=1 + dice.below(420),
        estate=falling("estate").throw(dice) if flat else "",
        building=1 + dice.below(38),
        unit=dice.pick((0, 1, 1, 2, 2, 3, 4)),
        room=(1 + dice.below(30)) * 100 + 1 + dice.below(6),
        tower=dice.pick(("栋", "栋", "号楼", "幢", "座")),
    )


def office(dice: Dice, place: Place) -> Address:
    """Where a company sits: mostly a number on a road."""
    if dice.chance(0.3):
        return home(dice, place)
    town = "" if place.district else dice.pick(words("town"))
    return Address(place, town, falling("road").throw(dice), 1 + dice.below(900), "", 0, 0, 0, "栋")
