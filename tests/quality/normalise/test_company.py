"""Companies: the tables that their names are read by, and laws over the words they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.normalise import company
from quality.normalise.company_parts import branches, forms, trades
from quality.normalise.company_region import leading_region
from quality.reference import table

WORDS = st.sampled_from([
    *forms(), *trades(), *branches(), *(row["name"] for row in table("wide_regions")),
    *(row["name"] for row in table("not_regions")), *(row["text"] for row in table("not_people")),
    *(row["form"] for row in table("latin_legal_forms")),
    "苏州", "武汉市", "上海", "宏达", "一汽", "ABC", "张伟", "王经理", "工业园区", "南京路", "测试",
    "xx", "(", ")", "（", "）", "-", "—", "/", "、", ",", " ", "·", "1", "中国", "集团",
    "13812345678", "ÎäººÎïÁ÷ÓÐÏÞ¹«Ë¾",
])  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(typed=st.lists(WORDS, min_size=1, max_size=6).map("".join))
def test_what_cells_are_made_of_is_understood_once_and_for_all(typed: str) -> None:
    found = company.normalise(typed)
    assert found.typed == typed
    if found.value is not None:
        assert company.normalise(found.value).value == found.value


@pytest.mark.parametrize("row", table("latin_legal_forms"), ids=lambda row: row["words"])
def test_every_latin_form_is_recognised_as_it_is_written(row: dict[str, str]) -> None:
    found = company.normalise(f"Hongda Motor {row['form']}")
    assert (found.core, found.legal_form) == ("Hongda Motor", row["form"])
    assert found.value == f"Hongda Motor {row['form']}"
    assert company.is_company(f"Hongda Motor {row['form']}") == (row["weight"] == "strong")


def test_a_short_name_that_begins_other_words_is_no_region() -> None:
    for row in table("not_regions"):
        region = leading_region(row["name"] + "宏达")
        assert region is None or region.name != row["name"], row


@pytest.mark.parametrize("row", table("wide_regions"), ids=lambda row: row["name"])
def test_every_wide_region_is_read_in_brackets(row: dict[str, str]) -> None:
    found = company.normalise(f"宏达({row['name']})物流有限公司")
    assert (found.core, found.region) == ("宏达", row["region"])


@pytest.mark.parametrize("sign", ["-", "—", "–", "·", "－"])
def test_signs_inside_a_name_change_nothing_but_the_value(sign: str) -> None:
    plain, signed = (company.normalise(f"一汽{s}大众汽车有限公司") for s in ("", sign))
    assert (signed.core, signed.key) == (plain.core, plain.key)
    assert signed.value is not None
    assert signed.value.replace(signed.value[2], "") == plain.value
