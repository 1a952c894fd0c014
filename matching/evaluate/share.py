"""A share that was estimated from a sample, with its interval: of one sample, or of strata."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

#: How often an interval holds what it is about.
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """An estimate, and the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of a population. size: of it. looked: how many were drawn and judged; right: of them.

    Those of a stratum were drawn without regard to anything.
    """

    size: int
    looked: int
    right: int


def wilson(right: int, looked: int) -> Share:
    """The share of what was looked at, by Wilson's interval, which is never below 0 or above 1.

    >>> wilson(10, 10).low > 0.72, wilson(10, 10).high
    (True, 1.0)
    """
    found = binomtest(right, looked).proportion_ci(CONFIDENCE, method="wilson")
    return Share(right / looked, float(found.low), float(found.high))


def stratified(strata: Sequence[Stratum]) -> Share | None:
    """The share of the whole population; None as long as nothing is known of some stratum.

    Each stratum counts by its size. The intervals are put together by MOVER (Zou and Donner 2008):
    the distances of the strata's own ends, squared, add up. So an interval is left also where all
    that was looked at is right, where the usual variance would be 0.
    """
    there = [stratum for stratum in strata if stratum.size]
    if not there or not all(stratum.looked for stratum in there):
        return None
    whole = sum(stratum.size for stratum in there)
    parts = [(one.size / whole, wilson(one.right, one.looked)) for one in there]
    value = sum(weight * share.value for weight, share in parts)
    below = math.hypot(*(weight * (share.value - share.low) for weight, share in parts))
    above = math.hypot(*(weight * (share.high - share.value) for weight, share in parts))
    return Share(value, max(0.0, value - below), min(1.0, value + above))
