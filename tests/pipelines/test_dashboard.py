"""`guiyi dashboard`: pages from a home, and what it says where it cannot."""

from __future__ import annotations

import json
from pathlib import Path

from tests.pipelines.test_cli import Guiyi, guiyi
from tests.warehouse.dashboard import world
from warehouse.dashboard import site

__all__ = ["guiyi"]  # a fixture


def test_pages_are_written_from_a_home(guiyi: Guiyi, tmp_path: Path) -> None:
    home = world.published(tmp_path / "home", customers=300, dealers=3)
    out = tmp_path / "new" / "pages"
    code, said, _ = guiyi("dashboard", "--out", out, "--home", home)
    assert (code, f"Wrote {len(site.PAGES)} pages" in said) == (0, True)
    assert str(out / "index.html") in said
    assert "300" in (out / "index.html").read_text(encoding="utf-8")
    code, said, _ = guiyi("dashboard", "--out", out, "--home", home, "--json")
    told = json.loads(said)
    assert {out / name for name in told["pages"]} == set(out.glob("*.html"))


def test_a_home_without_a_warehouse_and_a_folder_of_others_are_told(
    guiyi: Guiyi, tmp_path: Path
) -> None:
    code, _, told = guiyi("dashboard", "--out", tmp_path / "out", "--home", tmp_path)
    assert (code, "no warehouse is published here yet" in told) == (2, True)
    home = world.published(tmp_path / "home", customers=0, dealers=2)
    code, _, told = guiyi("dashboard", "--out", home, "--home", home)
    assert (code, f"{home}: has other files" in told) == (2, True)
    assert [file.name for file in home.iterdir()] == ["warehouse.duckdb"]
