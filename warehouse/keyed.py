"""Keyed hashes in SQL: HMAC-SHA256, which nobody can try out without the key.

>>> from warehouse.database import connect
>>> with connect() as con:  # the second test case of RFC 4231
...     use(con, b"Jefe")
...     con.execute("SELECT keyed('what do ya want for nothing?')[:16]").fetchall()
[('5bdcc146bf60754e',)]
"""

from __future__ import annotations

import hashlib

import duckdb

_BLOCK = 64  # of SHA-256, bytes


def use(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Make the macro `keyed(text)` on a connection: 64 hexadecimal digits, of the text in UTF-8."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    for name, pad in (("keyed_first", 0x36), ("keyed_last", 0x5C)):
        con.execute(f"SET VARIABLE {name} = $1", [bytes(byte ^ pad for byte in block)])
    con.execute("""
        CREATE OR REPLACE TEMP MACRO keyed(told) AS sha256(
            getvariable('keyed_last') || unhex(sha256(getvariable('keyed_first') || encode(told))))
    """)
