"""Which undecided pairs teach most: an order of the queue of its own (uncertainty sampling).

A decision teaches where the weight leaves the outcome open, so near a threshold, and where few
decisions are known of pairs that compare alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from matching.model import Thresholds
from warehouse.steward.cases.queue import Case

#: What a rule held back was not held back by its weight: no weight makes it less, as in the queue.
_HELD = 0.25


def teaches(case: Case, thresholds: Thresholds, known: Mapping[str, int]) -> float:
    """What a decision would teach: 1 at a threshold where nothing is known, towards 0.

    known: pattern -> decisions on such pairs so far.
    """
    away = min(abs(case.match_weight - one) for one in (thresholds.link, thresholds.review))
    odds = 1 / (1 + math.exp2(-away))
    open_ = 4 * odds * (1 - odds)
    if case.reason != "grey_zone":
        open_ = max(open_, _HELD)
    return open_ / (1 + known.get(case.pattern, 0))


def most_telling_first(
    cases: Iterable[Case], thresholds: Thresholds, known: Mapping[str, int]
) -> list[Case]:
    """The cases in that order; of one pattern the others wait until the first is decided."""
    found = sorted(cases, key=lambda case: (-teaches(case, thresholds, known), case.key))
    first: dict[str, Case] = {}
    for case in found:
        first.setdefault(case.pattern, case)
    chosen = {case.key for case in first.values()}
    return [*first.values(), *(case for case in found if case.key not in chosen)]
