"""Wrong joins: two groups that hang together by one weak link.

A single link can be a slip: a namesake's record, a number given to somebody else. Where it alone
holds two groups together, each with a body of its own, the pairs that nobody compared tell: they
are scored at last, and where they speak against the link it is cut and a steward is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from matching import scoring
from matching.clusters import Links, components, lowest
from matching.model import Bridges, Model, Thresholds
from matching.relations import pull, put

Ints = npt.NDArray[np.int64]

#: Of a larger group so many profiles speak for all; profiles are numbered by a hash.
_SPEAKERS = 16
#: Longer than any weight: the strongest way is the shortest.
_FAR = 10_000.0


@dataclass(frozen=True, slots=True)
class _Sides:
    """On which side of which bridge profiles stand. profile, bridge, side (0, 1): [k]."""

    profile: Ints
    bridge: Ints
    side: Ints


def cut(
    con: duckdb.DuckDBPyConnection, model: Model, links: Links, entity: Ints, population: int
) -> Ints:
    """Cut the bridges of entities that look wrong; return each profile's entity after that.

    entity: [n], the lowest profile number of each profile's entity. population: the profiles that
    there are in all. Links across a cut go to the
    review band of `edge`, under the rule `bridge`. What stands above names is never cut.
    """
    bridges, entity = model.bridges, entity.copy()
    while bridges is not None:
        sides = _find(bridges, links, entity)
        wrong = _speak_against(con, model, sides, population)
        if not wrong.size:
            break
        moved = np.isin(sides.bridge, wrong) & (sides.side == 1)
        # both sides are named by their lowest member
        label = entity.copy()
        label[sides.profile[moved]] = len(entity) + sides.bridge[moved]
        parted = lowest(np.unique(label, return_inverse=True)[1])
        across = (entity[links.a] == entity[links.b]) & (parted[links.a] != parted[links.b])
        _ask(con, links, across)
        entity = parted
    return entity


def _find(bridges: Bridges, links: Links, entity: Ints) -> _Sides:
    """The weakest link of each entity, where it is weak and holds two groups together."""
    inside = entity[links.a] == entity[links.b]
    firm = inside & (links.weight >= bridges.weight)
    if links.over_names is not None:
        firm |= inside & links.over_names
    body = components(len(entity), links.a[firm], links.b[firm])
    weak = np.flatnonzero(inside & (body[links.a] != body[links.b]))
    # bodies are points, and of several links between two of them the strongest is the way
    ends = np.sort(np.stack([body[links.a[weak]], body[links.b[weak]]], axis=1), axis=1)
    order = np.argsort(-links.weight[weak], kind="stable")
    ends, first = np.unique(ends[order], axis=0, return_index=True)
    length = _FAR - links.weight[weak][order][first]
    bodies = int(body.max(initial=-1)) + 1
    graph = coo_array((length, (ends[:, 0], ends[:, 1])), shape=(bodies, bodies))
    tree = minimum_spanning_tree(graph).tocoo()
    whose = np.empty(bodies, dtype=np.int64)
    whose[body] = entity
    order = np.lexsort((tree.col, tree.row, -tree.data))
    _, first = np.unique(whose[tree.row[order]], return_index=True)
    bridge = order[first]
    kept = np.delete(np.arange(len(tree.data)), bridge)
    half = components(bodies, tree.row[kept], tree.col[kept])
    size = np.bincount(half[body], minlength=bodies)
    ends = half[np.stack([tree.row[bridge], tree.col[bridge]])]
    ends = ends[:, size[ends].min(axis=0, initial=len(entity)) >= bridges.members]
    number, side = np.full(bodies, -1, dtype=np.int64), np.zeros(bodies, dtype=np.int64)
    number[ends] = np.arange(ends.shape[1])
    side[ends[1]] = 1
    profile = np.flatnonzero(number[half[body]] >= 0)
    return _Sides(profile, number[half[body[profile]]], side[half[body[profile]]])


def _speak_against(
    con: duckdb.DuckDBPyConnection, model: Model, sides: _Sides, population: int
) -> Ints:
    """The bridges across which all pairs together speak against one person."""
    if model.bridges is None or not sides.profile.size:
        return np.empty(0, np.int64)
    columns = {"profile_id": sides.profile, "bridge": sides.bridge, "side": sides.side}
    put(con, "beside_bridge", pa.table(columns))
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE speaker AS
        SELECT CAST(profile_id AS INTEGER) AS profile_id, bridge, side FROM beside_bridge
        QUALIFY row_number() OVER (PARTITION BY bridge, side ORDER BY profile_id) <= {_SPEAKERS}
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE across AS
        SELECT least(l.profile_id, r.profile_id) AS a, greatest(l.profile_id, r.profile_id) AS b,
               l.bridge
        FROM speaker l JOIN speaker r ON l.bridge = r.bridge AND l.side < r.side ORDER BY a, b
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE speaking AS FROM profile
        SEMI JOIN speaker USING (profile_id)
    """)
    every = model.model_copy(
        update={"rules": {}, "costs": None, "thresholds": Thresholds(link=_FAR, review=-_FAR)}
    )
    scoring.compare(con, every, "across", "speaking")
    scoring.weigh(con, every, population, into="heard")
    wrong = pull(
        con,
        f"""
        SELECT bridge FROM across JOIN heard USING (a, b) GROUP BY bridge
        HAVING avg(weight) < {model.bridges.mean} ORDER BY bridge
        """,
    )
    for table in ("beside_bridge", "speaker", "across", "speaking", "compared", "heard"):
        con.execute(f"DROP TABLE {table}")
    return wrong["bridge"].to_numpy().astype(np.int64)


def _ask(con: duckdb.DuckDBPyConnection, links: Links, across: npt.NDArray[np.bool_]) -> None:
    """Links across a cut wait for a steward."""
    put(con, "cut_link", pa.table({"a": links.a[across], "b": links.b[across]}))
    con.execute("""
        UPDATE edge SET band = 'review', rule = 'bridge'
        FROM cut_link c WHERE edge.a = c.a AND edge.b = c.b
    """)
    con.execute("DROP TABLE cut_link")
