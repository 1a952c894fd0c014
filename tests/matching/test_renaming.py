"""Decisions go on with their records, by whichever key they were made."""

from __future__ import annotations

import pytest

from connectors.keys import KeyTable
from matching.decisions import Decision
from matching.renaming import renamed
from matching.steward import in_force
from tests.matching.said import entries, generic, merge, pair, split, undo, value

#: "B" is what the outlet calls "A" today.
KEYS = KeyTable({"B": "A"})


@pytest.mark.parametrize(
    ("made", "means"),
    [
        (pair("B", "C", "same"), pair("A", "C", "same")),
        (pair("A", "B", "different"), None),
        (merge("B C", "D"), merge("A C", "D")),
        (merge("A C", "B D"), merge("A C", "D")),
        (merge("A C", "B"), None),
        (split("B", "C D"), split("A", "C D")),
        (split("A B", "C"), split("A", "C")),
        (split("A", "B"), None),
        (value("B", "name", "李雷"), value("A", "name", "李雷")),
        (
            value("B", "name", "李雷", records=("A", "C")),
            value("A", "name", "李雷", records=("C",)),
        ),
        (generic("phones", "B", True), generic("phones", "B", True)),
        (pair("C", "D", "same"), pair("C", "D", "same")),
    ],
)
def test_every_kind_names_the_record_as_the_store_does(
    made: Decision, means: Decision | None
) -> None:
    found = [entry.decision for entry in renamed(entries(made), KEYS)]
    assert found == ([means.model_copy(update={"uid": made.uid})] if means else [])


def test_an_undone_merge_of_what_has_become_one_keeps_nothing_apart() -> None:
    merged = merge("A", "B")
    said = in_force(renamed(entries(merged, undo(merged, 1)), KEYS))
    assert (said.unit.num_rows, said.opposed.num_rows) == (0, 0)
