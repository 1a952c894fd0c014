"""Requests read one version to its end while the next is published, and nobody waits."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from warehouse.database import Limits, connect
from warehouse.links import point
from warehouse.publish import LINK
from warehouse.steward.published import NotPublished, PublishedFile

LIMITS = Limits(threads=1)


def publish(home: Path, run: int, name: str = "") -> Path:
    """A version that tells its run, switched to as `publish` does."""
    file = home / (name or f"warehouse-{run}.duckdb")
    beside = file.with_suffix(".part")
    with connect(beside, limits=LIMITS) as con:
        con.execute("CREATE TABLE told AS SELECT ? AS run FROM range(100000)", [run])
    os.replace(beside, file)
    point(home / LINK, file)
    return file


def run_of(con: duckdb.DuckDBPyConnection) -> int:
    ((run,),) = con.execute("SELECT DISTINCT run FROM told").fetchall()
    return int(run)


def test_who_reads_goes_on_and_who_comes_next_has_the_new_version(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    file = PublishedFile(tmp_path, LIMITS)
    with file.reading() as first:
        gone = publish(tmp_path, 2).with_name("warehouse-1.duckdb")
        with file.reading() as second:
            assert run_of(second) == 2
        gone.unlink()
        assert run_of(first) == 1
    with file.reading() as third:
        assert run_of(third) == 2
    file.close()


def test_a_file_of_the_same_name_is_taken_when_nobody_reads_the_old(tmp_path: Path) -> None:
    publish(tmp_path, 1, "warehouse-7.duckdb")
    file = PublishedFile(tmp_path, LIMITS)
    with file.reading() as first:
        publish(tmp_path, 2, "warehouse-7.duckdb")
        with file.reading() as meanwhile:
            assert run_of(meanwhile) == 1
        assert run_of(first) == 1
    with file.reading() as later:
        assert run_of(later) == 2
    file.close()


def test_many_read_while_versions_change_and_none_fails(tmp_path: Path) -> None:
    publish(tmp_path, 0)
    file = PublishedFile(tmp_path, LIMITS)

    def read(_: int) -> int:
        with file.reading() as con:
            return run_of(con)

    with ThreadPoolExecutor(8) as pool:
        readers = pool.map(read, range(300))
        for run in range(1, 6):
            publish(tmp_path, run)
        seen = list(readers)
    assert set(seen) <= set(range(6))
    assert read(0) == 5
    file.close()


def test_nothing_published_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="guiyi run"), PublishedFile(tmp_path, LIMITS).reading():
        pass


def test_nothing_can_be_written(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    file = PublishedFile(tmp_path, LIMITS)
    with file.reading() as con, pytest.raises(duckdb.Error):
        con.execute("DELETE FROM told")
    file.close()


def test_others_of_this_process_read_the_file_whatever_the_limits(tmp_path: Path) -> None:
    """As the console asks for the model in force, which the published run tells."""
    path = publish(tmp_path, 1)
    file = PublishedFile(tmp_path, Limits(memory="1GB", threads=1))
    with file.reading() as mine, connect(path, read_only=True) as other:
        assert run_of(mine) == run_of(other) == 1
        assert mine.execute("SELECT current_setting('threads')").fetchone() == (1,)
    file.close()
