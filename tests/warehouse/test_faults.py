"""Full disks and damaged files are told in a sentence that says what to do."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.nights import Nights, file
from warehouse import faults, store
from warehouse.database import connect
from warehouse.faults import Damaged, DiskFull, InUse, explain
from warehouse.publish import LINK, publish, published_at

PARTS = [0.0, 0.001, 0.5]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    Nights(home).night(file("f1", [{"source_key": "K1", "name": "李雷", "phone": "13912345678"}]))
    publish(home, report=lambda table: None)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home", symlinks=True))


def cut(path: Path, part: float) -> Path:
    path = path.resolve()
    with path.open("r+b") as content:
        content.truncate(int(path.stat().st_size * part))
    return path


def read_all(path: Path) -> None:
    with connect(path, read_only=True) as con:
        named = "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
        for (table,) in con.execute(named).fetchall():
            con.execute(f"SELECT sum(hash(t)) FROM {table} t").fetchall()


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_store_is_told_with_the_way_back(home: Path, part: float) -> None:
    broken = cut(home / store.FILE, part)
    with pytest.raises(duckdb.Error) as caught:
        read_all(broken)
    fault = explain(caught.value)
    assert isinstance(fault, Damaged)
    assert str(broken) in str(fault)
    assert "backup" in str(fault)


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_published_file_is_told_and_can_be_published_anew(
    home: Path, part: float
) -> None:
    broken = cut(home / LINK, part)
    with pytest.raises(duckdb.Error) as caught:
        read_all(broken)
    assert "`guiyi run` publishes the store's last run anew" in str(explain(caught.value))
    if published_at(home) is not None:  # so little is damaged that it takes a reader to see it
        broken.unlink()
    assert publish(home, report=lambda table: None)
    read_all((home / LINK).resolve())


def test_content_that_is_not_what_was_written_is_found(home: Path) -> None:
    path = (home / LINK).resolve()
    content = bytearray(path.read_bytes())
    content[12_288::4_096] = bytes(byte ^ 255 for byte in content[12_288::4_096])
    path.write_bytes(content)
    with pytest.raises(duckdb.Error) as caught:
        read_all(path)
    assert isinstance(explain(caught.value, home), Damaged)


def test_a_ledger_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"x" * 5_000)
    with pytest.raises(sqlite3.Error) as caught:
        sqlite3.connect(tmp_path / "ledger.sqlite").execute("select * from file")
    assert isinstance(explain(caught.value, tmp_path), Damaged)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        duckdb.IOException('IO Error: Could not write file "/x/y": No space left on device'),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_a_full_disk_is_told_with_its_folder_and_room(tmp_path: Path, error: Exception) -> None:
    wrapped = RuntimeError("a step failed")
    wrapped.__cause__ = error
    fault = explain(wrapped, tmp_path)
    assert isinstance(fault, DiskFull)
    assert str(fault).startswith(f"{tmp_path}: the disk is full (")
    assert "MB are free" in str(fault)


def test_room_is_asked_for_before_it_is_missed(tmp_path: Path) -> None:
    faults.ensure_room(tmp_path, 0)
    with pytest.raises(DiskFull, match="the night needs some"):
        faults.ensure_room(tmp_path, shutil.disk_usage(tmp_path).total * 2)


def test_a_store_that_a_run_is_writing_is_told(home: Path) -> None:
    error = duckdb.IOException(f'IO Error: Could not set lock on file "{home / store.FILE}"')
    assert isinstance(explain(error), InUse)


@pytest.mark.parametrize("error", [ValueError("corrupt"), OSError(errno.EACCES, "denied")])
def test_other_errors_are_left_alone(error: Exception) -> None:
    assert explain(error) is None
