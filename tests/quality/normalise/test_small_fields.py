"""Mileage, amount, e-mail, yes-no, sex, engine number and plain text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quality.normalise import NOWHERE, Status
from quality.normalise.registry import MODULES

# field, typed, value, status
CASES = [
    ("mileage", "0", "0", "ok"),
    ("mileage", "53,000公里", "53000", "ok"),
    ("mileage", "12.5万", "125000", "ok"),
    ("mileage", "１２３４５", "12345", "ok"),
    ("mileage", "53000.7", "53000", "ok"),
    ("mileage", "999999", None, "placeholder"),
    ("mileage", "-1", None, "invalid"),
    ("mileage", "2000001", None, "invalid"),
    ("mileage", "很多", None, "invalid"),
    ("amount", "1,234.50元", "1234.50", "ok"),
    ("amount", "￥1234", "1234.00", "ok"),
    ("amount", "-50", "-50.00", "ok"),
    ("amount", "-0", "0.00", "ok"),
    ("amount", "(1,234.5)", "-1234.50", "ok"),
    ("amount", "0.005", "0.01", "repaired"),
    ("amount", "1e99", None, "invalid"),
    ("amount", "无", None, "placeholder"),
    ("email", "a.b@163.con", "a.b@163.com", "repaired"),
    ("email", " Zhang@Example.COM ", "zhang@example.com", "ok"),
    ("email", "zhang@@example.com", None, "invalid"),
    ("email", "test@test.com", None, "placeholder"),
    ("yes_no", "√", "Y", "ok"),
    ("yes_no", "×", "N", "ok"),
    ("yes_no", "FALSE", "N", "ok"),
    ("yes_no", "不详", None, "placeholder"),
    ("sex", "女性", "F", "ok"),
    ("sex", "1.0", "M", "ok"),
    ("sex", "9", None, "placeholder"),
    ("engine", "EA211-123456", "EA211123456", "ok"),
    ("engine", "1.2E+8", None, "invalid"),
    ("engine", "00000000", None, "placeholder"),
    ("engine", "张三", None, "invalid"),
]


@pytest.mark.parametrize(("field", "typed", "value", "status"), CASES)
def test_case(field: str, typed: str, value: str | None, status: str) -> None:
    seen = MODULES[field].scalar(typed, NOWHERE)
    assert (seen.value, seen.status) == (value, status)


def test_numbers_come_as_numbers() -> None:
    amount = MODULES["amount"].scalar("1,234.5", NOWHERE)
    mileage = MODULES["mileage"].scalar("5.3万公里", NOWHERE)
    assert getattr(amount, "cny", None) == Decimal("1234.50")
    assert getattr(mileage, "km", None) == 53000
    assert amount.status is Status.OK
