"""What thresholds would do to the pairs of the published warehouse: how many join, how many wait.

Of the links within a customer only those count that hold him together, the strongest ones: a weak
link between two records that stronger ones connect changes nothing, whatever the threshold. A pair
that a rule holds back is moved by no threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from matching.evaluate.calibration import Curve, Floats
from matching.model import Thresholds
from matching.relations import pull

_PAIRS = (Path(__file__).parent / "pairs.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Effect:
    """joined: pairs without asking. asked: pairs that wait; new: of them, those of the last run."""

    joined: int
    asked: int
    new: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs on which weights decide. bits: match weight; is_new: of the last run; n each.

    grey: how many of them wait between the thresholds of the last run.
    """

    bits: Floats
    is_new: npt.NDArray[np.bool_]
    grey: int

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection) -> Pairs:
        """Those of a published warehouse."""
        table = pull(con, _PAIRS)
        bits = table["match_weight"].to_numpy().astype(np.float64)
        is_link = np.array(table["is_link"])
        a, b = (table[side].to_numpy().astype(np.int64) for side in ("a", "b"))
        kept = np.concatenate([_tree(a, b, bits, is_link), np.flatnonzero(~is_link)])
        return cls(bits[kept], np.array(table["is_new"])[kept], int((~is_link).sum()))

    def effect(self, thresholds: Thresholds) -> Effect:
        """What these thresholds come to."""
        asked = (self.bits >= thresholds.review) & (self.bits < thresholds.link)
        joined = int((self.bits >= thresholds.link).sum())
        return Effect(joined, int(asked.sum()), int((asked & self.is_new).sum()))

    def precision(self, curve: Curve, link: float) -> float:
        """The share that would be right of all pairs that a link threshold joins, by a curve."""
        above = self.bits[self.bits >= link]
        return float(curve.at(above).mean()) if len(above) else 1.0


def _tree(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], bits: Floats, is_link: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The places of the links that hold customers together: of the maximum spanning forest."""
    places = np.flatnonzero(is_link)
    if not len(places):
        return places
    size = int(max(a[places].max(), b[places].max())) + 1
    low, high = np.minimum(a, b)[places], np.maximum(a, b)[places]
    # the lighter a link, the dearer; no link costs nothing, as that would be no link
    cost = bits[places].max() + 1 - bits[places]
    found = minimum_spanning_tree(
        coo_array((cost, (low, high)), shape=(size, size)).tocsr()
    ).tocoo()
    order = np.argsort(low * size + high)
    sought = np.minimum(found.row, found.col).astype(np.int64) * size + np.maximum(
        found.row, found.col
    )
    taken: npt.NDArray[np.int64] = places[
        order[np.searchsorted((low * size + high)[order], sought)]
    ]
    return taken
