"""What the page Learn tells: agreement, how right links are, and thresholds by the labels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import duckdb
import numpy as np

from matching.evaluate.calibration import FEWEST, Curve, Labels, Suggested, fit, suggested
from matching.evaluate.share import Share, Stratum, stratified, wilson
from matching.explain.phrases import Phrase, phrases
from matching.model import Model, Thresholds
from warehouse.steward.access.visit import Visit
from warehouse.steward.learn import labels as labelling
from warehouse.steward.learn import sample
from warehouse.steward.learn.drawing import Point
from warehouse.steward.learn.effect import Effect, Pairs
from warehouse.steward.learn.twice import Twice, twice

#: Looked at in every stratum at least, before the whole is estimated.
LEAST = 10
#: The curve is drawn for so many bits from the review threshold on, in steps of half a bit.
_DRAWN, _STEP = 10, 0.5


@dataclass(frozen=True, slots=True)
class Band:
    """A stratum of the audit sample. least, most: match weights. share: of those seen."""

    least: float
    most: float | None
    found: Stratum
    share: Share | None


@dataclass(frozen=True, slots=True)
class Precision:
    """How right links are, by the audit sample. lacking: looks needed before `share` is told."""

    bands: list[Band]
    share: Share | None
    lacking: int


@dataclass(frozen=True, slots=True)
class Advice:
    """Thresholds by the labels, beside the model's. count: labels; lacking: still needed.

    found: link and review; none as long as labels lack. today: what the model's thresholds do;
    then: what those that were found would, where the labels show both.
    """

    count: int
    lacking: int
    now: Thresholds
    today: Effect
    found: dict[str, Suggested]
    then: Effect | None
    points: list[Point]

    @property
    def differs(self) -> bool:
        """Whether the labels tell the model's thresholds wrong: outside an interval."""
        return any(
            not one.share.low <= getattr(self.now, name) <= one.share.high
            for name, one in self.found.items()
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it."""

    cases: list[Twice]
    precision: Precision
    advice: Advice


def precision(strata: Sequence[Stratum], link: float) -> Precision:
    """How right links are. strata: by place."""
    bands = [
        Band(*sample.band(place, link), one, wilson(one.right, one.looked) if one.looked else None)
        for place, one in enumerate(strata)
    ]
    there = [one for one in strata if one.size]
    lacking = sum(max(0, min(LEAST, one.size) - one.looked) for one in there)
    return Precision(bands, None if lacking else stratified(there), lacking)


def describe(model: Model, evidence: str) -> Phrase:
    """What a pattern of levels says, in words."""
    words = phrases()
    told = [
        (words.comparison(name), words.level(model, name, level))
        for name, level in (json.loads(evidence) if evidence else {}).items()
        if level and name in model.comparisons
    ]
    return Phrase(
        zh="，".join(called.zh + says.zh for called, says in told),
        en=", ".join(f"{called.en} {says.en}" for called, says in told),
    )


def overview(visit: Visit, con: duckdb.DuckDBPyConnection) -> Overview:
    """What decisions teach so far."""
    services, model = visit.services, visit.services.site.model()
    entries = services.decisions.entries()
    judged = labelling.standing(services.judgements.all(), entries)
    strata = sample.strata(services.sample.drawn(con), judged)
    labels = labelling.labels(con, judged, entries, strata)
    cases = twice(services.known.of(con), services.judgements)
    return Overview(
        cases,
        precision(list(strata.values()), model.thresholds.link),
        advice(model.thresholds, labels, Pairs.read(con)),
    )


def advice(thresholds: Thresholds, labels: Labels, pairs: Pairs) -> Advice:
    """Thresholds by labels, and what would change."""
    today = pairs.effect(thresholds)
    lacking = max(0, FEWEST - len(labels))
    if lacking:
        return Advice(len(labels), lacking, thresholds, today, {}, None, [])
    found = suggested(labels, thresholds)
    link, review = (found[name].share.value for name in ("link", "review"))
    new = Thresholds(link=link, review=min(link, review))
    then = pairs.effect(new) if all(one.is_reached for one in found.values()) else None
    drawn = _points(fit(labels), pairs, thresholds)
    return Advice(len(labels), 0, thresholds, today, found, then, drawn)


def _points(curve: Curve, pairs: Pairs, thresholds: Thresholds) -> list[Point]:
    first = ceil(thresholds.review / _STEP) * _STEP
    return [
        Point(float(bits), float(curve.at(bits)), pairs.precision(curve, float(bits)))
        for bits in np.arange(first, first + _DRAWN + _STEP, _STEP)
    ]
