"""How far two people who judged the same cases agree, and how much of it is more than chance.

Cohen's kappa (1960): of the agreement that chance leaves room for, the share that was reached. Its
interval is by the large-sample variance of Fleiss, Cohen and Everitt (1969); that of the observed
share is Wilson's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from matching.evaluate.share import CONFIDENCE, Share, wilson

#: Below, kappa's interval takes in nearly everything from no agreement to all.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class Agreement:
    """cases: judged twice. alike: the share with one answer.

    kappa: with its interval; None where everybody gave one and the same answer, so that chance
    alone would have made all cases alike.
    """

    cases: int
    alike: Share
    kappa: Share | None

    @property
    def lacking(self) -> int:
        """Cases that are still needed before anything should be made of it."""
        return max(0, FEWEST - self.cases)


def agreement(answers: Sequence[tuple[str, str]]) -> Agreement | None:
    """The agreement of first and second answers, one pair for each case; None without any.

    >>> found = agreement([("same", "same")] * 20 + [("same", "different")] * 5
    ...                   + [("different", "same")] * 10 + [("different", "different")] * 15)
    >>> round(found.alike.value, 2), round(found.kappa.value, 2)
    (0.7, 0.4)
    """
    if not answers:
        return None
    words = sorted({word for pair in answers for word in pair})
    table = np.zeros((len(words), len(words)))
    np.add.at(
        table, tuple(zip(*[[words.index(w) for w in pair] for pair in answers], strict=True)), 1
    )
    alike = wilson(int(np.trace(table)), len(answers))
    return Agreement(len(answers), alike, _kappa(table))


def _kappa(table: np.ndarray) -> Share | None:
    """table: [k, k] counts, first answers down, second across."""
    cases = table.sum()
    p = table / cases
    first, second = p.sum(axis=1), p.sum(axis=0)
    seen, chance = float(np.trace(p)), float(first @ second)
    if math.isclose(chance, 1):
        return None
    kappa = (seen - chance) / (1 - chance)
    on = np.diag(p) * ((1 - chance) - (first + second) * (1 - seen)) ** 2
    # of an answer i by the first and j by the second: how often the second says i, the first j
    off = p * (second[:, None] + first[None, :]) ** 2
    spread = (
        on.sum()
        + (1 - seen) ** 2 * (off.sum() - np.trace(off))
        - (seen * chance - 2 * chance + seen) ** 2
    )
    error = math.sqrt(max(spread, 0) / cases) / (1 - chance) ** 2
    reach = float(norm.ppf((1 + CONFIDENCE) / 2)) * error
    return Share(kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach))
