"""Roles and groups: what they say, and how a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import SettingError
from warehouse.exports import rules
from warehouse.exports.rules import TABLES, Role, Rules, Shown
from warehouse.tables import tables

ROLES = "default: r\nroles: {r: {}}\n"


def load(folder: Path, text: str) -> Rules:
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    return rules.load(folder / "mine.yml")


def test_the_shipped_default_shows_no_personal_column_whole_and_no_sensitive_one() -> None:
    shipped = rules.load()
    role = shipped.role(shipped.default)
    assert role.values == "own"
    shown = {
        (column.sensitivity, role.shows(table.name, column.name))
        for table in tables()
        if table.name in TABLES
        for column in table.columns
    }
    assert {str(s): str(how) for s, how in shown} == {
        "internal": "whole", "personal": "masked", "sensitive": "hidden",
    }  # fmt: skip


def test_a_column_that_the_dictionary_does_not_know_counts_as_sensitive() -> None:
    assert Role(sensitive=Shown.HIDDEN).shows("dim_customer", "shoe_size") is Shown.HIDDEN
    assert Role(sensitive=Shown.WHOLE).shows("no_table", "name") is Shown.WHOLE


def test_a_column_goes_above_its_sensitivity_but_keys_stay() -> None:
    role = Role(internal=Shown.HIDDEN, columns={"phone": Shown.WHOLE})
    assert role.shows("dim_customer", "phone") is Shown.WHOLE
    assert role.shows("fact_sale", "golden_id") is Shown.WHOLE
    assert role.shows("fact_sale", "model") is Shown.HIDDEN


def test_a_group_is_a_list_or_a_rule(tmp_path: Path) -> None:
    found = load(tmp_path, ROLES + "groups: {a: [D1, D2], b: {province: 粤, kind: [dealer]}}")
    assert found.group("a") == {"outlet_code": ("D1", "D2")}
    assert found.group("b") == {"province": ("粤",), "kind": ("dealer",)}
    with pytest.raises(SettingError, match="c: no such group of outlets; there are a, b"):
        found.group("c")
    with pytest.raises(SettingError, match="x: no such role; there are r"):
        found.role("x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default: x\nroles: {r: {}}", "default: x is none of the roles"),
        ("roles: {r: {}}", "default: is required"),
        (ROLES + "group: {}", "group: unknown key"),
        ("default: r\nroles: {r: {personal: some}}", "roles.r.personal: "),
        ("default: r\nroles: {r: {colums: {}}}", "roles.r.colums: unknown key"),
        ("default: r\nroles: {r: {columns: {size: whole}}}", "roles.r.columns: size: no column"),
        ("default: r\nroles: {r: {columns: {golden_id: hidden}}}", "golden_id: ties tables"),
        (ROLES + "groups: {a: D1}", "groups: a: is a list of outlet codes"),
        (ROLES + "groups: {a: []}", "groups: a.outlet_code: is a value, or a list"),
        (ROLES + "groups: {a: {town: x}}", "groups: a.town: no column of dim_outlet"),
        (ROLES + "groups: {a: {province: [1.5]}}", "groups: a.province: is a value"),
        (ROLES + "groups: 3", "groups: "),
        ("- a", "expected keys and values"),
    ],
)
def test_a_wrong_file_is_told_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingError) as told:
        load(tmp_path, text)
    assert str(told.value).startswith(f"{tmp_path / 'mine.yml'}: ")
    assert says in str(told.value)
