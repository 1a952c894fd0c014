"""What tests of whole nights share: a world and its first two nights, and nights to kill."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.sample import SampleOptions, write_world
from pipelines.cli import app
from pipelines.execution import run_nightly
from tests.conftest import Once, plain_environment
from tests.e2e.homes import copy
from tests.e2e.nights import Nights

OPTIONS = SampleOptions(customers=300, seed=5)


@pytest.fixture(scope="session")
def nights() -> Iterator[Nights]:
    """Nights in processes of their own; what they are forked from imports everything but once."""
    with ExitStack() as stack:
        with plain_environment():  # a session begins before any module's
            started = stack.enter_context(Nights())
        yield started


@dataclass(frozen=True)
class World:
    """Of 300 customers, to be read only.

    landing1, home1: after the first night; landing2, home2: after the second.
    """

    folder: Path

    def __getattr__(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="session")
def world(once: Once) -> World:
    """Both nights through the nightly job, the second by the command, whose answer is told.json."""
    return World(once("two_nights", _make))


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
