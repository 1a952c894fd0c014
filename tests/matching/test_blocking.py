"""Which pairs are compared, and what a key's report says of it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import blocking
from matching.blocking import NEIGHBOURS, KeyReport
from matching.model import Model
from tests.matching.small import small_model
from warehouse.database import connect

#: name, city, phones, phones_shared: the profile's columns that keys may name.
Profile = tuple[str | None, str | None, list[str] | None, list[str] | None]


def candidates(
    con: duckdb.DuckDBPyConnection, rows: list[Profile], **keys: dict[str, Any]
) -> tuple[list[tuple[int, int]], list[KeyReport]]:
    con.execute("""
        CREATE OR REPLACE TEMP TABLE profile (profile_id INTEGER, name VARCHAR, city VARCHAR,
            phones VARCHAR[], phones_shared VARCHAR[])
    """)
    if rows:
        numbered = [(number, *row) for number, row in enumerate(rows)]
        con.executemany("INSERT INTO profile VALUES (?, ?, ?, ?, ?)", numbered)
    model: Model = small_model(blocking=keys) if keys else small_model()
    made = blocking.candidates(con, model)
    pairs = con.execute("SELECT a, b FROM candidate").fetchall()
    assert made == len(pairs)
    return pairs, blocking.report(con, model)


def test_a_pair_is_made_once_however_many_keys_hold_it(con: duckdb.DuckDBPyConnection) -> None:
    twin: Profile = ("a", "x", ["p", "q"], [])
    pairs, report = candidates(con, [twin, twin, ("b", "x", ["r"], [])])
    assert pairs == [(0, 1)]
    assert report == [
        KeyReport("phone", blocks=2, pairs=2, largest=2, capped_blocks=0, capped_pairs=0),
        KeyReport("name_and_city", blocks=1, pairs=1, largest=2, capped_blocks=0, capped_pairs=0),
    ]


def test_nothing_known_makes_no_key(con: duckdb.DuckDBPyConnection) -> None:
    unknown: list[Profile] = [(None, "x", None, None), (None, "x", [], []), ("a", None, [], None)]
    pairs, report = candidates(con, unknown * 2)
    assert pairs == []
    assert [key.blocks for key in report] == [0, 0]


def test_a_list_column_gives_a_key_per_element(con: duckdb.DuckDBPyConnection) -> None:
    rows: list[Profile] = [
        ("a", None, ["p", "q"], []), ("b", None, ["q", "r"], []), ("c", None, ["r"], []),
    ]  # fmt: skip
    assert candidates(con, rows)[0] == [(0, 1), (1, 2)]


def test_two_list_columns_give_a_key_per_combination(con: duckdb.DuckDBPyConnection) -> None:
    rows: list[Profile] = [("a", None, ["p", "q"], ["s", "t"]), ("b", None, ["p"], ["t"])]
    both = {"columns": ["phones", "phones_shared"]}
    assert candidates(con, rows, both=both)[0] == [(0, 1)]


def test_a_block_at_the_cap_is_whole_and_above_it_has_neighbours(
    con: duckdb.DuckDBPyConnection,
) -> None:
    size = 12
    rows: list[Profile] = [("a", "x", [], [])] * size
    key = {"columns": ["name", "city"], "cap": size}
    whole, _ = candidates(con, rows, key=key)
    assert whole == list(combinations(range(size), 2))
    pairs, report = candidates(con, rows, key=key | {"cap": size - 1})
    assert pairs == [(a, b) for a, b in whole if b - a <= NEIGHBOURS]
    assert report == [KeyReport("key", 1, 0, size, capped_blocks=1, capped_pairs=len(whole))]


def test_a_cap_holds_for_its_own_key(con: duckdb.DuckDBPyConnection) -> None:
    rows: list[Profile] = [("a", "x", ["p"], [])] * 9
    narrow, wide = {"columns": ["name"], "cap": 2}, {"columns": ["phones"], "cap": 9}
    assert len(candidates(con, rows, narrow=narrow, wide=wide)[0]) == 36


def test_no_profiles(con: duckdb.DuckDBPyConnection) -> None:
    pairs, report = candidates(con, [])
    assert pairs == []
    assert [key.pairs for key in report] == [0, 0]


_few = st.one_of(st.none(), st.sampled_from("ab"))
_phones = st.one_of(st.none(), st.lists(st.sampled_from("pqr"), max_size=2))
_no_list: st.SearchStrategy[list[str]] = st.just([])
_profiles = st.lists(st.tuples(_few, _few, _phones, _no_list), max_size=9)


def _agree(left: Profile, right: Profile) -> bool:
    if set(left[2] or ()) & set(right[2] or ()):
        return True
    return None not in left[:2] and left[:2] == right[:2]


@settings(max_examples=12)
@given(rows=_profiles)
def test_candidates_are_the_pairs_that_agree_on_a_key(rows: list[Profile]) -> None:
    with connect() as con:
        pairs, report = candidates(con, rows)
    every = combinations(range(len(rows)), 2)
    assert pairs == [(a, b) for a, b in every if _agree(rows[a], rows[b])]
    assert sum(key.pairs for key in report) >= len(pairs)


def test_keys_of_unlike_columns_do_not_meet(con: duckdb.DuckDBPyConnection) -> None:
    rows: list[Profile] = [("a", None, [], []), (None, "a", [], [])]
    assert candidates(con, rows, one={"columns": ["name"]}, other={"columns": ["city"]})[0] == []


@pytest.mark.parametrize("column", ["name", "city"])
def test_report_follows_the_order_of_the_model(con: duckdb.DuckDBPyConnection, column: str) -> None:
    rows: list[Profile] = [("a", "x", [], []), ("a", "x", [], []), ("b", "x", [], [])]
    keys = {"first": {"columns": [column]}, "second": {"columns": ["city"]}}
    _, report = candidates(con, rows, **keys)
    assert [key.key for key in report] == ["first", "second"]
    assert [key.largest for key in report] == [2 if column == "name" else 3, 3]
