"""What match weights are worth by what people said of pairs, and the thresholds that follow.

A weight of w bits claims odds of 2 ** w that a pair is one. Labels tell how often it was. The curve
between is an isotonic regression: it supposes only that more bits are never less sure. A logistic
curve would need fewer labels, but supposes that the weights are wrong by a factor alone; evidence
that goes together, of one household or one car, bends them instead.

The model's thresholds are the odds at which the costs of two bands are equal (`model.Costs`). The
same odds on the curve are where the thresholds should lie.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression
from scipy.stats import bootstrap

from matching.evaluate.share import CONFIDENCE, Share
from matching.model import Thresholds

Floats = npt.NDArray[np.float64]
#: Fewer labels make a curve of a few steps.
FEWEST = 60
#: Labels of neighbouring weights that are taken together at least, so that no step rests on one
#: answer; and groups at most.
_GROUP, _GROUPS = 10, 60
_DRAWS = 400


@dataclass(frozen=True, slots=True)
class Labels:
    """Pairs on which people have a word, n each. bits: match weight. same: 1 or 0.

    stands_for: how many pairs of the warehouse each stands for.
    """

    bits: Floats
    same: Floats
    stands_for: Floats

    def __len__(self) -> int:
        return len(self.bits)


@dataclass(frozen=True, slots=True)
class Curve:
    """How often pairs are one, by bits: points in order, both never falling."""

    bits: Floats
    share: Floats

    def at(self, bits: npt.ArrayLike) -> Floats:
        """The share at some weights; beyond the ends, that of the end."""
        found: Floats = np.interp(np.asarray(bits, dtype=np.float64), self.bits, self.share)
        return found

    def first(self, odds: float) -> float | None:
        """The lowest weight from which on the odds are so many bits; None where they never are.

        Where they are so from the beginning on it is the lowest weight that has a label.
        """
        wanted = 1 / (1 + 2.0**-odds)
        reached = np.flatnonzero(self.share >= wanted)
        if not len(reached):
            return None
        place = int(reached[0])
        if not place:
            return float(self.bits[0])
        low, high = self.share[place - 1 : place + 1]
        left, right = self.bits[place - 1 : place + 1]
        return float(left + (right - left) * (wanted - low) / (high - low))


@dataclass(frozen=True, slots=True)
class Suggested:
    """A threshold by the curve, with its interval: by drawing the labels anew, with replacement.

    is_reached: whether the labels show the odds anywhere; where not, value is the highest weight.
    is_lowest: whether they show them from the lowest weight on, so that it may lie below.
    """

    share: Share
    is_reached: bool
    is_lowest: bool


def fit(labels: Labels) -> Curve:
    """The curve of labels, of which there is one at least."""
    order = np.argsort(labels.bits, kind="stable")
    groups = min(max(1, len(labels) // _GROUP), _GROUPS)
    begin = np.arange(groups) * len(labels) // groups
    stands_for = labels.stands_for[order]
    weight = np.add.reduceat(stands_for, begin)
    bits, same = (
        np.add.reduceat(of[order] * stands_for, begin) / weight for of in (labels.bits, labels.same)
    )
    share = isotonic_regression(same, weights=weight, increasing=True).x
    first, last = labels.bits[order[[0, -1]]]
    return Curve(np.array([first, *bits, last]), np.array([share[0], *share, share[-1]]))


def suggested(labels: Labels, thresholds: Thresholds) -> dict[str, Suggested]:
    """`link` and `review` by the labels. thresholds: those of the model, in odds."""
    odds = {"link": thresholds.link, "review": thresholds.review}
    return {name: _suggested(labels, wanted) for name, wanted in odds.items()}


def _suggested(labels: Labels, odds: float) -> Suggested:
    highest = float(labels.bits.max())

    def threshold(bits: Floats, same: Floats, stands_for: Floats) -> float:
        found = fit(Labels(bits, same, stands_for)).first(odds)
        return highest if found is None else found

    found = fit(labels).first(odds)
    drawn = bootstrap(
        (labels.bits, labels.same, labels.stands_for),
        threshold,
        paired=True,
        vectorized=False,
        n_resamples=_DRAWS,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    value = highest if found is None else found
    interval = Share(value, float(drawn.low), float(drawn.high))
    return Suggested(interval, found is not None, value == float(labels.bits.min()))
