"""What blocking brings together: no scoring can find a pair of records that it never sees.

Counted in bulk from group sizes and the candidates; true pairs are never written out, so a fleet of
ten thousand records costs no more than its candidates.
Tables: in `judged`, `candidate` (a < b, profile ids); out `component` (profile_id, entity,
component).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.relations import count, pull, put

SourcePair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reach:
    """True pairs of records, and how many of them are met.

    pairs: all. found: in one found entity. compared: of one profile, or of two that some blocking
    key makes candidates. reachable: of profiles that a chain of candidates of the same true entity
    connects: what a scorer without fault would find, given clusters are transitive.
    """

    pairs: int
    found: int
    compared: int
    reachable: int


def reach(con: duckdb.DuckDBPyConnection) -> dict[SourcePair, Reach]:
    """The true pairs between any two sources, the alphabetically lower first."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE share AS
        SELECT profile_id, entity, source, count(*) AS records FROM judged GROUP BY ALL
    """)
    _connect(con)
    alone = _within(con, "judged", "profile_id, entity")
    apart = dict(_between(con))
    found, reachable = (
        _within(con, *groups)
        for groups in (
            ("judged", "entity, found"),
            ("judged JOIN component USING (profile_id, entity)", "component"),
        )
    )
    return {
        sources: Reach(
            pairs,
            found.get(sources, 0),
            alone.get(sources, 0) + apart.get(sources, 0),
            reachable.get(sources, 0),
        )
        for sources, pairs in _within(con, "judged", "entity").items()
    }


def _within(con: duckdb.DuckDBPyConnection, records: str, groups: str) -> dict[SourcePair, int]:
    """Pairs of records that agree on the columns `groups`, by their two sources."""
    rows = con.execute(f"""
        WITH n AS (SELECT {groups}, source, count(*) AS n FROM {records} GROUP BY ALL)
        SELECT l.source, r.source,
               sum(CASE WHEN l.source = r.source THEN l.n * (l.n - 1) // 2 ELSE l.n * r.n END)
        FROM n l JOIN n r USING ({groups}) WHERE l.source <= r.source
        GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return {(str(s), str(t)): int(pairs) for s, t, pairs in rows if pairs}


def _between(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[SourcePair, int]]:
    """True pairs of records whose two profiles are candidates, by their two sources."""
    rows = con.execute("""
        SELECT least(l.source, r.source) AS s, greatest(l.source, r.source) AS t,
               sum(l.records * r.records)
        FROM candidate JOIN share l ON l.profile_id = a
        JOIN share r ON r.profile_id = b AND r.entity = l.entity
        GROUP BY ALL ORDER BY ALL
    """).fetchall()
    yield from (((str(s), str(t)), int(pairs)) for s, t, pairs in rows)


def _connect(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `component`: profiles of one true entity that candidates of it connect."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE unit AS
        SELECT profile_id, entity, row_number() OVER (ORDER BY profile_id, entity) - 1 AS unit_no
        FROM (SELECT DISTINCT profile_id, entity FROM share)
    """)
    edges = pull(
        con,
        """
        SELECT l.unit_no AS x, r.unit_no AS y FROM candidate JOIN unit l ON l.profile_id = a
        JOIN unit r ON r.profile_id = b AND r.entity = l.entity
        """,
    )
    units = count(con, "unit")
    ends = (edges["x"].to_numpy(), edges["y"].to_numpy())
    graph = coo_array((np.ones(edges.num_rows, dtype=np.int8), ends), shape=(units, units))
    label = connected_components(graph, directed=False)[1]
    put(con, "unit_component", pa.table({"unit_no": np.arange(units), "component": label}))
    con.execute("""
        CREATE OR REPLACE TEMP TABLE component AS
        SELECT profile_id, entity, component FROM unit JOIN unit_component USING (unit_no)
    """)
