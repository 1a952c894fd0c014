"""What is damaged is told in a sentence, by every command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.homes import copy
from tests.pipelines.test_cli import Guiyi, guiyi
from warehouse import store
from warehouse.publish import LINK

__all__ = ["guiyi"]  # a fixture


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    (tmp_path / "landing").symlink_to(published.parent / "landing")
    return copy(published, tmp_path / "home")


def test_a_published_file_that_is_cut_off(guiyi: Guiyi, home: Path) -> None:
    broken = (home / LINK).resolve()
    broken.write_bytes(broken.read_bytes()[:5_000])
    code, _, sentence = guiyi("status", "--home", home)
    assert code == 1
    assert f"{broken}: this published file is damaged; remove it, and `guiyi run`" in sentence
    assert len(sentence.strip().splitlines()) == 1
    code, _, problem = guiyi("run", "--home", home, "--json")
    assert code == 0, problem
    assert guiyi("status", "--home", home)[0] == 0


@pytest.mark.parametrize("name", [store.FILE, "ledger.sqlite"])
def test_a_store_or_a_ledger_that_is_cut_off(guiyi: Guiyi, home: Path, name: str) -> None:
    broken = home / name
    broken.write_bytes(b"x" * 5_000)
    before = (home / LINK).resolve().read_bytes()
    code, _, sentence = guiyi("run", "--home", home)
    assert code == 1
    assert "is damaged; put the home's last backup back" in sentence
    assert str(home) in sentence
    assert len(sentence.strip().splitlines()) == 1
    assert (home / LINK).resolve().read_bytes() == before
