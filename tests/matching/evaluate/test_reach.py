"""What blocking brings together, against a twin that looks at every pair of records."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.evaluate.reach import reach
from tests.matching.evaluate.worlds import (
    Row,
    components,
    put_judged,
    put_pairs,
    record_pairs,
    worlds,
)
from warehouse.database import connect

_candidates = st.sets(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1])
)


@settings(max_examples=40)
@given(worlds(), _candidates)
def test_every_pair_is_counted_once(rows: list[Row], candidates: set[tuple[int, int]]) -> None:
    with connect() as con:
        put_judged(con, rows)
        put_pairs(con, "candidate", candidates)
        found = reach(con)
    expected: dict[tuple[str, str], list[int]] = {}
    for one, other in record_pairs(rows):
        if one[1] != other[1]:
            continue
        low, high = sorted((one[0], other[0]))
        members = {row[0] for row in rows if row[1] == one[1]}
        inner = {pair for pair in candidates if set(pair) <= members}
        label = components(members, inner)
        sources = min(one[3], other[3]), max(one[3], other[3])
        counts = expected.setdefault(sources, [0, 0, 0, 0])
        for place, holds in enumerate(
            (True, one[2] == other[2], low == high or (low, high) in candidates,
             label[low] == label[high])
        ):  # fmt: skip
            counts[place] += holds
    assert {
        sources: [r.pairs, r.found, r.compared, r.reachable] for sources, r in found.items()
    } == expected
