"""Which decisions are in force: laws on random ones, and the cases that a steward meets."""

from __future__ import annotations

import datetime
import random
from collections.abc import Set
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.decisions import Decision, Entry
from matching.standing import Claim, Judged, Standing, State, judge
from matching.steward import in_force
from tests.matching.said import entries, generic, merge, pair, split, undo, value

KEYS = "abcdef"
_two = st.lists(st.sampled_from(KEYS), min_size=2, max_size=2, unique=True)
_sides = st.permutations(KEYS).flatmap(
    lambda keys: st.tuples(st.integers(1, 2), st.integers(1, 3)).map(
        lambda n: (" ".join(keys[: n[0]]), " ".join(keys[n[0] : n[0] + n[1]]))
    )
)
_any = st.one_of(
    st.builds(
        lambda two, verdict: pair(two[0], two[1], verdict),
        _two,
        st.sampled_from(["same", "different", "unsure"]),
    ),
    _sides.map(lambda sides: merge(*sides)),
    _sides.map(lambda sides: split(*sides)),
    st.builds(generic, st.just("phones"), st.sampled_from("xy"), st.booleans()),
    st.builds(value, st.sampled_from("ab"), st.just("name"), st.sampled_from("xy")),
)


@st.composite
def histories(draw: st.DrawFn, least: int = 0) -> list[Entry]:
    """Decisions a minute apart, some of them undone by later ones."""
    made: list[Decision] = []
    for minute in range(draw(st.integers(least, 9))):
        if made and draw(st.integers(0, 4)) == 0:
            made.append(undo(draw(st.sampled_from(made)), minute))
        else:
            moment = made[0].decided_at if made else draw(_any).decided_at
            made.append(
                draw(_any).model_copy(
                    update={"decided_at": moment + datetime.timedelta(minutes=minute)}
                )
            )
    return entries(*made)


def together(claims: tuple[Claim, ...], one: str, other: str) -> bool:
    """The slow obvious twin: whether joining claims lead from one record to another."""
    seen, ahead = {one}, [one]
    while ahead:
        here = ahead.pop()
        for claim in claims:
            if claim.joins and here in set(claim):
                ahead += sorted(set(claim) - seen)
                seen |= set(claim)
    return other in seen


@settings(max_examples=200)
@given(histories())
def test_what_is_in_force_never_contradicts_itself(history: list[Entry]) -> None:
    claims = judge(history).claims
    for claim in claims:
        for left, right in combinations(claim.sides, 2):
            if not claim.joins:
                assert not any(together(claims, a, b) for a in left for b in right)


@settings(max_examples=100)
@given(histories(), st.randoms(use_true_random=False))
def test_decisions_are_ordered_by_their_time_alone(history: list[Entry], chance: object) -> None:
    turned = list(history)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    renumbered = [Entry(number, entry.decision) for number, entry in enumerate(turned, 100)]
    by_uid = {entry.number: entry.decision.uid for entry in (*history, *renumbered)}

    def told(judged: Judged) -> dict[str, tuple[State, str | None]]:
        return {
            by_uid[number]: (found.state, by_uid[found.by] if found.by else None)
            for number, found in judged.standing.items()
        }

    assert told(judge(turned)) == told(judge(history)) == told(judge(renumbered))
    assert in_force(renumbered) == in_force(turned) == in_force(history)


@settings(max_examples=100)
@given(histories(), _any)
def test_undone_is_as_if_it_had_never_been(history: list[Entry], more: Decision) -> None:
    """All but a merge, whose parts stay apart; and undoing that undo brings the merge back."""
    done = more.model_copy(update={"decided_at": more.decided_at.replace(hour=13)})
    taken_back = undo(done, minute=90)
    brought_back = undo(taken_back, minute=91)
    with_it, without, again = (
        in_force(entries(*(e.decision for e in history), *later))
        for later in ((done,), (done, taken_back), (done, taken_back, brought_back))
    )
    if more.kind != "merge":
        assert without == in_force(history)
    assert again == with_it


@settings(max_examples=100)
@given(histories(least=1))
def test_the_newest_decision_is_always_in_force(history: list[Entry]) -> None:
    assert judge(history).standing[len(history)] == Standing(State.IN_FORCE)


@settings(max_examples=100)
@given(histories())
def test_only_a_newer_decision_overrules_or_undoes(history: list[Entry]) -> None:
    standing = judge(history).standing
    assert set(standing) == {entry.number for entry in history}
    assert all(
        (found.by or 0) > number if found.state in (State.OVERRULED, State.UNDONE) else not found.by
        for number, found in standing.items()
    )


