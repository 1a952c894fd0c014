"""Sample worlds as standard records, for tests of the matcher."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.intake import take_in
from connectors.raw import read_mapped
from connectors.sample import SampleOptions, write_world
from matching import vehicles
from matching.relations import put
from quality import contract
from quality.standardise import standardise


def world_records(folder: Path, options: SampleOptions) -> pa.Table:
    """The standard records of a sample world's first night."""
    write_world(folder / "landing", folder / "truth", options)
    take_in(folder / "landing", folder / "home")
    raw = sorted((folder / "home" / "raw").rglob("*.parquet"))
    return standardise(read_mapped(raw, contract.TYPED_FIELDS)).records


def put_customers(con: duckdb.DuckDBPyConnection, records: pa.Table) -> None:
    """Make the view `subject`: the records with their vehicles."""
    put(con, "record", records)
    vehicles.resolve(con)
    con.execute("""
        CREATE OR REPLACE TEMP VIEW subject AS
        SELECT r.*, v.vehicle_id FROM record r LEFT JOIN record_vehicle v USING (record_key)
    """)
