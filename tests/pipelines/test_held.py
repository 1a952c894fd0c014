"""A night out of proportion is held, and an operator releases or drops it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetCheckKey, AssetKey, DagsterInstance
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from connectors.errors import SettingError
from connectors.ledger import Ledger
from pipelines import operation, upkeep
from pipelines.deciding import desk
from pipelines.settings import FILE
from pipelines.summary import summarise
from tests.conftest import Once
from tests.e2e.homes import ask, ask_store, copy, customers, digests
from tests.pipelines.steps import Small, one_night, small
from tests.pipelines.test_cli import Guiyi, guiyi
from warehouse import held, manifest, store
from warehouse.database import connect
from warehouse.held import NightHeld

__all__ = ["guiyi"]  # a fixture
STRICT = "guards: {largest_new_person: 2}\n"


@pytest.fixture
def world(once: Once) -> Small:
    return small(once)


@pytest.fixture
def home(world: Small, tmp_path: Path) -> Path:
    """A home after its first night, with strict guards since; beside it the second's files."""
    (tmp_path / "landing").symlink_to(world.landing2)
    home = copy(world.home, tmp_path / "home")
    (home / FILE).write_text(f"landing: ../landing\n{STRICT}")
    return home


@pytest.fixture(scope="module")
def kept(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a home whose second night is held, as run 2."""
    folder = tmp_path_factory.mktemp("held")
    home = copy(small(once).home, folder / "home")
    (home / FILE).write_text(f"landing: ../landing\n{STRICT}")
    (folder / "landing").symlink_to(small(once).landing2)
    assert hold(home).run == 2
    return home


@pytest.fixture
def waiting(kept: Path, tmp_path: Path) -> Path:
    """A home whose second night is held, as run 2, to be written in."""
    (tmp_path / "landing").symlink_to((kept.parent / "landing").resolve())
    return copy(kept, tmp_path / "home")


def hold(home: Path) -> held.HeldRun:
    with pytest.raises(NightHeld) as caught:
        one_night(home, home.parent / "landing")
    return caught.value.held


def newest(home: Path) -> held.HeldRun:
    found = held.newest(home)
    assert found
    return found


def test_the_command_and_dagster_tell_that_a_night_is_held(
    guiyi: Guiyi, home: Path, world: Small
) -> None:
    before = digests(home)
    code, _, sentence = guiyi("run", "--home", home)
    assert code == 3
    assert "run 2 is held and nothing of it is published: a person who is new or grew" in sentence
    assert "guiyi release 2" in sentence
    assert "Traceback" not in sentence
    assert digests(home) == before
    assert ask_store(home, "SELECT max(run_id), max(since_run) FROM run, member") == [(1, 1)]
    status: dict[str, Any] = json.loads(guiyi("status", "--home", home, "--json")[1])
    assert (status["run"], status["held"]["run"]) == (1, 2)
    assert "run 2 is held" in " ".join(guiyi("status", "--home", home)[1].split())
    key = AssetCheckKey(AssetKey("golden_records"), "in_proportion")
    with DagsterInstance.from_config(str(home / "dagster")) as instance:
        (check,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=5)
        assert check.status is AssetCheckExecutionRecordStatus.FAILED
    code, printed, problem = guiyi("release", 2, "--why", "a fleet", "--home", home, "--json")
    assert code == 0, problem
    assert json.loads(printed)["held"] is None
    assert digests(home) == digests(world.home2)
    said = manifest.read(home, 2)["released"]
    assert (said["why"], len(said["reasons"])) == ("a fleet", 1)


def test_what_is_held_stays_held_under_its_number_until_something_changes(waiting: Path) -> None:
    home, first = waiting, newest(waiting)
    assert hold(home) == first
    (home / FILE).write_text("guards: {largest_new_person: 3}\n")
    assert hold(home).run == 3
    with pytest.raises(SettingError, match="run 2 does not wait; run 3 does"):
        operation.release(home, 2, "late", "me")
    (home / FILE).unlink()
    one_night(home, home.parent / "landing")
    assert summarise(home)["run"] == 4
    assert summarise(home)["held"] is None
    with pytest.raises(SettingError, match="no run is held"):
        operation.drop(home, 3, "late", "me")


def test_a_word_lets_a_night_pass_once(waiting: Path) -> None:
    home = waiting
    operation.release(home, 2, "looks well", "me")
    upkeep.roll_back(home, 1)
    operation.take_up(home)
    assert hold(home).run == 4


def test_a_word_is_not_for_files_that_are_taken_in_again(world: Small, tmp_path: Path) -> None:
    (tmp_path / "landing").symlink_to(world.landing2)
    home = copy(world.home2, tmp_path / "home")
    upkeep.roll_back(home, 1)
    (home / FILE).write_text(STRICT)
    largest = (
        "SELECT golden_id FROM dim_customer WHERE kind = 'person' ORDER BY records DESC LIMIT 2"
    )
    people = [golden_id for golden_id, *_ in ask(home, largest)]
    desk(home, "me", "one man").merge(people)
    assert hold(home).files == ()
    assert operation.take_up(home)
    with pytest.raises(SettingError, match="are not those for which run 4"):
        operation.release(home, 4, "all is well", "me")
    assert hold(home).run == 5


def test_only_the_same_inputs_are_released(waiting: Path) -> None:
    home = waiting
    with Ledger(home) as ledger:
        ledger.drop([ledger.rows()[-1].file_id])
    with pytest.raises(SettingError, match="are not those for which run 2"):
        operation.release(home, 2, "all is well", "me")
    assert held.waiting(home, merged=1)


def test_a_dropped_night_comes_back_only_when_told(waiting: Path, world: Small) -> None:
    home, landing = waiting, waiting.parent / "landing"
    files = newest(home).files
    operation.drop(home, 2, "the test system's files", "me")
    one_night(home, landing)
    assert customers(home) == customers(world.home)
    dropped = ask(
        home, "SELECT file_id FROM dq_file WHERE status = 'dropped' AND loaded_run IS NULL"
    )
    assert {file_id for (file_id,) in dropped} == set(files)
    assert operation.take_up(home) == len(files)
    assert hold(home).files == files
    (home / FILE).unlink()
    one_night(home, landing)
    assert customers(home).keys() == customers(world.home2).keys()


def test_a_night_without_files_cannot_be_dropped(waiting: Path) -> None:
    home, one = waiting, newest(waiting)
    held.write(home, one.model_copy(update={"files": ()}))
    with pytest.raises(SettingError, match="brought no new files"):
        operation.drop(home, 2, "why not", "me")


def test_dropping_spares_what_was_merged_before_a_new_version(home: Path) -> None:
    """Another version understands all files anew; only those of the held night are given up."""
    with connect(home / store.FILE) as con:
        con.execute("ALTER TABLE record DROP COLUMN address_zone")
        con.execute("ALTER TABLE record_version DROP COLUMN address_zone")
    before = {file_id for (file_id,) in ask_store(home, "SELECT file_id FROM loaded_file")}
    assert not before & set(hold(home).files)
    operation.drop(home, 2, "not these", "me")
    (home / FILE).unlink()
    known = customers(home)
    one_night(home, home.parent / "landing")
    assert customers(home) == known


def test_a_first_night_can_be_held(guiyi: Guiyi, home: Path) -> None:
    first = home.parent / "first"
    first.mkdir()
    (first / FILE).write_text(STRICT)
    hold(first)
    code, _, sentence = guiyi("status", "--home", first)
    assert code == 3
    assert "run 1 is held" in sentence
