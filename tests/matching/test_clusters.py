"""The laws of clustering, on small random graphs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.clusters import CERTAIN, Clusters, Constraints, Links, Pair, cluster

N = 9
_pair = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda p: p[0] < p[1])
#: Few weights, so that ties are common.
_weight = st.sampled_from([4.0, 7.5, 12.0])
_codes = st.lists(st.integers(-1, 2), min_size=N, max_size=N).map(np.array)


@dataclass(frozen=True)
class Graph:
    """Pair -> weight and whether it stands over names, and what may not be."""

    links: dict[Pair, tuple[float, bool]]
    constraints: Constraints

    def cluster(self, order: list[Pair] | None = None) -> Clusters:
        return cluster(
            N, as_links({p: self.links[p] for p in order or self.links}), self.constraints
        )


def as_links(links: dict[Pair, tuple[float, bool]]) -> Links:
    a, b = (np.array([pair[side] for pair in links], dtype=np.int64) for side in (0, 1))
    weight, over = (np.array([told[k] for told in links.values()]) for k in (0, 1))
    return Links(a, b, weight.astype(np.float64), over.astype(np.bool_))


_links = st.dictionaries(_pair, st.tuples(_weight, st.booleans()), max_size=20)
_pairs = st.lists(_pair, max_size=3, unique=True).map(tuple)
_clashes = st.frozensets(
    st.tuples(st.integers(0, 2), st.integers(0, 2)).filter(lambda p: p[0] < p[1])
)
_constraints = st.builds(
    Constraints,
    st.fixed_dictionaries({"id_number": _codes}),
    st.one_of(st.none(), _codes),
    _clashes,
    _pairs,
    _pairs,
)
_graph = st.builds(Graph, _links, _constraints)


def contradiction(constraints: Constraints, members: set[int]) -> bool:
    """Whether two ids, or two that a steward keeps apart, are among the members."""
    ids = {int(constraints.values["id_number"][m]) for m in members} - {-1}
    return len(ids) > 1 or any({a, b} <= members for a, b in constraints.cannot)


def entities(found: Clusters) -> list[set[int]]:
    return [set(np.flatnonzero(found.entity == label).tolist()) for label in set(found.entity)]


def reachable(links: dict[Pair, tuple[float, bool]], start: int) -> set[int]:
    """The slow obvious twin: everything that a walk from `start` comes to."""
    seen, ahead = set[int](), [start]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [b if a == here else a for a, b in links if here in (a, b)]
    return seen


@given(_links)
def test_without_constraints_entities_are_what_links_reach(
    links: dict[Pair, tuple[float, bool]],
) -> None:
    found = cluster(N, as_links(links), Constraints())
    assert found.entity.tolist() == [min(reachable(links, start)) for start in range(N)]
    assert found.refused == []


@settings(max_examples=80)
@given(_graph, st.randoms(use_true_random=False))
def test_order_of_the_links_does_not_matter(graph: Graph, random: object) -> None:
    order = list(graph.links)
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled, found = graph.cluster(order), graph.cluster()
    assert shuffled.entity.tolist() == found.entity.tolist()
    assert shuffled.refused == found.refused


@settings(max_examples=80)
@given(_graph)
def test_an_entity_is_called_by_its_lowest_member(graph: Graph) -> None:
    found = graph.cluster()
    for members in entities(found):
        assert {int(found.entity[m]) for m in members} == {min(members)}


@settings(max_examples=120)
@given(_graph)
def test_no_entity_holds_two_values_or_a_cannot_link(graph: Graph) -> None:
    """Two values only by a steward's word; two that he keeps apart never."""
    for members in entities(graph.cluster()):
        assert not any({a, b} <= members for a, b in graph.constraints.cannot)
    plain = replace(graph, constraints=replace(graph.constraints, must=()))
    for members in entities(plain.cluster()):
        assert not contradiction(plain.constraints, members)


