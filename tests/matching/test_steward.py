"""What stewards say goes above every score, every value and every profile."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import engine, profiles
from matching.decisions import Decision
from matching.model import Model
from matching.standing import judge
from tests.matching.said import entries, generic, merge, pair, split, steward
from tests.matching.small import Record, put_records, small_model
from tests.matching.test_standing import histories
from warehouse.database import connect

#: Whoever has a name and a phone is one profile; names contradict, and two ids never are one.
MODEL = small_model(
    columns={"name": "name", "city": "city", "phones": "list_sort(phones)", "holder": "name"},
    folding={"alike": ["name", "phones"], "when": "name <> 'z'", "sets": {"cities": "city"}},
    blocking={"phone": {"columns": ["phones"], "cap": 10}},
    comparisons={
        "name": {
            "compare": "text",
            "columns": {"value": "name"},
            "levels": {
                "same": {"m": 0.8, "u": 0.01},
                "very_close": {"m": 0.1, "u": 0.02},
                "close": {"m": 0.05, "u": 0.02},
                "different": {"m": 0.05, "u": 0.95},
            },
        }
    },
    constraints={"name": {"column": "name", "because": "two names"}},
    behaviours={},
    thresholds={"link": -50, "review": -60},
)  # fmt: skip


def entity_of(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = con.execute(
        "SELECT record_key, entity_no FROM record_profile JOIN entity USING (profile_id)"
    ).fetchall()
    return {str(key): int(entity) for key, entity in rows}


_records = st.tuples(
    *(
        st.tuples(st.just(key), st.sampled_from("xyz"), st.sampled_from("nm"), st.just(["p"]))
        for key in "abcdef"
    )
)


@settings(max_examples=40)
@given(_records, histories())
def test_no_score_value_or_profile_breaks_a_claim(
    records: tuple[Record, ...], history: list[Any]
) -> None:
    """Everybody shares a phone, alike records fold, and names contradict: all speaks against it."""
    with connect() as con:
        put_records(con, *records)
        said = steward(*(entry.decision for entry in history))
        engine.resolve(con, MODEL, "record", said)
        entity = entity_of(con)
        refused = con.execute("SELECT * FROM refused_link WHERE weight >= 1e9").fetchall()
    assert refused == []
    for claim in judge(history).claims:
        found = [{entity[record] for record in side} for side in claim.sides]
        if claim.joins:
            assert len(set.union(*found)) == 1
        else:
            assert sum(map(len, found)) == len(set.union(*found))


@settings(max_examples=20)
@given(_records, histories(), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(
    records: tuple[Record, ...], history: list[Any], chance: object
) -> None:
    turned = list(records)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    said = steward(*(entry.decision for entry in history))
    seen = []
    for given_records in (records, turned):
        with connect() as con:
            put_records(con, *given_records)
            engine.resolve(con, MODEL, "record", said)
            tables = ("profile", "record_profile", "entity", "refused_link")
            seen.append(
                [con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in tables]
            )
    assert seen[0] == seen[1]


ALIKE: list[Record] = [(key, "x", "n", ["p"]) for key in "abcdef"]


@pytest.mark.parametrize(
    ("said", "sizes"),
    [
        ([], [6]),
        # nothing that folding stands against
        ([pair("a", "nobody", "different")], [6]),
        ([pair("a", "b", "same")], [6]),
        ([pair("a", "b", "different")], [1, 1, 4]),
        ([split("a b", "c d e f")], [2, 4]),
        # a and d are one, so d leaves the others with a
        ([pair("a", "b", "different"), pair("a", "d", "same")], [1, 2, 3]),
    ],
)
def test_profiles_are_parted_only_where_they_stand_against_a_steward(
    con: duckdb.DuckDBPyConnection, said: list[Decision], sizes: list[int]
) -> None:
    put_records(con, *ALIKE)
    profiles.build(con, MODEL, "record", steward(*said))
    found = con.execute("SELECT records FROM profile ORDER BY ALL").fetchall()
    assert [count for (count,) in found] == sizes


def verdicts(con: duckdb.DuckDBPyConnection, model: Model, *said: Decision) -> dict[str, str]:
    profiles.build(con, model, "record", steward(*said))
    return dict(con.execute("SELECT value, verdict FROM generic_value").fetchall())


def test_a_stewards_word_on_a_value_goes_above_the_counting(con: duckdb.DuckDBPyConnection) -> None:
    dealer: list[Record] = [(f"d{n}", n, "x", ["dealer"]) for n in "abcde"]
    put_records(con, *dealer, ("o1", "o", "y", ["own"]), ("o2", "o", "y", ["own"]))
    model = small_model()
    assert verdicts(con, model) == {"dealer": "generic"}
    # held by five, it is shared all the same
    assert verdicts(con, model, generic("phones", "dealer", False)) == {"dealer": "shared"}
    said = (generic("phones", "own", True), generic("phones", "nobody's", True))
    assert verdicts(con, model, *said) == {"dealer": "generic", "own": "generic"}
    phones = con.execute("SELECT DISTINCT phones FROM profile").fetchall()
    assert phones == [([],)]


def test_judged_pairs_are_labels_and_merges_are_not(con: duckdb.DuckDBPyConnection) -> None:
    put_records(con, *[(key, key, "n", ["p"]) for key in "abcdef"])
    said = steward(
        pair("a", "b", "same"), pair("c", "d", "different"), pair("e", "f", "unsure"),
        merge("e", "f"),
    )  # fmt: skip
    profiles.build(con, MODEL, "record", said)
    assert engine.judged_pairs(con, said) == 2
    assert sorted(con.execute("SELECT same FROM decided_pair").fetchall()) == [(False,), (True,)]


def test_what_is_said_twice_is_there_once() -> None:
    once = pair("a", "b", "different")
    twice = pair("b", "a", "different", minute=3)
    assert steward(once, twice) == steward(once)
    assert [entry.number for entry in judge(entries(once, twice)).entries] == [2, 1]
