"""Decisions as labels: of which pairs people have a word, and what each stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb
import numpy as np

from matching.decisions import Entry, Pair
from matching.evaluate.calibration import Labels
from matching.evaluate.share import Stratum
from matching.standing import State, judge
from matching.steward import in_force
from warehouse.steward.access.scope import Scope
from warehouse.steward.learn.judgements import Judgement
from warehouse.steward.learn.sample import BOUNDS

#: A pair between the thresholds, on which the weight alone decides; others a rule has held back.
_GREY = "grey_zone"
_WAITING = "SELECT record_a, record_b, match_weight FROM review_pair WHERE reason = 'grey_zone'"
_SEEN = """
    SELECT record_key FROM customer_xref
    WHERE record_key IN (SELECT unnest($keys)) AND golden_id IN (
        SELECT golden_id FROM customer_xref
        WHERE $outlets IS NULL OR list_contains($outlets, outlet_code))
"""


def standing(judged: Iterable[Judgement], entries: Iterable[Entry]) -> list[Judgement]:
    """The judgements whose decision is in force."""
    found = judge(entries).standing
    held = {number for number, one in found.items() if one.state is State.IN_FORCE}
    return [one for one in judged if one.number in held]


def labels(
    con: duckdb.DuckDBPyConnection,
    judged: Iterable[Judgement],
    entries: Iterable[Entry],
    strata: Mapping[int, Stratum],
) -> Labels:
    """What people said of pairs on which the weight alone decides. judged: in force.

    Each stands for others: of the links that were looked at for its share of the links of its
    stratum, of the pairs between the thresholds for its share of those that wait.
    """
    rows: list[tuple[float, bool, float]] = []
    for one in judged:
        if one.source == "audit" and one.verdict != "unsure":
            place = sum(one.facts.match_weight >= bound for bound in BOUNDS)
            looked = max(strata[place].looked, 1)
            rows.append(
                (one.facts.match_weight, one.verdict == "same", strata[place].size / looked)
            )
    waiting = con.execute(_WAITING).fetchall()
    grey = list(_grey(waiting, judged, entries))
    rows += [(bits, same, len(waiting) / len(grey)) for bits, same in grey]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return Labels(columns[0], columns[1], np.maximum(columns[2], 1.0))


def _grey(
    waiting: Iterable[tuple[str, str, float]],
    judged: Iterable[Judgement],
    entries: Iterable[Entry],
) -> Iterator[tuple[float, bool]]:
    """Bits and word on pairs between the thresholds: also of decisions made elsewhere."""
    known = set()
    for one in judged:
        known.add(one.number)
        if one.facts.reason == _GREY and one.verdict != "unsure":
            yield one.facts.match_weight, one.verdict == "same"
    weight = {frozenset((left, right)): float(bits) for left, right, bits in waiting}
    for entry in judge(entries).entries:
        decision = entry.decision
        if entry.number in known or not isinstance(decision, Pair) or decision.verdict == "unsure":
            continue
        bits = weight.get(frozenset((decision.left, decision.right)))
        if bits is not None:
            yield bits, decision.verdict == "same"


def lines(
    con: duckdb.DuckDBPyConnection, scope: Scope, entries: Iterable[Entry]
) -> list[tuple[str, str, str]]:
    """The labels as `guiyi evaluate --labels` takes them: left, right, verdict.

    Of the pairs in force those of customers whom the scope sees.
    """
    judged = in_force(entries).judged.to_pylist()
    keys = sorted({row[side] for row in judged for side in ("left", "right")})
    asked = {"keys": keys, "outlets": scope.codes(con)}
    seen = {key for (key,) in con.execute(_SEEN, asked).fetchall()}
    return [
        (row["left"], row["right"], "same" if row["same"] else "different")
        for row in judged
        if row["left"] in seen and row["right"] in seen
    ]
