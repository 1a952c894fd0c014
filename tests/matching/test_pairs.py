"""The hard cases of cases/pairs.yml, resolved by the shipped model among some thousand others.

`python -m tests.matching.test_pairs` freezes what the engine says into cases/pairs_frozen.yml, and
prints the cases in which it is wrong. Where it got worse it refuses to, unless told `--worse`.
"""

from __future__ import annotations

import datetime
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml

from connectors.raw import PROVENANCE
from connectors.sample import SampleOptions
from matching import engine, model
from quality import contract
from quality.standardise import standardise
from tests.matching.worlds import put_customers, world_records
from warehouse.database import connect

FOLDER = Path(__file__).parents[1] / "cases"
FROZEN = FOLDER / "pairs_frozen.yml"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "pairs.yml").read_text(encoding="utf-8"))
VERDICTS = ("same", "different", "ask")
#: Neighbours, so that names are as frequent as in life: some 3,500 records.
BACKGROUND = SampleOptions(customers=600, seed=17)
#: What a case's record may say; `outlet` is the folder's, or for hq the selling dealer's.
CELLS = {"source", "outlet", *contract.TYPED_FIELDS} - {"source_key", "outlet_code"}


def rows() -> Iterator[dict[str, Any]]:
    """The raw rows of all cases; keys and outlets are of the case and nobody else's."""
    for number, case in enumerate(CASES):
        for place, cells in enumerate([*case["records"], *case.get("beside", ())]):
            key, outlet = f"case-{number}-{place}", cells.get("outlet")
            at = "outlet_code" if cells["source"] == "hq" else "folder_outlet"
            typed = {name: text for name, text in cells.items() if name != "outlet"}
            where = {at: f"{number}-{outlet}"} if outlet else {}
            yield {"source_key": key, "file_id": key} | where | typed


def standard() -> pa.Table:
    """The standard records of all cases."""
    kinds = dict.fromkeys(contract.TYPED_FIELDS, pa.string()) | dict(PROVENANCE)
    schema = pa.schema([(name, kind) for name, kind in kinds.items()])
    every = {"file_date": datetime.date(2024, 3, 1), "file_seq": 1, "sheet": "", "row_number": 1}
    return standardise(pa.Table.from_pylist([every | r for r in rows()], schema=schema)).records


def resolve(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Resolve the cases among their neighbours; leaves `case_record` behind.

    `case_record` (case_no, place, profile_id, entity_no) has no row for a record that is held.
    """
    put_customers(con, pa.concat_tables([world_records(folder, BACKGROUND), standard()]))
    engine.resolve(con, model.load(), "subject")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE case_record AS
        SELECT CAST(split_part(source_key, '-', 2) AS INTEGER) AS case_no,
               CAST(split_part(source_key, '-', 3) AS INTEGER) AS place, profile_id, entity_no
        FROM record JOIN record_profile USING (record_key) JOIN entity USING (profile_id)
        WHERE starts_with(source_key, 'case-')
    """)


