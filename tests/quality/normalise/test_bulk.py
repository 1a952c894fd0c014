"""Bulk understanding gives what the scalar normalisers give, whatever was typed."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.normalise import NOWHERE, Near
from quality.normalise.column import apply
from quality.normalise.registry import MODULES
from tests.quality.normalise.test_laws import CELLS

CASES = Path(__file__).parents[2] / "cases"
BULK = [field for field, normaliser in MODULES.items() if normaliser.bulk]
FIELDS = pytest.mark.parametrize("field", BULK)
SUZHOU = Near(area_code="0512", province="苏")
LONG_AGO = Near(latest=datetime.date(1999, 12, 31))
HAN = "张王李曾覃乐欧阳单仇于於肖萧付傅某小老阿长生东云劉偉一二三五路街镇区市号栋院楼第甲"
# what plain values look like, and what comes close to them
LIKE_PLAIN = {
    "phone": r"(\+?86[- ]?)?1[3-9]\d([- ]?\d{4}){2}[ \t]?|1[3-9]([0-1])\2{8}|1[3-9]\d12345678",
    "vin": r"L[A-HJ-NPR-Z0-9]{7}[0-9X][A-Y1-9][A-Z0-9]{7}|[a-z0-9]{17}|[01]{17}|(.)\1{16}",
    "plate": r"[苏京粤户][A-Za-z][· .-]?[A-HJ-Za-z0-9]{5,6} ?|苏[AE](0|[A-K])\d{5}[A-K]?|苏E00000",
    "identity": r"(11|32|81|91|00)0[15]\d\d(18|19|20)\d\d[01]\d[0-3]\d{4}[0-9Xx]|(\d)\3{17}",
    "date": r"(19|20|21)\d\d[-/.年][01]?\d[-/.月][0-3]?\d日?([ T]\d\d:\d\d)?"
    r"|[12]\d{7}|\d{5}(\.\d)?",
    "mileage": r"\d{1,8}(\.0)? ?(km|KM|公里)?|\d{1,3}(,\d{3}){1,2}|(1|9)\1{3,6}",
    "amount": r"[¥￥]?\d{1,13}(\.\d{1,3})?元?|\d{1,3}(,\d{3}){1,3}",
    "engine": r"[A-Z0-9]{1,12}|\dE\d{1,3}|([A-Z])\1{4}",
    "name": rf"[{HAN}]{{1,5}}|[张李王小]\w{{1,2}}",
    "address": rf"(江苏省?)?(苏州市?|昆山|南京|朝阳区|北京)?[{HAN}]{{1,8}}(路|街)\d{{1,5}}号"
    rf"([{HAN}]{{0,4}}(花园|苑|院|小区)?)?(\d{{1,3}}(栋|幢|号楼|座)(\d单元)?\d{{2,5}}室|\d-\d-\d\d\d)?",
}


def cells(field: str) -> st.SearchStrategy[str]:
    """Cells of a field: like plain ones, and anything else."""
    return st.one_of(st.from_regex(LIKE_PLAIN[field], fullmatch=True), CELLS)


def assert_alike(field: str, typed: list[str | None], near: Near) -> None:
    """Both ways give the same rows."""
    normaliser = MODULES[field]
    found = apply(normaliser, pa.array(typed, pa.string()), [near])
    for row, text in zip(found.to_pylist(), typed, strict=True):
        assert row == _expected(normaliser.scalar(text, near))


def _expected(value: Any) -> dict[str, Any]:
    whole = asdict(value)
    del whole["display"]
    return {k: list(v) if isinstance(v, tuple) else v for k, v in whole.items()}


@FIELDS
@settings(deadline=None, max_examples=150)
@given(data=st.data(), near=st.sampled_from([NOWHERE, SUZHOU, LONG_AGO]))
def test_bulk_agrees_with_scalar(field: str, data: st.DataObject, near: Near) -> None:
    typed = data.draw(st.lists(st.none() | cells(field), max_size=12))
    assert_alike(field, typed, near)


@pytest.fixture(scope="module")
def texts() -> list[Any]:
    """What is typed in all cases."""
    files = [yaml.safe_load(f.read_text(encoding="utf-8")) for f in sorted(CASES.glob("*.yml"))]
    return [case["typed"] for cases in files for case in cases if "typed" in case]


@FIELDS
def test_bulk_agrees_on_every_case(texts: list[Any], field: str) -> None:
    assert len(texts) > 500
    for near in (SUZHOU, LONG_AGO):
        assert_alike(field, [t for t in texts if t is None or isinstance(t, str)], near)


PLAIN = {
    "phone": ["13912345679", "139 1234 5679", "+8613912345679"],
    "vin": ["LSJA24U62JG269225", "lbv5s3102esj25655"],
    "plate": ["苏E12346", "苏ED12345", "苏e·12346"],
    "identity": ["11010519491231002X"],
    "date": ["2021-03-05", "2021/3/5", "20210305", "2021年3月5日", "2021-03-05 10:20", "44260"],
    "mileage": ["53000", "53,000", "53000 km", "53000.0"],
    "amount": ["1234.5", "1,234.50", "￥1234元"],
    "engine": ["EA211123456"],
    "name": ["张伟", "劉德華", "王小明"],
    "address": ["江苏省苏州市姑苏区人民路388号世纪花园3栋2单元501室", "北京市朝阳区建国路7号"],
}


@FIELDS
def test_plain_values_need_no_python(field: str) -> None:
    bulk = MODULES[field].bulk
    assert bulk is not None
    where, _ = bulk(pa.array(PLAIN[field]))
    assert [
        text for text, plain in zip(PLAIN[field], where.to_pylist(), strict=True) if not plain
    ] == []


def test_surroundings_stay_with_their_rows() -> None:
    typed = pa.array(["E12346", "苏E12346", "E12346", "13912345679"])
    near_index = pa.array([0, 1, 1, 0], pa.int32())
    found = apply(MODULES["plate"], typed, [NOWHERE, SUZHOU], near_index)
    assert found["value"].to_pylist() == [None, "苏E12346", "苏E12346", None]
    assert found["typed"].to_pylist() == typed.to_pylist()


def test_a_day_is_weighed_against_its_own_clock() -> None:
    typed = pa.array(["2021-03-05", "2021-03-05", "20210305", "2021-03-05"])
    nears = [
        Near(latest=datetime.date(2021, 3, 4)),
        Near(latest=datetime.date(2021, 3, 5)),
        NOWHERE,
    ]
    found = apply(MODULES["date"], typed, nears, pa.array([0, 1, 0, 2], pa.int32()))
    assert found["value"].to_pylist() == [None, "2021-03-05", None, "2021-03-05"]
    assert found["reason"].to_pylist() == ["future_date", "", "future_date", ""]
