"""How right the published values are: names, phones, plates, and who owned which car."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import duckdb

from tests.bench.account import guiyi, machine
from warehouse.database import connect, quoted, run_script

#: Customers of the world that is measured.
CUSTOMERS = 3_000
#: Table of truth -> its keys; what a later night tells of one goes before what an earlier did.
_TRUTH = {
    "record": "source, outlet_code, source_key",
    "value": "source, outlet_code, source_key, field",
    "entity": "entity_id",
    "ownership": "vehicle_id",
}
_FILES = {"record": "records", "value": "values", "entity": "entities", "ownership": "ownership"}


def measure(work: Path, customers: int, seed: int) -> dict[str, Any]:
    """Publish a world's first night and hold it against its truth; see `judge`."""
    tools = machine()
    with tempfile.TemporaryDirectory(dir=work) as folder:
        landing, truth, home = (Path(folder) / name for name in ("landing", "truth", "home"))
        guiyi(
            "sample", "--landing", landing, "--truth", truth,
            "--customers", customers, "--seed", seed,
        )  # fmt: skip
        guiyi("run", "--landing", landing, "--home", home)
        found = judge((home / "warehouse.duckdb").resolve(), truth)
    return {"machine": tools, "customers": customers, "seed": seed, "values": found}


def judge(warehouse: Path, truth: Path) -> dict[str, dict[str, float]]:
    """Name of each figure -> count: how many could be right; share: how many of these are.

    Second-hand transfers: `transfers_found` (recall, of those where a record of the new owner names
    the car), `transfers_of_all` (recall of all, also those that left no trace), `transfers_claimed`
    (precision). Cars: `present_owner`, `present_plate`. Customers with several records: `name` and
    `phone` where a record tells the present one, and `_of_all`.
    """
    with connect() as con:
        con.create_function("half_width", _half_width, ["VARCHAR"], "VARCHAR")
        con.execute(f"ATTACH '{quoted(warehouse)}' AS warehouse (READ_ONLY)")
        for table, key in _TRUTH.items():
            _load(con, truth, table, key)
        run_script(con, Path(__file__).with_suffix(".sql"))
        rows = con.execute("SELECT name, count, right_count FROM measured").fetchall()
    return {
        name: {"count": count, "share": round(right / max(count, 1), 5)}
        for name, count, right in rows
    }


def _load(con: duckdb.DuckDBPyConnection, truth: Path, table: str, key: str) -> None:
    files = quoted(truth / f"{_FILES[table]}-*.parquet")
    con.execute(f"""
        CREATE TABLE {table} AS
        SELECT * EXCLUDE (filename) FROM read_parquet('{files}', filename = true)
        QUALIFY rank() OVER (PARTITION BY {key} ORDER BY filename DESC) = 1
    """)


def _half_width(text: str) -> str:
    """Brackets and letters as they are typed on a keyboard: the writing is no error."""
    return unicodedata.normalize("NFKC", text)
