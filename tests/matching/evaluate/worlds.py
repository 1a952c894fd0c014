"""Small judged worlds: records with a profile, a true entity, a found one and a source."""

from __future__ import annotations

from itertools import combinations

import duckdb
import pyarrow as pa
from hypothesis import strategies as st

from matching.relations import put

#: profile, entity, found, source; a profile is found in one entity only, as in a run.
Row = tuple[int, int, int, str]

_rows = st.tuples(st.integers(0, 7), st.integers(0, 3), st.just(0), st.sampled_from("ds"))


@st.composite
def worlds(draw: st.DrawFn) -> list[Row]:
    rows = draw(st.lists(_rows, min_size=1, max_size=14))
    found = draw(st.lists(st.integers(0, 3), min_size=8, max_size=8))
    return [(profile, entity, found[profile], source) for profile, entity, _, source in rows]


def put_judged(con: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    columns = list(zip(*rows, strict=True))
    table = {
        "record_key": [f"r{number:03d}" for number in range(len(rows))],
        "profile_id": columns[0],
        "entity": columns[1],
        "found": columns[2],
        "golden_id": [f"C{found}" for found in columns[2]],
        "source": columns[3],
    }
    put(con, "judged", pa.table(table))


def put_pairs(con: duckdb.DuckDBPyConnection, name: str, pairs: set[tuple[int, int]]) -> None:
    ordered = sorted(pairs)
    columns = {side: pa.array([p[i] for p in ordered], pa.int32()) for i, side in enumerate("ab")}
    put(con, name, pa.table(columns))


def components(nodes: set[int], edges: set[tuple[int, int]]) -> dict[int, int]:
    """The slow twin: each node's lowest reachable node."""
    label = {node: node for node in nodes}
    for _ in nodes:
        for x, y in edges:
            label[x] = label[y] = min(label[x], label[y])
    return label


def record_pairs(rows: list[Row]) -> list[tuple[Row, Row]]:
    return list(combinations(rows, 2))
