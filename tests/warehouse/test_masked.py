"""What identifies a person lies in the schema `pii` alone; all else shows what its mask leaves."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.warehouse.nights import Nights, file
from warehouse.database import connect
from warehouse.publish import LINK, publish
from warehouse.tables import PII, tables

PERSON = {
    "source_key": "K1", "name": "欧阳娜娜", "phone": "13912345678", "sex": "女",
    "id_number": "11010519491231002X", "email": "abc@qq.com", "plate": "京A12B45",
    "address": "广东省深圳市南山区学府路1号", "vin": "LSVAA49J132047371",
}  # fmt: skip
COMPANY = {"source_key": "K2", "name": "北京金鑫汽车租赁有限公司", "phone": "13712306789"}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("home")
    Nights(home).night(file("f", [PERSON, COMPANY]))
    publish(home, report=lambda table: None)
    with connect((home / LINK).resolve(), read_only=True) as con:
        yield con


def texts(con: duckdb.DuckDBPyConnection, schemas: str) -> set[str]:
    """All that stands in any table or view of these schemas."""
    found = set()
    for table in con.execute(
        f"SELECT schema_name || '.' || table_name FROM (SELECT schema_name, table_name FROM"
        f" duckdb_tables() UNION ALL SELECT schema_name, view_name FROM duckdb_views()"
        f" WHERE NOT internal) WHERE schema_name {schemas}"
    ).fetchall():
        found |= {str(value) for row in con.execute(f"FROM {table[0]}").fetchall() for value in row}
    return found


def test_what_identifies_a_person_is_in_its_own_schema_alone(
    con: duckdb.DuckDBPyConnection,
) -> None:
    whole = {"+8613912345678", "1949-12-31"} | {
        PERSON[name] for name in ("name", "id_number", "email", "plate", "address")
    }
    assert whole <= texts(con, f"= '{PII}'")
    assert not whole & texts(con, f"<> '{PII}'")


def test_what_is_left_of_a_person_and_of_a_company(con: duckdb.DuckDBPyConnection) -> None:
    shown = con.execute(
        "SELECT name, phone, id_number, birth_date, email, address FROM dim_customer"
        " ORDER BY kind DESC"
    ).fetchall()
    assert shown == [
        ("欧阳*", "139****5678", "110***********002X", "1949-**-**", "a***@qq.com",
         "广东省深圳市南山区***"),
        (COMPANY["name"], "137****6789", None, None, None, None),
    ]  # fmt: skip
    assert con.execute("SELECT plate FROM dim_vehicle").fetchall() == [("京A***45",)]
    lineage = "SELECT value FROM attribute_lineage WHERE attribute = 'email'"
    assert con.execute(lineage).fetchall() == [("a***@qq.com",)]


def test_what_has_no_mask_is_left_out(con: duckdb.DuckDBPyConnection) -> None:
    columns = {row[0] for row in con.execute("DESCRIBE dim_customer").fetchall()}
    assert "sex" not in columns
    assert {row[0] for row in con.execute("DESCRIBE pii.dim_customer").fetchall()} - columns == {
        "sex"
    }


def test_no_personal_column_is_in_a_table_of_the_main_schema(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")
    there = {name for (name,) in rows.fetchall()}
    assert there
    assert not there & {table.name for table in tables() if table.is_personal}
