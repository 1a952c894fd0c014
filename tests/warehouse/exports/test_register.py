"""The register of exports: appended to, confirmed, and without personal data."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from connectors.errors import SettingError
from warehouse.exports.delivery import digest_of
from warehouse.exports.migrations import SCHEMA
from warehouse.exports.register import FILE, Export, Register

NOON = datetime.datetime(2026, 3, 1, 12)


def entry(file: Path, digest: str = "d" * 64) -> Export:
    return Export(
        asked_by="wang",
        asked_at=NOON,
        role="outlet",
        group=None,
        outlets=("D0001",),
        tables={"dim_customer": 2},
        file=str(file),
        digest=digest,
        run_id=7,
    )


def test_asking_makes_no_database(tmp_path: Path) -> None:
    register = Register(tmp_path)
    register.settle(NOON)
    assert register.entries() == []
    assert not (tmp_path / FILE).exists()


def test_what_is_confirmed_is_shown_and_found_by_its_customers(tmp_path: Path) -> None:
    register = Register(tmp_path)
    first = register.enter(entry(tmp_path / "a"), ["C1", "C2"])
    second = register.enter(entry(tmp_path / "b"), ["C2"])
    assert register.entries() == []
    for number in (first, second):
        register.confirm(number, NOON)
    assert [one["file"] for one in register.entries()] == [str(tmp_path / n) for n in "ab"]
    assert [one["number"] for one in register.entries({"C1"})] == [first]
    assert [one["number"] for one in register.entries({"C2", "C9"})] == [first, second]
    assert register.entries({"C3"}) == []


def test_one_that_was_killed_is_settled_by_its_file(tmp_path: Path) -> None:
    register = Register(tmp_path)
    there, other, folder = tmp_path / "there", tmp_path / "other", tmp_path / "folder"
    there.write_text("made")
    other.write_text("somebody else's")
    folder.mkdir()
    (folder / "a.csv").write_text("a")
    for file in (there, folder):
        register.enter(entry(file, digest_of(file)), ["C1"])
    register.enter(entry(other), ["C1"])
    register.enter(entry(tmp_path / "never"), ["C1"])
    for _ in range(2):
        register.settle(NOON)
        assert [one["file"] for one in register.entries()] == [str(there), str(folder)]


def test_the_newest_version_is_the_one_that_is_named() -> None:
    assert ScriptDirectory(str(SCHEMA.folder)).get_heads() == [SCHEMA.head]


def test_a_register_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Register(tmp_path).enter(entry(tmp_path / "a"), [])
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(SettingError, match="newer version"):
        Register(tmp_path).entries()
