"""The published tables say what they hold: headers and SQL agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.sources import load_sources
from quality import contract
from quality.contract import Sensitivity
from tests.warehouse.nights import Nights, file
from warehouse.database import connect
from warehouse.publish import LINK, publish
from warehouse.rules import load
from warehouse.tables import FOLDER, FOLDERS, Table, tables

TABLES = {table.name: table for table in tables()}


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Table -> its columns, as its SELECT gives them."""
    home = tmp_path_factory.mktemp("home")
    Nights(home).night(file("f", [{"source_key": "K1", "name": "李雷", "vin": "J2037302"}]))
    publish(home, report=lambda table: None)
    with connect((home / LINK).resolve(), read_only=True) as con:
        return {
            table.name: [row[0] for row in con.execute(f"DESCRIBE {table.whole}").fetchall()]
            for table in tables()
        }


def test_every_file_is_a_table_or_a_view() -> None:
    found = [
        prefix + path.stem
        for name, prefix in FOLDERS.items()
        for path in (FOLDER / name).glob("*.sql")
    ]
    assert sorted(TABLES) == sorted(found)


def test_a_mart_names_what_it_is_made_of() -> None:
    for table in tables():
        read = set(re.findall(r"\b(?:FROM|JOIN) (\w+)(?!\.)\b", table.select)) & TABLES.keys()
        assert read <= {*table.reads, *table.references.values(), "run_table"}, table.name


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_header_names_every_column_in_order_and_no_other(
    columns: dict[str, list[str]], name: str
) -> None:
    assert [column.name for column in TABLES[name].columns] == columns[name]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_the_header_is_complete(table: Table) -> None:
    names = {column.name for column in table.columns}
    assert table.meaning.endswith(".")
    assert all(column.meaning for column in table.columns)
    assert table.key
    assert set(table.key) <= names
    assert set(table.references) <= names
    assert all(len(TABLES[other].key) == 1 for other in table.references.values())


def test_a_table_comes_after_those_that_it_refers_to() -> None:
    place = {table.name: number for number, table in enumerate(tables())}
    for table in tables():
        others = [*table.references.values(), *table.reads]
        assert all(place[other] < place[table.name] for other in others)


def test_no_table_asks_for_the_time() -> None:
    """A version shows the same figures whenever it is read."""
    clock = re.compile(r"\b(?:now|today|get_current_\w+)\(|\bcurrent_(?:date|time)", re.IGNORECASE)
    for table in tables():
        assert not clock.search(table.select), table.name


def test_golden_ids_lead_to_customers() -> None:
    feed = {"dim_customer", "golden_id_event", "golden_id_redirect"}
    past = {"customer_xref_history", "dim_customer_history"}
    for table in tables():
        if table.name not in feed | past and "golden_id" in {c.name for c in table.columns}:
            assert table.references["golden_id"] == "dim_customer"


def test_a_personal_field_is_as_personal_when_published() -> None:
    meant = {field.name: field.sensitivity for field in contract.FIELDS}
    for table in tables():
        for column in table.columns:
            personal = meant.get(column.name, Sensitivity.INTERNAL) is not Sensitivity.INTERNAL
            if table.name.startswith("mart_"):
                # they read what is masked
                assert not personal or "masked" in column.meaning, (table.name, column.name)
            elif personal and table.name not in ("dim_outlet", "review_pair"):
                assert column.sensitivity is meant[column.name], (table.name, column.name)


def test_the_values_that_lost_are_guarded_like_the_most_sensitive_of_them() -> None:
    value = {c.name: c for c in TABLES["attribute_lineage"].columns}["value"]
    assert value.sensitivity is Sensitivity.SENSITIVE


def test_the_contract_with_source_systems_stands() -> None:
    xref = TABLES["customer_xref"]
    assert [c.name for c in xref.columns][:4] == [
        "source", "outlet_code", "source_key", "golden_id",
    ]  # fmt: skip
    assert {source.name for source in load_sources()} == {"hq", "dealer", "station"}


def test_a_header_is_read_as_it_is_written(tmp_path: Path) -> None:
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    (tmp_path / "published" / "b.sql").write_text(
        "-- One row per b.\n-- @key x, y\n-- @reference y a\n-- @column x The x, or none\n"
        "-- @column y The y @sensitive\nSELECT 1 AS x,\n       2 AS y\n",
        encoding="utf-8",
    )
    (tmp_path / "published" / "a.sql").write_text(
        "-- An a.\n-- @key y\n-- @column y Y @personal\nSELECT 2 AS y\n"
    )
    (tmp_path / "marts" / "m.sql").write_text(
        "-- An m.\n-- @key z\n-- @reads n\n-- @column z Of $lifecycle_lost_days days\n"
        "SELECT $lifecycle_lost_days AS z FROM n\n"
    )
    (tmp_path / "marts" / "n.sql").write_text("-- An n.\n-- @key z\n-- @stored\nSELECT 1 AS z\n")
    (tmp_path / "meta" / "v.sql").write_text("-- A v.\n-- @key z\nSELECT '$version' AS z\n")
    a, b, n, m, v = tables(tmp_path)
    assert [(t.name, t.is_view) for t in (n, m, v)] == [
        ("n", False),
        ("m", True),
        ("meta.v", False),
    ]
    lost = load().lifecycle.lost_days
    assert (m.columns[0].meaning, m.reads) == (f"Of {lost} days", ("n",))
    assert m.select == f"SELECT {lost} AS z FROM n"
    assert (a.name, a.columns[0].sensitivity) == ("a", Sensitivity.PERSONAL)
    assert (b.meaning, b.key, b.references) == ("One row per b.", ("x", "y"), {"y": "a"})
    assert [(c.name, c.meaning, c.sensitivity) for c in b.columns] == [
        ("x", "The x, or none", Sensitivity.INTERNAL),
        ("y", "The y", Sensitivity.SENSITIVE),
    ]
    assert b.select.split() == ["SELECT", "1", "AS", "x,", "2", "AS", "y"]