def verdicts(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Trap -> what the engine says of the case's first two records."""
    found = con.execute("""
        SELECT l.case_no, CASE
            WHEN l.entity_no = r.entity_no THEN 'same'
            WHEN EXISTS (FROM review_candidate WHERE low = least(l.entity_no, r.entity_no)
                         AND high = greatest(l.entity_no, r.entity_no)) THEN 'ask'
            ELSE 'different' END
        FROM case_record l JOIN case_record r ON l.case_no = r.case_no
        WHERE l.place = 0 AND r.place = 1
    """).fetchall()
    said = {int(number): str(verdict) for number, verdict in found}
    return {case["trap"]: said.get(number, "different") for number, case in enumerate(CASES)}


def wrong(said: dict[str, str]) -> dict[str, str]:
    """Trap -> `expected, said` of the cases in which the engine is wrong."""
    return {
        case["trap"]: f"{case['expected']}, {said[case['trap']]}"
        for case in CASES
        if case["expected"] != said[case["trap"]]
    }


def merged(said: dict[str, str]) -> set[str]:
    """Traps in which two people became one."""
    return {trap for trap, pair in wrong(said).items() if pair == "different, same"}


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as con:
        resolve(con, tmp_path_factory.mktemp("neighbours"))
        yield con


@pytest.fixture(scope="module")
def frozen() -> dict[str, Any]:
    return dict(yaml.safe_load(FROZEN.read_text(encoding="utf-8")))


def test_the_cases_are_well_formed() -> None:
    assert len(CASES) >= 120
    assert len({case["trap"] for case in CASES}) == len(CASES)
    assert {case["expected"] for case in CASES} == set(VERDICTS)
    for case in CASES:
        assert case.keys() <= {"trap", "expected", "records", "beside"}, case["trap"]
        records = [*case["records"], *case.get("beside", ())]
        assert len(case["records"]) == 2, case["trap"]
        assert all({"source"} < record.keys() <= CELLS for record in records), case["trap"]
        typed = {type(text) for record in records for text in record.values()}
        assert typed == {str}, f"{case['trap']}: put numbers and dates in quotes"


def test_cases_do_not_meet(resolved: duckdb.DuckDBPyConnection) -> None:
    """Neither by an edge nor by a value that more would hold than the case says."""
    edges = resolved.execute("""
        WITH told AS (
            SELECT profile_id, coalesce(any_value(case_no), -1) AS case_no FROM profile
            LEFT JOIN case_record USING (profile_id) GROUP BY profile_id
        )
        SELECT x.case_no, y.case_no FROM edge JOIN told x ON x.profile_id = a
        JOIN told y ON y.profile_id = b WHERE x.case_no <> y.case_no
    """).fetchall()
    values = resolved.execute("""
        WITH held AS (
            SELECT source_key, unnest(list_concat(coalesce(phones, []),
                   [vehicle_id, id_number, email, plate])) AS value FROM subject
        )
        SELECT list_distinct(list(split_part(source_key, '-', 2))) AS cases FROM held
        WHERE value IS NOT NULL GROUP BY value
        HAVING count(*) FILTER (starts_with(source_key, 'case-')) > 0
           AND len(list_distinct(list(split_part(source_key, '-', 2)))) > 1
    """).fetchall()
    assert (edges, values) == ([], [])


def test_no_case_flipped(resolved: duckdb.DuckDBPyConnection, frozen: dict[str, Any]) -> None:
    """Where this fails on purpose: `python -m tests.matching.test_pairs`."""
    said = verdicts(resolved)
    flipped = {
        trap: f"{frozen['said'].get(trap)} before, {now} now"
        for trap, now in said.items()
        if frozen["said"].get(trap) != now
    }
    assert not flipped
    assert frozen["said"].keys() == said.keys()


def test_the_engine_is_not_wrong_more_often(
    resolved: duckdb.DuckDBPyConnection, frozen: dict[str, Any]
) -> None:
    said = verdicts(resolved)
    assert len(wrong(said)) <= frozen["wrong"]
    assert merged(said) <= set(frozen["known_merges"])


def freeze(said: dict[str, str], worse: bool = False) -> None:
    """Write the frozen file; raises SystemExit where the engine got worse, unless that is meant."""
    if FROZEN.exists() and not worse:
        before = yaml.safe_load(FROZEN.read_text(encoding="utf-8"))
        new = sorted(merged(said) - set(before["known_merges"]))
        if new or len(wrong(said)) > before["wrong"]:
            raise SystemExit(
                f"wrong in {len(wrong(said))} cases, {before['wrong']} before; newly merged: "
                f"{new or 'none'}. If that is meant, say --worse."
            )
    content = {"wrong": len(wrong(said)), "known_merges": sorted(merged(said)), "said": said}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=200)
    head = "# What the engine says of pairs.yml; made by `python -m tests.matching.test_pairs`.\n"
    FROZEN.write_text(head + text, encoding="utf-8")


def test_what_got_worse_is_not_frozen_unasked(
    frozen: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(FROZEN, tmp_path / FROZEN.name)
    monkeypatch.setattr(f"{__name__}.FROZEN", tmp_path / FROZEN.name)
    said = dict(frozen["said"])
    freeze(said)
    assert yaml.safe_load((tmp_path / FROZEN.name).read_text(encoding="utf-8")) == frozen
    (trap,) = [c["trap"] for c in CASES if said[c["trap"]] == c["expected"] == "different"][:1]
    with pytest.raises(SystemExit, match="--worse"):
        freeze(said | {trap: "ask"})
    with pytest.raises(SystemExit, match=re.escape(trap)):
        freeze(said | {trap: "same"})
    freeze(said | {trap: "same"}, worse=True)
    assert trap in yaml.safe_load((tmp_path / FROZEN.name).read_text("utf-8"))["known_merges"]


if __name__ == "__main__":
    with connect() as connection, tempfile.TemporaryDirectory() as work:
        resolve(connection, Path(work))
        outcome = verdicts(connection)
    for trap, pair in wrong(outcome).items():
        print(f"{pair:22} {trap}")
    print(f"wrong in {len(wrong(outcome))} of {len(CASES)} cases (expected, said)")
    freeze(outcome, worse="--worse" in sys.argv)
