"""Every case of tests/cases: what was typed, what it must be understood as, and which trap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from quality.normalise import Near
from quality.normalise.registry import MODULES

CASES = Path(__file__).parents[2] / "cases"
FILES = {
    "names": "name", "companies": "company", "phones": "phone", "vins": "vin", "plates": "plate",
    "identities": "identity", "addresses": "address", "dates": "date",
}  # fmt: skip


def _cases() -> list[Any]:
    found = []
    for file, field in FILES.items():
        for case in yaml.safe_load((CASES / f"{file}.yml").read_text(encoding="utf-8")):
            found.append(pytest.param(field, case, id=f"{field}: {case['trap']}"))
    return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value if value is None else _scalar(value)


def _scalar(value: Any) -> Any:
    return value if isinstance(value, bool | int) else str(value)


@pytest.mark.parametrize(("field", "case"), _cases())
def test_case(field: str, case: dict[str, Any]) -> None:
    value = MODULES[field].scalar(case["typed"], Near(**case.get("near", {})))
    seen = {name: _plain(getattr(value, name)) for name in case["expect"]}
    expected = {
        k: v if v is None or isinstance(v, list | bool | int) else str(v)
        for k, v in case["expect"].items()
    }
    assert seen == expected
    assert value.typed == case["typed"]


@pytest.mark.parametrize("file", FILES)
def test_file_has_enough_cases(file: str) -> None:
    cases = yaml.safe_load((CASES / f"{file}.yml").read_text(encoding="utf-8"))
    assert len(cases) >= 50
    assert all(case["expect"] and case["trap"] for case in cases)
