"""Profiles, and the values that more people hold than should."""

from __future__ import annotations

import random

import duckdb

from matching import profiles
from matching.model import Behaviour
from matching.steward import SILENT, Steward
from tests.matching.said import pair, steward
from tests.matching.small import Record, put_records, small_model

MANY = [chr(ord("a") + n) for n in range(8)]


def build(con: duckdb.DuckDBPyConnection, *records: Record) -> list[tuple]:
    put_records(con, *records)
    built = profiles.build(con, small_model(), "record")
    found = con.execute("SELECT * FROM profile ORDER BY profile_id").fetchall()
    assert built == len(found)
    return found


def generic(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    return con.execute("SELECT * FROM generic_value").fetchall()


def test_records_of_one_content_are_one_profile(con: duckdb.DuckDBPyConnection) -> None:
    same: list[Record] = [("1", "a", "x", ["p", "q"]), ("2", "a", "x", ["q", "p"])]
    build(con, *same, ("3", "a", None, ["p", "q"]), ("4", "a", "x", None), ("5", None, None, None))
    assert con.execute("SELECT sum(records), max(records) FROM profile").fetchall() == [(5, 2)]
    of = dict(con.execute("SELECT record_key, profile_id FROM record_profile").fetchall())
    assert of["1"] == of["2"]
    assert len(set(of.values())) == 4


def test_nothing_is_told_apart_from_an_empty_text(con: duckdb.DuckDBPyConnection) -> None:
    assert len(build(con, ("1", "a", "", []), ("2", "a", None, []), ("3", "a", "", None))) == 3


def test_shared_and_generic_values(con: duckdb.DuckDBPyConnection) -> None:
    dealer: list[Record] = [(f"d{n}", n, "x", ["dealer", f"own-{n}"]) for n in MANY[:5]]
    family: list[Record] = [(f"f{n}", n, "y", ["home", f"own-{n}"]) for n in MANY[:3]]
    couple: list[Record] = [(f"c{n}", n, "z", ["two"]) for n in MANY[:2]]
    build(con, *dealer, *family, *couple)
    assert generic(con) == [
        ("phones", "dealer", 5, "generic"), ("phones", "home", 3, "shared"),
    ]  # fmt: skip
    rows = con.execute("SELECT city, name, phones, phones_shared FROM profile ORDER BY 1, 2")
    by = {(city, name): (own, shared) for city, name, own, shared in rows.fetchall()}
    assert by["x", "a"] == (["own-a"], [])
    assert by["y", "a"] == (["own-a"], ["home"])
    assert by["z", "a"] == (["two"], [])


def test_holders_are_people_not_profiles(con: duckdb.DuckDBPyConnection) -> None:
    build(con, *[(n, "a", n, ["p"]) for n in MANY])
    assert generic(con) == []


def test_a_plain_column_loses_its_generic_values_only(con: duckdb.DuckDBPyConnection) -> None:
    model = small_model(behaviours={"city": Behaviour(by="holder", shared=2, generic=3)},
                        comparisons={}, blocking={})  # fmt: skip
    put_records(con, *[(f"x{n}", n, "x", None) for n in MANY[:3]],
                *[(f"y{n}", n, "y", None) for n in MANY[:2]])  # fmt: skip
    profiles.build(con, model, "record")
    cities = con.execute("SELECT DISTINCT city FROM profile ORDER BY ALL").fetchall()
    assert cities == [("y",), (None,)]
    assert [row[1:] for row in generic(con)] == [("x", 3, "generic"), ("y", 2, "shared")]


def test_order_of_arrival_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    records: list[Record] = [
        (f"{n}{m}", n, city, ["dealer", f"p{m}"])
        for n in MANY
        for m, city in enumerate(("x", "x", None))
    ]
    seen = []
    for seed in range(3):
        random.Random(seed).shuffle(records)
        found = build(con, *records)
        of = con.execute("SELECT * FROM record_profile ORDER BY ALL").fetchall()
        seen.append((found, of, generic(con)))
    assert seen[0] == seen[1] == seen[2]


FOLDING = {
    "alike": ["name", "phones", "holder"],
    "when": "len(phones) > 0",
    "sets": {"cities": "city", "letters": "string_split(city, '')"},
}


def folded(con: duckdb.DuckDBPyConnection, *records: Record, said: Steward = SILENT) -> list:
    put_records(con, *records)
    model = small_model(folding=FOLDING, blocking={}, comparisons={})
    profiles.build(con, model, "record", said)
    return con.execute("SELECT records, cities, letters FROM profile ORDER BY ALL").fetchall()


def test_records_alike_in_who_they_are_are_one_profile_with_all_that_they_tell(
    con: duckdb.DuckDBPyConnection,
) -> None:
    here: list[Record] = [("1", "a", "xz", ["p"]), ("2", "a", "yx", ["p"]), ("3", "a", None, ["p"])]
    other: list[Record] = [("4", "b", "x", ["p"]), ("5", "a", None, ["q"])]
    assert folded(con, *here, *other) == [
        (1, [], []), (1, ["x"], ["x"]), (3, ["xz", "yx"], ["x", "y", "z"]),
    ]  # fmt: skip


def test_records_that_say_too_little_fold_only_with_their_like(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = folded(con, ("1", "a", "x", []), ("2", "a", "y", []), ("3", "a", "x", []))
    assert found == [(1, ["y"], ["y"]), (2, ["x"], ["x"])]


def test_a_shared_number_folds_nobody(con: duckdb.DuckDBPyConnection) -> None:
    family: list[Record] = [(n, n, n, ["home"]) for n in MANY[:3]]
    assert len(folded(con, *family, ("4", "a", "other", ["home"]))) == 4


def test_records_told_apart_have_profiles_of_their_own(con: duckdb.DuckDBPyConnection) -> None:
    same: list[Record] = [(n, "a", "x", ["p"]) for n in "1234"]
    assert [row[0] for row in folded(con, *same, said=steward(pair("1", "2", "different")))] == [
        1,
        1,
        2,
    ]


def test_no_records(con: duckdb.DuckDBPyConnection) -> None:
    assert build(con) == []
