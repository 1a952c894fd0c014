"""Why an entity holds together."""

from __future__ import annotations

from matching.explain import explain_entity
from tests.matching.explain.conftest import MakeStore
from tests.matching.explain.test_pair import ANN, LATER, LOOSE, MOVED, ONE_CITY, OTHER, SAME
from tests.matching.small import small_model


def test_it_is_held_by_the_strongest_links_and_shows_where_it_would_part(
    make_store: MakeStore,
) -> None:
    store = make_store(small_model(**LOOSE), [ANN, SAME, MOVED, LATER, OTHER])
    entity = explain_entity(store, "Ca")
    assert sorted(record for member in entity.members for record in member.records) == [
        "a", "b", "d", "e",
    ]  # fmt: skip
    weights = [tie.weight or 0 for tie in entity.links]
    assert len(weights) == len(entity.members) - 1
    assert weights == sorted(weights, reverse=True)
    assert entity.weakest == entity.links[-1]
    assert entity.parts == (2, 2)


def test_records_of_one_content_need_no_link(make_store: MakeStore) -> None:
    entity = explain_entity(make_store(small_model(), [ANN, SAME]), "Ca")
    assert (entity.links, entity.weakest, entity.parts) == ((), None, None)
    assert "{" not in entity.says.zh + entity.says.en


def test_a_decision_is_no_weakest_link(make_store: MakeStore) -> None:
    store = make_store(small_model(), [ANN, OTHER], [("a", "z", "same")])
    entity = explain_entity(store, "Ca")
    assert [tie.weight for tie in entity.links] == [None]
    assert entity.weakest is None
    assert [word.who for word in entity.decisions] == ["wang"]


def test_what_it_refused_and_what_waits_is_told_from_its_own_side(make_store: MakeStore) -> None:
    store = make_store(small_model(**ONE_CITY), [ANN, MOVED])
    for own, other in (("a", "d"), ("d", "a")):
        entity = explain_entity(store, f"C{own}")
        assert [(d.left, d.right, d.other, d.reason) for d in entity.refused] == [
            (own, other, f"C{other}", "city")
        ]
    store = make_store(small_model(thresholds={"link": 50, "review": -20}), [ANN, MOVED])
    (waiting,) = explain_entity(store, "Cd").waiting
    assert (waiting.left, waiting.right, waiting.reason) == ("d", "a", "grey_zone")
