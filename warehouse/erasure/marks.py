"""By what an erased person would be recognised: keyed hashes of what his records tell.

`MARKS` is the list. A mark is HMAC-SHA256 of its kind and its text; it tells nothing without the
key. Texts are as standard records have them, so that another writing of a number is the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import duckdb
import pyarrow as pa

from warehouse import keyed

#: The kind of marks of record keys; these are of one record, the others of the person.
KEY = "record"
#: Kind -> SQL of a list: the texts of it that a standard record has.
MARKS = {
    KEY: "[record_key, called]",
    "id_number": "[id_number]",
    "name_phone": "list_transform(phones, lambda phone: name_fold || ' ' || phone)",
    "name_vin": "[name_fold || ' ' || vin]",
    "name_plate": "[name_fold || ' ' || plate]",
    "name_email": "[name_fold || ' ' || email]",
}


def told_sql(records: str, called: str = "record_key") -> str:
    """SQL: record_key, file_id, sheet, row_number, kind, text; a row for each that a record tells.

    records: a relation with these columns and those of `quality.standardise.TELLING`. called: SQL
    of how the outlet calls the record, in the form of a record key.
    """
    parts = (
        f"SELECT record_key, file_id, sheet, row_number, '{kind}' AS kind, unnest({texts}) AS text"
        f" FROM (SELECT *, {called} AS called FROM {records})"
        for kind, texts in MARKS.items()
    )
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) WHERE text IS NOT NULL"


def table_of(marks: Iterable[tuple[str, str]]) -> pa.Table:
    """Marks as a table: kind, mark."""
    rows = list(marks)
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in (0, 1)]
    return pa.table(columns, names=["kind", "mark"])


def tombstones_of(rows: Iterable[tuple[str, str, datetime.date | None]]) -> pa.Table:
    """Marks that hold rows off as a table: kind, mark, since."""
    kept = list(rows)
    since = pa.array([day for _, _, day in kept], pa.date32())
    return table_of((kind, mark) for kind, mark, _ in kept).append_column("since", since)


def use_key(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Make the macro `mark(kind, text)` on a connection: 64 hexadecimal digits."""
    keyed.use(con, key)
    con.execute("CREATE OR REPLACE TEMP MACRO mark(kind, told) AS keyed(kind || chr(0) || told)")
