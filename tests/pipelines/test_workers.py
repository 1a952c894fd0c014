"""Workers of a night end with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.beside import Beside
from pipelines.settings import ROOT

PARENT = """
import os, time
from pipelines.beside import processes
if __name__ == "__main__":
    with processes(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 600).result()
"""


def test_a_worker_does_not_outlive_a_killed_night(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout
    worker = int(parent.stdout.readline())
    assert alive(worker)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 30
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(worker)


def test_work_is_done_beside_once_that_is_started() -> None:
    beside = Beside()
    assert beside.run(os.getpid) == os.getpid()
    beside.start(_nothing)
    other = beside.run(os.getpid)
    assert other != os.getpid()
    with pytest.raises(ValueError, match="invalid literal"):
        beside.run(int, "one")
    beside.end()
    assert beside.run(os.getpid) == os.getpid()
    until = time.monotonic() + 30
    while alive(other) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(other)


def _nothing() -> None:
    pass


def alive(process: int) -> bool:
    """Whether the process is there and more than a zombie."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
