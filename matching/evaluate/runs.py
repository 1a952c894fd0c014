"""Two partitions side by side: which entities are the same, merged, split, rearranged, new, gone.

Entities of both sides that share records hang together; how many of each side do says what
happened. Tables: in `before`, `after` (record_key, golden_id); out `change` (kind, group_no,
golden_id_a, golden_id_b, records), one row for each two entities that share records.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.evaluate.measures import Measures, measure
from matching.relations import number, pull, put

#: unchanged: the same records. extended: one to one, but records came or went. merged: several
#: became one. split: one became several. rearranged: several became several. new, gone: all of its
#: records are known to one side only.
KINDS = ("unchanged", "extended", "merged", "split", "rearranged", "new", "gone")


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to some entities: how many before, how many after, records in them."""

    kind: str
    before: int
    after: int
    records: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """changes: in the order of `KINDS`. agreement: the measures of `after` with `before` taken for
    truth, over the records that both know; it says how much moved, not who is right."""

    changes: list[Change]
    agreement: Measures


def compare(con: duckdb.DuckDBPyConnection) -> Comparison:
    """Fill `change` and count."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE shared AS
        SELECT b.golden_id AS golden_id_a, a.golden_id AS golden_id_b, count(*) AS records
        FROM before b FULL JOIN after a USING (record_key) GROUP BY ALL
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE node AS
        SELECT side, golden_id, row_number() OVER (ORDER BY golden_id, side) - 1 AS node_no FROM (
            SELECT DISTINCT 'a' AS side, golden_id FROM before
            UNION ALL SELECT DISTINCT 'b', golden_id FROM after)
    """)
    _join(con)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE change AS
        WITH told AS (
            SELECT group_no, count(*) FILTER (side = 'a') AS a, count(*) FILTER (side = 'b') AS b
            FROM node JOIN node_group USING (node_no) GROUP BY group_no
        ), placed AS (
            SELECT s.*, g.group_no FROM shared s
            JOIN node n ON (n.side = 'a' AND n.golden_id = s.golden_id_a)
            JOIN node_group g USING (node_no)
            UNION ALL
            SELECT s.*, g.group_no FROM shared s
            JOIN node n ON n.side = 'b' AND n.golden_id = s.golden_id_b
            JOIN node_group g USING (node_no) WHERE s.golden_id_a IS NULL
        ), torn AS (
            SELECT group_no, bool_or(golden_id_a IS NULL OR golden_id_b IS NULL) AS torn
            FROM placed GROUP BY group_no
        )
        SELECT CASE WHEN a = 0 THEN 'new' WHEN b = 0 THEN 'gone'
                    WHEN a = 1 AND b = 1 THEN CASE WHEN torn THEN 'extended' ELSE 'unchanged' END
                    WHEN b = 1 THEN 'merged' WHEN a = 1 THEN 'split' ELSE 'rearranged' END AS kind,
               group_no, golden_id_a, golden_id_b, records
        FROM placed JOIN told USING (group_no) JOIN torn USING (group_no)
        ORDER BY group_no, golden_id_a NULLS LAST, golden_id_b NULLS LAST
    """)
    rows = con.execute("""
        SELECT kind, count(DISTINCT golden_id_a), count(DISTINCT golden_id_b), sum(records)
        FROM change GROUP BY kind
    """).fetchall()
    counts = {str(kind): tuple(map(int, values)) for kind, *values in rows}
    return Comparison(
        [Change(kind, *counts.get(kind, (0, 0, 0))) for kind in KINDS], _agreement(con)
    )


def _join(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `node_group` (node_no, group_no): entities that share records, directly or not."""
    edges = pull(
        con,
        """
        SELECT x.node_no AS x, y.node_no AS y FROM shared
        JOIN node x ON x.side = 'a' AND x.golden_id = golden_id_a
        JOIN node y ON y.side = 'b' AND y.golden_id = golden_id_b
        """,
    )
    nodes = number(con, "SELECT count(*) FROM node")
    ends = (edges["x"].to_numpy(), edges["y"].to_numpy())
    graph = coo_array((np.ones(edges.num_rows, dtype=np.int8), ends), shape=(nodes, nodes))
    label = connected_components(graph, directed=False)[1]
    # numbered by their lowest node, so that the order of rows says nothing
    _, first = np.unique(label, return_index=True)
    groups = np.argsort(np.argsort(first))[label] if len(label) else label
    put(con, "node_group", pa.table({"node_no": np.arange(nodes), "group_no": groups}))


def _agreement(con: duckdb.DuckDBPyConnection) -> Measures:
    both = pull(
        con,
        """
        SELECT dense_rank() OVER (ORDER BY b.golden_id) AS x,
               dense_rank() OVER (ORDER BY a.golden_id) AS y
        FROM before b JOIN after a USING (record_key)
        """,
    )
    return measure(both["x"].to_numpy(), both["y"].to_numpy())
