"""Who is found by what people type: the cases of `tests/cases/searches.yml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml

from matching.ids import check_character
from matching.relations import put
from warehouse.database import Limits, connect
from warehouse.steward.search.building import build
from warehouse.steward.search.finding import find

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[3] / "cases" / "searches.yml").read_text(encoding="utf-8")
)
#: The published tables that an index reads, of the cases' customers; one car each.
_STAR = """
    CREATE SCHEMA meta; CREATE SCHEMA pii;
    CREATE TABLE meta.version AS SELECT 1 AS run_id, TIMESTAMP '2024-03-02 02:00:00' AS finished_at;
    CREATE TABLE pii.dim_customer AS
    SELECT golden_id, 'person' AS kind, names[1] AS name, phones[1] AS phone,
           '北京市朝阳区' AS address, 1 AS records FROM given;
    CREATE TABLE mart_customer_360 AS
    SELECT golden_id, 1 AS cars_owned, outlets[1] AS last_outlet, 'active' AS stage,
           DATE '2024-03-01' - CAST(row_number() OVER (ORDER BY golden_id) AS INTEGER)
               AS last_contact_on FROM given;
    CREATE TABLE customer_xref AS SELECT golden_id, unnest(outlets) AS outlet_code FROM given;
    CREATE TABLE pii.customer_name AS SELECT golden_id, unnest(names) AS name FROM given;
    CREATE TABLE pii.attribute_lineage AS
    SELECT golden_id, 'phone' AS attribute, unnest(phones) AS value FROM given
    UNION ALL SELECT golden_id, 'id_number', id_number FROM given;
    CREATE TABLE pii.dim_vehicle AS
    SELECT golden_id AS vehicle_id, vins[1] AS vin, plates[1] AS plate FROM given;
    CREATE TABLE bridge_ownership AS SELECT golden_id AS vehicle_id, golden_id FROM given;
    CREATE TABLE fact_sale AS FROM bridge_ownership;
    CREATE TABLE fact_service_visit AS FROM bridge_ownership WHERE false;
    CREATE TABLE golden_id_redirect AS FROM redirect
"""


def golden_id(letter: str) -> str:
    body = 8 * letter
    return f"C{body}{check_character(body)}"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("index")
    blank: dict[str, Any] = {"phones": [], "plates": [], "vins": [], "id_number": None}
    given = [blank | {"golden_id": golden_id(c["id"])} | c for c in CASES["customers"]]
    leads = [
        {"golden_id": old, "redirect_to": golden_id(to)} for old, to in CASES["redirects"].items()
    ]
    with connect(folder / "star.duckdb") as con:
        put(con, "given", pa.Table.from_pylist(given))
        put(con, "redirect", pa.Table.from_pylist(leads))
        con.execute(_STAR)
    build(folder / "star.duckdb", folder / "index.duckdb", Limits(threads=1))
    assert sorted(file.name for file in folder.iterdir()) == ["index.duckdb", "star.duckdb"]
    with connect(folder / "index.duckdb", read_only=True) as con:
        yield con


@pytest.mark.parametrize("case", CASES["searches"] + CASES["scoped"], ids=lambda c: c["typed"])
def test_who_is_found_and_how(index: duckdb.DuckDBPyConnection, case: dict[str, Any]) -> None:
    letters = {golden_id(c["id"]): c["id"] for c in CASES["customers"]}
    found = find(index, case["typed"], case.get("outlets"))
    how = {letters[hit.golden_id]: hit.reasons[0].how for hit in found.hits}
    assert found.understood is (case["found"] is not None)
    assert list(how.items()) == list((case["found"] or {}).items())
    assert all(hit.name and len(hit.reasons) >= 1 for hit in found.hits)


def test_no_more_are_told_than_asked_for(index: duckdb.DuckDBPyConnection) -> None:
    found = find(index, "曾", None, limit=2)
    assert (len(found.hits), found.has_more) == (2, True)
    assert not find(index, "曾", None, limit=3).has_more
