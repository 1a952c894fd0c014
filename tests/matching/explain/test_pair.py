"""Each way in which two records can stand to one another, told by its name and in numbers."""

from __future__ import annotations

from typing import Any

import pytest

from matching.blocking import NEIGHBOURS
from matching.explain import Pair, closest, explain_pair
from matching.explain.waterfall import bars, scale
from matching.model import Model
from tests.matching.explain.conftest import MakeStore
from tests.matching.small import MODEL, Record, small_model

ANN: Record = ("a", "anna miller", "ryde", ["111"])
SAME: Record = ("b", "anna miller", "ryde", ["111"])
SPELT: Record = ("c", "anna millar", "ryde", ["111"])
MOVED: Record = ("d", "anna millar", "perth", ["111", "222"])
LATER: Record = ("e", "anna milar", "perth", ["222"])
OTHER: Record = ("z", "peter jones", "hobart", ["999"])

#: One shared phone is enough, where the city is another.
LOOSE = {"thresholds": {"link": 1, "review": -20}}
ONE_CITY: dict[str, Any] = LOOSE | {
    "constraints": {"city": {"column": "city", "because": "nobody lives in two cities"}}
}
NO_CLOSE = {"close": {"when": "name = 'very_close'", "band": "review", "because": "twins"}}
NEVER = {"never": {"when": "name = 'very_close'", "band": "leave", "because": "twins"}}


def explained(
    make_store: MakeStore, *records: Record, model: Model | None = None, words: Any = ()
) -> Pair:
    store = make_store(model or small_model(), records, words)
    return explain_pair(store, records[0][0], records[-1][0])


@pytest.mark.parametrize(
    ("outcome", "records", "changes"),
    [
        ("same_content", [ANN, SAME], {}),
        ("link", [ANN, SPELT], {}),
        ("through_others", [ANN, MOVED, LATER], LOOSE),
        ("refused", [ANN, MOVED], ONE_CITY),
        ("held", [ANN, SPELT], {"rules": NO_CLOSE}),
        ("grey_zone", [ANN, SPELT], {"thresholds": {"link": 50, "review": -20}}),
        ("ruled_out", [ANN, SPELT], {"rules": NEVER}),
        ("below", [ANN, SPELT], {"thresholds": {"link": 50, "review": 49}}),
        ("not_found", [ANN, OTHER], {}),
    ],
)
def test_an_outcome_is_known_by_what_brought_it_about(
    make_store: MakeStore, outcome: str, records: list[Record], changes: dict[str, Any]
) -> None:
    pair = explained(make_store, *records, model=small_model(**changes))
    assert pair.outcome == outcome
    assert pair.together == (outcome in ("same_content", "link", "through_others"))
    assert "{" not in pair.says.zh + pair.says.en


@pytest.mark.parametrize(
    ("verdict", "records", "outcome"),
    [
        ("same", [ANN, OTHER], "decision_same"),
        ("different", [ANN, SPELT], "decision_different"),
    ],
)
def test_a_stewards_word_is_named_with_who_and_when(
    make_store: MakeStore, verdict: str, records: list[Record], outcome: str
) -> None:
    word = (records[0][0], records[1][0], verdict)
    pair = explained(make_store, *records, words=[word])
    assert pair.outcome == outcome
    assert [(w.left, w.right, w.verdict) for w in pair.decisions] == [word]
    for told in (pair.says.zh, pair.says.en):
        assert "wang" in told
        assert "2024-03-01" in told


def test_the_bars_lead_from_the_prior_to_the_sum(make_store: MakeStore) -> None:
    pair = explained(make_store, ANN, SPELT)
    drawn = bars(pair)
    assert drawn[0].end == pair.prior
    assert [bar.start for bar in drawn[1:-1]] == [bar.end for bar in drawn[:-2]]
    assert drawn[-2].end == pytest.approx(drawn[-1].end, abs=1e-6)
    assert drawn[-1].end == pair.weight
    line = scale(pair, drawn, 100)
    places = [line.at(bits) for bar in drawn for bits in (bar.start, bar.end)]
    assert all(0 < place < 100 for place in places)
    assert 2 <= len(line.ticks()) <= 10


def test_left_stays_left_whichever_way_one_asks(make_store: MakeStore) -> None:
    store = make_store(small_model(), [ANN, MOVED, OTHER])
    one, other = explain_pair(store, "a", "d"), explain_pair(store, "d", "a")
    assert one.weight == other.weight
    assert [(e.left, e.right) for e in one.evidence] == [(e.right, e.left) for e in other.evidence]
    assert next(e for e in one.evidence if e.comparison == "city").left == "ryde"


def test_a_chain_leads_from_the_one_to_the_other_and_names_its_weakest_link(
    make_store: MakeStore,
) -> None:
    pair = explained(make_store, ANN, MOVED, LATER, model=small_model(**LOOSE))
    assert [(tie.left, tie.right) for tie in pair.chain] == [("a", "d"), ("d", "e")]
    assert pair.weakest is not None
    assert pair.weakest.weight == min(tie.weight or 0 for tie in pair.chain)


def test_a_refusal_shows_the_values_that_contradict(make_store: MakeStore) -> None:
    pair = explained(make_store, ANN, MOVED, model=small_model(**ONE_CITY))
    assert pair.refused is not None
    assert (pair.refused.reason, pair.refused.left_values, pair.refused.right_values) == (
        "city", ("ryde",), ("perth",),
    )  # fmt: skip
    assert "nobody lives in two cities" in pair.says.en


def test_a_generic_value_in_common_is_said_to_count_for_nothing(make_store: MakeStore) -> None:
    crowd = [(f"n{n}", f"name number {n}", f"city {n}", ["111"]) for n in range(5)]
    pair = explained(make_store, *crowd)
    assert pair.outcome == "not_found"
    assert [(one.column, one.value, one.holders) for one in pair.set_aside] == [
        ("phones", "111", 5)
    ]


def test_a_block_above_its_cap_is_why_two_were_not_compared(make_store: MakeStore) -> None:
    keys = {name: key | {"cap": 2} for name, key in MODEL["blocking"].items()}
    crowd = [(f"n{n}", f"anna {n % 2}", f"city {n}", ["111"]) for n in range(NEIGHBOURS + 3)]
    apart = small_model(blocking=keys, thresholds={"link": 99, "review": -99})
    store = make_store(apart, crowd)
    ends = "SELECT arg_min(record_key, profile_id), arg_max(record_key, profile_id)"
    ((first, last),) = store.con.execute(f"{ends} FROM record_profile").fetchall()
    pair = explain_pair(store, first, last)
    assert [(key.key, key.block, key.compared) for key in pair.keys] == [
        ("phone", NEIGHBOURS + 3, False)
    ]
    assert pair.outcome == "capped"


def test_of_two_customers_the_closest_records_are_compared(make_store: MakeStore) -> None:
    near: Record = ("f", "anna milner", "hobart", ["333"])
    store = make_store(small_model(**LOOSE), [ANN, MOVED, LATER, OTHER, near])
    assert closest(store, ["z"], ["a", "d", "e"])[0] == "z"
    assert closest(store, ["a", "z"], ["d"]) == ("a", "d")
    assert closest(store, ["a", "d"], ["f", "z"])[1] == "f"


def test_a_record_that_is_not_there_is_told(make_store: MakeStore) -> None:
    store = make_store(small_model(), [ANN])
    with pytest.raises(KeyError):
        explain_pair(store, "a", "nobody")
