"""The records as the matcher reads them: the columns that its model names, and their vehicles."""

from __future__ import annotations

import re

import duckdb

from matching.model import Model


def view(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    """Make the view `subject`, all records; return the names of its columns, with commas between.

    In: `record`, `record_vehicle`.
    """
    columns = _read(con, model)
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW subject AS
        SELECT {columns}, vehicle_id FROM record LEFT JOIN record_vehicle USING (record_key)
    """)
    return f"{columns}, vehicle_id"


def changed(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `changed_subject`: all former and present versions of records that are others now.

    In: `record_before`, `record_after` and `moved`, as `matching.increment.vehicles` has them.
    """
    columns = _read(con, model)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE changed_subject AS
        SELECT {columns}, CASE WHEN record_key IN (SELECT record_key FROM moved) THEN left_id
                          ELSE vehicle_id END AS vehicle_id
        FROM record_before LEFT JOIN moved USING (record_key)
        LEFT JOIN record_vehicle USING (record_key)
        UNION ALL
        SELECT {columns}, vehicle_id FROM record_after LEFT JOIN record_vehicle USING (record_key)
        UNION ALL
        SELECT {columns}, unnest([left_id, joined_id])
        FROM record JOIN moved USING (record_key) WHERE record_key NOT IN (
            SELECT record_key FROM record_after)
    """)


def _read(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    """The columns of `record` that the model's columns name."""
    known = [column[0] for column in con.execute("SELECT * FROM record LIMIT 0").description or ()]
    named = set(re.findall(r"\w+", " ".join(model.columns.values())))
    return ", ".join(c for c in known if c == "record_key" or c in named)
