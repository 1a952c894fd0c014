"""Rebuild, rollback and retry on a home with a landing area, as the commands do them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from connectors.errors import GuiyiError, SettingError
from connectors.sources import FOLDER
from matching.relations import count
from pipelines import operation, upkeep
from pipelines.cli import app
from pipelines.occupancy import HomeBusy
from pipelines.settings import FILE
from tests.e2e.homes import ask, ask_store, copy, customers, digests
from tests.pipelines.steps import one_night
from warehouse import guards
from warehouse.database import connect, transaction
from warehouse.held import NightHeld, RebuildHeld
from warehouse.publish import LINK
from warehouse.rollback import CannotRollBack
from warehouse.store import FILE as STORE

#: Day -> the rows of the outlet's file. The second day joins K2 to K1 and brings K3; the third goes
#: on from there.
DAYS = {
    1: ["K1,王芳,13912345678", "K2,韩梅,13712306789", ",没有编号,13912345678"],
    2: ["K2,王芳,13912345678", "K3,陈大文,13511112222", ",也没有,13912345678"],
    3: ["K3,陈大文,13511112222", "K4,韩梅,13712306789"],
}
ONE, TWO, THREE, FOUR = (f"dealer/D0012/K{n}" for n in range(1, 5))
#: Tables that tell of runs; all others are as they were.
OF_RUNS = {"golden_id_event", "golden_id_redirect", "customer_xref", "customer_xref_history",
           "dim_customer_history", "dq_file", "dq_held_row", "meta.freshness"}  # fmt: skip


def arrive(landing: Path, day: int) -> None:
    file = landing / "dealers" / "D0012" / f"customers_202403{day:02d}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["客户编号,客户姓名,手机号", *DAYS[day], ""]), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `home`, in which the nights of all days ran, and `after1` and `after2`."""
    folder = tmp_path_factory.mktemp("upkeep")
    home, landing = folder / "home", folder / "landing"
    home.mkdir()
    (home / FILE).write_text("landing: ../landing\n")
    for day in DAYS:
        arrive(landing, day)
        one_night(home, landing)
        shutil.copytree(home, folder / f"after{day}", symlinks=True)
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "landing", tmp_path / "landing")
    return Path(shutil.copytree(made / "home", tmp_path / "home", symlinks=True))


