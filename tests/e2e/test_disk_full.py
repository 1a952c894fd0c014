"""A disk that is full costs the night, and nothing else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Once
from tests.e2e.homes import ask_store, copy, digests
from tests.e2e.nights import Nights
from tests.pipelines.steps import small
from warehouse.publish import LINK

SIZE = 64_000_000


@dataclass(frozen=True)
class World:
    """before: a home after its first night; landing: with the second's files; whole: after it."""

    nights: Nights
    before: Path
    landing: Path
    whole: Path


@pytest.fixture(scope="module")
def world(once: Once, nights: Nights) -> World:
    made = small(once)
    return World(nights, made.home, made.landing2, made.home2)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own. Where none can be made, the test fails: it needs root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("free", [0, 300_000, 2_000_000, 6_500_000])
def test_a_full_disk_is_told_and_harms_nothing(world: World, disk: Path, free: int) -> None:
    home, ballast = copy(world.before, disk / "home"), disk / "ballast"
    before, store = digests(home), content(home)
    size = (home / LINK).stat().st_size
    room = os.statvfs(disk)
    ballast.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - free))
    ended = world.nights.night(home, world.landing)
    assert ended.code == 1, ended
    assert f"{home}: the disk is full" in ended.told
    assert "MB are free" in ended.told
    assert "make room" in ended.told
    assert digests(home) == before
    # with room to publish when it began, it may have been merged, and wholly so
    merged = content(world.whole) if free > size else store
    assert content(home) in (store, merged)
    ballast.unlink()
    assert world.nights.night(home, world.landing, job=False).code == 0
    assert digests(home) == digests(world.whole)


def content(home: Path) -> dict[str, int]:
    """Table of the store -> a digest of its rows."""
    names = [name for (name,) in ask_store(home, "SELECT table_name FROM duckdb_tables()")]
    one = "SELECT bit_xor(md5_number(CAST(to_json(t) AS VARCHAR))) FROM {} t"
    times = {"run": "SELECT run_id, counts FROM run", "step": "SELECT run_id, step FROM step",
             "file": "SELECT * EXCLUDE arrived_at FROM file"}  # fmt: skip
    return {
        str(name): ask_store(home, one.format(f"({times.get(name, f'FROM {name}')})"))[0][0]
        for name in names
    }
