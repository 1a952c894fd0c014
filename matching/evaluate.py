"""How right a partition is, against known truth: pairs, B³, mixed and exactly right entities.

Pairwise precision and recall count pairs of records; B³ (Bagga and Baldwin 1998) averages over
records, so that one huge fleet does not drown the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares from 0 to 1, and counts.

    mixed: share of found entities that hold records of two or more true ones. exact: share of
    true entities found without a record missing or added.
    """

    records: int
    entities_true: int
    entities_found: int
    precision: float
    recall: float
    f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float
    mixed: float
    exact: float


def measure(true: npt.ArrayLike, found: npt.ArrayLike) -> Measures:
    """Compare two labellings of the same n records; labels of any kind, aligned.

    >>> m = measure([1, 1, 1, 2], ["a", "a", "b", "b"])
    >>> round(m.precision, 2), round(m.recall, 2), m.mixed, m.exact
    (0.5, 0.33, 0.5, 0.0)
    """
    t, f = _codes(true), _codes(found)
    cells, sizes = np.unique(np.stack([t, f], axis=1), axis=0, return_counts=True)
    true_sizes, found_sizes = np.bincount(t), np.bincount(f)
    shared = _pairs(sizes)
    precision = _share(shared, _pairs(found_sizes))
    recall = _share(shared, _pairs(true_sizes))
    in_true, in_found = true_sizes[cells[:, 0]], found_sizes[cells[:, 1]]
    b3_precision = _share((sizes * sizes / in_found).sum(), len(t))
    b3_recall = _share((sizes * sizes / in_true).sum(), len(t))
    true_ids_per_found = np.bincount(cells[:, 1])
    whole = (sizes == in_true) & (sizes == in_found)
    return Measures(
        records=len(t),
        entities_true=len(true_sizes),
        entities_found=len(found_sizes),
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        b3_precision=b3_precision,
        b3_recall=b3_recall,
        b3_f1=_harmonic(b3_precision, b3_recall),
        mixed=1 - _share(int((true_ids_per_found == 1).sum()), len(found_sizes)),
        exact=_share(int(whole.sum()), len(true_sizes)),
    )


def _codes(labels: npt.ArrayLike) -> Ints:
    return np.unique(np.asarray(labels), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 1.0


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
