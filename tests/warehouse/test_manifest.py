"""The manifest of a run: what it stood on, and digests that tell content apart and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.errors import SettingError
from quality.contract import Sensitivity
from tests.warehouse.nights import Nights, file
from warehouse import manifest
from warehouse.database import connect
from warehouse.publish import LINK, publish
from warehouse.tables import Column, Table, tables

ROWS = [
    {"source_key": "K1", "name": "李雷", "phone": "13912345678"},
    {"source_key": "K2", "name": "韩梅", "phone": "13812345678"},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    nights = Nights(tmp_path_factory.mktemp("manifest"))
    nights.night(file("f1", ROWS))
    publish(nights.home, report=lambda table: None)
    return nights


@pytest.fixture
def home(made: Nights, tmp_path: Path) -> Path:
    """A home after its first night, published."""
    return made.copied(tmp_path / "home").home


def test_every_other_table_is_listed_with_its_rows(home: Path) -> None:
    found = manifest.read(home, 1)
    assert set(found["tables"]) == {table.name for table in tables()} - {"run_table"}
    with connect((home / LINK).resolve(), read_only=True) as con:
        listed = con.execute('SELECT table_name, "rows", digest FROM run_table WHERE run_id = 1')
        assert {name: (rows, digest) for name, rows, digest in listed.fetchall()} == {
            name: (one["rows"], one["digest"]) for name, one in found["tables"].items()
        }
        for name, one in found["tables"].items():
            assert con.execute(f"SELECT count(*) FROM {name}").fetchall() == [(one["rows"],)]
    assert found["tables"]["customer_xref"]["rows"] == 2


def test_digests_of_former_runs_stay(home: Path) -> None:
    first = manifest.read(home, 1)["tables"]["customer_xref"]["digest"]
    Nights(home).night(file("f2", [{"source_key": "K3", "name": "方芳"}], seq=2))
    publish(home, report=lambda table: None)
    with connect((home / LINK).resolve(), read_only=True) as con:
        told = con.execute(
            "SELECT run_id, digest FROM run_table WHERE table_name = 'customer_xref' ORDER BY ALL"
        ).fetchall()
    assert [run for run, _ in told] == [1, 2]
    assert told[0][1] == first != told[1][1]


def test_a_run_that_published_nothing_is_told(home: Path) -> None:
    with pytest.raises(SettingError, match=r"run 9 has no manifest .*runs 1 to 1"):
        manifest.read(home, 9)


def test_a_manifest_is_plain_json_without_anything_personal(home: Path) -> None:
    text = (home / "warehouse" / "manifest-000001.json").read_text(encoding="utf-8")
    assert json.loads(text)["run"] == 1
    assert "李雷" not in text
    assert "13912345678" not in text


PEOPLE = "SELECT * FROM (VALUES (1, 'a', 0.5), (2, NULL, 1), (3, '', NULL)) t(id, name, weight)"


@pytest.mark.parametrize(
    ("select", "same"),
    [
        (f"{PEOPLE} ORDER BY id DESC", True),
        ("SELECT id, name, weight * 1 AS weight FROM people", True),
        ("SELECT id, name, weight, FROM people WHERE id < 3", False),
        ("SELECT id, coalesce(name, '') AS name, weight FROM people", False),
        ("SELECT id, name, coalesce(weight, 0) AS weight FROM people", False),
        ("SELECT 4 - id AS id, name, weight FROM people", False),
        ("SELECT p.id, p.name, o.weight FROM people p JOIN people o ON o.id = 4 - p.id", False),
    ],
)
def test_a_digest_tells_content_apart_and_not_its_order(select: str, same: bool) -> None:
    with connect() as con:
        con.execute(f"CREATE TABLE people AS {PEOPLE}")
        con.execute(f"CREATE TABLE other AS {select}")
        first, second = (manifest.digest(con, people(name)) for name in ("people", "other"))
    assert (first == second) is same


def test_volatile_columns_are_no_part_of_it() -> None:
    with connect() as con:
        con.execute(f"CREATE TABLE people AS {PEOPLE}")
        con.execute("CREATE TABLE other AS SELECT id, name, 7 AS weight FROM people")
        first, second = (
            manifest.digest(con, people(name, frozenset({"weight"})))
            for name in ("people", "other")
        )
    assert first == second


def people(name: str, volatile: frozenset[str] = frozenset()) -> Table:
    columns = tuple(Column(c, c, Sensitivity.INTERNAL) for c in ("id", "name", "weight"))
    return Table(name, "People.", ("id",), (), {}, volatile, columns, "")


#: Clock times and durations that are not named as moments are.
CLOCKS = ("seconds", "valid_from", "valid_to")


def test_every_clock_time_and_duration_is_marked_as_volatile() -> None:
    """By type: a timestamp is a clock time; and what is measured in seconds is a duration."""
    marked = {(t.name, c) for t in tables() for c in t.volatile}
    assert {("run", "started_at"), ("run", "finished_at"), ("run_step", "seconds")} <= marked
    for table in tables():
        times = {c.name for c in table.columns if c.name.endswith("_at") or c.name in CLOCKS}
        assert times <= table.volatile, table.name
        assert not table.volatile & set(table.key), "rows would no longer be told apart"
