"""What a model expects of each threshold, by its own weights: the more it joins, the less surely.

A match weight of w bits says that a pair is one person's with the odds 2 ** w. So the pairs above a
threshold tell how many of them should be right, and how many of all matches they should be.
How right they are, only labels or truth tell: see `matching.evaluate`.
Table in: `edge`, as the identity store keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from matching.model import Model

#: Thresholds shown, in bits, from the review threshold on.
_STEPS = 16


@dataclass(frozen=True, slots=True)
class Expected:
    """At a threshold in bits: pairs above it, and what share of them should be matches (precision).

    recall: what share of the matches among all pairs above the review threshold they should be.
    Pairs that a rule holds back are left out.
    """

    threshold: float
    pairs: int
    precision: float
    recall: float


def expected(con: duckdb.DuckDBPyConnection, model: Model) -> tuple[Expected, ...]:
    """The thresholds from `review` on, one bit apart; none where nothing was compared."""
    rows = con.execute(
        """
        WITH pair AS (
            SELECT weight, 1 / (1 + pow(2, -least(weight, 60))) AS chance
            FROM edge WHERE rule IS NULL
        ), threshold AS (SELECT $first + step AS bits FROM range($steps) t (step))
        SELECT bits, count(*), avg(chance), sum(chance) / (SELECT sum(chance) FROM pair)
        FROM threshold JOIN pair ON weight >= bits GROUP BY bits ORDER BY bits
        """,
        {"first": model.thresholds.review, "steps": _STEPS},
    ).fetchall()
    return tuple(Expected(float(b), int(n), float(p), float(r)) for b, n, p, r in rows)
