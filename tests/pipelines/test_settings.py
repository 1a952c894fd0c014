"""Where a setting comes from, and how a wrong one is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from connectors.errors import SettingError
from matching.golden import SURVIVORSHIP
from matching.model import CUSTOMERS
from pipelines.settings import (
    FILE,
    ROOT,
    TEMPLATE,
    Settings,
    home_from_environment,
    init_home,
    pass_on,
    read_settings,
    use_dagster_home,
)


def write(home: Path, text: str) -> None:
    (home / FILE).write_text(text, encoding="utf-8")


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings.landing == (tmp_path / Settings().landing).resolve()
    assert (settings.memory, settings.keep_versions) == ("2GB", 3)
    assert (settings.model, settings.survivorship) == (CUSTOMERS, SURVIVORSHIP)


def test_environment_goes_above_file_and_option_above_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "landing: /from/file\nthreads: 1\nmemory: 1GB\n")
    assert read_settings(tmp_path).landing == Path("/from/file")
    monkeypatch.setenv("GUIYI_LANDING", "/from/environment")
    monkeypatch.setenv("GUIYI_THREADS", "2")
    settings = read_settings(tmp_path)
    assert settings.landing == Path("/from/environment")
    assert (settings.limits.threads, settings.limits.memory) == (2, "1GB")
    assert read_settings(tmp_path, Path("/option")).landing == Path("/option")


def test_relative_paths_start_at_the_home_but_an_options_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    write(home, "landing: ../in\nmodel: mine.yml\nsources: systems\n")
    monkeypatch.chdir(tmp_path)
    settings = read_settings(home)
    assert settings.landing == tmp_path / "in"
    assert settings.model == home / "mine.yml"
    assert settings.sources == home / "systems"
    assert read_settings(home, Path("here")).landing == tmp_path / "here"


def test_an_unknown_key_is_refused_by_file_and_key(tmp_path: Path) -> None:
    write(tmp_path, "colour: red\nthreads: many\n")
    with pytest.raises(SettingError) as caught:
        read_settings(tmp_path)
    told = str(caught.value)
    assert told.startswith(str(tmp_path / FILE))
    assert "colour: unknown key" in told
    assert "threads: " in told


def test_decisions_are_kept_in_the_home_or_at_a_url(tmp_path: Path) -> None:
    assert read_settings(tmp_path).decisions == f"sqlite:///{tmp_path / 'decisions.sqlite'}"
    url = "postgresql+psycopg://wang:secret@host/guiyi"
    write(tmp_path, f"decisions: {url}\n")
    assert read_settings(tmp_path).decisions == url
    write(tmp_path, "decisions: secret@host\n")
    with pytest.raises(SettingError, match="decisions: not a database URL") as caught:
        read_settings(tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("MEMORY", "lots"), ("THREADS", "-1"), ("SETTLE_SECONDS", "soon"), ("KEEP_VERSIONS", "0")],
)
def test_a_wrong_variable_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GUIYI_{name}", value)
    with pytest.raises(SettingError, match=f"GUIYI_{name}"):
        read_settings(tmp_path)


def test_the_file_that_init_makes_says_the_defaults_and_every_setting(tmp_path: Path) -> None:
    assert init_home(tmp_path / "home", tmp_path / "landing")
    written = read_settings(tmp_path / "home")
    bare = read_settings(tmp_path / "none", tmp_path / "landing")
    file = tmp_path / "home" / "decisions.sqlite"
    assert written == bare.model_copy(update={"decisions": f"sqlite:///{file}"})
    lines = TEMPLATE.replace("# ", "").splitlines()
    assert {line.split(":")[0] for line in lines} >= set(Settings.model_fields)


def test_init_leaves_a_file_that_is_there(tmp_path: Path) -> None:
    write(tmp_path, "threads: 1\n")
    assert not init_home(tmp_path, tmp_path / "landing")
    assert (tmp_path / FILE).read_text() == "threads: 1\n"


def test_child_processes_are_told_home_and_landing(tmp_path: Path) -> None:
    pass_on(tmp_path, tmp_path / "in")
    assert home_from_environment() == tmp_path
    assert read_settings(tmp_path).landing == tmp_path / "in"


def test_dagster_has_its_folder_in_the_home_and_no_telemetry(tmp_path: Path) -> None:
    folder = use_dagster_home(tmp_path)
    assert folder == tmp_path / "dagster"
    assert os.environ["DAGSTER_HOME"] == str(folder)
    written = yaml.safe_load((folder / "dagster.yaml").read_text(encoding="utf-8"))
    assert written == yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert written["telemetry"] == {"enabled": False}


def test_guards_come_from_the_file_or_on_one_line_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "guards: {growth: 3, shrinkage: null}\n")
    guards = read_settings(tmp_path).guards
    assert (guards.growth, guards.shrinkage, guards.least) == (3, None, 100)
    monkeypatch.setenv("GUIYI_GUARDS", "{growth: 4}")
    assert read_settings(tmp_path).guards.growth == 4
    for wrong in ("{grwth: 4}", "{growth: [", "4"):
        monkeypatch.setenv("GUIYI_GUARDS", wrong)
        with pytest.raises(SettingError, match="GUIYI_GUARDS"):
            read_settings(tmp_path)


def test_a_wrong_bound_is_told_by_file_and_key(tmp_path: Path) -> None:
    write(tmp_path, "guards: {grwth: 3}\n")
    with pytest.raises(SettingError, match=r"guards\.grwth: unknown key"):
        read_settings(tmp_path)
