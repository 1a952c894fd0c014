"""What the decisions log says of a customer, and what of it the next run is to apply."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import duckdb

from matching.decisions import Entry, Generic, Undo
from matching.standing import Standing, State
from warehouse.steward.cases.known import Known

_APPLIED = "SELECT started_at FROM run JOIN meta.version USING (run_id)"


@dataclass(frozen=True, slots=True)
class Saying:
    """A decision, and what became of it. is_pending: it is in force, and no run has applied it."""

    entry: Entry
    standing: Standing
    is_pending: bool

    @property
    def is_in_force(self) -> bool:
        """Whether it counts."""
        return self.standing.state is State.IN_FORCE


def about(
    entries: Iterable[Entry], keys: Collection[str], numbers: Collection[str] = ()
) -> list[Entry]:
    """The decisions that name one of these records, and those that take these back, by number.

    numbers: of phones; what is said of these is told, too.
    """
    wanted, uids, found = frozenset(keys), set[str](), list[Entry]()
    for entry in entries:
        decision = entry.decision
        if isinstance(decision, Undo):
            is_meant = decision.undoes in uids
        elif isinstance(decision, Generic):
            is_meant = decision.column == "phones" and decision.value in numbers
        else:
            is_meant = not wanted.isdisjoint(decision.named)
        if is_meant:
            uids.add(decision.uid)
            found.append(entry)
    return found


def sayings(
    con: duckdb.DuckDBPyConnection, known: Known, keys: Collection[str], numbers: Collection[str]
) -> list[Saying]:
    """The decisions about a customer, the newest first.

    known: all decisions. keys, numbers: of his records, or of those in scope.
    """
    found = about(known.entries, keys, frozenset(numbers))
    if not found:
        return []
    ((applied,),) = con.execute(_APPLIED).fetchall()
    return [
        Saying(
            entry,
            known.standing[entry.number],
            known.is_in_force(entry) and entry.decision.decided_at >= applied,
        )
        for entry in reversed(found)
    ]
