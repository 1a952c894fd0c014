"""The store's tables from one version of Guiyi to the next; forward only.

`store.sql` has the tables of today. Where a table's columns change, `VERSION` goes up by one, and
`store_<version>.sql` brings a store of the version before there.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from connectors.errors import GuiyiError
from matching.relations import number
from warehouse import customers
from warehouse.database import run_script, transaction

VERSION = 3
_SQL = Path(__file__).parent / "sql"


class LaterStore(GuiyiError):
    """A later version of Guiyi has written this store."""

    code = "later_store"


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the store's tables, or bring those of a former version forward, wholly or not at all.

    Raises LaterStore.
    """
    known = _version(con)
    if known > VERSION:
        raise LaterStore(
            f"the identity store has tables of version {known}, and this Guiyi knows those of"
            f" version {VERSION}: take the Guiyi that wrote it, or a later one"
        )
    with transaction(con):
        for version in range(known + 1, VERSION + 1) if known else ():
            run_script(con, _SQL / f"store_{version}.sql")
        run_script(con, _SQL / "store.sql")
        if known < VERSION:
            con.execute("DELETE FROM store_version")
            con.execute("INSERT INTO store_version VALUES (?)", [VERSION])
        if known == 1 and "golden_value" in _tables(con):
            last = number(con, "SELECT max(run_id) FROM run")
            customers.write_all(con, last)


def _version(con: duckdb.DuckDBPyConnection) -> int:
    """The version of the tables that are there; 0 for an empty store."""
    there = _tables(con)
    if "store_version" in there:
        return number(con, "SELECT version FROM store_version")
    return 1 if "run" in there else 0  # the first version did not number itself


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    return {str(name) for (name,) in rows}
