"""What the tests of the rim share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Once
from tests.e2e.homes import copy
from tests.pipelines.steps import small


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine's, and none of a test's after it: runs pass theirs on."""
    for name in [n for n in os.environ if n.startswith("GUIYI_") and n != "GUIYI_THREADS"]:
        monkeypatch.delenv(name)
    for name in ("GUIYI_HOME", "GUIYI_LANDING", "DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def published(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published warehouse, and `landing/` and `truth/` beside it; to be read only.

    The small world's, copied for this process: even who only looks may lock a store.
    """
    folder = tmp_path_factory.mktemp("published") / "small"
    return copy(small(once).folder, folder) / "home"
