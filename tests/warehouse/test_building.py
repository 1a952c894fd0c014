"""A warehouse made of the one before comes to the same, row by row, as one made whole."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from matching.decisions import Decision
from tests.matching.said import generic, merge, pair, split, value
from tests.warehouse.nights import Nights, file
from warehouse import manifest, store
from warehouse.building import PublishRefused
from warehouse.database import connect
from warehouse.publish import FOLDER, LINK, publish, published_at
from warehouse.tables import Table, tables

NAMES = ("李雷", "韩梅", "王芳", "陈大文")
PHONES = ("13912345678", "13712306789", "13511112222", "13698761534")
PLATES = ("京A12B45", "沪C77D89", "京A12B46")
VINS = ("LSVAA49J132047371", "LSVNR60C9C2051117", "LFV2A21K8B3012345")
KEYS = [f"K{number}" for number in range(8)]
SEED = int(os.environ.get("GUIYI_TEST_SEED", "2"))
MOST = ("dealer/D0012/K0", "dealer/D0012/K1", "station/S0002/K0", "station/S0002/K1")


def contents(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every published table's rows, without what tells of clocks."""
    with connect((home / LINK).resolve(), read_only=True) as con:
        return {
            table.name: sorted(
                con.execute(f"SELECT {_lasting(table)} FROM {table.whole}").fetchall(), key=repr
            )
            for table in tables()
        }


def _lasting(table: Table) -> str:
    return ", ".join(c.name for c in table.columns if c.name not in table.volatile)


def silent(home: Path) -> None:
    publish(home, report=lambda table: None)


def digests(home: Path) -> dict[str, str]:
    run = published_at(home)
    assert run
    told = manifest.read(home, run[0])["tables"]
    return {name: one["digest"] for name, one in told.items()}


def made_whole(home: Path, beside: Path) -> Path:
    """A copy of the home whose last run is published anew."""
    copy = Path(shutil.copytree(home, beside, symlinks=True))
    (copy / LINK).unlink()
    shutil.rmtree(copy / FOLDER)
    silent(copy)
    return copy


class Story:
    """Random nights of a dealer and a station: people come, change, buy and bring cars."""

    def __init__(self, home: Path, seed: int) -> None:
        self.nights, self.dice, self.day = Nights(home), random.Random(seed), 0

    def night(self, decisions: list[Decision]) -> None:
        self.day += 1
        self.nights.night(
            self.file("dealer", "D0012"), self.file("station", "S0002"), decisions=decisions
        )

    def file(self, source: str, outlet: str) -> Any:
        rows = [self.row(key, source) for key in self.dice.sample(KEYS, 3)]
        name = f"{source}{self.day}"
        where = {"source": source, "folder_outlet": outlet}
        return file(name, rows, self.day, 2 * self.day + (source == "station"), **where)

    def row(self, key: str, source: str) -> dict[str, str]:
        told = {"name": NAMES, "phone": PHONES, "vin": VINS, "plate": PLATES}
        seen = f"20{self.dice.randint(18, 23)}-0{self.dice.randint(1, 9)}-15"
        day = {"dealer": "updated_on", "station": "visited_on"}[source]
        return {"source_key": key, day: seen} | {n: self.dice.choice(of) for n, of in told.items()}


@pytest.mark.slow
def test_night_after_night_it_holds_the_same_rows_and_digests(tmp_path: Path) -> None:
    home = tmp_path / "home"
    story = Story(home, SEED)
    decided: list[Decision] = []
    for said in (
        [], [pair(MOST[0], MOST[1], "same", 1)], [split(MOST[0], MOST[1], 2)],
        [value(MOST[2], "name", "李磊", 3)], [generic("phones", PHONES[0], True, 4)],
        [merge(MOST[2], MOST[3], minute=5)],
    ):  # fmt: skip
        decided += said
        story.night(decided)
        if story.dice.random() < 0.7:  # now and then a night is published with the next one
            silent(home)
    silent(home)
    whole = made_whole(home, tmp_path / "whole")
    assert contents(home)["bridge_ownership"]
    assert contents(home) == contents(whole) | {"run_table": contents(home)["run_table"]}
    assert digests(home) == digests(whole)


def test_a_table_by_scope_is_not_made_whole(home: Path) -> None:
    """What a night did not change is taken from the version before, whatever stands there."""
    with connect((home / LINK).resolve()) as con:
        con.execute("UPDATE pii.dim_customer SET name = 'untouched' WHERE name = '李雷'")
    silent(home)
    with connect((home / LINK).resolve(), read_only=True) as con:
        names = con.execute("SELECT name FROM pii.dim_customer ORDER BY name").fetchall()
    assert names == [("untouched",), ("韩梅",)]


@pytest.mark.parametrize("change", ["another store", "another version", "no manifest", "rebuild"])
def test_where_it_is_not_known_what_changed_all_is_made_anew(
    first: Nights, home: Path, tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if change == "rebuild":
        home = first.copied(tmp_path / "first").home
        Nights(home).rebuild()
    with connect((home / LINK).resolve()) as con:
        con.execute("UPDATE pii.dim_customer SET name = 'untouched' WHERE name = '李雷'")
    if change == "another store":
        with store.open_store(home) as con:
            con.execute("UPDATE run SET started_at = started_at - INTERVAL 1 DAY WHERE run_id = 1")
    if change == "another version":
        monkeypatch.setattr(manifest, "definitions", lambda: "others")
    if change == "no manifest":
        (home / FOLDER / "manifest-000001.json").unlink()
    silent(home)
    with connect((home / LINK).resolve(), read_only=True) as con:
        names = con.execute("SELECT name FROM pii.dim_customer ORDER BY name").fetchall()
    assert ("untouched",) not in names
    assert ("李雷",) in names


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("INSERT INTO member SELECT * FROM member", "repeat the key"),
        (
            "DELETE FROM customer WHERE name = '韩梅'",
            r"golden_id: \d+ values are not in dim_customer",
        ),
        ("DELETE FROM customer", r"dim_customer: has 1 rows, but the store has 0 \(customer\)"),
        (
            "INSERT INTO golden_value SELECT * REPLACE ('CX' AS golden_id) FROM golden_value",
            r"attribute_lineage: has \d+ rows, but the store has \d+ \(golden_value\)",
        ),
    ],
)
def test_what_is_made_anew_is_checked(home: Path, spoil: str, told: str) -> None:
    with store.open_store(home) as con:
        con.execute(spoil)
    with pytest.raises(PublishRefused, match=told):
        silent(home)
    assert published_at(home) is not None


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """One customer and his car, published."""
    nights = Nights(tmp_path_factory.mktemp("first") / "home")
    nights.night(
        file("f1", [{"source_key": "K1", "name": "李雷", "phone": PHONES[0], "vin": VINS[0]}])
    )
    silent(nights.home)
    return nights


@pytest.fixture(scope="module")
def second(first: Nights, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Then somebody else came, which is not published."""
    nights = first.copied(tmp_path_factory.mktemp("second") / "home")
    nights.night(
        file("f2", [{"source_key": "K2", "name": "韩梅", "phone": PHONES[1], "vin": VINS[1]}], 2, 2)
    )
    return nights


@pytest.fixture
def home(second: Nights, tmp_path: Path) -> Path:
    """Such a home, to be written in: a night waits to be published."""
    return second.copied(tmp_path / "home").home
