"""One run at a time works in a home."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster import build_init_resource_context
from filelock import FileLock

from connectors.errors import SettingError
from pipelines.execution import run_nightly
from pipelines.occupancy import HomeBusy
from pipelines.resources import Home
from pipelines.settings import FILE


def test_a_second_run_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    context = build_init_resource_context()
    first, second = Home(path=str(tmp_path)), Home(path=str(tmp_path))
    first.setup_for_execution(context)
    with pytest.raises(HomeBusy, match="another run is at work here"):
        second.setup_for_execution(context)
    first.teardown_after_execution(context)
    second.setup_for_execution(context)
    assert (second.night.home, second.night.cause) == (tmp_path, "page")
    second.teardown_after_execution(context)


def test_a_home_with_a_fault_in_its_settings_is_not_kept_locked(tmp_path: Path) -> None:
    context = build_init_resource_context()
    (tmp_path / FILE).write_text("colour: red\n")
    home = Home(path=str(tmp_path))
    with pytest.raises(SettingError):
        home.setup_for_execution(context)
    with FileLock(tmp_path / "run.lock", timeout=0):
        pass


def test_without_a_path_the_environment_names_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIYI_HOME", str(tmp_path / "made"))
    home = Home()
    home.setup_for_execution(build_init_resource_context())
    assert home.night.home == tmp_path / "made"
    home.teardown_after_execution(build_init_resource_context())


def test_the_command_tells_that_the_home_is_busy_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    with FileLock(tmp_path / "run.lock"), pytest.raises(HomeBusy) as caught:
        run_nightly(tmp_path, tmp_path / "landing")
    told = str(caught.value)
    assert "another run is at work here" in told
    assert "\n" not in told