@settings(max_examples=100)
@given(histories(), st.sets(st.sampled_from(KEYS)))
def test_what_waits_says_nothing(history: list[Entry], known: set[str]) -> None:
    gone = set(KEYS) - known
    judged = judge(history, gone)
    assert {record for claim in judged.claims for record in claim} <= known
    waiting = {n for n, found in judged.standing.items() if found.state is State.WAITING}
    kept = [entry for entry in history if entry.number not in waiting]
    assert in_force(kept, gone) == in_force(history, gone)


def states(*decisions: Decision, gone: Set[str] = frozenset()) -> list[str]:
    """`in_force` and the like of each, with the number of the newer one."""
    standing = judge(entries(*decisions), gone).standing
    found = (standing[number] for number in range(1, len(decisions) + 1))
    return [f"{one.state} {one.by}" if one.by else str(one.state) for one in found]


ON = "in_force"


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        # through a third
        ([pair("a", "b", "same"), pair("b", "c", "same", 1), pair("a", "c", "different", 2)],
         ["overruled 3", ON, ON]),
        ([pair("a", "c", "different"), pair("a", "b", "same", 1), pair("b", "c", "same", 2)],
         ["overruled 3", ON, ON]),
        # the last word on two records, whatever it is
        ([pair("a", "b", "same"), pair("b", "a", "different", 1)], ["overruled 2", ON]),
        ([pair("a", "b", "same"), pair("b", "a", "unsure", 1)], ["overruled 2", ON]),
        ([pair("a", "b", "same"), pair("b", "a", "same", 1)], [ON, ON]),
        ([generic("phones", "1", True), generic("phones", "1", False, 1)], ["overruled 2", ON]),
        ([generic("phones", "1", True), generic("email", "1", False, 1)], [ON, ON]),
        ([value("a", "name", "x"), value("a", "name", "y", 1)], ["overruled 2", ON]),
        # a split takes its records out of an older merge, and no more than them
        ([merge("a b", "c d"), split("b", "a c d", 1)], [ON, ON]),
        ([merge("a b", "c d"), split("c d", "a b", 1)], ["overruled 2", ON]),
        ([merge("a", "b"), pair("a", "b", "different", 1)], ["overruled 2", ON]),
        ([split("a", "b"), merge("a", "b", minute=1)], ["overruled 2", ON]),
        # undoing an undo
        ([pair("a", "b", "same"), undo(pair("a", "b", "same", uid="u"), 1)], [ON, ON]),
    ],
)  # fmt: skip
def test_cases(decisions: list[Decision], expected: list[str]) -> None:
    assert states(*decisions) == expected


def test_undoing_a_merge_leaves_its_parts_apart() -> None:
    merged = merge("a b", "c")
    assert states(merged, undo(merged, 1)) == ["undone 2", ON]
    (claim,) = judge(entries(merged, undo(merged, 1))).claims
    assert (claim.number, claim.sides, claim.joins) == (2, (("a", "b"), ("c",)), False)


def test_what_a_split_leaves_of_a_merge_is_still_one() -> None:
    said = in_force(entries(merge("a b", "c d"), split("b", "a c d", minute=1)))
    unit = dict(zip(*(said.unit[name].to_pylist() for name in ("record_key", "unit")), strict=True))
    assert unit == {"a": "a", "b": "b", "c": "a", "d": "a"}
    assert said.opposed.to_pylist() == [{"camp": "a", "other": "b"}]


def test_records_that_are_gone_join_nobody_through_them() -> None:
    through: list[Decision] = [
        pair("a", "b", "same"),
        pair("b", "c", "same", 1),
        merge("a b", "c b2", minute=2),
    ]
    assert states(*through, gone={"b", "b2"}) == ["waiting", "waiting", ON]
    assert states(*through, gone={"b", "b2", "c"}) == ["waiting"] * 3
    assert in_force(entries(*through[:2]), {"b"}).unit.num_rows == 0


def test_many_that_agree_and_few_that_do_not() -> None:
    """Decisions far from a contradiction are not touched by it."""
    chance = random.Random(5)
    many = [pair(f"r{n}", f"s{n}", chance.choice(["same", "different"])) for n in range(300)]
    told = states(*many, pair("a", "b", "same"), pair("a", "b", "different", 1))
    assert told == [ON] * 300 + ["overruled 302", ON]


def test_a_choice_waits_only_where_all_its_records_are_gone() -> None:
    known, other = value("a", "name", "x", records=("gone",)), value("gone", "name", "x")
    found = value("gone", "sex", "x", records=("a",))
    assert states(known, other, found, gone={"gone"}) == [ON, "waiting", ON]
