"""Ten nights of a made-up world: ids last, histories hold, and a rebuild changes nothing."""

from __future__ import annotations

import datetime
import itertools
import shutil
from pathlib import Path

import pytest

from connectors.sample import SampleOptions, write_world
from pipelines import operation, upkeep
from pipelines.settings import FILE
from tests.e2e.homes import ask, ask_store, copy, customers, golden_ids
from tests.pipelines.steps import one_night

NIGHTS = 10
OPTIONS = SampleOptions(customers=60, seed=3, nights=NIGHTS)
Customers = dict[frozenset[str], str]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Customers]]:
    """A home after ten nights, and who was one customer after each."""
    folder = tmp_path_factory.mktemp("ten_nights")
    home, landing, after = folder / "home", folder / "landing", []
    home.mkdir()
    (home / FILE).write_text("landing: ../landing\n")
    for number in range(1, NIGHTS + 1):
        write_world(landing, folder / "truth", OPTIONS, night=number)
        one_night(home, landing)
        after.append(customers(home))
    return home, after


def test_every_night_was_a_run(lived: tuple[Path, list[Customers]]) -> None:
    home, after = lived
    assert ask(home, "SELECT count(*), bool_and(has_history) FROM run") == [(NIGHTS, True)]
    # the nights bring something: new customers, grown ones, and merged ones
    kinds: dict[str, int] = dict(
        ask(home, "SELECT kind, count(*) FROM golden_id_event WHERE run_id > 1 GROUP BY 1")
    )
    assert {"minted", "merged", "grew"} <= kinds.keys()
    assert len(after[-1]) != len(after[0])


def test_who_was_not_touched_kept_his_id(lived: tuple[Path, list[Customers]]) -> None:
    home, after = lived
    for run, (before, now) in enumerate(itertools.pairwise(after), 2):
        sent = {key for (key,) in ask_store(home, f"""
            SELECT record_key FROM (SELECT record_key, file_id FROM record
                                    UNION ALL SELECT record_key, file_id FROM record_version)
            JOIN loaded_file USING (file_id) WHERE run_id = {run}""")}  # fmt: skip
        same = [records for records in before.keys() & now.keys() if not records & sent]
        assert len(same) > len(before) / 2
        assert [before[records] for records in same] == [now[records] for records in same]


def test_every_id_ever_given_leads_to_a_customer(lived: tuple[Path, list[Customers]]) -> None:
    home, after = lived
    given = {golden_id for night in after for golden_id in night.values()}
    redirects: dict[str, str] = dict(
        ask(home, "SELECT golden_id, redirect_to FROM golden_id_redirect")
    )
    living = set(after[-1].values())
    assert {redirects.get(golden_id, golden_id) for golden_id in given} == living
    assert not living & redirects.keys()
    assert given == {g for (g,) in ask(home, "SELECT golden_id FROM golden_id_event")}


def test_every_past_night_can_be_told(lived: tuple[Path, list[Customers]]) -> None:
    home, after = lived
    for run, night in enumerate(after, 1):
        held = ask(home, f"""
            SELECT record_key, golden_id FROM customer_xref_history
            WHERE from_run <= {run} AND coalesce(to_run > {run}, true)""")  # fmt: skip
        assert dict(held) == {key: gid for records, gid in night.items() for key in records}


def test_values_have_no_gap_and_no_overlap(lived: tuple[Path, list[Customers]]) -> None:
    home, _ = lived
    spans = ask(home, """
        SELECT golden_id, from_run, to_run, lead(from_run) OVER w AS next_from FROM
        dim_customer_history WINDOW w AS (PARTITION BY golden_id ORDER BY from_run)""")  # fmt: skip
    assert all(later in (None, to) for _, _, to, later in spans)
    living = {golden_id for (golden_id,) in ask(home, "SELECT golden_id FROM dim_customer")}
    assert {golden_id for golden_id, _, to, _ in spans if to is None} == living
    # written only for customers that changed
    assert 1 < len(spans) / len(living) < 2


def test_the_tenth_night_is_what_one_night_with_all_files_comes_to(
    lived: tuple[Path, list[Customers]], tmp_path: Path
) -> None:
    home, after = lived
    one_night(tmp_path / "home", home.parent / "landing")
    assert customers(tmp_path / "home").keys() == after[-1].keys()


@pytest.mark.parametrize("from_raw", [False, True])
def test_a_rebuild_keeps_customers_and_ids(
    lived: tuple[Path, list[Customers]], tmp_path: Path, from_raw: bool
) -> None:
    home = copy(lived[0], tmp_path / "home")
    found = upkeep.rebuild(home, from_raw)["partition"]
    assert found["unchanged"]["after"] == len(lived[1][-1])
    assert customers(home) == lived[1][-1]
    assert ask(home, f"SELECT count(*) FROM golden_id_event WHERE run_id > {NIGHTS}") == [(0,)]


def test_a_rollback_over_three_nights_and_back(
    lived: tuple[Path, list[Customers]], tmp_path: Path
) -> None:
    home = copy(lived[0], tmp_path / "home")
    shutil.copytree(lived[0].parent / "landing", tmp_path / "landing")
    upkeep.roll_back(home, NIGHTS - 3)
    assert customers(home) == lived[1][-4]
    operation.take_up(home)
    one_night(home, tmp_path / "landing")
    assert customers(home) == lived[1][-1]


def test_an_outlet_that_changes_all_its_keys_keeps_its_customers(
    lived: tuple[Path, list[Customers]], tmp_path: Path
) -> None:
    home = copy(lived[0], tmp_path / "home")
    ((outlet, records),) = ask(home, """
        SELECT outlet_code, count(*) FROM customer_xref WHERE source = 'dealer'
        GROUP BY outlet_code ORDER BY 2 DESC LIMIT 1""")  # fmt: skip
    rows = ask_store(home, f"""
        SELECT source_key, name_typed, phone_typed FROM record
        WHERE source = 'dealer' AND outlet_code = '{outlet}' AND phone_typed NOT LIKE '%,%'
        ORDER BY 1""")  # fmt: skip
    assert len(rows) > records / 2
    day = OPTIONS.start + datetime.timedelta(days=NIGHTS)
    sent = tmp_path / "landing" / "dealers" / outlet / f"customers_{day:%Y%m%d}.csv"
    sent.parent.mkdir(parents=True)
    lines = [
        f"N{number},{name or ''},{phone or ''}" for number, (_, name, phone) in enumerate(rows)
    ]
    sent.write_text("\n".join(["客户编号,客户姓名,手机号", *lines, ""]), encoding="utf-8")
    table = [f"dealer,{outlet},{key},N{number}" for number, (key, *_) in enumerate(rows)]
    (home / "keys.csv").write_text(
        "\n".join(["source,outlet_code,old_key,new_key", *table, ""]), encoding="utf-8"
    )
    (home / FILE).write_text("landing: ../landing\nkey_migrations: keys.csv\n")
    known = golden_ids(home).keys()
    one_night(home, tmp_path / "landing")
    assert golden_ids(home).keys() == known
    kinds = {kind for (kind,) in ask(home, f"""
        SELECT kind FROM golden_id_event WHERE run_id > {NIGHTS}""")}  # fmt: skip
    assert not kinds & {"minted", "retired"}
    called = ask(home, f"""
        SELECT count(*) FROM customer_xref WHERE outlet_code = '{outlet}'
        AND source_key LIKE 'N%' AND record_key NOT LIKE '%/' || source_key""")  # fmt: skip
    assert called == [(len(rows),)]
