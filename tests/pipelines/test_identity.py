"""A golden id's life, and who belonged to whom on past nights, as the commands tell it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from connectors.errors import SettingError
from connectors.keys import KeyTable
from matching.ids import mint
from pipelines.cli import app
from tests.warehouse.nights import NOW, Nights, file
from warehouse.database import connect
from warehouse.publish import LINK, publish

WANG = {"name": "王芳", "phone": "13912345678"}
HAN = {"name": "韩梅", "phone": "13712306789"}
ONE, TWO = "dealer/D0012/K1", "dealer/D0012/K2"
KEPT, MERGED = mint(ONE, ()), mint(TWO, ())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights: two customers; one, by a correction; two again, and the merged id is back."""
    return lived(tmp_path_factory.mktemp("lives") / "home", HAN, WANG, HAN | {"name": "陈大文"})


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two of these nights."""
    return lived(tmp_path_factory.mktemp("joined") / "home", HAN, WANG)


def lived(folder: Path, *told_of_two: dict[str, str]) -> Path:
    """A home after a night for each version of the second record."""
    nights = Nights(folder)
    for day, values in enumerate(told_of_two, 1):
        nights.now = NOW + datetime.timedelta(days=day)
        rows = [{"source_key": "K1", **WANG}] if day == 1 else []
        nights.night(file(f"f{day}", [*rows, {"source_key": "K2", **values}], day=day, seq=day))
    publish(nights.home, report=lambda table: None)
    return nights.home


def call(home: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)])


def told(home: Path, *arguments: object) -> Any:
    done = call(home, *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def night(number: int) -> str:
    return str((NOW + datetime.timedelta(days=number)).date())


def test_an_id_in_use_tells_its_life_and_its_records(home: Path) -> None:
    life = told(home, "id", KEPT)
    assert (life["state"], life["leads_to"]) == ("in use", KEPT)
    assert [(e["run_id"], e["kind"], e["cause"]) for e in life["events"]] == [
        (1, "minted", "new_records"),
        (2, "merged", "changed_records"),
        (2, "grew", "changed_records"),
        (3, "split", "changed_records"),
        (3, "shrank", "changed_records"),
    ]
    assert [r["record_key"] for r in life["records"]] == [ONE]


def test_an_id_that_came_back_tells_so(home: Path) -> None:
    life = told(home, "id", MERGED)
    assert (life["state"], life["leads_to"]) == ("in use", MERGED)
    assert [(e["run_id"], e["kind"]) for e in life["events"] if e["golden_id"] == MERGED] == [
        (1, "minted"),
        (2, "merged"),
        (3, "revived"),
    ]


def test_a_merged_id_tells_where_it_leads(joined: Path) -> None:
    life = told(joined, "id", MERGED)
    assert (life["state"], life["leads_to"], life["records"]) == ("merged", KEPT, [])
    shown = call(joined, "id", MERGED)
    assert f"{MERGED} was merged, and leads to {KEPT} now" in shown.output
    assert f"merged into {KEPT} (changed records; 1 → 0 records of {MERGED}" in shown.output


def test_an_id_may_be_typed_as_it_was_heard(home: Path) -> None:
    misread = KEPT.lower().replace("1", "l").replace("0", "o")
    assert told(home, "id", misread) == told(home, "id", KEPT)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("K-77", "C and 9 more"),
        ("CU8N37J1EX", "U is in no golden id"),
        (KEPT[:-1] + ("0" if KEPT[-1] != "0" else "2"), "one of them is mistyped"),
        (mint("nobody", ()), "no such golden id"),
    ],
)
def test_an_id_that_is_none_is_told_so(home: Path, typed: str, says: str) -> None:
    done = call(home, "id", typed)
    assert isinstance(done.exception, SettingError)
    assert says in str(done.exception)


def test_who_a_record_belonged_to_on_each_night(home: Path) -> None:
    owners = [told(home, "as-of", night(n), "--record", TWO)["golden_id"] for n in (1, 2, 3, 9)]
    assert owners == [MERGED, KEPT, MERGED, MERGED]
    assert told(home, "as-of", night(2), "--golden-id", KEPT)["records"] == [ONE, TWO]
    assert told(home, "as-of", night(3), "--golden-id", KEPT)["records"] == [ONE]
    assert told(home, "as-of", night(2))["customers"] == 1


def test_a_key_that_was_a_record_of_its_own_is_told_as_it_was_then(tmp_path: Path) -> None:
    """The table of changed keys came a night after the first file that had the new key."""
    renamed = "dealer/D0012/N1"
    nights = Nights(tmp_path / "home")
    for day, key in enumerate(("K1", "N1"), 1):
        nights.now = NOW + datetime.timedelta(days=day)
        values = WANG if key == "K1" else HAN
        nights.night(file(f"f{day}", [{"source_key": key, **values}], day=day, seq=day))
    nights.now, nights.keys = NOW + datetime.timedelta(days=3), KeyTable({renamed: ONE})
    nights.night()
    publish(nights.home, report=lambda table: None)
    found = [told(nights.home, "as-of", night(n), "--record", renamed) for n in (1, 2, 3)]
    assert [(one["record_key"], one["golden_id"]) for one in found] == [
        (ONE, KEPT),
        (renamed, mint(renamed, ())),
        (ONE, KEPT),
    ]


def test_today_is_what_is_published(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "members.parquet"
    told(home, "as-of", night(3), "--output", file)
    with connect((home / LINK).resolve(), read_only=True) as con:
        now = con.execute("SELECT record_key, golden_id FROM customer_xref ORDER BY 1").fetchall()
        history = con.execute(
            "SELECT record_key, golden_id, valid_from, valid_to FROM customer_xref_history"
            " WHERE from_run = 2"
        ).fetchall()
    assert [tuple(row.values()) for row in pq.read_table(file).to_pylist()] == now
    days = [NOW + datetime.timedelta(days=n) for n in (2, 3)]
    assert history == [(TWO, KEPT, *days)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((night(0),), "no run was complete by then"),
        ((night(1), "--record", "dealer/D0012/K9"), "no such record"),
        ((night(1), "--golden-id", "C1"), "not a golden id"),
        ((night(1), "--golden-id", KEPT, "--record", ONE), "one of"),
        ((night(1), "--output", "no/such/folder/x.parquet"), "cannot be written"),
    ],
)
def test_what_cannot_be_told_is_said(home: Path, arguments: tuple[str, ...], says: str) -> None:
    done = call(home, "as-of", *arguments)
    assert isinstance(done.exception, SettingError)
    assert says in str(done.exception)


def test_the_current_values_are_those_of_the_customers(home: Path) -> None:
    columns = "golden_id, kind, name, sex, birth_date, id_number, phone, email, address"
    with connect((home / LINK).resolve(), read_only=True) as con:
        current = con.execute(
            f"SELECT {columns} FROM pii.dim_customer_history WHERE is_current ORDER BY ALL"
        ).fetchall()
        assert (
            current
            == con.execute(f"SELECT {columns} FROM pii.dim_customer ORDER BY ALL").fetchall()
        )
        spans = con.execute(
            "SELECT golden_id, from_run, to_run FROM dim_customer_history"
        ).fetchall()
        lineage = con.execute("""
            SELECT count(*) FROM pii.attribute_lineage l JOIN pii.dim_customer c USING (golden_id)
            WHERE chosen AND attribute = 'name' AND l.value IS DISTINCT FROM c.name
        """).fetchall()
    assert (MERGED, 1, 2) in spans
    # a merge and a split that left the first customer's values alone are no new span of its
    assert [span for span in spans if span[0] == KEPT] == [(KEPT, 1, None)]
    assert lineage == [(0,)]
