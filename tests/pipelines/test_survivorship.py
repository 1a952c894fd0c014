"""What other rules would alter is told as the promotion then does it, and leaves no trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from connectors.errors import SettingError
from pipelines import promotion
from pipelines.cli import app
from pipelines.survivorship import SHIPPED, Preview, preview
from tests.e2e.homes import ask_store, copy
from tests.pipelines.test_promotion import rules

__all__ = ["rules"]  # a fixture


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    return copy(published, tmp_path / "home")


def call(home: Path, *arguments: object) -> Result:
    options = [*map(str, arguments), "--home", str(home)]
    return CliRunner().invoke(app, ["survivorship", "preview", *options], env={"COLUMNS": "200"})


def test_the_preview_tells_what_a_promotion_does_and_changes_nothing(
    home: Path, rules: Path
) -> None:
    kept = "FROM golden_value ORDER BY ALL"
    before = ask_store(home, kept)
    found = preview(home, str(rules), with_values=True)
    assert ask_store(home, kept) == before
    assert found.golden_records["all"] > found.golden_records["changed"] > 0
    assert {one["attribute"] for one in found.values} <= {"name", "address"}
    _, done = promotion.promote(home, promotion.Offer(rules=str(rules)), lambda diff: None)
    assert done
    assert found.values == done.values
    for value in found.changed_values:
        (now,) = ask_store(home, f"""
            SELECT value FROM golden_value WHERE chosen AND golden_id = '{value["golden_id"]}'
            AND attribute = '{value["attribute"]}'""")  # fmt: skip
        assert now == (value["after"],)
    back = preview(home, SHIPPED)
    assert [tuple(one.values()) for one in back.values] == [
        (one["attribute"], one["changed"], one["lost"], one["gained"]) for one in found.values
    ]


def test_the_rules_in_force_alter_nothing(home: Path) -> None:
    found = preview(home, SHIPPED)
    assert (found.golden_records["changed"], found.values, found.changed_values) == (0, [], [])


def test_values_are_shown_only_when_asked_for(home: Path, rules: Path) -> None:
    shy, told = call(home, rules, "--json"), call(home, rules, "--json", "--values")
    assert shy.exit_code == told.exit_code == 0
    assert {tuple(one) for one in json.loads(shy.stdout)["changed_values"]} == {
        ("attribute", "golden_id")
    }
    found = Preview(**json.loads(told.stdout))
    text = call(home, rules).stdout
    assert f"{found.golden_records['changed']} of {found.golden_records['all']}" in text
    assert not [one for one in found.changed_values if one["after"] in text]


def test_faulty_rules_are_told_in_a_sentence(home: Path, tmp_path: Path) -> None:
    (tmp_path / "faulty.yml").write_text("attributes: {name: [loudness]}\n")
    with pytest.raises(SettingError, match=r"faulty\.yml"):
        preview(home, str(tmp_path / "faulty.yml"))
