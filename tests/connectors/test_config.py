"""A faulty YAML file is told in one sentence that names the file and every faulty key."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from connectors.config import Config, read_yaml
from connectors.errors import SettingError


class Inner(Config):
    depth: int = 0


class Example(Config):
    name: str
    size: int = Field(default=1, ge=1)
    inner: Inner = Inner()


def read(folder: Path, text: str) -> Example:
    file = folder / "example.yml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file, Example)


def fault(folder: Path, text: str) -> str:
    with pytest.raises(SettingError) as caught:
        read(folder, text)
    told = str(caught.value)
    assert told.startswith(f"{folder / 'example.yml'}: ")
    assert "\n" not in told
    return told.split(": ", 1)[1]


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "name: 归一\ninner: {depth: 3}") == Example(
        name="归一", inner=Inner(depth=3)
    )


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = fault(tmp_path, "size: 0\ncolour: red\ninner: {depth: deep, width: 1}")
    assert told.split("; ") == [
        "name: is required",
        "size: input should be greater than or equal to 1",
        "inner.depth: input should be a valid integer, unable to parse string as an integer",
        "inner.width: unknown key",
        "colour: unknown key",
    ]


def test_an_empty_file_has_no_keys(tmp_path: Path) -> None:
    assert fault(tmp_path, "# nothing yet\n") == "name: is required"


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "7"])
def test_a_file_without_keys_is_refused(tmp_path: Path, text: str) -> None:
    assert fault(tmp_path, text) == "expected keys and values at the top level"


def test_the_line_of_broken_yaml_is_told(tmp_path: Path) -> None:
    assert fault(tmp_path, "name: a\nsize: [1\n") == "not valid YAML at line 3"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"nowhere\.yml: no such file"):
        read_yaml(tmp_path / "nowhere.yml", Example)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "example.yml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SettingError, match="cannot be read"):
        read_yaml(tmp_path / "example.yml", Example)
