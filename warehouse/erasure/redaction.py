"""Decisions of stewards without the personal data of the erased: that they were made stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.keys import KeyTable
from matching.decisions import Decision, Entry, Generic, Undo, Value
from matching.renaming import renamed

#: What stands where a value did, and how begins what stands for a record key.
GONE, NAME = "(erased)", "erased/"


def redacted(
    entries: Iterable[Entry], names: Mapping[str, str], values: Collection[str]
) -> Iterator[Entry]:
    """Those of the decisions that tell of the erased, as they may be kept.

    names: record key -> what stands for it. values: that nobody else has. A note that somebody
    wrote on such a decision, or on undoing it, goes as a whole.
    """
    known = {entry.number: entry for entry in entries}
    telling = {entry.decision.uid for entry in known.values() if is_redacted(entry.decision)}
    undone = list[Entry]()
    for entry in renamed(known.values(), KeyTable(names)):
        decision, told = entry.decision, dict[str, Any]()
        if isinstance(decision, Undo):
            undone.append(entry)
        if isinstance(decision, Generic) and decision.value in values:
            told = {"value": GONE, "why": ""}
        elif entry != known[entry.number]:
            told = {"why": ""}
            if isinstance(decision, Value):
                # it is nobody's any more, also where records of it are somebody else's by now
                erased = next(name for name in decision.named if name.startswith(NAME))
                told |= {"value": GONE, "record": erased, "records": ()}
        if told:
            telling.add(decision.uid)
            yield replace(entry, decision=decision.model_copy(update=told))
    for entry in undone:
        decision = entry.decision
        if isinstance(decision, Undo) and decision.undoes in telling and decision.why:
            yield replace(entry, decision=decision.model_copy(update={"why": ""}))


def is_redacted(decision: Decision) -> bool:
    """Whether a decision is one that lost personal data."""
    if isinstance(decision, Generic | Value) and decision.value == GONE:
        return True
    return any(name.startswith(NAME) for name in decision.named)
