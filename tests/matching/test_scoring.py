"""Weights add up, rare names weigh more, and rules only ever lower a band."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import pytest

from matching import blocking, profiles, scoring
from matching.compare import COMPARATORS
from matching.model import Model
from matching.scoring import SMALLEST, population
from tests.matching.small import MODEL, Record, put_records, small_model

#: Everybody is compared with everybody; the names' frequencies differ.
_ALL = {"all": {"columns": ["every"], "cap": 1000}}
RECORDS: tuple[Record, ...] = (
    ("1", "张伟", "x", ["p1"]), ("2", "张伟", "x", ["p1"]), ("3", "张伟", "y", ["p2"]),
    ("4", "张伟", None, None), ("5", "欧阳娜", "x", ["p3"]), ("6", "欧阳娜", "y", ["p4"]),
    ("7", "chevrolet", "x", ["p5"]), ("8", "chevrolte", "y", None), ("9", None, "z", ["p1"]),
)  # fmt: skip


def score(
    con: duckdb.DuckDBPyConnection, *records: Record, **changes: Any
) -> dict[tuple[str, str], dict[str, Any]]:
    """Keys of two records -> their edge."""
    model = _model(**changes)
    put_records(con, *records)
    profiles.build(con, model, "record")
    blocking.candidates(con, model)
    kept = scoring.score(con, model, bits=True)
    cursor = con.execute("""
        SELECT least(l.record_key, r.record_key), greatest(l.record_key, r.record_key), edge.*
        FROM edge JOIN record_profile l ON l.profile_id = a JOIN record_profile r
        ON r.profile_id = b
    """)
    names = [column[0] for column in cursor.description or ()]
    found = {
        (str(row[0]), str(row[1])): dict(zip(names, row, strict=True)) for row in cursor.fetchall()
    }
    assert kept == len({(edge["a"], edge["b"]) for edge in found.values()})
    return found


def classed(share: float) -> float:
    """A share as weights know it: two classes to a doubling."""
    return math.exp2(round(2 * math.log2(share)) / 2)


def _model(**changes: Any) -> Model:
    columns = MODEL["columns"] | {"every": "'one'", "own": "record_key"}
    return small_model(**{"columns": columns, "blocking": _ALL, **changes})


def test_weight_is_the_prior_and_the_bits(con: duckdb.DuckDBPyConnection) -> None:
    edges = score(con, *RECORDS)
    prior = _model().prior(population(0))
    assert len(edges) == len(RECORDS) * (len(RECORDS) - 1) / 2
    for edge in edges.values():
        bits = [edge[f"{name}_bits"] for name in _model().comparisons]
        assert edge["weight"] == pytest.approx(prior + sum(bits), abs=1e-5)
        assert edge["band"] == ("link" if edge["weight"] >= 3 else "review")
        assert edge["a"] < edge["b"]


def test_levels_are_what_the_comparators_say(con: duckdb.DuckDBPyConnection) -> None:
    model, content = _model(), {r[0]: r for r in RECORDS}
    for (left, right), edge in score(con, *RECORDS).items():
        for place, (name, role) in enumerate((("name", "value"), ("city", "value")), start=1):
            scalar = COMPARATORS[model.comparisons[name].compare].scalar
            said = scalar({role: content[left][place]}, {role: content[right][place]})
            assert edge[name] == said
            assert (said is None) <= (edge[f"{name}_bits"] == 0)
        city = model.comparisons["city"].levels
        if edge["city"]:
            assert edge["city_bits"] == pytest.approx(city[edge["city"]].bits(population(0)))


def test_a_rare_name_weighs_more(con: duckdb.DuckDBPyConnection) -> None:
    edges = score(con, *RECORDS)
    common, rare = edges["1", "2"]["name_bits"], edges["5", "6"]["name_bits"]
    # tf: 1 puts the share of profiles with the name in the place of u: 4 and 2 of 8, and of all
    # those that a small store has not seen
    assert common == pytest.approx(math.log2(0.8 / classed(4 / (8 + SMALLEST))))
    assert rare == pytest.approx(math.log2(0.8 / classed(2 / (8 + SMALLEST))))


def test_counts_come_in_classes() -> None:
    sizes = [population(n) for n in (0, 2_000, 1_000_000, 1_100_000, 2_000_000)]
    assert sizes == [2_048, 2_048, 1_048_576, 1_048_576, 2_097_152]
    for n in range(2_000, 3_000_000, 9_973):
        assert abs(math.log2(population(n) / n)) <= 0.26


def test_a_name_that_gathers_at_a_place_weighs_less_there(con: duckdb.DuckDBPyConnection) -> None:
    columns = MODEL["columns"] | {"every": "'one'", "own": "record_key"}
    name = MODEL["comparisons"]["name"] | {
        "namesakes": {"who": "own", "near": {"city": {"same": "cities"}}}
    }
    village: list[Record] = [
        *((f"a{n}", "欧阳娜", "x", None) for n in range(6)),
        *((f"b{n}", f"name {n}", "x", None) for n in range(6)),
        *((f"c{n}", "欧阳娜", None, None) for n in range(2)),
    ]
    edges = score(
        con,
        *village,
        columns=columns,
        folding={"alike": list(columns), "when": "false", "sets": {"cities": "city"}},
        comparisons=MODEL["comparisons"] | {"name": name},
    )
    common, rare = (classed(n / (len(village) + SMALLEST)) for n in (8, 1))
    expected = (6 * common + 6 * rare) * 11 / 2
    nearby = classed((15 - math.sqrt(15) - expected) / 66)
    assert edges["a0", "a1"]["name_bits"] == pytest.approx(math.log2(0.8 / (common + nearby)))
    assert edges["a0", "c1"]["name_bits"] == pytest.approx(math.log2(0.8 / common))


def test_namesakes_by_chance_take_nothing_away(con: duckdb.DuckDBPyConnection) -> None:
    before = score(con, *RECORDS)
    name = MODEL["comparisons"]["name"] | {
        "namesakes": {"who": "own", "near": {"city": {"same": "cities"}}}
    }
    columns = MODEL["columns"] | {"every": "'one'", "own": "record_key"}
    few = {"alike": list(columns), "when": "false", "sets": {"cities": "city"}}
    after = score(con, *RECORDS, folding=few, comparisons=MODEL["comparisons"] | {"name": name})
    assert {pair: edge["weight"] for pair, edge in after.items()} == {
        pair: edge["weight"] for pair, edge in before.items()
    }


def test_half_of_tf_is_half_way_in_bits(con: duckdb.DuckDBPyConnection) -> None:
    edge = score(con, *RECORDS)["7", "8"]
    assert edge["name"] == "very_close"
    halfway = (math.log2(0.02) + math.log2(classed(1 / (8 + SMALLEST)))) / 2
    assert edge["name_bits"] == pytest.approx(math.log2(0.1) - halfway)


def test_the_commoner_of_two_names_counts(con: duckdb.DuckDBPyConnection) -> None:
    more: Record = ("10", "chevrolte", "y", ["p8"])
    edge = score(con, *RECORDS, more)["7", "8"]
    assert edge["name_bits"] == pytest.approx(
        math.log2(0.1) - (math.log2(0.02) + math.log2(classed(2 / (9 + SMALLEST)))) / 2
    )


def test_pairs_below_review_are_not_kept(con: duckdb.DuckDBPyConnection) -> None:
    every = score(con, *RECORDS)
    kept = score(con, *RECORDS, thresholds={"link": 3, "review": -2})
    assert kept == {pair: edge for pair, edge in every.items() if edge["weight"] >= -2}
    assert 0 < len(kept) < len(every)


@pytest.mark.parametrize(("band", "left"), [("review", "review"), ("leave", None)])
def test_a_rule_caps_the_band(con: duckdb.DuckDBPyConnection, band: str, left: str | None) -> None:
    same_city = {"when": "city = 'same'", "band": band, "because": "a test"}
    thresholds = {"link": -3, "review": -20}
    before = score(con, *RECORDS, thresholds=thresholds)
    after = score(con, *RECORDS, thresholds=thresholds, rules={"same_city": same_city})
    assert {edge["band"] for edge in before.values()} == {"link", "review"}
    for pair, edge in before.items():
        if edge["city"] != "same":
            assert after[pair] == edge
        elif left is None:
            assert pair not in after
        elif edge["band"] == "link":
            assert (after[pair]["band"], after[pair]["rule"]) == (left, "same_city")


def test_no_rule_raises_a_band(con: duckdb.DuckDBPyConnection) -> None:
    rule = {"when": "true", "band": "review", "because": "a test"}
    thresholds = {"link": 3, "review": -2}
    before = score(con, *RECORDS, thresholds=thresholds)
    after = score(con, *RECORDS, thresholds=thresholds, rules={"all": rule})
    assert after.keys() == before.keys()
    assert {edge["band"] for edge in after.values()} == {"review"}
    # a pair that was for review anyway is not the rule's doing
    assert {p for p, e in after.items() if e["rule"]} == {
        p for p, e in before.items() if e["band"] == "link"
    }


def test_unless_silences_a_comparison(con: duckdb.DuckDBPyConnection) -> None:
    comparisons = MODEL["comparisons"] | {
        "city": MODEL["comparisons"]["city"] | {"unless": "l.name = r.name"}
    }
    edges = score(con, *RECORDS, comparisons=comparisons)
    assert (edges["1", "2"]["city"], edges["1", "2"]["city_bits"]) == (None, 0)
    assert edges["1", "5"]["city"] == "same"
    assert edges["2", "9"]["city"] == "different"


def test_nobody_to_compare(con: duckdb.DuckDBPyConnection) -> None:
    assert score(con) == {}
    assert score(con, RECORDS[0]) == {}


def test_bits_are_doubles_whatever_their_digits(con: duckdb.DuckDBPyConnection) -> None:
    score(con, *RECORDS)
    described = con.execute("DESCRIBE edge").fetchall()
    kinds = {name: kind for name, kind, *_ in described}
    numbers = {kind for name, kind in kinds.items() if name.endswith("_bits") or name == "weight"}
    assert numbers == {"DOUBLE"}
