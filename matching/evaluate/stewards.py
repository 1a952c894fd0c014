"""What is left for people, and how right the partition is once they have done it.

Table in: `judged`, `review` (golden_id_a, golden_id_b, record_a, record_b): the pairs that wait.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.evaluate.measures import Measures, Rivals, differ_sql, measure
from matching.relations import number, pull


@dataclass(frozen=True, slots=True)
class Stewards:
    """pairs: that wait. judged: of them, those whose two records' truth is known. same: of those,
    truly one. after: the measures once each of these is joined as a steward would, from the two
    records that are shown to him."""

    pairs: int
    judged: int
    same: int
    after: Measures


def after_review(con: duckdb.DuckDBPyConnection, rivals: Rivals = None) -> Stewards:
    """The pairs that wait, and the measures after a steward without fault."""
    known = pull(
        con,
        f"""
        SELECT l.found AS x, r.found AS y, l.entity = r.entity AS same
        FROM review JOIN judged l ON l.record_key = record_a
        JOIN judged r ON r.record_key = record_b
        WHERE l.entity = r.entity OR {differ_sql(rivals)}
        """,
    )
    same = known["same"].to_numpy().astype(np.bool_)
    table = pull(con, "SELECT entity, found FROM judged")
    found = table["found"].to_numpy().astype(np.int64)
    size = int(found.max(initial=-1)) + 1
    ends = tuple(known[side].to_numpy().astype(np.int64)[same] for side in ("x", "y"))
    graph = coo_array((np.ones(int(same.sum()), dtype=np.int8), ends), shape=(size, size))
    joined = connected_components(graph, directed=False)[1].astype(np.int64)
    return Stewards(
        pairs=number(con, "SELECT count(*) FROM review"),
        judged=known.num_rows,
        same=int(same.sum()),
        after=measure(table["entity"].to_numpy(), joined[found], rivals),
    )
