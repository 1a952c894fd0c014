"""Decisions judged as they come: the same as all of them judged at once."""

from __future__ import annotations

from collections.abc import Set

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import standings
from matching.decisions import Entry
from matching.standing import Judged, State, judge
from matching.standings import Standings
from tests.matching.said import entries, merge, pair, undo
from tests.matching.test_standing import KEYS, histories


@settings(max_examples=300)
@given(histories(), st.sets(st.sampled_from(KEYS)), st.data())
def test_as_if_all_were_judged_at_once(
    history: list[Entry], gone: set[str], data: st.DataObject
) -> None:
    kept, place = Standings(), 0
    while place < len(history):
        before, place = place, data.draw(st.integers(place + 1, len(history)))
        some = history[:place]
        named = {key for entry in some for key in entry.decision.named}
        told = kept.add(history[before:place], gone & named)
        assert told == judge(some, gone & named).standing


def test_what_was_told_before_stays_as_it_was() -> None:
    made = pair("a", "b", "same")
    kept = Standings()
    before = kept.add(entries(made))
    after = kept.add(entries(made, undo(made, 1))[1:])
    assert before[1].state is State.IN_FORCE
    assert after[1].state is State.UNDONE


def test_only_what_a_new_decision_bears_on_is_judged_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def watched(some: list[Entry], missing: Set[str]) -> Judged:
        judged.extend(entry.number for entry in some)
        return judge(some, missing)

    kept = Standings()
    kept.add(entries(pair("a", "b", "same"), pair("c", "d", "same", 1), merge("e", "f", minute=2)))
    monkeypatch.setattr(standings, "judge", watched)
    more = entries(*[pair("x", "y", "same")] * 3, pair("b", "c", "different", 3))[3:]
    kept.add(more)
    assert sorted(judged) == [1, 2, 4]
