"""Decisions for tests, a minute apart."""

from __future__ import annotations

import datetime
from typing import Any

from matching.decisions import Decision, Entry, Generic, Merge, Pair, Part, Split, Undo, Value
from matching.steward import Steward, in_force

NOON = datetime.datetime(2024, 3, 1, 12)


def by(minute: int = 0, author: str = "wang") -> dict[str, Any]:
    """Who decided, and when."""
    return {"author": author, "decided_at": NOON + datetime.timedelta(minutes=minute)}


def pair(left: str, right: str, verdict: str, minute: int = 0, **more: Any) -> Pair:
    return Pair.model_validate(
        by(minute) | {"left": left, "right": right, "verdict": verdict} | more
    )


def merge(*parts: str, minute: int = 0) -> Merge:
    """Each part is its records, with spaces between."""
    told = tuple(Part(records=tuple(part.split())) for part in parts)
    return Merge(parts=told, **by(minute))


def split(records: str, rest: str, minute: int = 0) -> Split:
    return Split(records=tuple(records.split()), rest=tuple(rest.split()), **by(minute))


def generic(column: str, value: str, verdict: bool, minute: int = 0) -> Generic:
    return Generic(column=column, value=value, generic=verdict, **by(minute))


def value(
    record: str, attribute: str, said: str, minute: int = 0, records: tuple[str, ...] = ()
) -> Value:
    told = {"record": record, "records": records, "attribute": attribute, "value": said}
    return Value.model_validate(told | by(minute))


def undo(decision: Decision, minute: int = 0) -> Undo:
    return Undo(undoes=decision.uid, **by(minute))


def entries(*decisions: Decision) -> list[Entry]:
    """Numbered from 1."""
    return [Entry(number, decision) for number, decision in enumerate(decisions, 1)]


def steward(*decisions: Decision) -> Steward:
    """All of them in force, unless they contradict each other."""
    return in_force(entries(*decisions))
