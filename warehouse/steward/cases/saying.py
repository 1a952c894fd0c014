"""What the decisions log says of records, and what of it the next run is to apply."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from matching.decisions import Entry, Undo


def about(entries: Iterable[Entry], keys: Collection[str]) -> list[Entry]:
    """The decisions that name one of these records, and those that take these back, by number."""
    wanted, uids, found = frozenset(keys), set[str](), list[Entry]()
    for entry in entries:
        decision = entry.decision
        undoes = isinstance(decision, Undo) and decision.undoes in uids
        if undoes or not wanted.isdisjoint(decision.named):
            uids.add(decision.uid)
            found.append(entry)
    return found
