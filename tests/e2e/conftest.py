"""A world of 300 customers and its first two nights, run once for all test processes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from connectors.sample import SampleOptions, write_world
from pipelines.cli import app
from pipelines.execution import run_nightly
from tests.conftest import plain_environment
from tests.e2e.homes import copy

OPTIONS = SampleOptions(customers=300, seed=5)


@dataclass(frozen=True)
class World:
    """landing1, home1: after the first night; landing2, home2: after the second. Read only."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> World:
    """Both nights through the nightly job, the second by the command, whose answer is told.json.

    The first process that asks makes them.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "two_nights"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            with plain_environment():
                _make(folder.with_name("two_nights.making"))
            folder.with_name("two_nights.making").rename(folder)
    return World(folder)


def _make(folder: Path) -> None:
    landing, truth, home = folder / "landing1", folder / "truth", folder / "home1"
    write_world(landing, truth, OPTIONS)
    home.mkdir()
    run_nightly(home, landing)
    copy(home, folder / "home2")
    shutil.copytree(landing, folder / "landing2")
    write_world(folder / "landing2", truth, OPTIONS, night=2)
    options = ["--home", folder / "home2", "--landing", folder / "landing2", "--truth", truth]
    done = CliRunner().invoke(app, ["run", *map(str, options), "--json"])
    assert done.exit_code == 0, done.output
    (folder / "told.json").write_text(done.stdout, encoding="utf-8")
