"""Two nights of a made-up world, through the job that the schedule runs."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from connectors.raw import read_mapped
from pipelines.cli import app
from pipelines.evaluation import evaluate
from pipelines.execution import run_nightly
from pipelines.settings import read_settings
from quality.contract import FIELDS
from tests.e2e.conftest import OPTIONS, World
from tests.e2e.homes import ask, ask_store, copy, customers, digests, golden_ids
from tests.matching.said import pair
from tests.pipelines.steps import one_night
from warehouse.publish import LINK

#: What the sample calls a fault -> status and reason that it should be found under.
FAULTS = {
    "taken": ("taken", ""),
    "duplicate": ("duplicate", "same_content"),
    "half_written": ("waiting", "half_written"),
    "empty": ("broken", "empty_file"),
    "no_header": ("broken", "no_header"),
    "broken": ("broken", "unreadable"),
}
DAY_2 = OPTIONS.start + datetime.timedelta(days=1)


def truth(world: World, name: str, night: int) -> list[dict[str, Any]]:
    return list(pq.read_table(world.truth / f"{name}-{night:02d}.parquet").to_pylist())


def true_keys(world: World, night: int) -> set[str]:
    """Record keys of the truth; those of HQ name no outlet."""
    return {
        f"{r['source']}/{'' if r['source'] == 'hq' else r['outlet_code']}/{r['source_key']}"
        for r in truth(world, "records", night)
    }


def test_the_same_again_changes_nothing(world: World, tmp_path: Path) -> None:
    home = copy(world.home1, tmp_path / "home")
    file, stamp = (home / LINK).resolve(), (home / LINK).stat().st_mtime_ns
    run_nightly(home, world.landing1)
    assert ((home / LINK).resolve(), (home / LINK).stat().st_mtime_ns) == (file, stamp)
    assert ask_store(home, "SELECT max(run_id) FROM run") == [(1,)]
    assert digests(home) == digests(world.home1)


def test_two_homes_come_to_the_same_with_or_without_the_orchestrator(
    world: World, tmp_path: Path
) -> None:
    for landing, home in ((world.landing1, world.home1), (world.landing2, world.home2)):
        one_night(tmp_path / "home", landing)
        assert digests(tmp_path / "home") == digests(home)


def test_every_true_record_has_its_customer_and_no_other_record_has(world: World) -> None:
    assert set(golden_ids(world.home1)) == true_keys(world, 1)
    assert set(golden_ids(world.home2)) == true_keys(world, 1) | true_keys(world, 2)


def test_corrected_records_carry_their_new_values(world: World) -> None:
    again = sorted(true_keys(world, 1) & true_keys(world, 2))
    assert again
    taken = ask_store(
        world.home2,
        "SELECT record_key FROM record SEMI JOIN"
        f" (SELECT file_id FROM file WHERE file_date = '{DAY_2}') USING (file_id)",
    )
    assert set(again) <= {key for (key,) in taken}
    names = [field.name for field in FIELDS]
    raw = read_mapped(sorted(world.home2.glob(f"raw/**/{DAY_2:%Y%m%d}-*.parquet")), names)
    sent = {(r["file_id"], r["row_number"]): r for r in raw.to_pylist()}
    columns = ", ".join(f"{name}_typed" for name in names)
    for file_id, row, *typed in ask_store(
        world.home2, f"SELECT file_id, row_number, {columns} FROM record SEMI JOIN"
                     f" (SELECT unnest({again!r}) AS record_key) USING (record_key)"
    ):  # fmt: skip
        assert typed == [sent[file_id, row][name] for name in names]
    older = ask_store(world.home2, "SELECT DISTINCT record_key FROM record_version")
    assert {key for (key,) in older} >= set(again)


def test_customers_that_nobody_touched_keep_their_ids(world: World) -> None:
    before, after = customers(world.home1), customers(world.home2)
    same = before.keys() & after.keys()
    assert len(same) > 0.8 * len(before)
    assert {before[records] for records in same} == {after[records] for records in same}
    assert all(before[records] == after[records] for records in same)


def test_every_id_ever_given_resolves(world: World) -> None:
    known = {gid for (gid,) in ask(world.home2, "SELECT golden_id FROM dim_customer")}
    redirects: dict[str, str] = dict(
        ask(world.home2, "SELECT golden_id, redirect_to FROM golden_id_redirect")
    )
    given = {gid for (gid,) in ask(world.home2, "SELECT golden_id FROM golden_id_event")}
    assert given >= {*golden_ids(world.home1).values(), *known}
    assert all(gid in known or redirects[gid] in known for gid in given)
    assert not known & redirects.keys()


def test_bad_files_are_set_aside_under_their_reasons(world: World) -> None:
    told = {
        path: (status, reason)
        for path, status, reason in ask(world.home2, "SELECT path, status, reason FROM dq_file")
    }
    expected = {f["path"]: FAULTS[f["expected"]] for n in (1, 2) for f in truth(world, "files", n)}
    assert {status for status, _ in expected.values()} == {
        "taken", "duplicate", "waiting", "broken",
    }  # fmt: skip
    assert told == expected
    shown = CliRunner().invoke(app, ["status", "--home", str(world.home2), "--json"])
    aside = {f["path"]: (f["status"], f["reason"]) for f in json.loads(shown.stdout)["set_aside"]}
    assert aside == {p: told for p, told in expected.items() if told[0] in ("waiting", "broken")}


def test_rows_without_a_key_are_held_and_counted_by_file(world: World) -> None:
    keyless = {
        f["path"]: f["keyless"]
        for night in (1, 2)
        for f in truth(world, "files", night)
        if f["keyless"] and f["expected"] == "taken"
    }
    assert keyless
    held = ask(
        world.home2, "SELECT path, count(*) FROM dq_held_row WHERE reason = 'no_key' GROUP BY path"
    )
    assert dict(held) == keyless
    assert dict(
        ask(world.home2, "SELECT path, held_rows FROM dq_file WHERE held_rows > 0")
    ) == dict(ask(world.home2, "SELECT path, count(*) FROM dq_held_row GROUP BY path"))


@pytest.mark.parametrize("name", ["home1", "home2"])
def test_every_row_that_was_taken_is_somewhere(world: World, name: str) -> None:
    home = getattr(world, name)
    ((taken,),) = ask(home, "SELECT sum(row_count) FROM dq_file WHERE status = 'taken'")
    ((kept,),) = ask_store(
        home,
        "SELECT (SELECT count(*) FROM record) + (SELECT count(*) FROM record_version)"
        " + (SELECT count(*) FROM held_row)",
    )
    assert taken == kept


@pytest.mark.parametrize("name", ["home1", "home2"])
def test_hardly_two_customers_are_taken_for_one(world: World, name: str) -> None:
    found = evaluate(getattr(world, name), world.truth)
    assert found["precision"] >= 0.98
    assert found["recall"] >= 0.9


def test_one_night_with_all_files_comes_to_the_same_as_two(world: World, tmp_path: Path) -> None:
    one_night(tmp_path / "home", world.landing2)
    assert customers(tmp_path / "home").keys() == customers(world.home2).keys()


def test_nothing_personal_is_in_what_runs_leave_beside_the_data(world: World) -> None:
    names = {
        name
        for (name,) in ask(world.home1, "SELECT name FROM pii.dim_customer WHERE len(name) > 2")
    }
    for file in (world.home1 / "dagster").rglob("*"):
        if file.is_file():
            text = file.read_bytes().decode("utf-8", "replace")
            assert not [name for name in names if name in text], file.name


def test_a_stewards_word_holds_and_the_later_one_more(world: World, tmp_path: Path) -> None:
    home = copy(world.home1, tmp_path / "home")
    ((one, two),) = ask_store(home, """
        SELECT min(record_key), max(record_key) FROM member JOIN record_profile USING (record_key)
        GROUP BY golden_id HAVING count(DISTINCT profile_id) = 2 AND count(*) = 2
        ORDER BY ALL LIMIT 1""")  # fmt: skip
    ((three, four),) = ask(home, f"""
        SELECT record_a, record_b FROM review_pair
        WHERE name IS NOT NULL AND '{golden_ids(home)[one]}' NOT IN (golden_id_a, golden_id_b)
        ORDER BY ALL LIMIT 1""")  # fmt: skip
    for joined, apart in (((three, four), (one, two)), ((one, two), (three, four))):
        say(home, *joined, "same")
        say(home, *apart, "different")
        one_night(home, world.landing1)
        ids = golden_ids(home)
        assert ids[joined[0]] == ids[joined[1]]
        assert ids[apart[0]] != ids[apart[1]]
    assert customers(home).keys() == customers(world.home1).keys()


def say(home: Path, left: str, right: str, verdict: str) -> None:
    read_settings(home).log.append(pair(left, right, verdict))


def test_the_command_tells_of_its_night(world: World) -> None:
    summary = json.loads((world.folder / "told.json").read_text(encoding="utf-8"))
    assert (summary["run"], summary["changed"]) == (2, True)
    assert summary["accuracy"]["precision"] >= 0.98
    assert set(summary["seconds"]) >= {"files", "standard_records", "edges", "warehouse"}
    ((records,),) = ask(world.home2, "SELECT count(*) FROM customer_xref")
    ((customers,),) = ask(world.home2, "SELECT count(*) FROM dim_customer")
    assert (summary["records"], summary["customers"]) == (records, customers)


def test_what_is_published_is_typed_for_bi(world: World) -> None:
    kinds: dict[str, str] = dict(ask(world.home2, """
        SELECT column_name, data_type FROM duckdb_columns()
        WHERE table_name = 'fact_service_visit'"""))  # fmt: skip
    assert (kinds["visited_on"], kinds["mileage_km"]) == ("DATE", "BIGINT")
    assert kinds["amount_cny"] == "DECIMAL(18,2)"
