"""One small world for all tests of the generator: its first two nights, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.sample import SampleOptions, write_world

OPTIONS = SampleOptions(customers=300, seed=11)


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `landing/` and `truth/` of two nights."""
    folder = tmp_path_factory.mktemp("world")
    for night in (1, 2):
        write_world(folder / "landing", folder / "truth", OPTIONS, night)
    return folder
