"""Decisions on records that go on under another key: an outlet's software gave them new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from connectors.keys import KeyTable
from matching.decisions import Decision, Entry, Merge, Pair, Split, Value


def renamed(entries: Iterable[Entry], keys: KeyTable) -> Iterator[Entry]:
    """The decisions, on records by the names under which they were first known.

    What says nothing any more, since its records have become one, is left out; who undoes it undoes
    nothing.
    """
    for entry in entries:
        if keys.first.keys().isdisjoint(entry.decision.named):
            yield entry
        elif (decision := _renamed(entry.decision, keys)) is not None:
            yield replace(entry, decision=decision)


def _renamed(decision: Decision, keys: KeyTable) -> Decision | None:
    told: dict[str, Any] | None
    match decision:
        case Pair():
            left, right = keys.name(decision.left), keys.name(decision.right)
            told = {"left": left, "right": right} if left != right else None
        case Merge():
            sides = _sides((part.records for part in decision.parts), keys)
            parts = zip(decision.parts, sides, strict=True)
            kept = tuple(part.model_copy(update={"records": of}) for part, of in parts if of)
            told = {"parts": kept} if len(kept) > 1 else None
        case Split():
            off, rest = _sides((decision.records, decision.rest), keys)
            told = {"records": off, "rest": rest} if rest else None
        case Value():
            record, *others = dict.fromkeys(map(keys.name, decision.named))
            told = {"record": record, "records": tuple(others)}
        case _:
            told = {}
    return None if told is None else decision.model_copy(update=told)


def _sides(sides: Iterable[tuple[str, ...]], keys: KeyTable) -> list[tuple[str, ...]]:
    """The sides by names; a record that is on several now stays on the first."""
    seen: set[str] = set()
    named = []
    for side in sides:
        named.append(tuple(n for n in dict.fromkeys(map(keys.name, side)) if n not in seen))
        seen.update(named[-1])
    return named
