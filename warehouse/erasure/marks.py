"""By what an erased person would be recognised: keyed hashes of what his records tell.

`MARKS` is the list. A mark is HMAC-SHA256 of its kind and its text; it tells nothing without the
key. Texts are as standard records have them, so that another writing of a number is the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import duckdb
import pyarrow as pa

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
_BLOCK = 64  # of SHA-256, bytes


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


def use_key(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Make the macro `mark(kind, text)` on a connection: HMAC-SHA256, 64 hexadecimal digits."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    for name, pad in (("mark_first", 0x36), ("mark_last", 0x5C)):
        con.execute(f"SET VARIABLE {name} = $1", [bytes(byte ^ pad for byte in block)])
    con.execute("""
        CREATE OR REPLACE TEMP MACRO mark(kind, told) AS sha256(
            getvariable('mark_last') || unhex(sha256(
                getvariable('mark_first') || encode(kind || chr(0) || told))))
    """)
