"""Labels: what stewards and analysts say of single pairs, as a truth that knows only part.

`same` is transitive: records tied by it are one entity. `different` tells two such entities apart.
Of two entities that no label tells apart nothing is known, and no measure counts them.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.evaluate.measures import Ints
from matching.relations import number, pull, put

VERDICTS = ("same", "different", "unsure")


@dataclass(frozen=True, slots=True)
class Labelled:
    """rivals: pairs of entities known to differ, [k, 2], the lower first. contradictions: labels
    `different` whose two records other labels make one; they are left out."""

    rivals: Ints
    contradictions: int


def group(con: duckdb.DuckDBPyConnection) -> Labelled:
    """Make `truth` (record_key, entity) of `label` (left_key, right_key, verdict)."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE labelled AS
        SELECT record_key, row_number() OVER (ORDER BY record_key) - 1 AS record_no FROM (
            SELECT left_key AS record_key FROM label WHERE verdict <> 'unsure'
            UNION SELECT right_key FROM label WHERE verdict <> 'unsure')
    """)
    records = number(con, "SELECT count(*) FROM labelled")
    same, different = _numbered(con, "same"), _numbered(con, "different")
    graph = coo_array(
        (np.ones(len(same), dtype=np.int8), (same[:, 0], same[:, 1])), shape=(records, records)
    )
    entity = connected_components(graph, directed=False)[1].astype(np.int64)
    put(con, "labelled_entity", pa.table({"record_no": np.arange(records), "entity": entity}))
    con.execute("""
        CREATE OR REPLACE TEMP TABLE truth AS
        SELECT record_key, entity FROM labelled JOIN labelled_entity USING (record_no)
    """)
    pairs = np.sort(entity[different], axis=1)
    apart = pairs[:, 0] != pairs[:, 1]
    rivals = np.unique(pairs[apart], axis=0)
    return Labelled(rivals, int((~apart).sum()))


def _numbered(con: duckdb.DuckDBPyConnection, verdict: str) -> Ints:
    """The labelled pairs of a verdict as numbers of records, [k, 2]."""
    table = pull(
        con,
        f"""
        SELECT l.record_no AS x, r.record_no AS y FROM label
        JOIN labelled l ON l.record_key = left_key JOIN labelled r ON r.record_key = right_key
        WHERE verdict = '{verdict}'
        """,
    )
    return np.stack([table[side].to_numpy().astype(np.int64) for side in ("x", "y")], axis=1)
