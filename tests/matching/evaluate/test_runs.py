"""Two partitions side by side."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.evaluate.runs import compare
from matching.relations import pull, put
from warehouse.database import connect

Partition = dict[str, str]
_partitions = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("PQRS"), max_size=8)


def counted(
    con: duckdb.DuckDBPyConnection, before: Partition, after: Partition
) -> dict[str, tuple[int, int, int]]:
    for name, partition in (("before", before), ("after", after)):
        keys, ids = (pa.array(list(side), pa.string()) for side in (partition, partition.values()))
        put(con, name, pa.table({"record_key": keys, "golden_id": ids}))
    changes = compare(con).changes
    return {c.kind: (c.before, c.after, c.records) for c in changes if c.records}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a1 b1 c2", "a1 b1 c2", {"unchanged": (2, 2, 3)}),
        ("a1 b1", "a9 b9", {"unchanged": (1, 1, 2)}),
        ("a1", "a1 b1", {"extended": (1, 1, 2)}),
        ("a1 b2", "a1 b1", {"merged": (2, 1, 2)}),
        ("a1 b1", "a1 b2", {"split": (1, 2, 2)}),
        ("a1 b1 c2", "a1 b2 c2", {"rearranged": (2, 2, 3)}),
        ("a1 b2", "a1 b1 c1", {"merged": (2, 1, 3)}),
        ("", "a1 b1", {"new": (0, 1, 2)}),
        ("a1 b2", "", {"gone": (2, 0, 2)}),
        ("", "", {}),
    ],
)
def test_what_happened(
    con: duckdb.DuckDBPyConnection,
    before: str,
    after: str,
    expected: dict[str, tuple[int, int, int]],
) -> None:
    def partition(text: str) -> Partition:
        return {word[0]: word[1] for word in text.split()}

    assert counted(con, partition(before), partition(after)) == expected


@settings(max_examples=30)
@given(_partitions, _partitions)
def test_backwards_it_is_the_mirror_image(before: Partition, after: Partition) -> None:
    mirror = {"merged": "split", "split": "merged", "new": "gone", "gone": "new"}
    with connect() as con:
        there, back = counted(con, before, after), counted(con, after, before)
    assert back == {mirror.get(kind, kind): (b, a, n) for kind, (a, b, n) in there.items()}
    assert sum(n for _, _, n in there.values()) == len(before.keys() | after.keys())


def test_each_customer_that_shares_records_is_a_row(con: duckdb.DuckDBPyConnection) -> None:
    counted(con, {"a": "P", "b": "Q", "c": "Q"}, {"a": "X", "b": "X", "c": "X"})
    rows = pull(con, "SELECT kind, golden_id_a, golden_id_b, records FROM change").to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("merged", "P", "X", 1), ("merged", "Q", "X", 2),
    ]  # fmt: skip
