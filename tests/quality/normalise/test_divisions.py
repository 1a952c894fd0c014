"""The table of divisions and the places read with it."""

from __future__ import annotations

import pytest

from quality.normalise.divisions import MUNICIPALITIES, Division, atlas, entries
from quality.normalise.place import locate
from quality.normalise.text import simplify
from quality.normalise.transferred import transferred
from quality.reference import table


def test_there_are_as_many_divisions_as_china_has() -> None:
    codes = list(atlas().by_code)
    provinces = [c for c in codes if c.endswith("0000")]
    cities = [c for c in codes if c.endswith("00") and c not in provinces]
    assert len(provinces) == 34
    # 333 of prefecture level and the 4 municipalities once more
    assert 333 <= len([c for c in cities if c[:2] not in MUNICIPALITIES]) <= 345
    assert 2830 <= len(codes) - len(provinces) - len(cities) <= 2900


def test_every_division_lies_in_a_known_city_and_province() -> None:
    by_code = atlas().by_code
    orphans = [
        d.code
        for d in by_code.values()
        if d.code[:2] + "0000" not in by_code
        or (not d.code.endswith("0000") and d.city_code not in by_code)
    ]
    assert orphans == []


FORMER = table("former_divisions")


@pytest.mark.parametrize("row", FORMER, ids=lambda row: row["former"] + row["code"])
def test_former_divisions_lead_to_one_in_force(row: dict[str, str]) -> None:
    heirs = atlas().former[simplify(row["former"])]
    assert row["code"] in [former.heir.code for former in heirs]
    for town in row["towns"].split():
        place = locate(simplify(f"{_city(row['code'])}{row['former']}{town}镇1号"))
        others = [
            other["code"]
            for other in FORMER
            if other["former"] == row["former"] and town in other["towns"].split()
        ]
        # a town of the name may have gone to two districts
        assert place.district is None or place.district.code in others
        assert place.reason in ("former_division", "former_division_split")


def test_a_former_division_without_a_town_is_what_has_its_rest_or_nothing() -> None:
    found = {}
    for row in FORMER:
        place = locate(simplify(_city(row["code"]) + row["former"]))
        heirs = [
            (r["code"], r["towns"])
            for r in FORMER
            if r["former"] == row["former"] and _city(r["code"]) == _city(row["code"])
        ]
        rest = {code for code, towns in heirs if not towns}
        if len(rest) == 1 and place.district:
            found[row["former"]] = place.district.code in rest
        elif len(heirs) > 1 and place.reason == "former_division_split":
            found[row["former"]] = place.district is None and place.named != ""
    assert len(found) > 250
    assert [name for name, right in found.items() if not right] == []


@pytest.mark.parametrize("row", table("moved_towns"), ids=lambda row: row["had"] + row["has"])
def test_moved_towns_lead_to_their_district(row: dict[str, str]) -> None:
    every = {
        division.code: division
        for level in (atlas().districts, atlas().generic)
        for divisions in level.values()
        for division in divisions
    }
    had, has = every[row["had"]], every[row["has"]]
    assert had.code[:2] == has.code[:2]
    for town in row["towns"].split():
        for kind in ("镇", "街道", "乡"):
            place = locate(simplify(f"{_city(had.code)}{had.name}{town}{kind}1号"))
            assert (place.district, place.reason) == (has, "town_moved")
        # the town with its own district is as it should be
        place = locate(simplify(f"{_city(has.code)}{has.name}{town}镇1号"))
        assert (place.district, place.reason) == (has, "")


def _city(code: str) -> str:
    """The name of the city that a district lies in, or its own."""
    if code[:2] in MUNICIPALITIES or code[2:4] == "90" or code.endswith("00"):
        return atlas().by_code[code[:2] + "0000"].name
    return atlas().by_code[code[:4] + "00"].name


def test_an_equal_stem_does_not_outweigh_the_code() -> None:
    # 360402 was 庐山区 and is 濂溪区; 庐山市 (360483) was another county, and has one town of it
    heirs = atlas().former["庐山区"]
    assert [(former.heir.name, former.towns) for former in heirs] == [
        ("濂溪区", ()),
        ("庐山市", ("牯岭",)),
    ]


def test_corrections_are_applied() -> None:
    rows = table("division_corrections")
    applied = {(row["code"], row["name"]): row["in_force"] == "yes" for row in rows}
    by_code = atlas().by_code
    assert {key: key[0] in by_code and by_code[key[0]].name == key[1] for key in applied} == applied


def _written(division: Division) -> set[str]:
    """Ways to write a district that are certain: with its city and province, in full or short."""
    by_code = atlas().by_code
    province, city = by_code[division.code[:2] + "0000"], by_code[division.city_code]
    ways = {
        province.name + city.name + division.name,
        city.name + division.name,
        province.short + city.short + division.name,
        city.short + division.name,
    }
    if city in (province, division) or city.name == province.name:
        ways = {province.name + division.name}
    # 海南共和县: the province, not the prefecture of Qinghai
    return {
        simplify(way) for way in ways if not way.startswith("海南") or province.code == "460000"
    }


def test_every_district_is_found_again_however_it_is_written() -> None:
    every = [*atlas().districts.values(), *atlas().generic.values()]
    wrong = []
    for division in {division for divisions in every for division in divisions}:
        if division.code[:2] in ("71", "81", "82"):
            continue
        for way in _written(division):
            for behind in ("", "人民路", "中山镇"):
                place = locate(way + behind)
                if place.district != division or place.taken != len(way) or place.reason:
                    wrong.append(way + behind)
    assert wrong == []


def test_counties_of_former_prefectures_are_what_has_their_name_today() -> None:
    """临沂地区莒县, 六安市寿县: never another county; some went apart, and some have no trace."""
    prefectures, missed, wrong = _prefectures_of_the_past(), [], []
    for city, county in _counties_of_the_past(prefectures):
        typed = atlas().by_code[county[0] + "0000"].name + city + county[1]
        place = locate(simplify(typed))
        present = [d for d in atlas().districts.get(simplify(county[1]), ()) if place.has(d)]
        if place.district is None:
            missed.append(typed)
        elif present and place.district not in present:
            wrong.append(typed)
    assert wrong == []
    assert len(missed) < 300


def _prefectures_of_the_past() -> dict[str, list[tuple[int, str]]]:
    """First digits of a code to its cities with their last years."""
    current, ended = entries()
    found: dict[str, list[tuple[int, str]]] = {}
    for code, name, year in (*((code, name, 9999) for code, name in current), *ended):
        if code.endswith("00") and not code.endswith("0000"):
            found.setdefault(code[:4], []).append((year, name))
    return found


def _counties_of_the_past(
    prefectures: dict[str, list[tuple[int, str]]],
) -> set[tuple[str, tuple[str, str]]]:
    """(city, (province, county)) that stood together in 1984 or later."""
    counties = set()
    for code, name, year in entries()[1]:
        above = [city for city in prefectures.get(code[:4], ()) if city[0] >= year]
        if above and name[-1] in "县市旗" and year >= 1984 and not code.endswith("00"):
            counties.add((min(above)[1], (code[:2], name)))
    return counties


def test_a_county_is_transferred_to_another_city_than_it_had() -> None:
    for city, counties in transferred().items():
        for name, former in counties.items():
            assert former.heir.city_code != city, (city, name)
            assert former.heir in atlas().by_code.values()


def test_a_road_with_the_name_of_a_place_is_no_place() -> None:
    shorts = {d.short for cities in atlas().cities.values() for d in cities}
    wrong = [name for name in shorts if locate(f"{name}路1号").taken]
    assert wrong == []
