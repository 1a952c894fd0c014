"""`guiyi normalise name`: the JSON of people, companies and nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app

CASES: dict[str, dict[str, Any]] = {
    "歐陽娜娜女士": {
        "value": "歐陽娜娜", "status": "ok", "reason": "", "kind": "person", "surname": "歐陽",
        "given": "娜娜", "title": "女士", "sex": "F", "fold": "欧阳娜娜", "pinyin": "ou yang na na",
        "company": None,
    },
    "师傅": {
        "value": None, "status": "placeholder", "reason": "placeholder", "kind": "unknown",
        "surname": None, "given": None, "title": "师傅", "sex": None, "fold": None,
        "pinyin": None, "company": None,
    },
    "一汽-大众汽车有限公司": {
        "value": "一汽-大众汽车有限公司", "status": "ok", "kind": "company", "surname": None,
        "given": None, "title": None, "sex": None, "pinyin": None,
        "company": {"core": "一汽大众", "region": None, "legal_form": "有限公司"},
    },
}  # fmt: skip


@pytest.mark.parametrize("typed", CASES)
def test_a_name_in_json(typed: str) -> None:
    shown = CliRunner().invoke(app, ["normalise", "name", typed, "--json"])
    assert shown.exit_code == 0, shown.output
    (found,) = json.loads(shown.output)
    assert found["typed"] == typed
    company, expected = found.pop("company"), CASES[typed]
    assert {key: found[key] for key in expected if key != "company"} == {
        key: value for key, value in expected.items() if key != "company"
    }
    parts = expected["company"]
    assert (company and {key: company[key] for key in parts}) == parts
