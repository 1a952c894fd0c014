"""Which VINs that fail their check are nearly one that somebody typed right.

Near are two that differ in two characters at most and share the first nine or the last eight. Only
VINs that share one of a few parts are compared: two slips leave one of them whole.
Tables: in  `record`
        out `near_vin` (typed, vin): as typed, and a known VIN that it is near to
            `vin_part` (typed: whether it fails its check, number, key, vin): every VIN's parts
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cpdist

from matching.relations import put

_PARTS = """
    SELECT DISTINCT typed, number,
           hash(substr(vin, from_a, long_a), substr(vin, from_b, long_b)) AS key, vin
    FROM {vins}, (VALUES (1, 1, 9, 10, 3), (2, 1, 9, 13, 2), (3, 1, 9, 15, 3), (4, 10, 8, 10, 8))
        AS part (number, from_a, long_a, from_b, long_b)
"""
_TOLD = """
    SELECT true AS typed, vin_raw17 AS vin FROM {records} WHERE vin_raw17 IS NOT NULL
    UNION SELECT false, vin FROM {records} WHERE vin_status = 'ok'
"""
_TO_COMPARE = """
    SELECT DISTINCT t.vin AS typed, k.vin
    FROM (FROM {typed} WHERE typed) t JOIN (FROM {known} WHERE NOT typed) k USING (number, key)
"""
_SLIPS = 2
_BATCH = 200_000


def find(con: duckdb.DuckDBPyConnection) -> None:
    """Compare all, into temporary tables."""
    told = f"({_TOLD.format(records='record')})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE vin_part AS {_PARTS.format(vins=told)}")
    put(con, "near_vin", _near(con, _TO_COMPARE.format(typed="vin_part", known="vin_part")))


def update(con: duckdb.DuckDBPyConnection) -> None:
    """Bring both tables up to date. In: `record_before` and `record_after`, those that changed.

    Out: `former_near_vin` (typed, vin), the pairs that are no more.
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE gone_vin AS
        FROM ({_TOLD.format(records="record_before")})
        ANTI JOIN ({_TOLD.format(records="record")}) USING (typed, vin)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE new_vin AS
        FROM ({_TOLD.format(records="record_after")}) ANTI JOIN vin_part USING (typed, vin)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE former_near_vin AS
        FROM near_vin WHERE typed IN (SELECT vin FROM gone_vin WHERE typed)
            OR vin IN (SELECT vin FROM gone_vin WHERE NOT typed)
    """)
    con.execute("DELETE FROM near_vin WHERE (typed, vin) IN (FROM former_near_vin)")
    con.execute("DELETE FROM vin_part WHERE (typed, vin) IN (FROM gone_vin)")
    con.execute(f"CREATE OR REPLACE TEMP TABLE new_part AS {_PARTS.format(vins='new_vin')}")
    con.execute("INSERT INTO vin_part FROM new_part")
    to_compare = (
        _TO_COMPARE.format(typed="new_part", known="vin_part")
        + f"UNION {_TO_COMPARE.format(typed='vin_part', known='new_part')}"
    )
    put(con, "new_near_vin", _near(con, to_compare))
    con.execute("INSERT INTO near_vin FROM new_near_vin")
    for table in ("gone_vin", "new_vin", "new_part", "new_near_vin"):
        con.execute(f"DROP TABLE {table}")


def _near(con: duckdb.DuckDBPyConnection, to_compare: str) -> pa.Table:
    """Of pairs (typed, vin), those that are near; a fleet's cars alone make millions to compare."""
    found = []
    with con.sql(to_compare).to_arrow_reader(_BATCH) as batches:
        for batch in batches:
            typed, known = (batch[side].to_pylist() for side in ("typed", "vin"))
            slips = cpdist(
                typed, known, scorer=DamerauLevenshtein.distance, score_cutoff=_SLIPS, dtype=np.int8
            )
            found.append(batch.filter(pa.array(slips <= _SLIPS)))
        return pa.Table.from_batches(found, batches.schema)
