"""What single pairs weigh: the engine's own scoring, asked for a few pairs and without a threshold.

All that explanations know of scoring is here. Tables, as the identity store keeps them: in
`main.profile`, `main.edge`; nothing is left behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa

from matching import scoring
from matching.clusters import Pair
from matching.model import Model, Thresholds
from matching.relations import count, pull, put

#: Below any sum of weights: every pair asked for comes out.
_NO_THRESHOLD = -1e9


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair of profiles, a < b, and its match weight by its parts, in bits.

    levels: comparison -> level, or None where it says nothing. bits: comparison -> weight.
    weight: prior and all bits. band: link, review or leave, after the rules. rule: what held the
    pair in that band, if a rule did.
    """

    a: int
    b: int
    prior: float
    levels: Mapping[str, str | None]
    bits: Mapping[str, float]
    weight: float
    band: str
    rule: str | None

    def by_weight(self, thresholds: Thresholds) -> str:
        """The band that the weight alone would give."""
        if self.weight >= thresholds.link:
            return "link"
        return "review" if self.weight >= thresholds.review else "leave"


def kept(con: duckdb.DuckDBPyConnection, model: Model, where: str) -> list[Weighed]:
    """The edges that the last run kept and that `where` (SQL over `edge`) names, heaviest first."""
    rows = pull(con, f"SELECT * FROM main.edge WHERE {where} ORDER BY weight DESC, a, b")
    edges = {(row["a"], row["b"]): row for row in rows.to_pylist()}
    weighed = weigh(con, model, edges)
    return [
        replace(weighed[pair], band=row["band"], rule=row["rule"]) for pair, row in edges.items()
    ]


def weigh(
    con: duckdb.DuckDBPyConnection, model: Model, pairs: Iterable[Pair]
) -> dict[Pair, Weighed]:
    """Score pairs (a < b) of the stored profiles, whether they were ever compared or not."""
    wanted = sorted(set(pairs))
    unbounded = model.model_copy(
        update={
            "rules": {},
            "thresholds": Thresholds(link=model.thresholds.link, review=_NO_THRESHOLD),
        }
    )
    with con.cursor() as aside:  # a connection of its own: temporary tables stay out of the way
        scoring.share(aside, model, "main.profile")
        ids = pa.array(sorted({profile for pair in wanted for profile in pair}), pa.int64())
        put(aside, "wanted", pa.table({"profile_id": ids}))
        aside.execute(
            "CREATE TEMP TABLE profile AS FROM main.profile SEMI JOIN wanted USING (profile_id)"
        )
        a, b = (pa.array([pair[side] for pair in wanted], pa.int64()) for side in (0, 1))
        put(aside, "candidate", pa.table({"a": a, "b": b}))
        scoring.compare(aside, unbounded)
        scoring.weigh(aside, unbounded, count(con, "main.profile"), bits=True)
        conditions = "".join(
            f", coalesce({rule.when}, false) AS rule_{number}"
            for number, rule in enumerate(model.rules.values())
        )
        scored = pull(aside, f"SELECT *{conditions} FROM edge ORDER BY a, b").to_pylist()
    return {(row["a"], row["b"]): _ruled(model, row) for row in scored}


def frequencies(
    con: duckdb.DuckDBPyConnection, model: Model
) -> dict[str, dict[str, tuple[float, float, float]]]:
    """How common the values are that came out at each level of a comparison with `tf`.

    Comparison -> level -> (a common value, the median pair's, a rare one): the quantiles 0.95, 0.5
    and 0.05 over the stored edges. A level without an edge is not there.
    """
    found = {}
    with con.cursor() as aside:
        scoring.share(aside, model, "main.profile")
        for name in (n for n, comparison in model.comparisons.items() if comparison.frequency):
            rows = aside.execute(f"""
                SELECT {name}::VARCHAR, quantile_disc(greatest(l.frequency, r.frequency),
                                                      [0.95, 0.5, 0.05])
                FROM main.edge e JOIN {name}_frequency l ON l.profile_id = e.a
                JOIN {name}_frequency r ON r.profile_id = e.b
                WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 1
            """).fetchall()
            found[name] = {str(level): (common, median, rare)
                           for level, (common, median, rare) in rows}  # fmt: skip
    return found


def profiles(con: duckdb.DuckDBPyConnection) -> int:
    """How many profiles the store has, by which `holders` are judged."""
    return scoring.population(count(con, "main.profile"))


def _weighed(model: Model, row: Mapping[str, Any]) -> Weighed:
    bits = {name: float(row[f"{name}_bits"]) for name in model.comparisons}
    return Weighed(
        row["a"],
        row["b"],
        row["weight"] - sum(bits.values()),
        {name: row[name] for name in model.comparisons},
        bits,
        row["weight"],
        row["band"],
        row["rule"],
    )


def _ruled(model: Model, row: Mapping[str, Any]) -> Weighed:
    """Apply the rules as `scoring.score` does: each takes a pair down, none takes it up."""
    band, capped = _weighed(model, row).by_weight(model.thresholds), None
    for number, (name, rule) in enumerate(model.rules.items()):
        if row[f"rule_{number}"] and band in ("link", "review" if rule.band == "leave" else "link"):
            band, capped = rule.band, name
    return _weighed(model, {**row, "band": band, "rule": capped})
