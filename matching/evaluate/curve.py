"""The measures as the link threshold moves.

Drawn from the edges that the run kept and from connected components: at each threshold the kept
edges of at least that weight join, but for those that a rule holds back and those that the
clustering refused. So rules and refusals stand as they were; what a lower threshold would have made
the clustering refuse is not seen, and precision there is a lower bound. Decisions of stewards are
left out. No point lies below the review threshold, as lighter edges are not kept.
Tables in: `judged`, `kept_edge` (a, b, weight, rule), `refused_link`.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.evaluate.measures import Measures, Rivals, measure
from matching.model import Thresholds
from matching.relations import count, pull

#: The curve goes on for so many bits above the link threshold.
ABOVE = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A threshold in bits, the links at least so heavy, and what they come to."""

    threshold: float
    links: int
    measures: Measures


def curve(
    con: duckdb.DuckDBPyConnection, thresholds: Thresholds, rivals: Rivals = None
) -> list[Point]:
    """The measures at each whole bit from the review threshold on, and at both thresholds."""
    edges = pull(
        con,
        """
        SELECT a, b, weight FROM kept_edge ANTI JOIN refused_link USING (a, b) WHERE rule IS NULL
        ORDER BY weight DESC
        """,
    )
    a, b, weight = (edges[name].to_numpy() for name in ("a", "b", "weight"))
    profiles = count(con, "profile")
    judged = pull(con, "SELECT entity, profile_id FROM judged")
    entity, profile = (judged[name].to_numpy() for name in ("entity", "profile_id"))
    points = []
    for threshold in _grid(thresholds):
        links = int(np.searchsorted(-weight, -threshold, side="right"))
        ones = np.ones(links, dtype=np.int8)
        graph = coo_array((ones, (a[:links], b[:links])), shape=(profiles, profiles))
        label = connected_components(graph, directed=False)[1]
        points.append(Point(threshold, links, measure(entity, label[profile], rivals)))
    return points


def _grid(thresholds: Thresholds) -> list[float]:
    whole = np.arange(np.ceil(thresholds.review), np.ceil(thresholds.link) + ABOVE + 1)
    return sorted({thresholds.review, thresholds.link, *whole.tolist()})
