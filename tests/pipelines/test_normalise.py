"""`guiyi normalise`: what a value is understood as, for programs and for people."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from connectors.intake import SHANGHAI
from pipelines.cli import app


def understood(*arguments: str) -> list[dict[str, Any]]:
    shown = CliRunner().invoke(app, ["normalise", *arguments, "--json"])
    assert shown.exit_code == 0, shown.output
    found: list[dict[str, Any]] = json.loads(shown.output)
    return found


#: What the JSON of each field promises beside typed, value, status and reason.
PROMISED = {
    ("phone", "0512-65123456/13912345679"): {"kind", "others", "extension"},
    ("vin", "JG269225"): {"wmi", "model_year", "suffix"},
    ("identity", "11010519491231002X"): {"kind", "birth_date", "sex", "region"},
    ("plate", "苏E12346"): {"kind", "province", "others"},
    ("date", "2021-03-05"): {"candidates"},
}


@pytest.mark.parametrize(("field", "typed"), PROMISED)
def test_json_has_what_it_promises(field: str, typed: str) -> None:
    (value,) = understood(field, typed)
    assert value["typed"] == typed
    assert set(value) >= {"value", "status", "reason"} | PROMISED[field, typed]


def test_a_day_to_come_is_none_unless_it_may_be() -> None:
    tomorrow = datetime.datetime.now(SHANGHAI).date() + datetime.timedelta(days=2)
    (value,) = understood("date", str(tomorrow))
    assert (value["status"], value["reason"]) == ("invalid", "future_date")
    assert (value["value"], value["candidates"]) == (None, [str(tomorrow)])
    (allowed,) = understood("date", str(tomorrow), "--latest", "9999-12-31")
    assert (allowed["status"], allowed["value"]) == ("ok", str(tomorrow))


def test_the_clock_can_be_set_back() -> None:
    values = understood("date", "2021-03-05", "21-3-6", "35-3-5", "--latest", "2021-03-05")
    assert [v["value"] for v in values] == ["2021-03-05", None, "1935-03-05"]
    assert [v["reason"] for v in values] == ["", "future_date", "two_digit_year"]


def test_the_outlets_area_and_province_complete_a_value() -> None:
    (phone,) = understood("phone", "65123456", "--area-code", "0512")
    (plate,) = understood("plate", "E12346", "--province", "苏")
    assert (phone["value"], phone["reason"]) == ("+8651265123456", "area_code_completed")
    assert (plate["value"], plate["reason"]) == ("苏E12346", "province_inferred")