@settings(max_examples=120)
@given(_graph)
def test_the_names_of_an_entity_hang_together(graph: Graph) -> None:
    """By pairs that do not clash, or that a link of their own has joined.

    Without must-links and links that stand over names, which may join any two.
    """
    plain = replace(graph, constraints=replace(graph.constraints, must=()))
    plain = replace(plain, links={p: (weight, False) for p, (weight, _) in graph.links.items()})
    names = graph.constraints.names
    if names is None:
        return
    for members in entities(plain.cluster()):
        direct = {tuple(sorted((int(names[a]), int(names[b])))) for a, b in plain.links
                  if {a, b} <= members}  # fmt: skip
        held = sorted({int(names[m]) for m in members} - {-1})
        fits = {
            pair: (0.0, False)
            for pair in combinations(held, 2)
            if pair not in graph.constraints.clashes or pair in direct
        }
        assert not held or reachable(fits, held[0]) >= set(held)


@settings(max_examples=120)
@given(_graph)
def test_refused_links_are_those_that_would_contradict(graph: Graph) -> None:
    """Without must-links, by which a later link may come to fit what an earlier one did not."""
    graph = replace(graph, constraints=replace(graph.constraints, must=()))
    found = graph.cluster()
    members = {m: set(np.flatnonzero(found.entity == found.entity[m]).tolist()) for m in range(N)}
    refused = {(r.a, r.b): r for r in found.refused}
    for pair in graph.links:
        a, b = pair
        if pair not in refused:
            assert b in members[a]
        elif refused[pair].because != "names":
            assert b not in members[a]
            assert contradiction(graph.constraints, members[a] | members[b])
    weights = [r.weight for r in found.refused]
    assert weights == sorted(weights, reverse=True)


@settings(max_examples=120)
@given(_graph)
def test_must_links_join_whatever_else_speaks_against_them(graph: Graph) -> None:
    """All of them where the steward's words agree; none is refused but for another of his words."""
    found = graph.cluster()
    must = dict.fromkeys(graph.constraints.must, (CERTAIN, True))
    together = [reachable(must, start) for start in range(N)]
    apart = [{a, b} for a, b in graph.constraints.cannot]
    if not any(pair <= members for pair in apart for members in together):
        assert all(found.entity[a] == found.entity[b] for a, b in must)
    assert all(r.because == "decision" for r in found.refused if r.weight == CERTAIN)


def _three(first: float, second: float, **constraints: object) -> Clusters:
    """0 - 1 - 2 with two weights, under constraints."""
    links = as_links({(0, 1): (first, False), (1, 2): (second, False)})
    return cluster(3, links, Constraints(**constraints))  # type: ignore[arg-type]


@pytest.mark.parametrize(("weights", "entity"), [((9, 5), [0, 0, 2]), ((5, 9), [0, 1, 1])])
def test_the_stronger_link_wins(weights: tuple[float, float], entity: list[int]) -> None:
    found = _three(*weights, values={"id_number": np.array([1, -1, 2])})
    assert found.entity.tolist() == entity
    assert [r.because for r in found.refused] == ["id_number"]


def test_ties_go_to_the_lower_numbers() -> None:
    assert _three(5, 5, cannot=((0, 2),)).entity.tolist() == [0, 0, 2]


def test_names_clash_through_a_third_but_not_over_their_own_link() -> None:
    names, clashes = np.array([0, -1, 1]), frozenset({(0, 1)})
    apart = _three(9, 5, names=names, clashes=clashes)
    assert apart.entity.tolist() == [0, 0, 2]
    assert [r.because for r in apart.refused] == ["names"]
    own = as_links({(0, 2): (9.0, False), (1, 2): (5.0, False)})
    joined = cluster(3, own, Constraints(names=names, clashes=clashes))
    assert joined.entity.tolist() == [0, 0, 0]


def test_nobody_is_no_entity() -> None:
    assert cluster(0, as_links({}), Constraints()).entity.tolist() == []
