"""Two runs at once: one is refused, and told by whom; the dead hold nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines.occupancy import FILE, HomeBusy, occupy
from pipelines.settings import ROOT

HOLD = """
import pathlib, sys
from pipelines.occupancy import occupy
lock = occupy(pathlib.Path(sys.argv[1]), "schedule")
print("held", flush=True)
input()
"""


def holder(home: Path) -> subprocess.Popen[str]:
    """Another process that has the home."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout
    assert other.stdout.readline() == "held\n"
    return other


def test_who_is_refused_is_told_by_whom_and_since_when(tmp_path: Path) -> None:
    other = holder(tmp_path)
    with pytest.raises(HomeBusy) as caught:
        occupy(tmp_path, "command")
    signed = json.loads((tmp_path / FILE).read_text())
    assert f"process {other.pid}, by schedule, since {signed['since']}" in str(caught.value)
    other.communicate("\n")
    occupy(tmp_path, "command").release()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    other = holder(tmp_path)
    other.kill()
    other.wait()
    with occupy(tmp_path, "command"):
        assert json.loads((tmp_path / FILE).read_text())["pid"] == os.getpid()


def test_what_a_dead_process_signed_is_not_believed(tmp_path: Path) -> None:
    other = holder(tmp_path)
    other.kill()
    other.wait()
    with (  # as a backup holds it, which does not sign
        FileLock(tmp_path / FILE),
        pytest.raises(HomeBusy, match="is at work here; try again"),
    ):
        occupy(tmp_path, "command")


@pytest.mark.slow
def test_of_two_commands_at_once_one_does_the_night(tmp_path: Path) -> None:
    from connectors.sample import SampleOptions, write_world

    write_world(tmp_path / "landing", tmp_path / "truth", SampleOptions(customers=50, seed=3))
    program = "from pipelines.cli import main; main()"
    options = ["--home", str(tmp_path / "home"), "--landing", str(tmp_path / "landing"), "--json"]
    command = [sys.executable, "-c", program, "run", *options]
    pair = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True)
        for _ in range(2)
    ]  # fmt: skip
    ended = [(one.communicate(), one.returncode) for one in pair]
    ((answer, _), done), ((_, refused), code) = sorted(ended, key=lambda end: end[1])
    assert (done, code) == (0, 1), ended
    assert json.loads(answer)["run"] == 1
    assert "another run is at work here (process" in refused
    assert len(refused.strip().splitlines()) == 1
