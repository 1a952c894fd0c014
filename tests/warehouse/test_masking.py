"""Masks: bulk and scalar agree, and none shows more than it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.database import connect
from warehouse.masking import HIDDEN, MASKS, _divisions

CASES = [
    ("name", "张三", "张*"),
    ("name", "张三丰", "张*"),
    ("name", "欧阳娜娜", "欧阳*"),
    ("name", "欧阳", "欧*"),
    ("name", "张", "*"),
    ("name", "", "*"),
    ("name", "John Smith", "J*"),
    ("company", "深圳市远航贸易有限公司", "深圳***"),
    ("company", "远航贸易", HIDDEN),
    ("phone", "+8613812348000", "138****8000"),
    ("phone", "+8675512345678", "****5678"),
    ("phone", "+85291234567", "****4567"),
    ("phone", "+8610086", HIDDEN),
    ("phone", "13812348000", HIDDEN),
    ("id_number", "11010519491231002X", "110***********002X"),
    ("id_number", "110105491231002", "110********1002"),
    ("id_number", "E12345678", HIDDEN),
    ("birth_date", "1949-12-31", "1949-**-**"),
    ("birth_date", "1949", HIDDEN),
    ("email", "abc@qq.com", "a***@qq.com"),
    ("email", "a@qq.com", "***@qq.com"),
    ("email", "abc", HIDDEN),
    ("email", "a@b@qq.com", HIDDEN),
    ("address", "广东省深圳市南山区学府路1号", "广东省深圳市南山区***"),
    ("address", "重庆市沙坪坝区建设路394号", "重庆市沙坪坝区***"),
    ("address", "南山区学府路1号", "南山区***"),
    ("address", "幸福小区3号楼", HIDDEN),
    ("address", "广东省深圳市", "广东省深圳市"),
    ("address", "", HIDDEN),
    ("plate", "京A12312", "京A***12"),
    ("plate", "粤BD12345", "粤B***45"),
    ("plate", "粤Z1234港", "粤Z***4港"),
    ("plate", "12312", HIDDEN),
    ("vin", "LGBH52E00JE012655", "LGBH52E00JE******"),
    ("vin", "JE012655", HIDDEN),
]
#: Pieces of values, so that shapes are met and nearly met.
PIECES = [
    "", "+86", "+", "138", "1234", "8000", "0", "X", "欧阳", "张", "三", "京A", "港", "@", "qq.com",
    "广东省", "深圳市", "南山区", "学府路1号", "LGBH52E00JE", "012655",
    "1949-12-31", "\n", "\0", "'", " ", "é",
]  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=25),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.sampled_from([value for _, value, _ in CASES]).flatmap(
        lambda value: st.integers(0, len(value)).map(lambda n: value[:n] + value[n + 1 :])
    ),
)


@pytest.fixture(scope="module")
def bulk() -> Callable[[str, list[str | None]], list[str | None]]:
    """Many values masked in SQL."""
    con = connect()

    def masked(kind: str, values: list[str | None]) -> list[str | None]:
        sql = f"SELECT {MASKS[kind].sql('v')} FROM (SELECT unnest(?::VARCHAR[]) AS v)"
        return [row[0] for row in con.execute(sql, [values]).fetchall()]

    return masked


@pytest.mark.parametrize(("kind", "value", "shown"), CASES)
def test_what_is_left_of_a_value(bulk: Callable, kind: str, value: str, shown: str) -> None:
    assert MASKS[kind].scalar(value) == shown
    assert bulk(kind, [value]) == [shown]


@pytest.mark.parametrize("kind", MASKS)
def test_null_stays_null(bulk: Callable, kind: str) -> None:
    assert MASKS[kind].scalar(None) is None
    assert bulk(kind, [None, "x"])[0] is None


@pytest.mark.parametrize("kind", MASKS)
@given(values=st.lists(VALUES, min_size=1, max_size=20))
def test_bulk_says_what_the_scalar_twin_says(bulk: Callable, kind: str, values: list[str]) -> None:
    assert bulk(kind, values) == [MASKS[kind].scalar(value) for value in values]


#: Mask -> at most so many characters at the beginning, and at the end.
ENDS = {"company": (2, 0), "phone": (3, 4), "id_number": (3, 4), "plate": (2, 2), "vin": (11, 0)}


@pytest.mark.parametrize("kind", ENDS)
@given(value=VALUES)
def test_no_more_than_so_many_characters_are_shown_of_any_string(kind: str, value: str) -> None:
    shown = MASKS[kind].scalar(value)
    assert shown
    before, _, after = shown.partition("*")
    after = after.lstrip("*")
    most_before, most_after = ENDS[kind]
    assert len(before) <= most_before
    assert len(after) <= most_after
    if shown != HIDDEN:
        assert len(value) - len(before) - len(after) >= 3
        typed = value.removeprefix("+86") if kind == "phone" else value
        assert typed.startswith(before)
        assert value.endswith(after)


@given(value=VALUES)
def test_a_name_shows_a_compound_surname_or_one_character_and_never_all(value: str) -> None:
    kept = str(MASKS["name"].scalar(value)).removesuffix("*")
    assert value.startswith(kept)
    assert len(kept) < max(len(value), 1)
    assert len(kept) <= 1 or kept in {"欧阳"} or len(value) > 2


@given(value=VALUES)
def test_a_mail_address_shows_one_character_of_who_it_is(value: str) -> None:
    shown = str(MASKS["email"].scalar(value))
    if shown != HIDDEN:
        local, domain = value.split("@")
        assert shown in (f"{local[0]}***@{domain}", f"***@{domain}")
        assert shown[0] == "*" or len(local) > 1


@given(value=VALUES)
def test_an_address_shows_nothing_but_names_of_divisions(value: str) -> None:
    rest = str(MASKS["address"].scalar(value)).removesuffix(HIDDEN)
    for level in _divisions():
        rest = rest.removeprefix(next((name for name in level if rest.startswith(name)), ""))
    assert rest == ""


@given(value=VALUES)
def test_a_birth_date_shows_a_year(value: str) -> None:
    shown = MASKS["birth_date"].scalar(value)
    assert shown in (HIDDEN, f"{value[:4]}-**-**")
