"""What decisions lose with a person: key, value and note; also the notes on undoing them."""

from __future__ import annotations

import datetime
from typing import Any

from matching.decisions import Decision, Entry, Pair, Undo, Value
from warehouse.erasure.redaction import GONE, NAME, redacted

SAID: dict[str, Any] = {
    "author": "li",
    "decided_at": datetime.datetime(2024, 3, 1, 9),
    "why": "she rang",
}
HERS = Pair(left="a/1", right="a/2", verdict="same", **SAID)
OTHERS = Pair(left="a/2", right="a/3", verdict="same", **SAID)


def lost(*decisions: Decision) -> dict[int, Decision]:
    entries = [Entry(number, one) for number, one in enumerate(decisions)]
    return {e.number: e.decision for e in redacted(entries, {"a/1": f"{NAME}x"}, ())}


def test_the_note_on_undoing_her_decision_goes_with_it() -> None:
    undo, other = Undo(undoes=HERS.uid, **SAID), Undo(undoes=OTHERS.uid, **SAID)
    found = lost(HERS, OTHERS, undo, other)
    assert sorted(found) == [0, 2]
    assert [one.why for one in found.values()] == ["", ""]
    assert (next(iter(found[0].named)), found[2].uid) == (f"{NAME}x", undo.uid)


def test_a_value_that_was_hers_is_nobodys_though_records_of_it_are_somebody_elses() -> None:
    said = Value(record="a/2", records=("a/1", "a/3"), attribute="name", value="李雷", **SAID)
    (gone,) = lost(said).values()
    assert isinstance(gone, Value)
    assert (gone.value, list(gone.named)) == (GONE, [f"{NAME}x"])


def test_so_it_does_where_the_decision_was_redacted_before() -> None:
    (gone,) = lost(HERS).values()
    assert [*lost(gone, Undo(undoes=gone.uid, **SAID))] == [1]
