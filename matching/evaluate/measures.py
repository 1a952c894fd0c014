"""How right a partition is: pairs, B³, mixed and exactly right entities.

Pairwise precision and recall count pairs of records; B³ (Bagga and Baldwin 1998) averages over
records, so that one huge fleet does not drown the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array

from matching.relations import pull, put

Ints = npt.NDArray[np.int64]

#: Pairs of true entities that are known to differ, [k, 2]; None where all differ, as in a full
#: truth.
Rivals = Ints | None


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


def measure(true: npt.ArrayLike, found: npt.ArrayLike, rivals: Rivals = None) -> Measures:
    """Compare two labellings of the same n records; labels of any kind, aligned.

    rivals: pairs of true labels that differ. Records of two true entities of which nothing is said
    are not judged: found together, they are neither right nor wrong.

    >>> m = measure([1, 1, 1, 2], ["a", "a", "b", "b"])
    >>> round(m.precision, 2), round(m.recall, 2), m.mixed, m.exact
    (0.5, 0.33, 0.5, 0.0)
    """
    names, t = _codes(true)
    f = _codes(found)[1]
    true_sizes, found_sizes = np.bincount(t), np.bincount(f)
    keys, sizes = np.unique(t * len(found_sizes) + f, return_counts=True)
    cell_true, cell_found = np.divmod(keys, max(len(found_sizes), 1))
    in_true, in_found = true_sizes[cell_true], found_sizes[cell_found]
    if rivals is None:
        strangers = in_found - sizes
    else:
        strangers = _strangers(cell_true, cell_found, sizes, _places(names, rivals))
    shared = _pairs(sizes)
    precision = _share(shared, shared + int((sizes * strangers).sum()) // 2)
    recall = _share(shared, _pairs(true_sizes))
    b3_precision = _share((sizes * sizes / (sizes + strangers)).sum(), len(t))
    b3_recall = _share((sizes * sizes / in_true).sum(), len(t))
    whole = (sizes == in_true) & (strangers == 0)
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
        mixed=_share(len(np.unique(cell_found[strangers > 0])), len(found_sizes), empty=0.0),
        exact=_share(int(whole.sum()), len(true_sizes)),
    )


def judge(
    con: duckdb.DuckDBPyConnection, rivals: Rivals = None, source: str | None = None
) -> Measures:
    """The measures of `judged`, or of its records from one source."""
    where = "" if source is None else f"WHERE source = '{source}'"
    table = pull(con, f"SELECT entity, found FROM judged {where}")
    return measure(table["entity"].to_numpy(), table["found"].to_numpy(), rivals)


def differ_sql(rivals: Rivals) -> str:
    """SQL: whether `l.entity` and `r.entity` are known to differ; reads `rival` (x < y)."""
    if rivals is None:
        return "l.entity <> r.entity"
    return "(least(l.entity, r.entity), greatest(l.entity, r.entity)) IN (SELECT (x, y) FROM rival)"


def put_rivals(con: duckdb.DuckDBPyConnection, rivals: Rivals) -> None:
    """Make the table `rival` that `differ_sql` reads."""
    pairs = np.empty((0, 2), dtype=np.int64) if rivals is None else np.sort(rivals, axis=1)
    put(con, "rival", pa.table({"x": pairs[:, 0], "y": pairs[:, 1]}))


def _strangers(cell_true: Ints, cell_found: Ints, sizes: Ints, rivals: Ints) -> Ints:
    """For each cell, the records in its found entity that are known to be somebody else's."""
    if not len(rivals):
        return np.zeros(len(sizes), dtype=np.int64)
    shape = (int(cell_true.max()) + 1, int(cell_found.max()) + 1)
    held = coo_array((sizes, (cell_true, cell_found)), shape=shape).tocsr()
    both = np.unique(np.concatenate([rivals, rivals[:, ::-1]]), axis=0)
    ones = np.ones(len(both), dtype=np.int64)
    differ = coo_array((ones, (both[:, 0], both[:, 1])), shape=(shape[0], shape[0])).tocsr()
    found = (differ @ held).tocoo()
    keys = found.row.astype(np.int64) * shape[1] + found.col
    order = np.argsort(keys)
    keys, counts = np.append(keys[order], -1), np.append(found.data[order], 0)
    wanted = cell_true * shape[1] + cell_found
    place = np.searchsorted(keys[:-1], wanted)
    strangers: Ints = np.where(keys[place] == wanted, counts[place], 0).astype(np.int64)
    return strangers


def _places(names: npt.NDArray[np.generic], rivals: Ints) -> Ints:
    """The rivals as places in `names`; pairs with a label that has no record are left out."""
    known = np.isin(rivals, names).all(axis=1)
    places: Ints = np.searchsorted(names, rivals[known]).reshape(-1, 2).astype(np.int64)
    return places


def _codes(labels: npt.ArrayLike) -> tuple[npt.NDArray[np.generic], Ints]:
    """The distinct labels, sorted, and each record's place among them."""
    names, codes = np.unique(np.asarray(labels), return_inverse=True)
    return names, codes.reshape(-1).astype(np.int64)


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: float, whole: float, empty: float = 1.0) -> float:
    return float(part / whole) if whole else empty


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
