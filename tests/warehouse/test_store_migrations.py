"""A store of a former version is brought forward at its opening, and loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.nights import Nights, file
from warehouse import store
from warehouse.database import connect, run_script, transaction
from warehouse.publish import LINK, publish
from warehouse.store_migrations import VERSION, LaterStore

#: Two customers, of whom a correction makes one in the second night.
WANG = {"name": "王芳", "phone": "13912345678"}
ROWS = [{"source_key": "K1", **WANG}, {"source_key": "K2", "name": "韩梅", "phone": "13712306789"}]
MORE = [{"source_key": "K2", **WANG}]


def columns(home: Path) -> dict[str, list[tuple[str, str]]]:
    with store.open_store(home) as con:
        rows = con.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE NOT internal AND database_name <> 'temp' ORDER BY ALL"
        ).fetchall()
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        found.setdefault(table, []).append((column, kind))
    return found


def to_version_1(home: Path) -> None:
    with connect(home / store.FILE) as con, transaction(con):
        run_script(con, Path(__file__).parent / "version_1.sql")


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """A home of two nights, the second of which merged two customers."""
    made = Nights(tmp_path_factory.mktemp("today"))
    made.night(file("f1", ROWS))
    made.night(file("f2", MORE, day=2, seq=2))
    assert len(made.ask("FROM golden_id WHERE redirect_to IS NOT NULL")) == 1
    return made


@pytest.fixture
def nights(today: Nights, tmp_path: Path) -> Nights:
    """Such a home, to be made one of version 1."""
    return today.copied(tmp_path / "home")


def test_a_store_of_version_1_gets_the_tables_of_today(nights: Nights) -> None:
    kept = ("member", "golden_id", "customer")
    before = {table: sorted(map(repr, nights.ask(f"FROM {table} ORDER BY ALL"))) for table in kept}
    fresh = columns(nights.home)
    to_version_1(nights.home)
    assert columns(nights.home) == fresh
    values = "golden_id, kind, name, sex, birth_date, id_number, phone, email, address"
    for table in kept[:2]:
        assert sorted(map(repr, nights.ask(f"FROM {table} ORDER BY ALL"))) == before[table]
    assert nights.ask(f"SELECT {values} FROM customer")
    assert nights.ask("FROM store_version") == [(VERSION,)]


def test_what_was_not_counted_then_is_not_made_up(nights: Nights) -> None:
    to_version_1(nights.home)
    store.open_store(nights.home).close()
    events: list[Any] = nights.ask(
        "SELECT kind, cause, records_before, records_after, records_moved"
        " FROM golden_id_event WHERE run_id = 2 ORDER BY kind"
    )
    assert events == [("grew", "unknown", None, 2, None), ("merged", "unknown", None, 0, 1)]
    assert nights.ask("SELECT run_id, has_history FROM run ORDER BY ALL") == [(1, False), (2, True)]


def test_the_next_night_goes_on_and_everything_is_published(nights: Nights) -> None:
    ids = nights.ask("SELECT record_key, golden_id FROM member ORDER BY ALL")
    to_version_1(nights.home)
    nights.night(file("f3", [{"source_key": "K9", "name": "陈大文"}], day=3, seq=3))
    assert publish(nights.home, report=lambda table: None) is not None
    with connect((nights.home / LINK).resolve(), read_only=True) as con:
        now = con.execute("SELECT record_key, golden_id FROM customer_xref").fetchall()
        spans = con.execute("SELECT count(*), count(to_run) FROM dim_customer_history").fetchall()
    assert set(ids) < set(now)
    # the first customer's values did not change: the span that began with the upgrade goes on
    assert spans == [(2, 0)]


def test_a_store_of_a_later_version_is_left_alone(nights: Nights) -> None:
    with store.open_store(nights.home) as con:
        con.execute("UPDATE store_version SET version = 99")
    with pytest.raises(LaterStore, match="version 99"):
        store.open_store(nights.home)
