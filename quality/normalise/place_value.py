"""The place that the beginning of an address names."""

from __future__ import annotations

from dataclasses import dataclass

from quality.normalise.divisions import Division


@dataclass(slots=True)
class Place:
    """Province, city, district and zone; `taken` characters of the text tell them.

    named_city, named: a city or a district that is named in the text and not certain, or has no
    code. zone_first: whether the zone stands before the district. area: what lies between a special
    region and its road (中环). note: a part of the city without a name of its own (城区). reason:
    why the place is not certain, or not as typed, or '':

        ambiguous_district     several districts have the name
        levels_contradict      a city or a district that is not where the text puts it
        former_division        a division that has another name today
        former_division_split  one that was divided among several, and no town tells which
        town_moved             a town that another district has now
    """

    province: Division | None = None
    city: Division | None = None
    district: Division | None = None
    named_city: str = ""
    named: str = ""
    zone: str = ""
    zone_first: bool = False
    area: str = ""
    note: str = ""
    reason: str = ""
    taken: int = 0

    def has(self, division: Division) -> bool:
        """Whether a division lies in what is known of the place."""
        if self.city:
            return self.city.code in (division.city_code, division.code)
        if self.province:
            return division.code[:2] == self.province.code[:2]
        return True
