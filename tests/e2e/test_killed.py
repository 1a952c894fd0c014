"""Killed at any point, a night loses nothing: the next comes to what an undisturbed one does."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import ROOT
from tests.e2e.homes import digests
from tests.pipelines.steps import one_night, small_home
from warehouse.publish import LINK

MOMENTS = ["detail 5 of", "finished standard_records", "finished edges", "detail fact_sale"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_home(tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_night_is_taken_up_again(undisturbed: Path, tmp_path: Path, moment: str) -> None:
    home, landing = tmp_path / "home", undisturbed.parent / "landing"
    command = [sys.executable, "-m", "tests.e2e.killed", str(home), str(landing), moment]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert not (home / LINK).exists()
    one_night(home, landing)
    assert digests(home) == digests(undisturbed)
