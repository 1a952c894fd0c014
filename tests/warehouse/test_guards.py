"""What is out of proportion, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from warehouse.guards import Guards, Measures, judge

ROWS = {"record": 13_429, "member": 13_429, "vehicle": 3_546}
#: A night of the sample world of 2,000 customers.
USUAL = Measures(
    changed=176, merged=1, merged_into_one=1, largest_new_person=17, profiles=7_807,
    candidates=18_301, looked_at=7_807, generic=10, rows=ROWS,
)  # fmt: skip


def night(**other: Any) -> Measures:
    return USUAL.model_copy(update=other)


def test_usual_nights_pass_with_and_without_a_yesterday() -> None:
    assert judge(USUAL, [], Guards()) == []
    assert judge(USUAL, [USUAL] * 3, Guards()) == []


@pytest.mark.parametrize(
    ("other", "setting"),
    [
        ({"merged": 400}, "merges_per_changed_record"),
        ({"merged_into_one": 51}, "merged_into_one"),
        ({"largest_new_person": 501}, "largest_new_person"),
        ({"candidates": 400_000}, "candidates_per_profile"),
        ({"generic": 400}, "generic_share"),
        ({"candidates": 40_000}, "growth"),
        ({"generic": 150}, "growth"),
        ({"rows": ROWS | {"vehicle": 3_000}}, "shrinkage"),
    ],
)
def test_each_guard_names_itself_and_can_be_switched_off(
    other: dict[str, Any], setting: str
) -> None:
    assert f"guards.{setting} " in " ".join(judge(night(**other), [USUAL] * 3, Guards()))
    off = Guards.model_validate({setting: None})
    assert f"guards.{setting} " not in " ".join(judge(night(**other), [USUAL] * 3, off))


def test_the_first_night_is_judged_by_what_needs_no_yesterday() -> None:
    assert judge(night(candidates=40_000, rows={}), [], Guards()) == []
    assert len(judge(night(candidates=400_000, generic=400), [], Guards())) == 2


def test_one_wild_night_among_the_last_does_not_move_the_bound() -> None:
    wild = night(candidates=390_000)
    assert judge(night(candidates=40_000), [wild, USUAL, USUAL], Guards())
    assert judge(USUAL, [wild, USUAL, USUAL], Guards()) == []


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 5))
def test_a_night_of_few_changes_is_never_held(
    changed: int, merged: int, generic: int, profiles: int
) -> None:
    small = night(changed=changed, merged=merged, generic=generic, profiles=profiles,
                  candidates=changed, looked_at=profiles, rows=dict.fromkeys(ROWS, 0))  # fmt: skip
    before = small.model_copy(update={"rows": dict.fromkeys(ROWS, 100), "generic": 0})
    assert judge(small, [before], Guards()) == []


@pytest.mark.parametrize("wrong", [{"colour": 1}, {"growth": 1}, {"shrinkage": 2}, {"least": -1}])
def test_bounds_are_strict(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Guards.model_validate(wrong)
