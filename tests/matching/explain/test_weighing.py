"""The few words that explanations have of the engine: its weights, its rules, its blocks."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from matching import blocking
from matching.blocking import NEIGHBOURS
from matching.explain import Store
from matching.explain.reach import shared_keys
from matching.explain.weighing import kept, weigh
from tests.matching.explain.conftest import MakeStore
from tests.matching.explain.test_pair import LOOSE
from tests.matching.small import MODEL, Record, small_model

PEOPLE: list[Record] = [
    (f"r{n}", name, city, phones)
    for n, (name, city, phones) in enumerate(
        [
            *product(["anna miller", "anna millar"], ["ryde", "perth"], [["111"], ["111", "222"]]),
            *product(["peter jones"], ["ryde", "perth", None], [["333"], None]),
        ]
    )
]
RULES = {
    "ask": {"when": "name = 'very_close'", "band": "review", "because": "twins"},
    "never": {"when": "city = 'different'", "band": "leave", "because": "far"},
}


def test_a_pair_weighs_on_demand_what_it_weighed_in_the_run(make_store: MakeStore) -> None:
    store = make_store(small_model(rules=RULES, **LOOSE), PEOPLE)
    edges = kept(store.con, store.model, "true")
    assert {edge.band for edge in edges} == {"link", "review"}
    again = weigh(store.con, store.model, [(edge.a, edge.b) for edge in edges])
    assert [again[edge.a, edge.b] for edge in edges] == edges


def test_what_the_run_did_not_keep_is_left_apart(make_store: MakeStore) -> None:
    store = make_store(small_model(rules=RULES, **LOOSE), PEOPLE)
    edges = {(edge.a, edge.b) for edge in kept(store.con, store.model, "true")}
    rest = set(combinations(range(len(PEOPLE)), 2)) - edges
    apart = [w for pair, w in weigh(store.con, store.model, rest).items() if found(store, *pair)]
    assert apart
    assert {one.band for one in apart} == {"leave"}
    assert {one.rule for one in apart} <= {None, "never"}


def found(store: Store, a: int, b: int) -> bool:
    return any(key.compared for key in shared_keys(store.con, store.model, a, b))


@pytest.mark.parametrize("cap", [2, 30])
def test_the_blocks_that_two_share_are_those_of_the_engine(make_store: MakeStore, cap: int) -> None:
    keys = {name: key | {"cap": cap} for name, key in MODEL["blocking"].items()}
    many = [(f"s{n}", f"name {n % 2}", f"city {n}", ["555"]) for n in range(NEIGHBOURS + 3)]
    store = make_store(small_model(blocking=keys), [*PEOPLE, *many])
    with store.con.cursor() as aside:
        aside.execute("CREATE TEMP TABLE profile AS FROM main.profile")
        blocking.candidates(aside, store.model)
        candidates = set(aside.execute("SELECT a, b FROM candidate").fetchall())
        profiles = aside.execute("SELECT count(*) FROM profile").fetchall()[0][0]
    pairs = combinations(range(profiles), 2)
    assert {pair for pair in pairs if found(store, *pair)} == candidates
