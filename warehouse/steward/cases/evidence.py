"""Why a pair is in doubt: the weight of each comparison, its picture, and its sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass

import duckdb

from matching.explain import telling
from matching.explain.phrases import Phrase, phrases
from matching.explain.shapes import Evidence, Pair
from matching.explain.waterfall import Bar, Scale, bars, scale
from matching.explain.weighing import Weighed
from matching.model import Model

_PAIR = """
    SELECT record_a, record_b, match_weight, reason, pairs, evidence, bits FROM review_pair
    WHERE golden_id_a = ? AND golden_id_b = ?
"""
#: Width of the picture's field, in its units.
_FIELD = 400.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair in doubt. reason: its code. pairs: contents of records in doubt between the two.

    drawn, line: its waterfall; without bars until a run has told what the weight is made of.
    """

    pair: Pair
    reason: str
    pairs: int
    drawn: list[Bar]
    line: Scale


def doubt(
    con: duckdb.DuckDBPyConnection, model: Model, golden_id_a: str, golden_id_b: str
) -> Doubt | None:
    """The doubt about two customers; None where there is none."""
    rows = con.execute(_PAIR, [golden_id_a, golden_id_b]).fetchall()
    if not rows:
        return None
    record_a, record_b, weight, reason, pairs, levels, bits = rows[0]
    parts, found = json.loads(bits) if bits else {}, json.loads(levels)
    weighed = Weighed(
        a=0, b=0,
        prior=parts.get("prior", 0.0),
        levels={name: found.get(name) for name in model.comparisons},
        bits={name: parts.get(name) or 0.0 for name in model.comparisons},
        weight=weight, band="review", rule=None,
    )  # fmt: skip
    pair = Pair(
        left=record_a, right=record_b, left_id=golden_id_a, right_id=golden_id_b,
        outcome=_outcome(reason),
        says=telling.sentence(_first(model, reason, weight), telling.clauses(model, weighed)),
        link=model.thresholds.link, review=model.thresholds.review,
        prior=weighed.prior, weight=weight, evidence=_evidence(model, weighed),
    )  # fmt: skip
    drawn = bars(pair) if parts else []
    return Doubt(pair, reason, pairs, drawn, scale(pair, drawn, _FIELD))


def because(model: Model, reason: str) -> Phrase:
    """A reason of `review_pair` in words."""
    return phrases().reason(model, reason.removeprefix("refused_"))


def _outcome(reason: str) -> str:
    """A key of `outcomes` in phrases.yml."""
    if reason.startswith("refused_"):
        return "refused"
    return "grey_zone" if reason == "grey_zone" else "held"


def _first(model: Model, reason: str, weight: float) -> Phrase:
    """The sentence's first part: why nobody has joined the two."""
    limits = model.thresholds
    return phrases().outcomes[_outcome(reason)].filled(
        weight=telling.plain(weight),
        link=f"{limits.link:g}",
        review=f"{limits.review:g}",
        because=because(model, reason),
    )  # fmt: skip


def _evidence(model: Model, weighed: Weighed) -> tuple[Evidence, ...]:
    words = phrases()
    return tuple(
        Evidence(
            name, words.comparison(name), level,
            words.level(model, name, level) if level else None, weighed.bits[name], None, None,
        )
        for name, level in weighed.levels.items()
    )  # fmt: skip
