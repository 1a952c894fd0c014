"""The table of divisions and the places read with it."""

from __future__ import annotations

import pytest

from quality.normalise.divisions import MUNICIPALITIES, atlas
from quality.normalise.place import locate
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


@pytest.mark.parametrize(
    "row", table("former_divisions"), ids=lambda row: row["former"] + row["code"]
)
def test_former_divisions_lead_to_one_in_force(row: dict[str, str]) -> None:
    heirs = [d.code for d in atlas().former[row["former"]]]
    assert (row["code"] in heirs) == (not row["towns"])
    for town in row["towns"].split():
        city = atlas().by_code[atlas().by_code[row["code"]].city_code]
        place = locate(f"{city.name}{row['former']}{town}1号")
        assert place.renamed
        assert place.district == atlas().by_code[row["code"]]


def test_an_equal_stem_does_not_outweigh_the_code() -> None:
    # 360402 was 庐山区 and is 濂溪区; 庐山市 (360483) was another county
    assert [d.name for d in atlas().former["庐山区"]] == ["濂溪区"]


def test_corrections_are_applied() -> None:
    rows = table("division_corrections")
    applied = {row["code"]: row["code"] in atlas().by_code for row in rows}
    assert applied == {row["code"]: row["in_force"] == "yes" for row in rows}


def test_every_full_name_with_its_city_and_province_is_found_again() -> None:
    by_code = atlas().by_code
    wrong = []
    for division in by_code.values():
        if division.code.endswith("00") or division.code[:2] in ("71", "81", "82"):
            continue
        province, city = by_code[division.code[:2] + "0000"], by_code[division.city_code]
        names = dict.fromkeys([province.name, city.name, division.name])
        place = locate("".join(names))
        if place.district is None or place.district.code != division.code:
            wrong.append(division.code)
    assert wrong == []
