"""What holds for every normaliser, whatever was typed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.normalise import NOWHERE, Near, Status
from quality.normalise.registry import MODULES

# what real cells are made of, glued at random, beside any text whatever
PIECES_TEXT = """
张 张伟 李娜 欧阳 刘 先生 小 阿 总 ( ） / 、 · - . ? * □ 宏达 物流 有限公司 苏州 分公司 武汉 江苏省
昆山市 朝阳区 人民路 十二号 3-2-501 3栋 2单元 501室 高新区 镇 Liu FENG 13812345678 0512 65123456
1.38E+10 LSV HH2BR9J2123456 苏 E D12345 11010519491231002X 2024 年3月5日 测试 无 0 X 万公里 ¥
@qq.com 是 代 老公 公司 店 和 𬱖 2021-03-05 T16:00:00Z 3/5/21 三月 五日 MAR FRI 1614873600 +86 转801
139****5679 幺 B 02-ABC123 SU 临 京 LSJA24U62JG269225 91110000600037341L E12345678
"""
PIECES = [*PIECES_TEXT.split(), " ", "　", "\u200b", "\ue863", "\n"]
CELLS = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
SURROUNDINGS = st.sampled_from(
    [NOWHERE, Near("0512", "苏"), Near("0556", "京", datetime.date(2021, 3, 4))]
)
FIELDS = pytest.mark.parametrize("field", MODULES)


@FIELDS
@settings(deadline=None, max_examples=150)
@given(typed=CELLS, near=SURROUNDINGS)
def test_total_and_typed_kept(field: str, typed: str, near: Near) -> None:
    normalise, kind, _ = MODULES[field]
    value = normalise(typed, near)
    assert type(value) is kind
    assert value.typed == typed
    assert (value.status is Status.MISSING) <= (value.value is None)


@FIELDS
@settings(deadline=None, max_examples=150)
@given(typed=CELLS, near=SURROUNDINGS)
def test_normalising_twice_changes_nothing(field: str, typed: str, near: Near) -> None:
    normalise = MODULES[field].scalar
    value = normalise(typed, near).value
    if value is not None:
        assert normalise(value, near).value == value


@FIELDS
def test_nothing_typed_is_missing(field: str) -> None:
    normalise = MODULES[field].scalar
    for typed in (None, "", "  "):
        assert normalise(typed, NOWHERE).status is Status.MISSING
