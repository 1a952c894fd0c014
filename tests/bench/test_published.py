"""The figures of published values, on a truth and a warehouse whose errors are put in by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.bench.published import judge

_WAREHOUSE = """
    CREATE TABLE customer_xref AS FROM (VALUES
        ('hq', 'D1', 'H1', 'CA'), ('station', 'S1', '1', 'CA'), ('station', 'S1', '2', 'CB'),
        ('station', 'S1', '3', 'CB'), ('hq', 'D1', 'H2', 'CC'), ('station', 'S1', '4', 'CD'))
        t (source, outlet_code, source_key, golden_id);
    CREATE SCHEMA pii;
    CREATE TABLE pii.dim_customer AS FROM (VALUES
        ('CA', '金鑫(北京)公司', '+8613900000001'), ('CB', '韩梅', '+861064123456'),
        ('CC', '陈大文', NULL), ('CD', '吴静', NULL))
        t (golden_id, name, phone);
    CREATE TABLE pii.dim_vehicle AS FROM (VALUES
        ('VIN1', 'VIN1', '京A00002'), ('VIN2', 'VIN2', '京A00009'))
        t (vehicle_id, vin, plate);
    CREATE TABLE bridge_ownership AS FROM (VALUES
        ('VIN1', 1, 'CA', DATE '2020-01-01', DATE '2022-02-01'),
        ('VIN1', 2, 'CB', DATE '2022-02-01', NULL),
        ('VIN2', 1, 'CC', DATE '2020-01-01', DATE '2021-01-01'),
        ('VIN2', 2, 'CA', DATE '2021-01-01', NULL))
        t (vehicle_id, owner_no, golden_id, owned_from, owned_to)
"""
#: Table -> its rows. VIN1 went from A to B, and VIN2 from C to D, of whom nothing is found.
_TRUTH = {
    "records": """(VALUES
        ('hq', 'D1', 'H1', 'A', 'V1', 'owner'), ('station', 'S1', '1', 'A', 'V1', 'owner'),
        ('station', 'S1', '2', 'B', 'V1', 'owner'), ('station', 'S1', '3', 'B', 'V1', 'owner'),
        ('hq', 'D1', 'H2', 'C', 'V2', 'owner'), ('station', 'S1', '4', 'D', 'V2', 'owner'))
        t (source, outlet_code, source_key, entity_id, vehicle_id, relation)""",
    "values": """(VALUES
        ('hq', 'D1', 'H1', 'name', '金鑫（北京）公司', '金鑫（北京）公司', ''),
        ('hq', 'D1', 'H1', 'phone', '13900000001', '139 0000 0001', ''),
        ('hq', 'D1', 'H1', 'vin', 'VIN1', 'VIN1', ''),
        ('station', 'S1', '2', 'name', '韩梅', '寒梅', 'homophone'),
        ('station', 'S1', '2', 'phone', '13900000002', '13900000002', ''),
        ('station', 'S1', '2', 'vin', 'VIN1', 'VIN1', ''),
        ('station', 'S1', '2', 'plate', '京A00002', '京A00002', ''),
        ('hq', 'D1', 'H2', 'vin', 'VIN2', 'VIN2', ''),
        ('station', 'S1', '4', 'vin', 'VIN2', 'VIN2', ''))
        t (source, outlet_code, source_key, field, true_value, typed_value, channel)""",
    "entities": """(VALUES
        ('A', '金鑫（北京）公司', '13900000001'), ('B', '韩梅', '13900000002'),
        ('C', '陈大文', ''), ('D', '吴静', '')) t (entity_id, name, phone)""",
    "ownership": """(VALUES
        ('V1', 'VIN1', '京A00002', 'A', DATE '2020-01-01', DATE '2022-01-01', 'sale'),
        ('V1', 'VIN1', '京A00002', 'B', DATE '2022-01-01', NULL, 'transfer'),
        ('V2', 'VIN2', '京A00003', 'C', DATE '2020-01-01', DATE '2020-06-01', 'sale'),
        ('V2', 'VIN2', '京A00003', 'D', DATE '2020-06-01', NULL, 'transfer'))
        t (vehicle_id, vin, plate, entity_id, owned_from, owned_to, how)""",
}


@pytest.fixture
def figures(tmp_path: Path) -> dict[str, tuple[float, float]]:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute(_WAREHOUSE)
        for name, rows in _TRUTH.items():
            con.execute(f"COPY (FROM {rows}) TO '{tmp_path / name}-01.parquet'")
    found = judge(tmp_path / "warehouse.duckdb", tmp_path)
    return {name: (figure["count"], figure["share"]) for name, figure in found.items()}


def test_each_figure_is_of_what_records_tell(figures: dict[str, tuple[float, float]]) -> None:
    assert figures == {
        "transfers_found": (2, 0.5),  # to B, and not to D
        "transfers_of_all": (2, 0.5),
        "transfers_claimed": (2, 0.5),  # to B, and wrongly to A
        "present_owner": (2, 0.5),
        "present_plate": (1, 1.0),  # nobody tells that of VIN2
        "name": (1, 1.0),  # brackets of either width; nobody wrote 韩梅
        "name_of_all": (2, 1.0),
        "phone": (2, 0.5),  # B's own number was told, and another one chosen
        "phone_of_all": (2, 0.5),
    }
