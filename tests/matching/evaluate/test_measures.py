"""The measures, against a twin that counts pair by pair."""

from __future__ import annotations

from itertools import combinations, product
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluate import measure

_labels = st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcd")), min_size=1, max_size=12)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _groups(labels: list) -> list[set[int]]:
    return [{i for i, one in enumerate(labels) if one == label} for label in set(labels)]


@given(_labels)
def test_measures_are_what_counting_gives(rows: list[tuple[int, str]]) -> None:
    true, found = [t for t, _ in rows], [f for _, f in rows]
    m = measure(true, found)
    pairs = list(combinations(range(len(rows)), 2))
    same_true = {p for p in pairs if true[p[0]] == true[p[1]]}
    same_found = {p for p in pairs if found[p[0]] == found[p[1]]}
    shared = len(same_true & same_found)
    assert m.precision == pytest.approx(_share(shared, len(same_found)))
    assert m.recall == pytest.approx(_share(shared, len(same_true)))
    cells = [rows.count(row) for row in rows]
    assert m.b3_precision == pytest.approx(
        fmean(c / found.count(f) for c, f in zip(cells, found, strict=True))
    )
    assert m.b3_recall == pytest.approx(
        fmean(c / true.count(t) for c, t in zip(cells, true, strict=True))
    )
    mixed = [len({true[i] for i in group}) > 1 for group in _groups(found)]
    assert m.mixed == pytest.approx(fmean(mixed))
    exact = [group in _groups(found) for group in _groups(true)]
    assert m.exact == pytest.approx(fmean(exact))
    assert (m.records, m.entities_true, m.entities_found) == (len(rows), len(exact), len(mixed))
    for f1, p, r in ((m.f1, m.precision, m.recall), (m.b3_f1, m.b3_precision, m.b3_recall)):
        assert f1 == pytest.approx(2 * p * r / (p + r) if p + r else 0)


def test_perfect_and_empty() -> None:
    perfect = measure([1, 1, 2], ["x", "x", "y"])
    assert (perfect.f1, perfect.b3_f1, perfect.mixed, perfect.exact) == (1, 1, 0, 1)
    empty = measure([], [])
    assert (empty.records, empty.precision, empty.recall, empty.mixed) == (0, 1, 1, 0)


_rivals = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 4)).filter(lambda p: p[0] < p[1]))


@given(_labels, _rivals)
def test_only_what_is_known_to_differ_is_wrong(
    rows: list[tuple[int, str]], rivals: set[tuple[int, int]]
) -> None:
    true, found = [t for t, _ in rows], [f for _, f in rows]
    m = measure(true, found, np.array(sorted(rivals), dtype=np.int64).reshape(-1, 2))
    together = [p for p in combinations(range(len(rows)), 2) if found[p[0]] == found[p[1]]]
    wrong = [p for p in together if tuple(sorted((true[p[0]], true[p[1]]))) in rivals]
    right = [p for p in together if true[p[0]] == true[p[1]]]
    assert m.precision == pytest.approx(_share(len(right), len(right) + len(wrong)))
    assert m.recall == measure(true, found).recall
    assert m.mixed == pytest.approx(len({found[p[0]] for p in wrong}) / len(set(found)))
    counts = [
        (rows.count(row), sum(row[0] != t and f == row[1] and tuple(sorted((t, row[0]))) in rivals
                              for t, f in rows))
        for row in rows
    ]  # fmt: skip
    assert m.b3_precision == pytest.approx(fmean(own / (own + other) for own, other in counts))


@given(_labels)
def test_where_all_are_known_to_differ_it_is_the_truth(rows: list[tuple[int, str]]) -> None:
    true, found = [t for t, _ in rows], [f for _, f in rows]
    every = np.array([p for p in product(range(4), repeat=2) if p[0] < p[1]])
    assert measure(true, found, every) == measure(true, found)
