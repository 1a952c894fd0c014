"""`guiyi train` writes a model file that a home can run by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.errors import SettingError
from matching.model import CUSTOMERS, load
from pipelines.cli import app
from pipelines.learning import train


def test_a_trained_model_is_a_model_file(published: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.yml"
    told = CliRunner().invoke(
        app, ["train", "--home", str(published), "--output", str(file), "--json"]
    )
    assert told.exit_code == 0, told.output
    found, shipped = load(file), load(CUSTOMERS)
    assert json.loads(told.stdout)["digest"] == found.digest
    assert found.version == shipped.version + 1
    assert found.comparisons != shipped.comparisons
    assert (found.rules, found.columns) == (shipped.rules, shipped.columns)
    assert file.read_text(encoding="utf-8").startswith("# Learned by `guiyi train` (seed 1)")


def test_people_are_shown_the_bits_before_and_after(published: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.yml"
    told = CliRunner().invoke(app, ["train", "--home", str(published), "--output", str(file)])
    assert told.exit_code == 0, told.output
    assert "before" in told.output
    assert "same_as_owner" in told.output


def test_a_folder_that_is_missing_is_told_before_anything_is_learned(
    published: Path, tmp_path: Path
) -> None:
    with pytest.raises(SettingError, match="folder does not exist"):
        train(published, tmp_path / "nowhere" / "model.yml")