@pytest.fixture(scope="module")
def rolled(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that went back to the first night, by the file that was kept of it."""
    home = copy(made / "home", tmp_path_factory.mktemp("rolled") / "home")
    assert upkeep.roll_back(home, 1)["at_once"]
    return home


@pytest.fixture
def back(made: Path, rolled: Path, tmp_path: Path) -> Path:
    """Such a home, to be written in."""
    shutil.copytree(made / "landing", tmp_path / "landing")
    return copy(rolled, tmp_path / "home")


def members(home: Path) -> dict[str, str]:
    return dict(ask(home, "SELECT record_key, golden_id FROM customer_xref"))


def content(home: Path) -> dict[str, str]:
    return {name: digest for name, digest in digests(home).items() if name not in OF_RUNS}


def last_run(home: Path) -> tuple[Any, ...]:
    return ask(home, "SELECT run_id, cause FROM run ORDER BY run_id DESC LIMIT 1")[0]


@pytest.mark.parametrize("to", [1, 2])
@pytest.mark.parametrize("kept", [True, False])
def test_a_rollback_brings_back_what_stood(made: Path, home: Path, to: int, kept: bool) -> None:
    if not kept:
        (home / "warehouse" / f"warehouse-{to:06d}.duckdb").unlink()
    done = upkeep.roll_back(home, to)
    assert done["at_once"] is kept
    assert last_run(home) == (4, "rollback")
    assert content(home) == content(made / f"after{to}")
    assert members(home) == members(made / f"after{to}")
    assert all(
        not counts["records"] for kind, counts in done["partition"].items() if kind != "unchanged"
    )
    assert ask(home, "SELECT run_id, undone_by FROM run ORDER BY ALL") == [
        (run, 4 if to < run < 4 else None) for run in range(1, 5)
    ]
    for table in ("record", "record_version", "held_row"):
        count = f"SELECT count(*) FROM {table}"
        assert ask_store(home, count) == ask_store(made / f"after{to}", count)


def test_the_kept_file_is_up_before_anything_is_matched(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.night.resolve", dies)
    with pytest.raises(KeyboardInterrupt):
        upkeep.roll_back(home, 1)
    assert last_run(home) == (1, "test")
    monkeypatch.undo()
    one_night(home, home.parent / "landing")
    assert last_run(home) == (3, "test")


def test_digests_of_the_runs_between_are_still_there(made: Path, rolled: Path) -> None:
    """Although the file that came up at once is older than those runs."""
    between = "FROM run_table WHERE run_id BETWEEN 2 AND 3 ORDER BY ALL"
    assert ask(rolled, between) == ask(made / "home", between) != []
    assert ask(rolled, "SELECT DISTINCT run_id FROM run_table ORDER BY ALL") == [
        (run,) for run in range(1, 5)
    ]


def test_who_has_read_the_feed_further_is_told_what_changed(made: Path, rolled: Path) -> None:
    read = ask(made / "home", "SELECT max(sequence) FROM golden_id_event")[0][0]
    news = ask(rolled, f"SELECT kind, golden_id, other_id, cause FROM golden_id_event"
                     f" WHERE sequence > {read} ORDER BY sequence")  # fmt: skip
    before, after = members(made / "home"), members(rolled)
    assert {(kind, golden_id, other) for kind, golden_id, other, _ in news} == {
        ("revived", after[TWO], None),
        ("split", after[ONE], after[TWO]),
        ("shrank", after[ONE], None),
        ("retired", before[THREE], None),
        ("retired", before[FOUR], None),
    }
    assert all("rollback" in cause for *_, cause in news)
    older = ask(made / "home", "FROM golden_id_event ORDER BY sequence")
    assert ask(rolled, "FROM golden_id_event ORDER BY sequence")[: len(older)] == older


def test_files_wait_until_they_are_asked_for(made: Path, back: Path) -> None:
    home = back
    one_night(home, home.parent / "landing")
    assert last_run(home) == (4, "rollback")
    assert ask(home, "SELECT path, loaded_run, rolled_back_run FROM dq_file ORDER BY path") == [
        (f"dealers/D0012/customers_202403{day:02d}.csv", 1 if day == 1 else None,
         4 if day > 1 else None) for day in DAYS
    ]  # fmt: skip
    assert "wait for `guiyi run --retry`" in call("status", "--home", home).output
    assert operation.take_up(home) == 2
    one_night(home, home.parent / "landing")
    assert last_run(home) == (5, "test")
    assert content(home) == content(made / "home")
    # and nobody who comes back has lost his id
    assert members(home) == members(made / "home")


def test_other_files_are_loaded_all_the_same(back: Path) -> None:
    home = back
    landing = home.parent / "landing"
    file = landing / "dealers" / "D0012" / "customers_20240304.csv"
    file.write_text("客户编号,客户姓名,手机号\nK5,周杰,13611112222\n", encoding="utf-8")
    one_night(home, landing)
    assert set(members(home)) == {ONE, TWO, "dealer/D0012/K5"}


def test_a_rollback_can_be_taken_back_as_far_as_what_stood(made: Path, home: Path) -> None:
    upkeep.roll_back(home, 2)
    with pytest.raises(CannotRollBack, match="run 3 was itself taken back by run 4"):
        upkeep.roll_back(home, 3)
    upkeep.roll_back(home, 1)
    assert members(home) == members(made / "after1")


def test_a_stewards_word_that_came_since_is_kept(made: Path, home: Path) -> None:
    word = ["decide", ONE, TWO, "same", "--home", str(home)]
    assert call(*word).exit_code == 0
    done = upkeep.roll_back(home, 1)
    assert (done["partition"]["merged"]["before"], done["partition"]["merged"]["after"]) == (2, 1)
    assert set(members(home).values()) == {members(made / "after1")[ONE]}


@pytest.mark.parametrize(("to", "says"), [(9, "no such run"), (3, "nothing to take back")])
def test_where_there_is_nothing_to_go_back_to_is_said(home: Path, to: int, says: str) -> None:
    with pytest.raises(CannotRollBack, match=says):
        upkeep.roll_back(home, to)


def test_another_model_has_to_be_put_back_first(home: Path) -> None:
    with connect(home / STORE) as con, transaction(con):
        con.execute("UPDATE run SET model_digest = 'another' WHERE run_id = 1")
    with pytest.raises(SettingError, match="--present-model"):
        upkeep.roll_back(home, 1)
    assert upkeep.roll_back(home, 1, present_model=True)["run"] == 4


@pytest.mark.parametrize("from_raw", [False, True])
def test_a_rebuild_changes_nothing(made: Path, home: Path, from_raw: bool) -> None:
    done = call("rebuild", "--home", home, "--json", *(["--from-raw"] if from_raw else []))
    told = json.loads(done.stdout)
    assert (told["run"], told["from_raw"]) == (4, from_raw)
    assert told["partition"]["unchanged"] == {"before": 3, "after": 3, "records": 4}
    assert last_run(home) == (4, "rebuild")
    for name, digest in digests(made / "home").items():
        assert digests(home)[name] == digest, name


def test_a_header_that_was_mapped_wrong_is_put_right_by_a_rebuild_from_raw(home: Path) -> None:
    shutil.copytree(FOLDER, home / "sources", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (home / "sources" / "dealer.yml").open("a", encoding="utf-8") as file:
        file.write("outlets: {D0012: {手机号: ignore}}\n")
    with (home / FILE).open("a") as file:
        file.write("sources: sources\n")
    done = call("rebuild", "--home", home, "--from-raw", "--unguarded")
    assert "customers_20240302.csv: a column means something else" in done.stdout
    assert ask(home, "SELECT count(phone) FROM pii.dim_customer") == [(0,)]


def spoil(home: Path) -> None:
    """As some fault would, have one record read like another's."""
    spoilt = ("name", "name_fold", "name_surname", "name_pinyin", "name_pinyins", "phones")
    with connect(home / STORE) as con, transaction(con):
        con.execute(f"""
            UPDATE record SET {", ".join(f"{column} = o.{column}" for column in spoilt)}
            FROM (FROM record WHERE record_key = '{THREE}') o WHERE record.record_key = '{TWO}'
        """)


def test_a_rebuild_out_of_proportion_is_held_unless_told(made: Path, home: Path) -> None:
    spoil(home)
    (home / FILE).write_text("landing: ../landing\nguards: {largest_new_person: 1}\n")
    before = digests(home)
    refused = call("rebuild", "--home", home).exception
    assert isinstance(refused, RebuildHeld)
    assert "a person who is new or grew has 2 records" in str(refused)
    assert digests(home) == before
    assert last_run(home)[0] == 3
    assert members(home) == members(made / "home")
    assert call("rebuild", "--unguarded", "--home", home).exit_code == 0
    assert members(home) != members(made / "home")


def test_a_night_that_is_held_keeps_its_number(back: Path) -> None:
    home = back
    operation.take_up(home)
    (home / FILE).write_text("landing: ../landing\nguards: {largest_new_person: 1}\n")
    with pytest.raises(NightHeld, match="run 5 is held"):
        one_night(home, home.parent / "landing")
    assert upkeep.rebuild(home)["run"] == 6
    with pytest.raises(NightHeld, match="run 7 is held"):
        one_night(home, home.parent / "landing")


def test_after_a_rollback_nights_are_compared_with_what_stands(rolled: Path) -> None:
    with connect(rolled / STORE, read_only=True) as con:
        (last, *earlier) = guards.former(con)
        assert last.rows["record"] == count(con, "record")
        assert [measures.rows for measures in earlier] == [last.rows]


def test_a_rebuild_tells_what_it_changed(made: Path, home: Path) -> None:
    """Values that some fault has changed in the store are found by reading raw rows again."""
    spoil(home)
    for options in ([], ["--from-raw"]):
        shown = call("rebuild", "--home", home, *options).output
        assert "the partition has changed" in shown
        assert "rearranged: 2 customers before, 2 after, 3 records" in shown
    assert customers(home).keys() == customers(made / "home").keys()
    causes = {cause for (cause,) in ask(home, "SELECT cause FROM golden_id_event WHERE run_id > 3")}
    assert causes == {"rebuild", "rebuild, understood_anew"}


def test_what_is_rolled_back_stays_out_of_a_rebuild_from_raw(made: Path, back: Path) -> None:
    home = back
    arrive(home.parent / "landing", 3)
    upkeep.rebuild(home, from_raw=True)
    assert members(home) == members(made / "after1")
    assert ask_store(home, "SELECT run_id FROM loaded_file WHERE rolled_back_run IS NULL") == [(1,)]


@pytest.mark.parametrize("work", [upkeep.rebuild, lambda home: upkeep.roll_back(home, 1)])
def test_a_home_where_a_run_is_at_work_is_left_alone(home: Path, work: Any) -> None:
    with FileLock(home / "run.lock"), pytest.raises(HomeBusy):
        work(home)
    assert (home / LINK).resolve().name == "warehouse-000003.duckdb"


@pytest.mark.parametrize("command", [["rebuild"], ["rollback", "1"]])
def test_a_home_without_runs_is_told(tmp_path: Path, command: list[str]) -> None:
    done = call(*command, "--home", tmp_path)
    assert isinstance(done.exception, GuiyiError)
    assert "nothing has run here yet" in str(done.exception)


def test_the_commands_tell_what_they_did(home: Path) -> None:
    shown = call("rollback", 1, "--home", home).output
    assert "2 files with 4 rows are out; 1 records have their former version, 2 are gone" in (
        " ".join(shown.split())
    )
    assert "Every customer is as it was after run 1." in shown


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])
