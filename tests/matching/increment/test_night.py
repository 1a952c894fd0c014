"""What a night does for its changes comes to the same, table by table, as a full run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from connectors.sample import SampleOptions
from matching import model
from matching.decisions import Decision
from matching.increment import night
from matching.relations import pull, put
from matching.steward import Steward
from tests.matching.said import generic, merge, pair, split, steward
from tests.matching.worlds import world_records
from warehouse.database import connect

MODEL = model.load()
TABLES = (
    "record_vehicle", "vehicle", "near_vin", "vin_part", "generic_value", "record_profile",
    "profile", "profile_key", "edge", "component", "entity", "refused_link", "review_candidate",
    "name_frequency", "name_nearby", "steward_generic", "steward_unit", "steward_opposed",
    "matched",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Records enough for households, fleets, partial VINs and a few capped blocks."""
    options = SampleOptions(customers=250, seed=23, hard=True)
    return world_records(tmp_path_factory.mktemp("world"), options)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "store.duckdb") as con:
        yield con


class Nights:
    """A store that records come to, leave and change in, at random."""

    def __init__(self, con: duckdb.DuckDBPyConnection, world: pa.Table, seed: int) -> None:
        self.con, self.world, self.dice = con, world, random.Random(seed)
        self.keys = sorted(str(key) for key in world["record_key"].to_pylist())
        keys = list(self.keys)
        self.dice.shuffle(keys)
        self.here, self.away = keys[: len(keys) * 4 // 5], keys[len(keys) * 4 // 5 :]
        self.put_world()
        self.load(self.here)

    def put_world(self) -> None:
        put(self.con, "incoming", self.world)
        self.con.execute("CREATE TABLE everything AS FROM incoming")
        self.con.execute("CREATE TABLE record AS FROM incoming LIMIT 0")

    def load(self, keys: list[str]) -> None:
        put(self.con, "chosen", pa.table({"record_key": pa.array(keys, pa.string())}))
        self.con.execute("INSERT INTO record FROM everything SEMI JOIN chosen USING (record_key)")

    def change(self, count: int) -> None:
        """Some records come, some go, and some tell what another one told."""
        come, self.away = self.away[:count], self.away[count:]
        gone = self.dice.sample(self.here, count // 3)
        self.here = [key for key in self.here if key not in set(gone)]
        told = self.dice.sample(self.here, count // 2)
        models = self.dice.sample(self.keys, len(told))
        put(self.con, "going", pa.table({"record_key": pa.array(gone + told, pa.string())}))
        self.con.execute("""
            CREATE OR REPLACE TEMP TABLE record_before AS
            FROM record SEMI JOIN going USING (record_key)
        """)
        self.con.execute("DELETE FROM record WHERE record_key IN (FROM going)")
        swap = {"record_key": pa.array(told, pa.string()), "of": pa.array(models, pa.string())}
        put(self.con, "swap", pa.table(swap))
        put(self.con, "chosen", pa.table({"record_key": pa.array(come, pa.string())}))
        self.con.execute("""
            CREATE OR REPLACE TEMP TABLE record_after AS
            FROM everything SEMI JOIN chosen USING (record_key)
            UNION ALL SELECT e.* REPLACE (swap.record_key AS record_key)
            FROM everything e JOIN swap ON swap.of = e.record_key
        """)
        self.con.execute("INSERT INTO record FROM record_after")
        self.here += come

    def decide(self, number: int) -> Steward:
        """Decisions of the night; of those of the night before some are gone, as if undone."""
        some = self.dice.sample(self.here, 9)
        phone = self.con.execute(
            "SELECT phones[1] FROM record WHERE len(phones) > 0 ORDER BY hash(record_key, ?)",
            [number],
        ).fetchall()[0][0]
        told: list[Decision] = [
            pair(some[0], some[1], "same"), pair(some[1], some[2], "different"),
            merge(some[3], f"{some[4]} {some[5]}"), split(some[6], f"{some[7]} {some[8]}"),
            generic("phones", phone, number % 2 == 0),
        ]  # fmt: skip
        return steward(*self.dice.sample(told, 4))

    def held(self) -> dict[str, list[tuple[object, ...]]]:
        return held(self.con)


def held(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """Every kept table's rows."""
    return {
        name: sorted(con.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in TABLES
    }


def done(steps: Iterator[object]) -> int:
    """Take every step; return how many there were."""
    return len(list(steps))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_night_comes_to_the_same_as_a_full_run(
    store: duckdb.DuckDBPyConnection, world: pa.Table, seed: int
) -> None:
    nights = Nights(store, world, seed)
    assert done(night.match_all(store, MODEL, nights.decide(0))) == 4
    for number, count in enumerate((60, 9, 3), 1):
        nights.change(count)
        said = nights.decide(number)
        assert done(night.match_changed(store, MODEL, said)) == 4
        found = nights.held()
        with connect() as beside:
            put(beside, "copied", pull(store, "FROM record"))
            beside.execute("CREATE TABLE record AS FROM copied")
            done(night.match_all(beside, MODEL, said))
            full = held(beside)
        assert {name for name in TABLES if found[name] != full[name]} == set()


def test_a_night_without_changes_changes_nothing(
    store: duckdb.DuckDBPyConnection, world: pa.Table
) -> None:
    nights = Nights(store, world, 4)
    said = nights.decide(0)
    done(night.match_all(store, MODEL, said))
    before = nights.held()
    nights.change(0)
    done(night.match_changed(store, MODEL, said))
    assert nights.held() == before
