"""Which of many outlets a picture shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from warehouse.dashboard.wording import Text

#: Outlets from each end of an order: what one reads at a glance.
ENDS = 20

T = TypeVar("T")


def ends(ordered: Sequence[T]) -> list[T]:
    """All of them, or the first and the last ENDS if there are more."""
    if len(ordered) <= 2 * ENDS:
        return list(ordered)
    return [*ordered[:ENDS], *ordered[-ENDS:]]


def parted(drawn: list[T], gap: T, number: int) -> list[T]:
    """What is drawn for `ends` of so many, with a gap where it left some out."""
    return [*drawn[:ENDS], gap, *drawn[ENDS:]] if number > 2 * ENDS else drawn


def ends_say(number: int) -> Text:
    """What `ends` left out of so many."""
    if number <= 2 * ENDS:
        return Text("", "")
    return Text(
        f"图中是前 {ENDS} 名和后 {ENDS} 名，全部见表。",
        f"Shown are the first {ENDS} and the last {ENDS}; the table has all.",
    )
