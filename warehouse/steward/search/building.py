"""The index of a published version, made in bulk beside it."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pyarrow as pa

from matching.relations import put
from warehouse.database import Limits, connect, quoted, run_script
from warehouse.steward.search.forms import form

#: Few, so that a look-up reads little: 122,880, the default, take five times as long.
_ROWS_IN_GROUP = 8192


def build(published: Path, index: Path, limits: Limits) -> None:
    """Make the index of a published file; until it is whole, it has another name.

    Raises duckdb.CatalogException or BinderException where the file is of another version of Guiyi.
    """
    beside = index.with_name(f"{index.name}.part")
    try:
        beside.unlink(missing_ok=True)
        with connect(limits=limits, spill=index.parent / "spill") as con:
            con.execute(f"ATTACH '{quoted(published)}' AS published (READ_ONLY)")
            con.execute(f"ATTACH '{quoted(beside)}' AS made (ROW_GROUP_SIZE {_ROWS_IN_GROUP})")
            con.execute("USE made")
            _put_forms(con)
            run_script(con, Path(__file__).with_name("index.sql"))
            con.execute("USE memory")
            con.execute("DETACH made")
        os.replace(beside, index)
    finally:
        for left in index.parent.glob(f"{beside.name}*"):
            left.unlink(missing_ok=True)


def _put_forms(con: duckdb.DuckDBPyConnection) -> None:
    """Make temp `form` of every name."""
    found = con.execute("SELECT DISTINCT name FROM published.pii.customer_name").fetchall()
    names = [name for (name,) in found]
    forms = [form(name) for name in names]
    texts = pa.list_(pa.string())
    made = {
        "name": pa.array(names, pa.string()),
        "units": pa.array([units for units, _ in forms], texts),
        "readings": pa.array([readings for _, readings in forms], pa.list_(texts)),
    }
    put(con, "form", pa.table(made))
